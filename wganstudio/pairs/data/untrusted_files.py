"""Files of strangers: regular ones alone, read no further than a cap, refused in one sentence."""

import gzip
import os
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NoReturn

from wganstudio.experiment import BadExperiment, Problem

MAX_BYTES = 1 << 30
"""Bytes that a file of data may have."""
MAX_VALUES = 1 << 28
"""Numbers that a law may be given by: 1 GiB as float32; the 50,000 images of CIFAR-10 are 0.6 of it."""
MAX_FILES = 200_000
"""Files that a folder may hold of one kind."""
MAX_RATIO = 200
"""How many times its size a packed file may unpack to, where that is more than HARMLESS."""
HARMLESS = 1 << 26
_STEP = 1 << 20
GZIP = b"\x1f\x8b"


def fail(message: str, field: str = "") -> NoReturn:
    """Refuse data in one sentence, on account of a field; without one of that which `attribute_to` names."""
    raise BadExperiment(Problem(field, message))


@contextmanager
def attribute_to(field: str) -> Iterator[None]:
    """Let problems with data be those of the field that named them, unless another is to blame."""
    try:
        yield
    except BadExperiment as error:
        problems = (Problem(problem.path or field, problem.message) for problem in error.problems)
        raise BadExperiment(*problems) from error


@contextmanager
def open_regular(path: Path) -> Iterator[IO[bytes]]:
    """A regular file of at most 1 GiB, for reading; BadExperiment for any other, and where reading fails."""
    try:
        with _regular(path) as file:
            yield file
    except OSError as error:
        fail(f"{path} cannot be read: {error.strerror or error}")


def _regular(path: Path) -> IO[bytes]:
    try:
        found = path.stat()
    except ValueError as error:  # a null byte
        fail(f"{path} cannot be read: {error}")
    if stat.S_ISDIR(found.st_mode):
        fail(f"{path} is a folder; choose a file")
    if not stat.S_ISREG(found.st_mode):
        fail(f"{path} is not a regular file; choose another one")
    if found.st_size > MAX_BYTES:
        fail(f"{path} is larger than {MAX_BYTES >> 30} GiB; choose a smaller file")
    return path.open("rb")


def is_folder(path: Path) -> bool:
    """Whether there is a folder of that name that one may look for."""
    try:
        return path.is_dir()
    except OSError:
        return False


def list_folder(path: Path, suffixes: tuple[str, ...]) -> list[Path]:
    """The regular files of a folder that end so, by name; BadExperiment where they are too many to list."""
    found: list[str] = []
    try:
        with os.scandir(path) as entries:
            for entry in entries:
                if entry.name.lower().endswith(suffixes) and entry.is_file():
                    found.append(entry.name)
                if len(found) > MAX_FILES:
                    fail(f"{path} contains more than {MAX_FILES:,} files; choose a folder with fewer files")
    except OSError as error:
        fail(f"{path} cannot be read: {error.strerror or error}")
    return [path / name for name in sorted(found)]


@contextmanager
def decompress(path: Path, file: IO[bytes]) -> Iterator[IO[bytes]]:
    """What a gzipped file holds, or the file itself where it is none; only what is read is inflated."""
    head = file.read(len(GZIP))
    file.seek(0)
    if head != GZIP:
        yield file
        return
    try:
        with gzip.GzipFile(fileobj=file) as unpacked:
            yield unpacked  # type: ignore[misc]
    except (EOFError, zlib.error, gzip.BadGzipFile):
        fail(f"{path} is a damaged gzip file; download it again")


def check_ratio(path: object, packed: int, unpacked: int) -> None:
    """Refuse what unpacks to far more bytes than data does, before it does."""
    if unpacked > max(HARMLESS, MAX_RATIO * packed):
        fail(
            f"{path} would expand to {unpacked:,} bytes, {unpacked // packed:,} times its size, and was refused"
        )


def read_up_to(file: IO[bytes], count: int) -> bytearray:
    """The next `count` bytes, or as many as there are: memory for no more than those."""
    found = bytearray()
    while part := file.read(min(_STEP, count - len(found))):
        found += part
    return found
