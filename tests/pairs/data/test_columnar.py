"""Parquet files as tables: columns of numbers, missing values, and damaged or hostile files."""

import builtins
import struct
import sys
from pathlib import Path

import numpy as np
import pytest

from wganstudio.experiment import BadExperiment
from wganstudio.pairs.data.preview import preview
from wganstudio.pairs.data.table import read_table
from wganstudio.pairs.data.table_choice import TableChoice

ROWS = np.random.default_rng(0).normal(size=(7, 3))


def write(path: Path, raw: bytes) -> Path:
    path.write_bytes(raw)
    return path


def parquet(path, **columns):
    pytest.importorskip("pyarrow", reason="pyarrow is not installed (the extra data)")
    from pyarrow import parquet, table

    parquet.write_table(table(columns), path)
    return path


def test_a_parquet_file_is_read_by_its_columns_of_numbers(tmp_path, refused):
    columns = dict(zip("abc", ROWS.T, strict=True))
    path = parquet(tmp_path / "t", words=["oak"] * 7, n=list(range(7)), **columns, **{"d.e": [True] * 7})
    result = read_table(path, TableChoice())
    assert result.names == ("n", "a", "b", "c", "d.e")
    assert np.array_equal(result.values[:, 1:4], ROWS)
    assert np.array_equal(result.values[:, 0], np.arange(7)) and np.all(result.values[:, 4] == 1)
    assert np.array_equal(read_table(path, TableChoice("c, a")).values, ROWS[:, [2, 0]])
    assert "no column 'words'" in refused(read_table, path, TableChoice("words"))


def test_large_integers_keep_their_digits(tmp_path):
    first = 1_700_000_000_000
    path = parquet(tmp_path / "t.parquet", t=[first, first + 5, first + 11], n=[2**52, 2**52 + 1, 2**52 + 2])
    assert (read_table(path, TableChoice()).values - [first, 2**52]).tolist() == [[0, 0], [5, 1], [11, 2]]


def test_missing_values_are_bad_rows(tmp_path, refused):
    path = parquet(tmp_path / "t.parquet", a=[1, 2, None, 4], b=[True, None, True, False])
    assert "row 2: b is not finite; row 3: a is not finite" in refused(read_table, path, TableChoice())
    assert read_table(path, TableChoice(), skip_bad=True).values.tolist() == [[1, 1], [4, 0]]


def test_damaged_and_hostile_parquet_files_are_refused(tmp_path, refused):
    path = parquet(tmp_path / "t.parquet", a=np.arange(5000.0), b=np.arange(5000.0))
    raw = path.read_bytes()
    for cut in (4, 8, 100, len(raw) // 2, -1, -9):
        assert "is a damaged Parquet file" in refused(
            read_table, write(tmp_path / "cut", raw[:cut]), TableChoice()
        )
    for length in (0, 2**31 - 1, 2**32 - 1):
        other = raw[:-8] + struct.pack("<I", length) + b"PAR1"
        assert "damaged" in refused(read_table, write(tmp_path / "footer", other), TableChoice())
    many = parquet(tmp_path / "many.parquet", a=np.zeros(40_000_000, dtype=np.float32))
    assert "would expand to 320,000,000 bytes" in refused(read_table, many, TableChoice())


def test_without_pyarrow_the_command_is_named(tmp_path, refused, monkeypatch):
    real = builtins.__import__

    def without(name, *arguments, **options):
        if name.startswith("pyarrow"):
            raise ImportError(name)
        return real(name, *arguments, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    for name in [name for name in sys.modules if name.startswith("pyarrow")]:
        monkeypatch.delitem(sys.modules, name)
    path = write(tmp_path / "t.parquet", b"PAR1" + bytes(40) + b"PAR1")
    assert "pip install wganstudio[data]" in refused(read_table, path, TableChoice())


def test_whatever_a_parquet_file_holds_it_is_read_or_refused(tmp_path):
    path = parquet(tmp_path / "t.parquet", a=np.arange(50.0), b=np.arange(50))
    raw, rng = path.read_bytes(), np.random.default_rng(0)
    for _ in range(300):
        other = bytearray(raw)
        for place in rng.integers(0, len(raw), 3):
            other[place] = rng.integers(0, 256)
        try:
            assert np.isfinite(read_table(write(path, bytes(other)), TableChoice()).values).all()
        except BadExperiment as error:
            assert "\n" not in str(error)


def test_columns_named_as_ids_are_left_out(tmp_path):
    path = parquet(
        tmp_path / "t.parquet", id=[7, 8, 9], x=[1.5, 2.5, 3.5], index=[0.5, 1.5, 2.5], word=["a"] * 3
    )
    assert read_table(path, TableChoice()).names == ("x", "index")
    assert preview(path).left_out == (("id", "looks like an id", True), ("word", "not numeric", False))
    assert read_table(path, TableChoice("id")).values[:, 0].tolist() == [7, 8, 9]
    assert read_table(parquet(tmp_path / "i.parquet", id=[7, 8, 9]), TableChoice()).names == ("id",)
