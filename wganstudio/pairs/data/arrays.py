"""NumPy's .npy and .npz files: headers are checked before anything is allocated, nothing is unpickled."""

import math
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from wganstudio.experiment import BadExperiment
from wganstudio.pairs.data.row_filter import RowSelector
from wganstudio.pairs.data.table_choice import TableChoice
from wganstudio.pairs.data.table_source import (
    BLOCK,
    BLOCK_VALUES,
    MAX_COLUMNS,
    RowBlock,
    TableSource,
    choose_columns,
    default_names,
    drop_nonfinite,
    left_out_columns,
)
from wganstudio.pairs.data.untrusted_files import (
    MAX_BYTES,
    MAX_NUMBERS,
    check_ratio,
    fail,
    open_regular,
    read_up_to,
)

MAX_HEADER = 4096
MAX_DIRECTORY = 1 << 16
"""Bytes of the directory of an .npz file, at most: some thousand arrays."""
_READERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
_END = b"PK\x05\x06"
_END_SIZE = 22
_LARGE = b"PK\x06\x07"
_LARGE_SIZE = 20


class ArrayHeader(NamedTuple):
    """The header of an array."""

    shape: tuple[int, ...]
    fortran: bool
    dtype: np.dtype[np.generic]


@contextmanager
def open_npy(path: Path, choice: TableChoice) -> Iterator[TableSource]:
    """Open the rows of an .npy file; all axes after the first one are columns."""
    with open_regular(path) as file:
        header = read_header(path, file)
        left = path.stat().st_size - file.tell()
        _fits(path, header, left)
        yield _source(path, "NumPy array", file, header, choice)


@contextmanager
def open_npz(path: Path, choice: TableChoice) -> Iterator[TableSource]:
    """Open the rows of one array of an .npz file."""
    with open_regular(path) as file:
        try:
            with _archive(path, file) as archive:
                member = _member(path, archive, choice.array)
                with archive.open(member) as stream:
                    name = f"{path}, array {_stem(member)},"
                    header = read_header(name, stream)
                    _fits(name, header, member.file_size - stream.tell())
                    check_ratio(path, path.stat().st_size, member.file_size)
                    yield _source(name, f"array {_stem(member)} of {path.name}", stream, header, choice)
        except (BadExperiment, OSError):
            raise
        except Exception:  # the reader may raise anything on a hostile archive
            fail(f"{path} is a damaged .npz file; save it again")


def array_names(path: Path) -> tuple[str, ...]:
    """Return the names of the arrays of an .npz file."""
    with open_regular(path) as file:
        try:
            with _archive(path, file) as archive:
                return tuple(map(_stem, archive.infolist()))
        except (BadExperiment, OSError):
            raise
        except Exception:  # as above
            fail(f"{path} is a damaged .npz file; save it again")


def read_header(path: object, file: IO[bytes]) -> ArrayHeader:
    """Return the header of an array of plain numbers; raise BadExperiment for others, such as objects."""
    magic = read_up_to(file, 8)
    version = tuple(magic[6:])
    digits = 2 if version == (1, 0) else 4
    start = read_up_to(file, digits)
    length = int.from_bytes(start, "little")
    if magic[:6] != npy.MAGIC_PREFIX or version not in _READERS or length > MAX_HEADER:
        fail(f"{path} is not a valid .npy array; save it with numpy.save")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # such as of a file that an old Python wrote
            header = ArrayHeader(*_READERS[version](BytesIO(start + read_up_to(file, length))))
    except Exception:  # the reader may raise anything on a hostile header
        fail(f"{path} is not a valid .npy array; save it with numpy.save")
    if header.dtype.hasobject:
        fail(f"{path} contains Python objects, which could run code and are never read; save plain numbers")
    if header.dtype.kind not in "biuf" or header.dtype.itemsize > 8:
        fail(
            f"{path} contains {str(header.dtype)[:40]} instead of real numbers; save an array of real numbers"
        )
    shape = header.shape
    if not shape or min(shape) < 0 or any(isinstance(n, bool) for n in shape):
        fail(f"{path} is not a table: its shape is {str(shape)[:40]}; save an array [rows, columns]")
    return header


def _fits(path: object, header: ArrayHeader, left: int) -> None:
    """Refuse an array whose shape does not fit its file, or that is too large."""
    values = math.prod(header.shape)
    if values > MAX_NUMBERS or values * header.dtype.itemsize > MAX_BYTES:
        fail(f"{path} declares {values:,} numbers, more than can be read; save fewer rows or columns")
    if values * header.dtype.itemsize != left:
        less = "fewer" if left < values * header.dtype.itemsize else "more"
        fail(f"{path} contains {less} bytes than its shape {header.shape} requires; save it again")
    if math.prod(header.shape[1:]) > MAX_COLUMNS:
        fail(f"{path} has {math.prod(header.shape[1:]):,} columns; at most {MAX_COLUMNS:,} can be read")


def _source(
    path: object, kind: str, file: IO[bytes], header: ArrayHeader, choice: TableChoice
) -> TableSource:
    rows, count = header.shape[0], math.prod(header.shape[1:])
    names = default_names(count)
    split = None if choice.rows is None else RowSelector(path, choice.rows, names)
    usual = [k for k in range(count) if split is None or k != split.place]
    places = choose_columns(path, names, choice.columns, usual)
    chosen = tuple(names[k] for k in places)
    shape = " x ".join(map(str, header.shape))
    left_out = left_out_columns(names, places, {}, split=None if split is None else split.place)
    blocks = _blocks(path, file, header, places, chosen, split)
    rows_kept = rows if split is None else None
    kind = f"{kind}, {shape} of {header.dtype}"
    return TableSource(kind, chosen, left_out, rows_kept, blocks, selector=split)


def _blocks(
    path: object,
    file: IO[bytes],
    header: ArrayHeader,
    places: list[int],
    names: tuple[str, ...],
    split: RowSelector | None,
) -> Iterator[RowBlock]:
    rows, count = header.shape[0], math.prod(header.shape[1:])
    step = max(1, rows if header.fortran else min(BLOCK, BLOCK_VALUES // count))
    for start in range(0, rows, step):
        size = min(step, rows - start)
        values = _numbers(path, file, header.dtype, size * count)
        order = values.reshape(header.shape, order="F").reshape(rows, -1) if header.fortran else values
        table, numbers = order.reshape(size, count), np.arange(start + 1, start + size + 1)
        if split is not None:
            selected = split.mask(table[:, split.place].tolist())
            table, numbers = table[selected], numbers[selected]
        yield drop_nonfinite(np.ascontiguousarray(table[:, places]), numbers, names)
    if split is not None:
        split.require_rows()


def _numbers(path: object, file: IO[bytes], dtype: np.dtype[np.generic], count: int) -> NDArray[np.float64]:
    raw = read_up_to(file, count * dtype.itemsize)
    if len(raw) < count * dtype.itemsize:
        fail(f"{path} ends before its last row; save it again")
    return np.frombuffer(raw, dtype=dtype).astype(np.float64)


@contextmanager
def _archive(path: Path, file: IO[bytes]) -> Iterator[zipfile.ZipFile]:
    """Open an archive after a check of the size of its directory."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _END_SIZE - _LARGE_SIZE))
    tail = file.read()
    end = tail[-_END_SIZE:]
    if end[:4] != _END or end[-2:] != b"\0\0" or tail.startswith(_LARGE):
        fail(f"{path} is not a valid .npz file; save it with numpy.savez")
    if int.from_bytes(end[12:16], "little") > MAX_DIRECTORY:
        fail(f"{path} contains too many arrays to list; save fewer in one file")
    with zipfile.ZipFile(file) as archive:
        yield archive


def _member(path: Path, archive: zipfile.ZipFile, array: str | None) -> zipfile.ZipInfo:
    members = {_stem(member): member for member in archive.infolist()}
    listed = ", ".join(name[:40] for name in list(members)[:8]) + (", ..." if len(members) > 8 else "")
    if array is None and len(members) != 1:
        if not members:
            fail(f"{path} is empty; choose another file")
        fail(f"{path} contains {len(members)} arrays; choose one of {listed}", "pair.array")
    if array is not None and array not in members:
        fail(f"{path} has no array {array[:40]!r}; it has {listed}", "pair.array")
    member = members[array] if array is not None else next(iter(members.values()))
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        fail(f"{path} uses a compression that NumPy does not write and was refused; save it with numpy.savez")
    return member


def _stem(member: zipfile.ZipInfo) -> str:
    return member.filename.removesuffix(".npy")
