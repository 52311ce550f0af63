"""Brackets of boxes, discs, annuli and mixtures: never crossed, and around values from elsewhere."""

import importlib.util
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wganstudio.experiment import read
from wganstudio.experiment.truths import BestAvailableOptions, GridTruthOptions
from wganstudio.pairs.base import Distribution
from wganstudio.pairs.distributions import Ball, Box
from wganstudio.pairs.interpolants import InterpolationFlow
from wganstudio.truths.grid.admm import solve
from wganstudio.truths.grid.bracket import GridBounds, congested_bounds
from wganstudio.truths.grid.discretization import discretize
from wganstudio.truths.grid.refine import intersect, refine_grid


def _benchmark() -> ModuleType:
    path = Path(__file__).parents[2] / "benchmarks" / "certificates.py"
    spec = importlib.util.spec_from_file_location("certificates", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["certificates"] = module  # its dataclass looks itself up
    spec.loader.exec_module(module)
    return module


certificates = _benchmark()
ROWS: list[dict[str, str]] = certificates.table()


def levels(p: Distribution, q: Distribution, penalty: float, *cells: int) -> list[GridBounds]:
    interpolant = p.interpolant_to(q)
    assert interpolant is not None
    before, result = None, []
    for count in cells:
        problem = discretize(p, q, interpolant, count)
        before = solve(problem, penalty, 1e-5, before)
        result.append(congested_bounds(problem, before, penalty))
    return result


def test_aligned_boxes_get_a_bracket_around_the_value_of_another_solver() -> None:
    pair = {"kind": "uniform-boxes", "low_p": [0, 0], "high_p": [1, 1], "low_q": [2, 0], "high_q": [3, 1]}
    truths = list(
        BestAvailableOptions(tolerance=2e-4, cells=128).build().truths(read({"pair": pair}).build_pair(), 10)
    )
    congested = [truth for truth in truths if truth.quantity == "congested"]
    assert len(congested) == 2
    for truth in congested:
        assert truth.lower <= truth.value <= truth.upper
        assert truth.lower < 2.1068 + 1e-4 and truth.upper > 2.1068 - 1e-4
    assert congested[0].lower <= congested[1].lower <= congested[1].upper <= congested[0].upper
    assert congested[1].upper - congested[1].lower < 3e-4


def test_the_table_covers_sixty_pairs_of_every_kind() -> None:
    assert len(ROWS) >= 60 and {row["kind"] for row in ROWS} == set(certificates.KINDS)
    for row in ROWS:
        values = {key: float(row[key]) for key in row if key not in ("kind", "nested", "inside")}
        assert values["lower_64"] <= values["upper_64"] and values["lower_128"] <= values["upper_128"]
        assert row["nested"] == row["inside"] == "True", row


@pytest.mark.parametrize("number", range(9), ids=certificates.KINDS)
def test_brackets_hold_the_values_of_the_judge(number: int) -> None:
    row = ROWS[number]
    case = certificates.random_case(int(row["number"]))
    (bounds,) = levels(case.p, case.q, case.penalty, 48)
    value, error = float(row["judge"]), float(row["judge_error"])
    assert bounds.lower - error <= value <= bounds.upper + error
    # brackets of one cost overlap
    assert bounds.lower <= float(row["upper_128"]) and float(row["lower_128"]) <= bounds.upper
    assert bounds.upper - bounds.lower < 0.05 * bounds.upper


BOXES = st.tuples(st.floats(-1, 1), st.floats(-1, 1), st.floats(0.03, 2), st.floats(0.03, 2))


@given(
    first=BOXES,
    second=BOXES,
    align=st.sampled_from(["free", "bottom", "both"]),
    shift=st.sampled_from([0.0, 1e-9, 1e-6, 1e-4, 0.01, 0.1, 0.3]),
    penalty=st.sampled_from([0.5, 3.0, 20.0]),
)
@settings(max_examples=12, deadline=None, derandomize=True)
def test_brackets_of_boxes_never_contradict_each_other(
    first: tuple[float, ...], second: tuple[float, ...], align: str, shift: float, penalty: float
) -> None:
    x, y, width, height = second
    if align != "free":
        y = first[1] + shift
    if align == "both":
        height = first[3]
    p, q = Box(first[:2], np.add(first[:2], first[2:])), Box([x, y], [x + width, y + height])
    coarse, fine = levels(p, q, penalty, 24, 40)
    for bounds in (coarse, fine):
        assert 0 < bounds.upper_error < np.inf
        assert bounds.lower <= bounds.upper
    assert coarse.lower <= fine.upper and fine.lower <= coarse.upper


@pytest.mark.parametrize("other", [Box([0.2, 0.1], [0.7, 0.4]), Box([0, 0], [1, 1]), Box([0, 0], [1, 0.02])])
def test_nested_and_thin_boxes(other: Box) -> None:
    coarse, fine = levels(Box([0, 0], [1, 1]), other, 2.0, 24, 48)
    assert coarse.lower <= fine.upper and fine.lower <= coarse.upper
    assert coarse.lower <= coarse.upper and fine.lower <= fine.upper
    assert fine.upper - fine.lower <= coarse.upper - coarse.lower


@pytest.mark.parametrize(
    ("p", "q"),
    [
        (Ball([0, 0], 1), Ball([0.3, 0], 0.5)),
        (Ball([0, 0], 1, 0.9), Ball([0, 1e-9], 0.5, 0.45)),
        (Ball([0, 0], 1, 0.3), Ball([2, 0.1], 0.2)),
    ],
)
def test_discs_and_annuli(p: Ball, q: Ball) -> None:
    interpolant = p.interpolant_to(q)
    assert interpolant is not None
    coarse, fine = refine_grid(partial(discretize, p, q, interpolant), 2.0, 1e-9, 48, 60, coarsest=24)
    assert coarse.bounds.lower <= fine.bounds.upper and fine.bounds.lower <= coarse.bounds.upper
    assert coarse.lower <= fine.lower <= fine.upper <= coarse.upper


def test_a_wrong_sigma_at_single_points_costs_accuracy_only() -> None:
    """Sigma 0 where the stream function varies makes |w|^2 / sigma infinite: the drift alone bounds then."""
    p, q = Box([0, 0], [1, 1]), Box([0.5, 0.5], [1.5, 1.5])
    interpolant = p.interpolant_to(q)
    assert interpolant is not None
    problem = discretize(p, q, interpolant, 32)
    solution = solve(problem, 1.0, 1e-4)

    def with_hole(x: Any, y: Any, /, fine: bool = True) -> InterpolationFlow:
        flow = interpolant.on_grid(x, y, fine=fine)
        middle = np.add.outer((x - 0.75) ** 2, (y - 0.75) ** 2) < 0.01
        return InterpolationFlow(np.where(middle, 0.0, flow.density), flow.drift)

    whole = congested_bounds(problem, solution, 1.0)
    holed = congested_bounds(replace(problem, flow_on=with_hole), solution, 1.0)
    assert whole.upper < holed.upper < np.inf


def test_brackets_that_contradict_each_other_give_a_wider_one() -> None:
    assert intersect((1.0, 3.0), (2.0, 4.0)) == (2.0, 3.0)
    assert intersect((1.0, 2.0), (3.0, 4.0)) == (1.0, 4.0)
    assert intersect((0.0, 0.125), (0.5, 1.0)) == (0.0, 0.875)
    assert intersect((0.0, np.inf), (2.5, 2.0)) == (1.5, 3.0)


def test_a_crossed_bracket_becomes_a_wide_truth(monkeypatch: pytest.MonkeyPatch) -> None:
    def crossed(*arguments: Any) -> GridBounds:
        bounds = congested_bounds(*arguments)
        return replace(bounds, lower=bounds.upper + 0.1, upper=bounds.lower)

    monkeypatch.setattr("wganstudio.truths.grid.refine.congested_bounds", crossed)
    pair = read({"pair": {"kind": "uniform-boxes", "low_q": [0.5, 0.5], "high_q": [1.5, 2]}}).build_pair()
    truths = list(GridTruthOptions(cells=32).build().truths(pair, 1.0))
    costs = [truth for truth in truths if truth.quantity == "congested"]
    assert costs and all(truth.lower <= truth.value <= truth.upper for truth in truths)
    assert all(truth.upper - truth.lower > 0.3 for truth in costs)
