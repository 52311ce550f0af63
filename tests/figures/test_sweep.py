"""The sweep over lambda: which runs belong together, what excess they show, and what is said of it."""

import numpy as np
import pytest

from wganstudio.experiment import override, read
from wganstudio.export import export
from wganstudio.figures.sweep.figure import Sweep, fitted_slope
from wganstudio.session import RunRecord
from wganstudio.training.events import Ended, Started, TruthFound
from wganstudio.truths import Truth

W1 = 1.25331
TOLL = 2.81820
"""INT w^2 / sigma of N(0, I) -> N(0, 4 I) in the plane: C - W1 = TOLL / (4 lambda)."""


def record(run, penalty, kind="lp", error=0.0, seed=0, ended=True):
    """A run that has reached the congested cost but for an error."""
    changes = {"solver.kind": kind, "solver.penalty": penalty, "training.seed": seed, "training.steps": 100}
    made = RunRecord(run, read(override({"pair": {"kind": "gaussians"}}, changes.items())))
    made.apply(Started(experiment=made.experiment.settings(), environment={}, steps=100))
    cost = W1 + TOLL / (4 * penalty)
    for quantity, value in (("w1", W1), ("congested", cost)):
        made.apply(
            TruthFound(
                truth=Truth(
                    quantity=quantity,
                    value=value,
                    lower=value - 1e-3,
                    upper=value + 1e-3,
                    method="closed form",
                    law="the laws themselves",
                    seconds=0.02,
                )
            )
        )
    if ended:
        estimates = {"gap": 3.0, "gap_se": 0.01, "value": cost + error, "value_se": 0.004}
        made.apply(Ended(step=100, reason="done", seconds=1.0, estimates=estimates, gradient={}))
    return made


@pytest.fixture
def runs():
    return [record(k, penalty) for k, penalty in enumerate((10.0, 0.1, 1.0), 1)]


def test_the_excess_falls_like_one_over_lambda(runs):
    sweep = Sweep.from_record(runs[0], among=runs)
    (series,) = sweep.series
    np.testing.assert_allclose(series.penalties, [0.1, 1, 10])
    np.testing.assert_allclose(series.excess, TOLL / 4 / series.penalties)
    assert fitted_slope(series.penalties, series.excess) == pytest.approx(-1)
    x, y = sweep.slope_line
    np.testing.assert_allclose(x * y, TOLL / 4, rtol=1e-6)
    np.testing.assert_allclose(sweep.truths.upper - sweep.truths.lower, 4e-3)
    assert any("one-sided penalty: slope -1.00" in remark for remark in sweep.summary_lines)


def test_only_runs_that_differ_in_lambda_or_penalty_belong_together(runs):
    others = [record(4, 1.0, "gp", error=-0.1), record(5, 1.0, seed=1), record(6, 5.0, ended=False)]
    sweep = Sweep.from_record(runs[0], among=runs + others)
    assert sweep.runs == (1, 2, 3, 4)
    assert [one.kind for one in sweep.series] == ["gp", "lp"]
    assert Sweep.from_record(others[1], among=runs + others) is None, "alone with its seed"
    assert Sweep.from_record(others[2], among=runs + others) is None, "not over"
    assert Sweep.from_record(runs[0], among=runs[:1]) is None


def test_a_value_below_w1_is_reported_and_not_drawn(runs):
    low = record(4, 100.0, error=-0.5)
    sweep = Sweep.from_record(low, among=[*runs, low])
    assert any(
        "not drawn because the value is below W₁: lambda = 100" in remark for remark in sweep.summary_lines
    )
    assert sweep.y_range[0] > 0


def test_without_w1_there_is_no_sweep(runs):
    for one in runs:
        one.truths.pop("w1")
    assert Sweep.from_record(runs[0], among=runs) is None


def test_it_is_printed_once_with_its_last_run(runs, tmp_path):
    names = [[file.name for file in export(one, tmp_path, ["svg", "csv"], among=runs)] for one in runs]
    assert [sum("sweep" in name for name in files) for files in names] == [0, 0, 3]
    (svg,) = tmp_path.glob("*sweep.svg")
    assert "slope -1" in svg.read_text()
    table = next(tmp_path.glob("*sweep.csv")).read_text().splitlines()
    assert table[0].startswith("solver,lambda,value_minus_w1") and len(table) == 4
