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

from wganstudio import resources, temporary
from wganstudio.experiment import BadExperiment, trusted_code
from wganstudio.experiment.files import user_path
from wganstudio.experiment.registry import load_plugins
from wganstudio.session import SessionError
from wganstudio.suites.events import RunEvent, SuiteEvent
from wganstudio.suites.plan import Suite, SuiteError, read_suite
from wganstudio.suites.pool import Pool
from wganstudio.suites.results import resume
from wganstudio.suites.scheduler import SuiteScheduler
from wganstudio.training.failures import explain
from wganstudio.training.memory import available_memory, size_text
from wganstudio.training.memory_estimate import estimate_on_host, remedy
from wganstudio.training.signals import held_back, leave_to_parent

PAIRS = "WGANSTUDIO_PAIRS"
"""Environment variable: the folder of the published pairs."""
IDLE_PROCESS = 350_000_000
"""Bytes of memory of a worker process that has imported PyTorch and is idle."""
POLL_SECONDS = 0.2
"""The longest time until a request to stop is answered while no worker sends anything."""
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


def suite_file(name: str) -> Path:
    """Return the path of a suite that is given by path or by the name of a listed one."""
    if name.endswith(".toml"):
        return user_path(name)
    named = suite_files()
    if name not in named:
        raise SuiteError(
            f"There is no suite {name!r}; give a file that ends in .toml, or {', '.join(named)}."
        )
    return named[name]


def suite_files() -> dict[str, Path]:
    """Return the files of the shipped suites, and of those of plugins, by name."""
    load_plugins()
    return {file.stem: file for file in resources.files("suites")}


def check_runs(suite: Suite, stopped: threading.Event | None = None) -> None:
    """Build a run of every solver on every pair, without a step, to find errors before the suite starts.

    Stop early once `stopped` is set. SuiteError names the first pair that a solver cannot run on.
    """
    from wganstudio.training.run import Run

    checked = set()
    for cell, experiment in suite.experiments.items():
        if stopped is not None and stopped.is_set():
            return
        if (cell.solver, cell.pair) in checked:
            continue
        checked.add((cell.solver, cell.pair))
        on_cpu = experiment.training.model_copy(update={"device": "cpu"})  # workers may have other devices
        try:
            Run(experiment.model_copy(update={"training": on_cpu}))
        except BadExperiment as error:
            raise SuiteError(f"{cell.solver} on {cell.pair}: {error}") from error


def require_memory_of(suite: Suite, workers: int) -> None:
    """Raise SuiteError where the largest runs, one for each worker, need more memory than is available."""
    needed = [
        (estimate, cell)
        for cell, experiment in suite.experiments.items()
        if (estimate := estimate_on_host(experiment)) is not None
    ]
    largest = sorted(needed, key=lambda pair: pair[0].bytes, reverse=True)[:workers]
    total = sum(estimate.bytes for estimate, _ in largest) + len(largest) * IDLE_PROCESS
    free = available_memory()
    if not largest or total <= free:
        return
    estimate, cell = largest[0]
    fewer = "fewer --workers, or " if len(largest) > 1 else ""
    at_once = f"{len(largest)} runs at a time need" if len(largest) > 1 else "A run needs"
    raise SuiteError(
        f'{at_once} about {size_text(total)} and {size_text(free)} are free (the largest is "{cell.name}", '
        f"{estimate.largest.name}: {size_text(estimate.largest.bytes)}); "
        f"choose {fewer}{remedy(estimate).removeprefix('choose ')}."
    )


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
    given = os.environ.get(PAIRS)
    suite = read_suite(suite_file(request.suite), request.pairs or (Path(given) if given else None))
    if not request.session.exists():
        require_memory_of(suite, request.workers)
        check_runs(suite, stopped)
    if stopped.is_set():
        return
    document = resume(suite, request.session)
    try:
        scheduler = SuiteScheduler(suite, document, Pool(request.workers))
        try:
            while not scheduler.over and not stopped.is_set():
                for event in scheduler.poll(timeout=POLL_SECONDS):
                    if not isinstance(event, RunEvent) or event.event.kind in _SENT_KINDS:
                        pipe.send(event)
        finally:
            scheduler.close()
    finally:
        document.close()


def _wait_for_stop(pipe: Connection, stopped: threading.Event) -> None:
    with contextlib.suppress(EOFError, OSError):
        pipe.recv()
    stopped.set()
