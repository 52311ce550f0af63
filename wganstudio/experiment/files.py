"""Files that users name: regular files only, opened without waiting, read up to a size."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from wganstudio.experiment.problem import BadExperiment, Problem

_NO_WAIT = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


def user_path(text: str | Path) -> Path:
    """Return a path that may begin with the home folder of a user (~), as a shell expands it."""
    return Path(os.path.expanduser(text))  # unlike Path.expanduser, it leaves unknown users as they are


@contextmanager
def open_regular(path: Path, most: int) -> Iterator[IO[bytes]]:
    """Open a regular file of at most `most` bytes for reading.

    Raises
    ------
    BadExperiment
        For folders, pipes and devices, which could keep a reader waiting, for larger files and on errors of
        the file system.
    """
    try:
        _check(path, _status(path), most)
        with open(path, "rb", opener=_open) as file:
            _check(path, os.fstat(file.fileno()), most)  # another file may have taken its place
            yield file
    except OSError as error:
        raise _refused(f"{path} cannot be read: {error.strerror or error}") from error


def read_regular(path: Path, most: int) -> bytes:
    """Return the content of a regular file of at most `most` bytes; BadExperiment for others."""
    with open_regular(path, most) as file:
        content = file.read(most + 1)
    if len(content) > most:  # it grew meanwhile, or it tells no size
        raise _too_large(path, most)
    return content


def _status(path: Path) -> os.stat_result:
    try:
        return path.stat()
    except ValueError as error:  # a null byte
        raise _refused(f"{path} cannot be read: {error}") from error


def _open(path: str, flags: int) -> int:
    return os.open(path, flags | _NO_WAIT)


def _check(path: Path, status: os.stat_result, most: int) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise _refused(f"{path} is a folder; choose a file")
    if not stat.S_ISREG(status.st_mode):
        raise _refused(f"{path} is not a regular file; choose another one")
    if status.st_size > most:
        raise _too_large(path, most)


def _too_large(path: Path, most: int) -> BadExperiment:
    size = f"{most >> 30} GiB" if most >= 1 << 30 else f"{most >> 20} MiB"
    return _refused(f"{path} is larger than {size}; choose a smaller file")


def _refused(message: str) -> BadExperiment:
    return BadExperiment(Problem("", message))
