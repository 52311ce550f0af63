"""The log of this process, a rotating file.

Each process writes a file of its own, named after the program, the time and the process id: the rotation then
needs no lock between processes, which Windows and network folders would not honor. The next start removes
old files. A log that cannot be written is no error of the program.
"""

import logging
import os
import platform
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

import psutil

import wganstudio
from wganstudio import folders

MAX_BYTES = 1_000_000
BACKUPS = 2
MAX_RECORD = 100_000
"""Characters of one record."""
KEPT_SECONDS = 30 * 24 * 3600
KEPT_FILES = 60
_NAME = re.compile(r"[\w-]+-(\d+)\.(?:log(?:\.\d+)?|crash)")


class LogFile(RotatingFileHandler):
    """Writes log records and their details. The file is created with the first record."""

    def __init__(self, program: str) -> None:
        stamp = time.strftime("%Y-%m-%d-%H%M%S")
        self.path = folders.logs() / f"{stamp}-{program}-{os.getpid()}.log"
        self.failed = False
        """The last record could not be written."""
        super().__init__(self.path, "a", MAX_BYTES, BACKUPS, "utf-8", delay=True, errors="backslashreplace")
        self.setFormatter(_Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record, if that is possible."""
        self.failed = False
        super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:
        """Remember that the record could not be written."""
        self.failed = True

    def close(self) -> None:
        """Close the file; what a full disk refuses is lost."""
        with suppress(OSError, ValueError):
            super().close()

    def _open(self) -> TextIOWrapper:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        is_new = not self.path.exists()
        stream = super()._open()
        if is_new:
            versions = f"WGAN Studio {wganstudio.__version__}, Python {platform.python_version()}"
            stream.write(f"{versions}: {' '.join(sys.argv[1:])[:2000] or 'window'}\n")
        return stream


class _Formatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """Add the details of a message."""
        text = super().format(record)
        detail = str(getattr(record, "detail", "")).strip()
        return (f"{text}\n{detail}" if detail else text)[:MAX_RECORD]


def current() -> LogFile | None:
    """Return the log of this process, if it keeps one."""
    handlers = logging.getLogger().handlers
    return next((handler for handler in handlers if isinstance(handler, LogFile)), None)


@contextmanager
def recording(program: str) -> Iterator[None]:
    """Write the records of all loggers, and Python's warnings, into a log; remove old logs."""
    root, ours = logging.getLogger(), logging.getLogger("wganstudio")
    level = ours.level
    try:
        log = LogFile(program)
    except OSError:
        yield
        return
    remove_old()
    logging.logThreads = False  # Python would keep an entry for ever of each thread of Qt that logs
    ours.setLevel(logging.INFO)
    root.addHandler(log)
    try:
        yield
    finally:
        root.removeHandler(log)
        ours.setLevel(level)
        log.close()


def files() -> list[Path]:
    """Return the logs of all processes, the newest first."""
    return _newest_first("*.log*")


def last_lines(count: int) -> list[str]:
    """Return the last lines of the newest logs."""
    lines: list[str] = []
    for file in files():
        with suppress(OSError), file.open("rb") as stream:
            stream.seek(max(0, file.stat().st_size - MAX_RECORD))
            text = stream.read().decode("utf-8", "replace")
            lines = [*text.splitlines()[len(lines) - count :], *lines]
        if len(lines) >= count:
            break
    return lines


def is_over(pid: int) -> bool:
    """Return True if no process has this id; False for a number that is none."""
    try:
        return not psutil.pid_exists(pid)
    except OverflowError:
        return False


def remove_old() -> None:
    """Remove the logs of processes that have ended, beyond the newest ones and those of the last month."""
    for number, file in enumerate(_newest_first("*")):
        match = _NAME.fullmatch(file.name)
        with suppress(OSError):
            old = number >= KEPT_FILES or time.time() - file.stat().st_mtime > KEPT_SECONDS
            if match and old and is_over(int(match[1])):
                file.unlink()


def _newest_first(pattern: str) -> list[Path]:
    found: list[tuple[float, Path]] = []
    with suppress(OSError):
        for file in folders.logs().glob(pattern):
            with suppress(OSError):
                found.append((file.stat().st_mtime, file))
    return [file for _, file in sorted(found, reverse=True)]
