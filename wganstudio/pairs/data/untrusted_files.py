"""Hardened access to untrusted files: regular files only, size-capped, one-sentence errors."""

import gzip
import os
import stat
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, NoReturn, Protocol

from wganstudio.experiment import BadExperiment, Problem, files

MAX_BYTES = 1 << 30
"""Bytes of a data file, at most."""
MAX_VALUES = 1 << 28
"""Numbers of a data set, at most: 1 GiB as float32; the 50,000 images of CIFAR-10 are 0.6 of it."""
MAX_NUMBERS = 1 << 27
"""Numbers of a table, at most: 1 GiB as float64."""
MAX_FILES = 200_000
"""Files of one kind in a folder, at most."""
MAX_RATIO = 200
"""Compression ratio at most, for files that expand to more than HARMLESS bytes."""
HARMLESS = 1 << 26
_STEP = 1 << 20
GZIP = b"\x1f\x8b"


class Readable(Protocol):
    """A file or a decompressed one, as the readers use it."""

    def read(self, count: int, /) -> bytes:
        """Return the next bytes, at most `count`."""


def fail(message: str, field: str = "") -> NoReturn:
    """Raise BadExperiment with one sentence about a field; by default the field that `attribute_to` names."""
    raise BadExperiment(Problem(field, message))


@contextmanager
def attribute_to(field: str) -> Iterator[None]:
    """Attribute problems without a field to this one."""
    try:
        yield
    except BadExperiment as error:
        problems = (Problem(problem.path or field, problem.message) for problem in error.problems)
        raise BadExperiment(*problems) from error


def open_regular(path: Path) -> AbstractContextManager[IO[bytes]]:
    """Open a regular file of at most 1 GiB for reading; raise BadExperiment for others and on read errors."""
    return files.open_regular(path, MAX_BYTES)


def is_folder(path: Path) -> bool:
    """Return True if the path is a folder."""
    try:
        return path.is_dir()
    except OSError:
        return False


def list_folder(path: Path, suffixes: tuple[str, ...]) -> list[Path]:
    """Return the regular files of a folder with these suffixes, by name, without hidden ones.

    Hidden files include those that macOS writes beside each file ("._a.png"). Raise BadExperiment for too
    many files.
    """
    names: list[str] = []
    try:
        with os.scandir(path) as entries:
            for entry in entries:
                if entry.name.lower().endswith(suffixes) and entry.is_file() and not _is_hidden(entry):
                    names.append(entry.name)
                if len(names) > MAX_FILES:
                    fail(f"{path} contains more than {MAX_FILES:,} files; choose a folder with fewer files")
    except OSError as error:
        fail(f"{path} cannot be read: {error.strerror or error}")
    return [path / name for name in sorted(names)]


def _is_hidden(entry: os.DirEntry[str]) -> bool:
    if entry.name.startswith("."):
        return True
    attributes = getattr(entry.stat(), "st_file_attributes", 0) if os.name == "nt" else 0
    return bool(attributes & stat.FILE_ATTRIBUTE_HIDDEN)


@contextmanager
def decompress(path: Path, file: IO[bytes]) -> Iterator[Readable]:
    """Return the content of a gzip file, or any other file itself; only what is read is decompressed."""
    head = file.read(len(GZIP))
    file.seek(0)
    if head != GZIP:
        yield file
        return
    try:
        with gzip.GzipFile(fileobj=file) as content:
            yield content
    except (EOFError, zlib.error, gzip.BadGzipFile):
        fail(f"{path} is a damaged gzip file; download it again")


@contextmanager
def decompress_text(path: Path, file: IO[bytes]) -> Iterator[Readable]:
    """Return the content of a gzip file, or any other file itself; refuse one that expands too far."""
    with decompress(path, file) as content:
        yield content if content is file else _Limited(path, content)


class _Limited:
    """A decompressed file that refuses to expand further than data do."""

    def __init__(self, path: Path, content: Readable) -> None:
        self._path, self._content = path, content
        self._packed, self._size = path.stat().st_size, 0

    def read(self, count: int) -> bytes:
        """Return the next bytes."""
        raw = self._content.read(count)
        self._size += len(raw)
        check_ratio(self._path, self._packed, self._size)
        if self._size > MAX_BYTES:
            fail(f"{self._path} expands to more than {MAX_BYTES >> 30} GiB; choose a smaller file")
        return raw


def check_ratio(path: object, size: int, expanded: int) -> None:
    """Refuse a file that would expand to far more bytes than data do, before it is decompressed."""
    if expanded > max(HARMLESS, MAX_RATIO * size):
        fail(
            f"{path} would expand to {expanded:,} bytes, {expanded // size:,} times its size, and was refused"
        )


def read_up_to(file: Readable, count: int) -> bytearray:
    """Return the next `count` bytes or as many as there are, without allocating memory for more."""
    content = bytearray()
    while part := file.read(min(_STEP, count - len(content))):
        content += part
    return content
