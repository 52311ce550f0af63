"""Distributions without spread: one atom, equal rows, a constant column, P = Q."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from wganstudio.experiment import Experiment, override, preset, read
from wganstudio.experiment.experiment import EvaluationOptions
from wganstudio.fields.plane import fit_plane
from wganstudio.figures import figure_names, figure_of
from wganstudio.figures.mpl import render_figure
from wganstudio.session.record import RunRecord
from wganstudio.training.run import Run
from wganstudio.training.truths import find_flow, find_truths

SAME = str(Path(__file__).parents[1] / "data" / "cases" / "same.csv")
"""Twenty equal rows."""
SMALL: list[tuple[str, Any]] = [
    ("training.steps", 5),
    ("training.batch", 16),
    ("evaluation.resolution", 12),
    ("evaluation.samples", 64),
    ("evaluation.final_samples", 1024),
    ("truth.samples", 64),
    ("truth.repeats", 2),
    ("truth.cells", 32),
]
ONE_ATOM = [("pair.points_p", [[0, 0]])]


def small(base: str, *changes: tuple[str, Any]) -> Experiment:
    return read(override(preset(base).settings, [*changes, *SMALL]))


def trained(experiment: Experiment) -> RunRecord:
    """Return the record of a run with its truths, and draw all its figures."""
    record = RunRecord(1, experiment)
    for event in (*Run(experiment).events(), *find_truths(experiment), find_flow(experiment)):
        record.apply(event)
    assert record.failed is None and not record.truths_failed, record.truth_missing
    assert record.ended is not None and all(map(math.isfinite, record.ended.estimates.values()))
    for name in figure_names():
        if (figure := figure_of(record, name, among=[record])) is not None:
            render_figure(figure)
    return record


@pytest.mark.parametrize("solver", ["semi-discrete", "regularized"])
@pytest.mark.parametrize(
    "changes",
    [
        ONE_ATOM,
        [*ONE_ATOM, ("generator.kind", "none")],
        [*ONE_ATOM, ("pair.points_q", [[0, 0]])],
        [("pair.points_p", [[0]]), ("pair.points_q", [[0]]), ("generator.kind", "none")],
        [("pair.points_p", [[1, 1]]), ("pair.points_q", [[3, 1]]), ("generator.kind", "none")],
    ],
    ids=["particles", "atom", "atom-both", "line", "two-atoms"],
)
def test_a_single_atom_is_transported(solver: str, changes: list[tuple[str, Any]]) -> None:
    trained(small("points", ("solver.kind", solver), *changes))


@pytest.mark.parametrize("solver", ["semi-discrete", "regularized", "lp", "dot"])
@pytest.mark.parametrize("q", [{"q_file": SAME}, {"q": "standard"}], ids=["both", "standard"])
def test_equal_rows_are_transported(solver: str, q: dict[str, Any]) -> None:
    changes = [(f"pair.{name}", value) for name, value in q.items()]
    record = trained(small("data", ("pair.p_file", SAME), *changes, ("solver.kind", solver)))
    if "q_file" in q and solver in ("lp", "dot"):
        assert record.truths["w1"].value == pytest.approx(0.0, abs=1e-6)


def test_a_constant_column_among_others_is_transported(tmp_path: Path) -> None:
    file = tmp_path / "constant.npy"
    np.save(file, np.column_stack((np.linspace(0, 1, 40), np.full(40, 5.0))))
    for changes in ([], [("pair.standardize", True)]):
        trained(small("data", ("pair.p_file", str(file)), ("solver.kind", "semi-discrete"), *changes))


def test_equal_images_are_transported(tmp_path: Path) -> None:
    file = tmp_path / "black.npy"
    np.save(file, np.zeros((40, 64)))
    trained(small("data", ("pair.p_file", str(file)), ("pair.q", "standard"), ("solver.kind", "regularized")))


def test_points_get_a_window_that_float32_resolves() -> None:
    for place in (0.0, 14.62, 1e6, -3e8):
        samples = np.full((10, 2), place)
        plane = fit_plane(samples, samples, EvaluationOptions(resolution=16))
        for ticks in (plane.x, plane.y):
            assert ticks[0] < place < ticks[-1] and len(set(ticks.astype(np.float32))) > 8
    narrow = np.random.default_rng(0).normal(size=(100, 2)) * 1e-9
    plane = fit_plane(narrow, narrow, EvaluationOptions(resolution=16))
    assert plane.x[-1] - plane.x[0] < 1e-7, "small units are no lack of spread"
