"""The sweep over lambda: which runs belong together, what excess they show, and what is said of it."""

import numpy as np
import pytest

from wganstudio.experiment import override, read
from wganstudio.export import export
from wganstudio.figures import mpl
from wganstudio.figures.sweep.figure import INCOMPLETE_LABEL, Sweep
from wganstudio.figures.sweep.fit import fit_power
from wganstudio.session import RunRecord
from wganstudio.training.events import Ended, Failed, Started, TruthFound
from wganstudio.truths import Truth

W1 = 1.25331
TOLL = 2.81820
"""INT w^2 / sigma of N(0, I) -> N(0, 4 I) in the plane: C - W1 = TOLL / (4 lambda)."""


def record(run, penalty, kind="lp", error=0.0, seed=0, ended=True, step=100, **changes):
    """A run that has reached the congested cost but for an error."""
    changes |= {"solver.kind": kind, "solver.penalty": penalty, "training.seed": seed, "training.steps": 100}
    run_record = RunRecord(run, read(override({"pair": {"kind": "gaussians"}}, changes.items())))
    run_record.apply(Started(experiment=run_record.experiment.settings(), environment={}, steps=100))
    cost = W1 + TOLL / (4 * penalty)
    for quantity, value in (("w1", W1), ("congested", cost)):
        run_record.apply(
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
        reason = "done" if step == 100 else "stopped"
        run_record.apply(Ended(step=step, reason=reason, seconds=1.0, estimates=estimates, gradient={}))
    return run_record


@pytest.fixture
def runs():
    return [record(k, penalty) for k, penalty in enumerate((10.0, 0.1, 1.0), 1)]


def test_the_excess_falls_like_one_over_lambda(runs):
    sweep = Sweep.from_record(runs[0], among=runs)
    (series,) = sweep.series
    np.testing.assert_allclose(series.penalties, [0.1, 1, 10])
    np.testing.assert_allclose(series.excess, TOLL / 4 / series.penalties)
    assert series.fit(0).slope == pytest.approx(-1)
    x, y = sweep.slope_line
    np.testing.assert_allclose(x * y, TOLL / 4, rtol=1e-6)
    np.testing.assert_allclose(sweep.truths.upper - sweep.truths.lower, 4e-3)
    assert any(
        remark.startswith("one-sided penalty: slope -1.00 ± 0.00 (n = 3);") for remark in sweep.summary_lines
    )
    assert "truth: slope -1.00 ± 0.00 (n = 3); the theorem: -1 for large λ" in sweep.summary_lines


def test_only_runs_that_differ_in_lambda_or_penalty_belong_together(runs):
    others = [record(4, 1.0, "gp", error=-0.1), record(5, 1.0, seed=1), record(6, 5.0, ended=False)]
    sweep = Sweep.from_record(runs[0], among=runs + others)
    assert sweep.runs == (1, 2, 3, 4)
    assert [one.kind for one in sweep.series] == ["gp", "lp"]
    assert Sweep.from_record(others[1], among=runs + others) is None, "alone with its seed"
    assert Sweep.from_record(others[2], among=runs + others) is None, "not over"
    assert Sweep.from_record(runs[0], among=runs[:1]) is None


def test_a_value_below_w1_is_reported_and_part_of_the_fit(runs):
    low = record(4, 100.0, error=-0.01)
    sweep = Sweep.from_record(low, among=[*runs, low])
    assert "below W₁: -0.003 ± 0.004 at λ = 100" in sweep.summary_lines
    (series,) = sweep.series
    assert sweep.y_range[0] > 0 and series.fit(0).count == 4 and series.fit(0).slope < -1


def test_a_stopped_run_is_marked_and_left_out_of_the_fit(runs):
    early = record(4, 5.0, error=-0.3, step=20)
    sweep = Sweep.from_record(early, among=[*runs, early])
    (series,) = sweep.series
    assert series.complete.tolist() == [True, True, False, True] and series.steps.tolist() == [
        100,
        100,
        20,
        100,
    ]
    assert series.fit(0).count == 3 and series.fit(0).slope == pytest.approx(-1)
    words = "stopped at step 20 of 100"
    assert f"not in the fit: {early.name} ({words})" in sweep.summary_lines
    assert f"(lp, λ = 5: {words})" in sweep.caption and "Complete runs: 100 steps" in sweep.caption
    axes = mpl.render_figure(sweep).axes[0]
    full, opened = axes.containers
    assert opened.lines[0].get_xdata().tolist() == [5.0] and opened.lines[0].get_markerfacecolor() == "white"
    assert full.lines[0].get_markerfacecolor() != "white"
    assert INCOMPLETE_LABEL in [text.get_text() for text in axes.figure.legends[0].get_texts()]
    assert sweep.tables()[""]["complete"].tolist() == [1, 1, 0, 1]


def test_runs_without_a_value_are_named(runs):
    going, failed = record(4, 5.0, ended=False), record(5, 7.0, ended=False)
    failed.apply(Failed(step=3, message="The loss is not a number."))
    sweep = Sweep.from_record(runs[0], among=[*runs, going, failed])
    assert sweep.runs == (1, 2, 3)
    assert sweep.summary_lines[-1].endswith(
        f"{going.name} (running), {failed.name} (failed at step 3 of 100)"
    )


def test_a_repeated_run_counts_once_and_a_complete_one_replaces_a_stopped_one(runs):
    stopped, again = record(4, 1.0, error=0.2, step=20), record(5, 5.0, error=0.2)
    repeated = record(6, 5.0)
    sweep = Sweep.from_record(runs[0], among=[*runs, stopped, again, repeated])
    assert sweep.runs == (1, 2, 3, 6), (
        "the complete run at 1 stays, and the newer of two complete ones counts"
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"pair.scale_q": 3.0},
        {"critic.width": 32},
        {"solver.learning_rate": 0.01},
        {"training.batch": 64},
        {"training.seed": 1},
        {"about.suite": "another suite"},
        {"sigma.kind": "formula"},
    ],
)
def test_runs_that_differ_in_anything_else_do_not_belong_together(runs, changes):
    other = record(4, 5.0)
    settings = override(other.experiment.settings(), changes.items())
    other.experiment = read(settings)
    assert Sweep.from_record(runs[0], among=[*runs, other]).runs == (1, 2, 3)


def test_a_wide_bracket_of_w1_takes_the_slope_away(runs):
    for one in runs:
        w1 = one.truths["w1"]
        one.truths["w1"] = w1.model_copy(update={"lower": W1 - 0.5, "upper": W1 + 0.5})
    sweep = Sweep.from_record(runs[0], among=runs)
    assert "no slope (not significant within the bounds of W₁)" in sweep.summary_lines[0]


def test_two_runs_have_no_slope(runs):
    sweep = Sweep.from_record(runs[0], among=runs[:2])
    assert "no slope (fewer than 3 values of λ)" in sweep.summary_lines[0]


def test_the_fit_recovers_slopes_with_true_standard_errors():
    rng = np.random.default_rng(1)
    penalties = np.geomspace(0.1, 100, 8)
    errors = np.full(8, 0.05)
    slopes, stated = [], []
    for _ in range(400):
        fit = fit_power(penalties, 2 / penalties + errors * rng.normal(size=8), errors)
        slopes.append(fit.slope)
        stated.append(fit.error)
    assert np.mean(slopes) == pytest.approx(-1, abs=0.005), "points below W1 are in, so there is no bias"
    within = np.abs(np.array(slopes) + 1) < 2 * np.array(stated)
    assert 0.9 < within.mean() <= 1


@pytest.mark.parametrize(
    ("excess", "errors", "reason"),
    [
        ((0.5, 0.0085, -0.02), (0.01, 0.0168, 0.02), "fewer than 2 values exceed W₁ by more than 2 SE"),
        ((0.5, 0.4, 0.45), (0.1, 0.1, 0.1), "is not significant"),
        ((0.5, 0.1, 0.02), (0.1, 0.0, 0.01), "a standard error is missing"),
        ((0.5, 0.1, 0.02), (0.1, np.nan, 0.01), "a standard error is missing"),
    ],
)
def test_a_fit_that_the_points_do_not_determine_is_refused(excess, errors, reason):
    fit = fit_power(np.array([1.0, 10, 100]), np.array(excess), np.array(errors))
    assert reason in fit.text and np.isnan(fit.slope)


def test_scatter_beyond_the_errors_widens_the_standard_error():
    penalties, errors = np.array([0.1, 1, 10, 100]), np.full(4, 1e-4)
    exact = fit_power(penalties, 1 / penalties, errors)
    rough = fit_power(penalties, 1 / penalties * np.array([1.1, 0.9, 1.1, 0.9]), errors)
    assert rough.error > 30 * exact.error


def test_without_w1_there_is_no_sweep(runs):
    for one in runs:
        one.truths.pop("w1")
    assert Sweep.from_record(runs[0], among=runs) is None


def test_it_is_printed_once_with_its_last_run(runs, tmp_path):
    names = [[file.name for file in export(one, tmp_path, ["svg", "csv"], among=runs)] for one in runs]
    assert [sum("runs-1-to-3-sweep" in name for name in files) for files in names] == [0, 0, 3], names
    (svg,) = tmp_path.glob("*-3-sweep.svg")
    assert "one-sided" in svg.read_text()
    table = next(tmp_path.glob("*-3-sweep.csv")).read_text().splitlines()
    assert table[0].startswith("solver,lambda,value_minus_w1") and len(table) == 4
