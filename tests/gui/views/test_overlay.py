"""The views draw the selected runs over one another, as print does, and return to one run."""

import time

import numpy as np
import pytest

from wganstudio.experiment import override, preset, read
from wganstudio.gui.views.accuracy import AccuracyView
from wganstudio.gui.views.costs import CostsView
from wganstudio.gui.views.gradient_norms import GradientNormsView
from wganstudio.session import RunLabels, RunRecord
from wganstudio.training.events import Metrics, TruthFound
from wganstudio.truths import Truth


def make_run(number, penalty=1.0, seed=0, points=40):
    settings = override(preset("first-look").settings, [("solver.penalty", penalty), ("training.seed", seed)])
    record = RunRecord(number, read(settings), f"run {number}")
    w1 = Truth(quantity="w1", value=penalty, lower=penalty, upper=penalty, method="m", law="l", seconds=1)
    record.apply(TruthFound(truth=w1))
    for step in range(points):
        values = {"gap": 1 + number / (1 + step), "gap_se": 0.1, "marginal": number / (1 + step)}
        record.apply(Metrics(step=step, values=values))
    return record


def lines(view):
    return [items.line for items in view.overlay.curves]


def test_costs_draw_every_selected_run_once_and_name_it(shown):
    runs = [make_run(1), make_run(2, 10.0), make_run(3, 100.0)]
    view = shown(CostsView, runs[0])
    single = [label.text for _, label in view.legend.items]
    view.set_records(runs)
    for item, curve in zip(lines(view), view.drawn.overlay.curves, strict=True):
        np.testing.assert_array_equal(np.array(item.getData()), [curve.steps, curve.values])
    assert [label.text for _, label in view.legend.items] == ["run 1", "run 2", "run 3"]
    assert "run&nbsp;2" in view.summary.text() and len(view.bands) == 3
    assert view.curves["gap"].line.opts["pen"].color().name() == view.palette_.run_color(runs[0])
    colors = [item.opts["pen"].color().name() for item in lines(view)]
    assert colors == [view.palette_.run_color(run) for run in runs[1:]]
    assert view.figure().tables().keys() == view.drawn.tables().keys() >= {"others"}
    view.set_records(runs[:1])
    assert lines(view) == [] and [label.text for _, label in view.legend.items] == single
    assert view.curves["gap"].line.opts["pen"].color().name() == view.palette_.curve("gap")
    assert list(view.bands) == ["w1"]


def test_seeds_have_a_band_and_single_runs_none(shown):
    runs = [make_run(1, 9.0), make_run(2, seed=1), make_run(3, seed=2), make_run(4, 5.0)]
    view = shown(CostsView, runs[0])
    view.set_records(runs)
    mean, single = view.overlay.curves
    assert mean.band.isVisible() and not single.band.isVisible()
    curve = view.drawn.overlay.curves[0]
    np.testing.assert_allclose(mean.band.upper, curve.upper)
    assert "over the seeds" in view.summary.text()


def test_an_overlaid_run_that_goes_on_is_drawn_and_a_new_color_as_well(shown):
    runs = [make_run(1), make_run(2, 10.0)]
    view = shown(CostsView, runs[0])
    view.set_records(runs)
    runs[1].apply(Metrics(step=100, values={"gap": 9.0, "gap_se": 0.1}))
    view.refresh()
    assert lines(view)[0].getData()[0][-1] == 100 and view.drawn.x_range[1] == 100
    runs[1].set_labels(RunLabels(color=7))
    view.refresh()
    assert lines(view)[0].opts["pen"].color().name() == view.palette_.runs[7]
    view.set_dark(True)
    assert lines(view)[0].opts["pen"].color().name() == view.palette_.runs[7] != "#7a3b1d"


def test_accuracy_draws_the_others_on_its_logarithmic_axes(shown):
    runs = [make_run(1), make_run(2, 10.0)]
    view = shown(AccuracyView, runs[0])
    view.set_records(runs)
    (curve,), (item,) = view.drawn.overlay.curves, lines(view)
    positive = curve.steps > 0
    points = np.array(item.getData())
    np.testing.assert_allclose(points[:, positive], np.log10([curve.steps[positive], curve.values[positive]]))
    assert not np.isfinite(points[0, ~positive]).any()
    assert [entry.text for entry in view.legend.entries] == ["run 1", "run 2"]


@pytest.mark.parametrize("logarithmic", [False, True])
def test_gradient_norms_draw_outlines_of_the_others(shown, make_record, logarithmic):
    runs = [make_record(2), make_record(2, penalty=9.0)]
    runs[1].run = 2
    view = shown(GradientNormsView, runs[0])
    assert [label.text for _, label in view.legend.items] == ["P", "Q", "σ"]
    view.logarithmic.setChecked(logarithmic)
    view.set_records(runs)
    for item, curve in zip(lines(view), view.drawn.overlay.curves, strict=True):
        heights = np.maximum(curve.values, view.drawn.floor)
        np.testing.assert_allclose(item.getData()[1][::2], np.log10(heights) if logarithmic else heights)
    assert len(view.legend.entries) == 2 + 3
    view.set_records(runs[:1])
    assert [label.text for _, label in view.legend.items] == ["P", "Q", "σ"]


def test_a_legend_that_would_hide_the_curves_is_left_to_the_summary(shown):
    runs = [make_run(n, float(n)) for n in range(1, 16)]
    view = shown(CostsView, runs[0], size=(500, 320))
    view.set_records(runs)
    assert not view.legend.isVisible() and "run&nbsp;15" in view.summary.text()


def test_ten_runs_of_3000_steps_are_drawn_in_time(shown):
    runs = [make_run(n, float(n), points=3000) for n in range(1, 11)]
    view = shown(CostsView, runs[0])
    view.set_records(runs)
    start = time.thread_time()
    view.set_records(runs[::-1])
    assert time.thread_time() - start < 1, "a tenth of it on a quiet machine"
