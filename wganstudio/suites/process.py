"""SuiteProcess: a child process that runs a suite and sends its events through a pipe."""

import contextlib
import multiprocessing
import os
import sys
import threading
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Literal

from wganstudio import temporary
from wganstudio.experiment import BadExperiment, trusted_code
from wganstudio.session import SessionError
from wganstudio.suites.events import RunEvent, SuiteEvent
from wganstudio.suites.plan import SuiteError, read_suite
from wganstudio.suites.pool import Pool
from wganstudio.suites.running import (
    PAIRS,
    check_runs,
    folder_of,
    require_memory_of,
    scheduled,
    suite_events,
    suite_file,
)
from wganstudio.training.failures import explain
from wganstudio.training.signals import held_back, leave_to_parent

_SENT_KINDS = frozenset({"progress", "truth-missing", "ended", "failed"})
_SPAWN = multiprocessing.get_context("spawn")


@dataclass(frozen=True)
class SuiteRequest:
    """A suite to run, or to resume where its session exists."""

    suite: str
    """The name of a shipped suite, or the path of a TOML file."""
    session: Path
    workers: int = 1
    pairs: Path | None = None
    """The folder of the published pairs."""
    consent: Mapping[str, str] = field(default_factory=trusted_code.granted)
    """The code of the user that may run, by default as this process allows it."""


@dataclass(frozen=True)
class SuiteStopped:
    """The last message: the suite was stopped or cannot go on; the session keeps the finished runs."""

    reason: Literal["request", "error"]
    message: str = ""
    detail: str = ""


SuiteMessage = SuiteEvent | SuiteStopped


class SuiteProcess:
    """The parent's end. The child stops when it is asked to, or when the parent has ended."""

    def __init__(self, request: SuiteRequest) -> None:
        self._pipe, theirs = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=serve, args=(theirs, request), name="wganstudio-suite")
        with held_back():
            self._process.start()
        theirs.close()

    @property
    def pid(self) -> int:
        """The process id of the child."""
        return self._process.pid or 0

    def receive(self) -> SuiteMessage | None:
        """Wait for the next message and return it; None once the child has ended."""
        try:
            message: SuiteMessage = self._pipe.recv()
        except (EOFError, OSError):
            return None
        return message

    def stop(self) -> None:
        """Ask the child to stop; may be called from another thread than `receive`."""
        with contextlib.suppress(OSError):  # it has ended
            self._pipe.send("stop")

    def kill(self) -> None:
        """End the child at once; may be called from another thread than `receive`."""
        self._process.kill()

    def close(self) -> None:
        """Wait for the child to end; called after `receive` has returned None."""
        self._process.join()
        self._process.close()
        self._pipe.close()


def serve(pipe: Connection, request: SuiteRequest) -> None:
    """Run a suite in this process and send its events; the main function of the child."""
    leave_to_parent()
    trusted_code.adopt(request.consent)
    if sys.stderr is None:  # a windowed app on Windows has none
        sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    stopped = threading.Event()
    threading.Thread(target=_wait_for_stop, args=(pipe, stopped), daemon=True).start()
    with contextlib.suppress(OSError):  # the parent has ended
        try:
            _run(pipe, request, stopped)
            if stopped.is_set():
                pipe.send(SuiteStopped("request"))
        except (BadExperiment, SessionError, SuiteError) as error:
            pipe.send(SuiteStopped("error", str(error)))
        except Exception as error:
            pipe.send(SuiteStopped("error", explain(error, "The suite"), traceback.format_exc()))
        finally:
            temporary.remove()


def _run(pipe: Connection, request: SuiteRequest, stopped: threading.Event) -> None:
    suite = read_suite(suite_file(request.suite), request.pairs or folder_of(PAIRS))
    if not request.session.exists():
        require_memory_of(suite, request.workers)
        check_runs(suite, stopped)
    if stopped.is_set():
        return
    with scheduled(suite, request.session, Pool(request.workers)) as scheduler:
        for event in suite_events(scheduler, stopped):
            if not isinstance(event, RunEvent) or event.event.kind in _SENT_KINDS:
                pipe.send(event)


def _wait_for_stop(pipe: Connection, stopped: threading.Event) -> None:
    with contextlib.suppress(EOFError, OSError):
        pipe.recv()
    stopped.set()
