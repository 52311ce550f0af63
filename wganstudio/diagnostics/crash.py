"""Traces of processes that a fatal signal has ended: faulthandler writes them beside the log."""

import faulthandler
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from wganstudio import folders
from wganstudio.diagnostics.log_file import MAX_RECORD, current, is_over

SUFFIX = ".crash"


@dataclass(frozen=True)
class Crash:
    """A process that has died: its log, which ends with the trace."""

    log: Path
    trace: str


@contextmanager
def tracing() -> Iterator[None]:
    """Have a trace written if this process dies; only for one that keeps a log."""
    log = current()
    if log is None or faulthandler.is_enabled():
        yield
        return
    path = log.path.with_suffix(SUFFIX)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        stream = path.open("w", encoding="utf-8")
    except OSError:
        yield
        return
    faulthandler.enable(stream)
    try:
        yield
    finally:  # it has not died; on Windows there may still be traces of what it survived
        faulthandler.disable()
        stream.close()
        with suppress(OSError):
            path.unlink()


def collect() -> list[Crash]:
    """Return the processes that have died since the last call, the last one at the end."""
    crashes = []
    with suppress(OSError):
        for trace in sorted(folders.logs().glob(f"*{SUFFIX}")):
            with suppress(OSError, ValueError):
                if is_over(int(trace.stem.rpartition("-")[2])) and (crash := _move(trace)):
                    crashes.append(crash)
    return crashes


def _move(trace: Path) -> Crash | None:
    """Append a trace to the log of its process; return None if the trace is empty."""
    when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(trace.stat().st_mtime))
    with trace.open(encoding="utf-8", errors="replace") as stream:
        text = stream.read(MAX_RECORD).strip()
    trace.unlink()  # before it is reported: another window may be doing the same
    if not text:
        return None
    log = trace.with_suffix(".log")
    with log.open("a", encoding="utf-8") as stream:
        stream.write(f"{when} CRITICAL The process ended unexpectedly.\n{text}\n")
    return Crash(log, text)
