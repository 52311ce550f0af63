"""The overlay of several selected runs: its values, its truths, and that print shows them."""

import numpy as np
import pytest

from wganstudio.experiment import override, preset, read
from wganstudio.export import export
from wganstudio.figures.accuracy.figure import Accuracy
from wganstudio.figures.costs.figure import Costs
from wganstudio.figures.gradient_norms.figure import GradientNorms
from wganstudio.figures.mpl import render_figure
from wganstudio.figures.overlay import MAX_RUNS, distinct_truths, overlay_of
from wganstudio.figures.style import DARK, LIGHT, NUM_RUN_COLORS, run_color
from wganstudio.session import RunLabels, RunRecord
from wganstudio.training.events import Metrics, TruthFound
from wganstudio.truths import Truth

STEPS = np.arange(0, 60, 10)


def make_run(number, penalty=1.0, seed=0, w1=1.0, points=6, **labels):
    settings = override(preset("first-look").settings, [("solver.penalty", penalty), ("training.seed", seed)])
    record = RunRecord(number, read(settings), f"run {number}", RunLabels(**labels))
    record.apply(TruthFound(truth=truth("w1", w1)))
    for step, gap in zip(STEPS[:points], gaps_of(number), strict=False):
        values = {"gap": gap, "gap_se": 0.1, "value": gap / 2, "value_se": 0.1, "marginal": 1 / (1 + step)}
        record.apply(Metrics(step=int(step), values=values))
    return record


def truth(quantity, value):
    return Truth(quantity=quantity, value=value, lower=value, upper=value, method="m", law="l", seconds=1)


def gaps_of(number):
    return 1 + np.random.default_rng(number).random(len(STEPS))


def test_one_run_is_drawn_as_ever():
    run = make_run(1)
    one, several = Costs.from_record(run), Costs.from_records([run])
    assert several.overlay.main is None and several.overlay.curves == ()
    assert (one.caption, one.x_range, one.y_range) == (several.caption, several.x_range, several.y_range)
    assert one.bands == several.bands and several.tables().keys() == one.tables().keys()


def test_other_runs_are_drawn_as_their_curves_in_their_colors():
    runs = [make_run(1, 1.0), make_run(2, 10.0), make_run(3, 100.0, color=6)]
    figure = Costs.from_records(runs)
    assert [(c.quantity, c.runs, c.mark.color) for c in figure.overlay.curves] == [
        ("gap", (2,), 1),
        ("value", (2,), 1),
        ("gap", (3,), 6),
        ("value", (3,), 6),
    ]
    np.testing.assert_array_equal(figure.overlay.curves[0].values, gaps_of(2))
    np.testing.assert_array_equal(figure.overlay.curves[3].steps, STEPS)
    assert not figure.overlay.curves[0].has_band and figure.overlay.main.name == "run 1"
    assert figure.overlay.dash("gap") != figure.overlay.dash("value")
    assert figure.overlay.marks[0] == figure.overlay.main and len(figure.overlay.marks) == 3
    assert len(figure.curves) == 2, "the main run keeps its own curves with their errors"


def test_seeds_are_drawn_as_their_mean_with_its_standard_error():
    runs = [make_run(n, seed=n) for n in (1, 2, 3)]
    gap, value = Costs.from_records(runs).overlay.curves
    table = np.array([gaps_of(n) for n in (1, 2, 3)])
    error = table.std(0, ddof=1) / np.sqrt(3)
    np.testing.assert_allclose(gap.values, table.mean(0))
    np.testing.assert_allclose(gap.upper, table.mean(0) + 2 * error)
    np.testing.assert_allclose(value.lower, table.mean(0) / 2 - error)
    assert gap.runs == (1, 2, 3) and "mean of 3 seeds" in gap.mark.name
    assert gap.mark.color != run_color(runs[0]), "the mean can be told from the main run"
    assert "± 2 SE over the seeds" in Costs.from_records(runs).caption


def test_a_mean_ends_where_the_slowest_seed_stands():
    runs = [make_run(1, 5.0), make_run(2, seed=1), make_run(3, seed=2, points=3)]
    assert Costs.from_records(runs).overlay.curves[0].steps.tolist() == [0, 10, 20]


def test_beyond_the_limit_it_says_how_many_are_shown():
    runs = [make_run(n, penalty=float(n)) for n in range(1, MAX_RUNS + 6)]
    overlay = Costs.from_records(runs).overlay
    assert len({curve.runs for curve in overlay.curves}) == MAX_RUNS - 1
    assert f"Showing {MAX_RUNS} of {MAX_RUNS + 5} selected runs." in overlay.notes


def test_each_distinct_truth_is_drawn_once_and_told_apart():
    runs = [make_run(1, 1.0, w1=1.0), make_run(2, 10.0, w1=1.0), make_run(3, 100.0, w1=7.0)]
    runs[1].apply(TruthFound(truth=truth("congested", 2.0)))
    truths, owners = distinct_truths(runs)
    assert [(one.quantity, one.value) for one in truths] == [("w1", 1.0), ("w1", 7.0), ("congested", 2.0)]
    assert owners == ("run 1 and 1 more", "run 3", "")
    figure = Costs.from_records(runs)
    assert figure.band_text(1).endswith("(run 3)") and figure.y_range[1] > 7
    assert Costs.from_records(runs[:2]).band_text(0) == Costs.from_record(runs[0]).band_text(0)


def test_a_main_run_without_numbers_has_no_figure_yet():
    record = RunRecord(1, read(preset("first-look").settings))
    assert Costs.from_records([record, make_run(2, 10.0)]) is None


def test_accuracy_overlays_what_logarithmic_axes_can_show():
    runs = [make_run(1, 1.0), make_run(2, 10.0)]
    (curve,) = Accuracy.from_records(runs).overlay.curves
    assert curve.steps[0] == 0 and curve.quantity == "marginal"
    np.testing.assert_allclose(curve.values, 1 / (1 + STEPS))
    figure = Accuracy.from_records(runs)
    assert figure.x_range[0] > 0 and any("leaves out 2 points" in note for note in figure.notes)
    assert Accuracy.from_records(runs[:1]).overlay.main is None


def test_gradient_norms_overlay_the_same_bins(make_record):
    runs = [make_record(2), make_record(2, penalty=9.0)]
    runs[1].run = 2
    figure = GradientNorms.from_records(runs)
    assert [curve.quantity for curve in figure.overlay.curves] == ["p", "q", "sigma"]
    alone = GradientNorms.from_record(runs[1])
    for curve, histogram in zip(figure.overlay.curves, alone.histograms, strict=True):
        np.testing.assert_array_equal(curve.values, histogram.density)
    assert "low" in figure.tables()["others"]
    assert len(render_figure(figure).axes[0].patches) == 6


def test_gradient_norms_at_a_step_use_the_last_ones_of_the_others(make_record):
    runs = [make_record(2), make_record(2, penalty=9.0)]
    runs[1].run = 2
    figure = GradientNorms.from_records(runs, 100)
    earlier = GradientNorms.from_record(runs[1], 100)
    np.testing.assert_array_equal(figure.overlay.curves[0].values, earlier.histograms[0].density)


@pytest.mark.parametrize("cls", [Costs, Accuracy])
def test_print_draws_the_overlay_and_its_legend(cls):
    runs = [make_run(1, 1.0), make_run(2, 10.0, seed=1), make_run(3, 10.0, seed=2)]
    figure = cls.from_records(runs)
    axes = render_figure(figure).axes[0]
    drawn = [line.get_ydata() for line in axes.lines]
    for curve in figure.overlay.curves:
        assert any(np.array_equal(curve.values, values) for values in drawn)
    texts = [text.get_text() for text in axes.figure.legends[0].get_texts()]
    assert texts[:2] == ["run 1", "mean of 2 seeds: run 2"]


def test_an_export_writes_the_overlay(tmp_path):
    runs = [make_run(1, 1.0), make_run(2, 10.0)]
    files = export(runs[0], tmp_path, ["svg", "csv"], figures=[Costs.from_records(runs)])
    names = {file.name for file in files}
    assert "run-1-1-costs-others.csv" in names
    lines = (tmp_path / "run-1-1-costs-others.csv").read_text().splitlines()
    assert lines[0] == "run,name,quantity,step,value,se" and len(lines) == 1 + 2 * len(STEPS)
    assert float(lines[1].split(",")[4]) == gaps_of(2)[0]


def test_every_run_color_exists_in_both_themes():
    assert len(LIGHT.runs) == len(DARK.runs) == NUM_RUN_COLORS
    for number in (1, 8, 9, 400):
        assert LIGHT.run_color(make_run(number)) in LIGHT.runs
    assert LIGHT.run_color(make_run(1, color=400)) in LIGHT.runs


def test_names_in_the_legend_are_elided():
    runs = [make_run(1), make_run(2, 10.0)]
    runs[1].rename("x" * 80)
    overlay = overlay_of(runs, ("gap",))
    assert len(overlay.marks[1].label) < 40 and overlay.marks[1].name == "x" * 80
