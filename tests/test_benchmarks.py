"""The run of all benchmarks: which programs it knows, and the comparison of two runs."""

import importlib.util
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "benchmarks"


@pytest.fixture(scope="module")
def benchmarks():
    spec = importlib.util.spec_from_file_location("all_benchmarks", FOLDER / "__main__.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


def test_each_program_exists_and_its_keys_are_columns_of_its_table(benchmarks):
    for program in benchmarks.PROGRAMS:
        assert (FOLDER / f"{program.name}.py").is_file()
        header = (FOLDER / f"{program.name}.csv").read_text(encoding="utf-8").partition("\n")[0]
        assert set(program.keys) < set(header.split(",")), program.name


def run_of(benchmarks, **view_ms):
    rows = [{"view": view, "build_ms": str(ms), "paint_ms": ""} for view, ms in view_ms.items()]
    machine = benchmarks.surroundings()["machine"]
    return {"commit": "a" * 40, "date": "2026-11-30", "machine": machine, "tables": {"maps": rows}}


def test_two_runs_are_compared_row_by_row(benchmarks):
    before = run_of(benchmarks, landscape=2.0, gradient=4.0, samples=1.0, removed=1.0)
    after = run_of(benchmarks, gradient=4.1, landscape=1.0, samples=1.0, added=9.0)
    lines = benchmarks.comparison(before, after)
    assert lines[2:] == ["maps build_ms: 1.000", "    0.500  landscape"]


def test_another_machine_is_mentioned(benchmarks):
    other = run_of(benchmarks, landscape=1.0)
    other["machine"] = other["machine"] | {"cores": 999}
    assert "The machines differ" in benchmarks.comparison(run_of(benchmarks, landscape=1.0), other)[2]


def test_the_tables_of_a_run_are_written_beside_copies(benchmarks, tmp_path):
    copy = benchmarks.copied_tree(tmp_path)
    assert copy.resolve() != FOLDER and (copy / "solver_step.py").is_file()
    assert (copy.parent / "support").resolve() == FOLDER.parent / "support"
    assert (tmp_path / "wganstudio").is_symlink()
