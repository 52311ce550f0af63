"""Mutated files for every loader, and the requirements on what the loader does with them.

Input number k of a seed is always the same file. A loader succeeds or refuses with one sentence, within
MAX_SECONDS of processor time, and the memory of the process grows by at most MAX_GROWTH.
"""

import gzip
import io
import sqlite3
import struct
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tomli_w
import torch
from PIL import Image

from figure_records.gaussians import events
from wganstudio.experiment import BadExperiment, load, preset, presets, read, to_toml
from wganstudio.pairs.custom_sigma import read_gray_png
from wganstudio.pairs.data.data_set import read_data
from wganstudio.pairs.data.preview import preview
from wganstudio.pairs.data.table_choice import TableChoice
from wganstudio.pairs.published import read_pair_file
from wganstudio.session import Document, SessionError
from wganstudio.suites import SuiteError, read_suite
from wganstudio.suites.results import SuiteResults

try:
    import resource
except ModuleNotFoundError:  # Windows, where growth is not measured
    resource = None

MAX_SECONDS = 2.0
MAX_GROWTH = 1 << 30
"""Bytes; a file of data may hold as many numbers."""
MAX_SENTENCE = 25_000
NUMBERS = (b"9" * 30, b"-1", b"0", b"1e999", b"nan", b"4294967296", b"18446744073709551615", b"9" * 5000)
SIGNS = (*"[]{}\"',;\n\r\0=()", "\x1b[2J", "<img src=x>", "\ufeff")
COLUMNS = (("event", "body"), ("event", "arrays"), ("run", "experiment"), ("suite", "body"))


@dataclass(frozen=True)
class Seed:
    """A valid file and the loader that reads it."""

    kind: str
    suffix: str
    content: bytes
    loader: Callable[[Path], object]


@dataclass(frozen=True)
class Outcome:
    """The result of giving one input to a loader."""

    number: int
    kind: str
    result: str
    """"read", "refused", or the fault."""
    seconds: float
    growth: int
    """Growth in bytes of the greatest memory of the process."""

    @property
    def is_fault(self) -> bool:
        """True for a traceback, a sentence of many lines, and for more time or memory than allowed."""
        return self.result not in ("read", "refused")


def seeds(folder: Path) -> list[Seed]:
    """Return valid files of every kind; `folder` is for temporary files."""
    return [*_texts(), *_tables(), *_images(), *_sessions(folder), *_models()]


def try_input(number: int, seed: int, corpus: list[Seed], folder: Path) -> Outcome:
    """Mutate a valid file and load it."""
    rng = np.random.default_rng((seed, number))
    chosen = corpus[number % len(corpus)]
    path = folder / f"input{chosen.suffix}"
    path.write_bytes(chosen.content)
    if chosen.kind == "session" and rng.random() < 0.7:
        _mutate_rows(path, rng)
    else:
        other = corpus[rng.integers(len(corpus))].content
        path.write_bytes(mutated(chosen.content, other, rng))
    before, start = _peak(), time.process_time()
    result = _result(chosen.loader, path)
    seconds, growth = time.process_time() - start, _peak() - before
    if result in ("read", "refused") and seconds > MAX_SECONDS:
        result = f"took {seconds:.1f} s"
    if result in ("read", "refused") and growth > MAX_GROWTH:
        result = f"took {growth >> 20} MiB"
    return Outcome(number, chosen.kind, result, seconds, growth)


def mutated(content: bytes, other: bytes, rng: np.random.Generator) -> bytes:
    """Return a file with one to eight mistakes."""
    raw = bytearray(content)
    for _ in range(min(int(rng.geometric(0.5)), 8)):
        at = int(rng.integers(len(raw) + 1))
        end = min(len(raw), at + int(2 ** rng.uniform(0, 12)))
        match rng.integers(8):
            case 0 if raw:
                raw[at % len(raw)] ^= 1 << int(rng.integers(8))
            case 1:
                raw[at:at] = rng.bytes(int(rng.integers(1, 9)))
            case 2:
                del raw[at:end]
            case 3:
                raw[at:at] = raw[at:end] * int(rng.choice([1, 2, 50]))
            case 4:
                raw[at:end] = other[: end - at]
            case 5:
                raw[at:end] = NUMBERS[rng.integers(len(NUMBERS))]
            case 6:
                raw[at:at] = SIGNS[rng.integers(len(SIGNS))].encode() * int(rng.choice([1, 1, 3, 2000]))
            case 7:
                value = int(rng.choice([0, 1, -1, 2**31 - 1, -(2**31)]))
                raw[at : at + 4] = struct.pack(rng.choice(["<i", ">i"]), value)
        if rng.random() < 0.05:
            del raw[at:]
    return bytes(raw[: 1 << 20])


def _result(loader: Callable[[Path], object], path: Path) -> str:
    try:
        loader(path)
    except (BadExperiment, SessionError, SuiteError) as error:
        text = str(error)
        return "refused" if "\n" not in text and len(text) <= MAX_SENTENCE else f"no sentence: {text[:200]!r}"
    except Exception as error:
        return f"{type(error).__name__}: {str(error)[:200]!r}"
    return "read"


def _peak() -> int:
    return 0 if resource is None else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10


def _mutate_rows(path: Path, rng: np.random.Generator) -> None:
    """Change texts and arrays in a session whose structure stays valid."""
    database = sqlite3.connect(path)
    with database:
        for _ in range(rng.integers(1, 4)):
            table, column = COLUMNS[rng.integers(len(COLUMNS))]
            rows = database.execute(f"SELECT rowid, {column} FROM {table}").fetchall()
            rowid, value = rows[rng.integers(len(rows))]
            if value is None:
                continue
            raw = mutated(value.encode() if isinstance(value, str) else value, b"{}[]" * 100, rng)
            new = raw.decode("utf-8", "replace") if isinstance(value, str) else raw
            database.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (new, rowid))
    database.close()


def _texts() -> Iterator[Seed]:
    for name in list(presets())[:6]:
        text = to_toml(read(preset(name).settings)).encode()
        yield Seed("experiment", ".toml", text, lambda path: read(load(path)))
    table = {"solvers": ["lp", "gp"], "pairs": ["g"], "seeds": [0, 1]}
    pairs = {"g": {"pair": {"kind": "gaussians", "dim": 3}}}
    suite = {"title": "a", "budget": {"steps": 3}, "shared": {"training": {"batch": 32}}, "pairs": pairs}
    text = tomli_w.dumps({**suite, "matrix": [table]}).encode()
    yield Seed("suite", ".toml", text, read_suite)


def _tables() -> Iterator[Seed]:
    rng = np.random.default_rng(0)
    values = rng.normal(size=(60, 3)).astype(np.float32)
    lines = "\n".join(",".join(f"{value:.3f}" for value in row) for row in values)
    german = lines.replace(",", ";").replace(".", ",")
    texts = [f"a,b,c\n{lines}\n", f"x;y;z\nmm;;kg\n{german}\n", "# note\n" + lines.replace(",", "\t")]
    for text in texts:
        yield Seed("table", ".csv", text.encode(), _read_table)
    yield Seed("table", ".csv.gz", gzip.compress(texts[0].encode(), mtime=0), _read_table)
    for suffix, save in ((".npy", np.save), (".npz", np.savez), (".npz", np.savez_compressed)):
        out = io.BytesIO()
        save(out, values)
        yield Seed("array", suffix, out.getvalue(), _read_table)
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        return
    out = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table({name: values[:, k] for k, name in enumerate("abc")}), out)
    yield Seed("parquet", ".parquet", out.getvalue(), _read_table)


def _read_table(path: Path) -> None:
    try:
        preview(path)
    finally:
        read_data(str(path), TableChoice(), None, True)


def _images() -> Iterator[Seed]:
    pixels = np.random.default_rng(0).integers(0, 255, (5, 8, 8), dtype=np.uint8)
    yield Seed(
        "images", ".idx", b"\0\0\x08\x03" + struct.pack(">III", 5, 8, 8) + pixels.tobytes(), _read_table
    )
    cifar = b"".join(bytes([k]) + bytes(3072) for k in range(3))
    yield Seed("images", ".bin", cifar, _read_table)
    out = io.BytesIO()
    Image.fromarray(np.tile(pixels[0], (2, 2))).save(out, "png")
    yield Seed("sigma", ".png", out.getvalue(), lambda path: read_gray_png(str(path)))


def _sessions(folder: Path) -> Iterator[Seed]:
    document = Document.create(folder / "seed.wgs")
    run = document.add_run(read(preset("first-look").settings), "first")
    for event in events(1, until=2, points=8):
        document.append(run, event)
    cells = '[{"solver": "lp", "pair": "gaussians", "seed": 0}]'
    document.begin_suite(f'{{"title": "a", "about": "", "settings": {{}}, "cells": {cells}}}')
    document.close()
    content = (folder / "seed.wgs").read_bytes()
    for _ in range(6):  # as often as experiments
        yield Seed("session", ".wgs", content, _read_session)


def _read_session(path: Path) -> None:
    document = Document.open(path)
    try:
        [record.name for record in document.records()]
        SuiteResults(document).finished()
    finally:
        document.close()


def _models() -> Iterator[Seed]:
    out = io.BytesIO()
    torch.save({"net.centers": torch.zeros(4, 3), "net.bias": torch.ones(4)}, out)
    yield Seed("model", ".pt", out.getvalue(), read_pair_file)
