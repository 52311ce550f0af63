"""Files that version 4 wrote, before settings, kinds and figures were renamed: they open, run and resume."""

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from wganstudio.cli import main
from wganstudio.experiment import read
from wganstudio.session import Document
from wganstudio.suites import SuiteError, SuiteResults, read_suite, resume

FILES = Path(__file__).parents[1] / "data" / "version4"
TABLES: dict[str, dict[str, list[list[Any]]]] = json.loads((FILES / "csv.json").read_text("utf-8"))
"""Session -> table -> for each column: name, count, first, last and, of numbers, the sum."""
SESSIONS = tuple(TABLES)
FIGURES = {
    "law": "congestion-theorem",
    "slope": "gradient-norms",
    "promises": "theory-checks",
    "map": "transport-map",
}
"""Former name of a figure -> its current name in the names of files."""
MERGED = {"cells": 1e-9}
"""Relative tolerance of figures whose numbers now come from the solver that all share; others are equal."""

QUICK = ["evaluation.samples=64", "evaluation.final_samples=1024", "evaluation.resolution=8"]
QUICK += ["evaluation.every=5", "training.batch=32"]
NETWORK = ["critic.width=8", "critic.depth=2"]
QUADRATIC = ["critic.kind=quadratic", "solver.kind=convex"]
COMMANDS = {
    "lp": ["first-look", *NETWORK],
    "regularised": [
        "eight-gaussians",
        *NETWORK,
        "solver.kind=regularised",
        "solver.strength=0.1",
        "solver.warm=false",
        "solver.dual=batch",
        "generator.kind=mlp",
        "generator.widths=[8]",
        "generator.average=0.5",
    ],
    "semi-discrete": ["points", "solver.rate=0.5", "solver.decay=constant"],
    "convex": ["gaussians", *QUADRATIC, "solver.iterations=20"],
    "composite": [
        "moons",
        *QUADRATIC,
        "generator.kind=composite",
        "generator.stages=2",
        "generator.warm=true",
        "generator.distil=mlp",
        "generator.distil_steps=5",
        "generator.distil_rate=0.01",
        "generator.widths=[8]",
    ],
}
"""The presets and the settings, under the names of version 4, that made the sessions."""


ROUNDING = 1e-9
"""Python 3.12 and later sum floats more accurately than the version that recorded the sums."""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the session of a suite, to write to."""
    return Path(shutil.copy(FILES / "suite.wgs", tmp_path / "suite.wgs"))


def call(capfd: pytest.CaptureFixture[str], *arguments: str) -> str:
    code = main(list(arguments))
    out, err = capfd.readouterr()
    assert code == 0, err
    return out


@pytest.mark.parametrize("session", SESSIONS)
def test_a_session_opens_and_holds_the_settings_and_estimates(session: str) -> None:
    document = Document.open(FILES / f"{session}.wgs")
    document.close()
    (record,) = document.records()
    printed = json.loads((FILES / f"{session}.json").read_text("utf-8"))
    assert record.experiment == read(printed["experiment"])
    assert record.ended is not None and record.ended.estimates == printed["estimates"]


@pytest.mark.parametrize("session", SESSIONS)
def test_export_writes_the_same_numbers(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, session: str
) -> None:
    out = call(capfd, "export", str(FILES / f"{session}.wgs"), "--to", str(tmp_path), "--formats", "csv")
    written = {Path(line).stem.partition("-1-")[2]: read_rows(Path(line)) for line in out.splitlines()}
    for table, columns in TABLES[session].items():
        former = table.partition("-")[0]
        figure = FIGURES.get(former, former)
        candidates = [rows for name, rows in written.items() if name.startswith(figure)]
        if former == "accuracy":  # step 0, which its logarithmic axis leaves out, was not written
            candidates = [[row for row in rows if row[0] != "0"] for rows in candidates]
        tolerance = MERGED.get(former, 0.0)
        assert any(holds(rows, columns, tolerance) for rows in candidates), f"{table}: other numbers"


def read_rows(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))[1:]


def holds(rows: list[list[str]], columns: list[list[Any]], tolerance: float) -> bool:
    """Tell if a table has the recorded columns, by position; texts and seconds may differ."""
    if any(len(row) != len(columns) for row in rows):
        return False
    for position, (_, count, *numbers) in enumerate(columns):
        values = [row[position] for row in rows]
        if len(values) != count:
            return False
        if numbers and numbers[2] is not None:
            ours = float(values[0] or "nan"), float(values[-1] or "nan"), sum(float(v) for v in values if v)
            theirs = [float(number or "nan") for number in numbers]
            close = max(tolerance, ROUNDING)
            if not np.allclose(ours, theirs, rtol=close, atol=close, equal_nan=True):
                return False
    return True


def test_a_table_of_a_suite_is_the_same(capfd: pytest.CaptureFixture[str]) -> None:
    printed = (FILES / "suite-w1.txt").read_text("utf-8").rstrip().replace("3 begun", "3 started")
    for squared in ("3.976", "1.964"):  # no estimates of W1: they stand in the table of costs
        assert squared in call(capfd, "suite", "show", str(FILES / "suite.wgs"))
        printed = printed.replace(squared, "-")
    head, rest = printed.replace("0.068", "0.068 !").split("\n", 1)
    printed = f"{head}\n!: a run ended with a warning; --format json prints the warnings\n{rest}"
    assert call(capfd, "suite", "show", str(FILES / "suite.wgs"), "--table", "w1").rstrip() == printed


def test_a_suite_resumes_without_running_finished_cells_again(
    capfd: pytest.CaptureFixture[str], copy: Path
) -> None:
    file = FILES / "old-suite.toml"
    assert "regularised  1.964" in call(capfd, "suite", "run", str(file), "--out", str(copy), "--resume")
    results = opened(copy)
    assert (results.executed, results.repeated, results.open_cells()) == (3, 0, [])


def opened(path: Path) -> SuiteResults:
    document = Document.open(path)
    document.close()
    return SuiteResults(document)


def renamed_suite(tmp_path: Path, **replacements: str) -> Path:
    text = (FILES / "old-suite.toml").read_text("utf-8")
    names = {
        "regularised": "regularized",
        "strength": "epsilon",
        "normalise": "normalize",
        "dual": "potential",
    }
    names |= {"rate": "learning_rate", "every": "interval"} | replacements
    for former, current in names.items():
        text = text.replace(former, current)
    file = tmp_path / "renamed.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_suite_under_the_current_names_and_labels_resumes_it_too(tmp_path: Path, copy: Path) -> None:
    suite = read_suite(renamed_suite(tmp_path))
    resume(suite, copy).close()
    results = opened(copy)
    assert results.plan == suite.plan and results.open_cells() == [] and results.executed == 3
    assert {cell.solver for cell in results.finished()} == {"lp", "smooth", "regularized"}
    resume(read_suite(FILES / "old-suite.toml"), copy).close()
    assert opened(copy).open_cells() == []


def test_a_suite_with_other_settings_still_does_not(tmp_path: Path, copy: Path) -> None:
    suite = read_suite(renamed_suite(tmp_path, **{"0.5": "0.25"}))
    with pytest.raises(SuiteError, match="smooth, gaussians, seed 0, finished with settings that differ"):
        resume(suite, copy)


def test_a_file_runs_to_the_same_estimates(capfd: pytest.CaptureFixture[str]) -> None:
    check_run(call(capfd, "run", str(FILES / "old.toml"), "--json"), "old.toml")


@pytest.mark.parametrize("session", SESSIONS)
def test_settings_under_their_former_names_give_the_same_estimates(
    capfd: pytest.CaptureFixture[str], session: str
) -> None:
    name, *settings = COMMANDS[session]
    options = [word for setting in [*QUICK, *settings] for word in ("--set", setting)]
    check_run(call(capfd, "run", name, "--steps", "10", "--seed", "3", *options, "--json"), session)


def check_run(out: str, name: str) -> None:
    now, then = json.loads(out), json.loads((FILES / f"{name}.json").read_text("utf-8"))
    for key in ("w1_left", "w1_left_lower", "w1_left_se"):  # measured since version 8
        now["estimates"].pop(key, None)
    assert now["steps"] == then["steps"]
    for part in ("estimates", "gradient"):  # the rounding of a step has changed since
        assert now.get(part, {}) == pytest.approx(then.get(part, {}), rel=1e-5, abs=1e-8), part
    now["experiment"].pop("about")
    assert read(now["experiment"]) == read(load_settings(then["experiment"]))


def load_settings(settings: dict[str, Any]) -> dict[str, Any]:
    return {group: values for group, values in settings.items() if group != "about"}
