"""Long curves are drawn by the points that can be seen."""

import numpy as np
import pytest

from wganstudio.experiment import read
from wganstudio.gui.views.accuracy import AccuracyView
from wganstudio.gui.views.costs import CostsView
from wganstudio.gui.views.thinning import BINS, extreme_points, extreme_points_over_decades, steps_within
from wganstudio.session import RunRecord
from wganstudio.training.events import Metrics

POINTS = 30_000
SPIKES = {7_001: 9.0, 20_003: -9.0}
"""Single points that stand out."""


@pytest.fixture
def long_record() -> RunRecord:
    record = RunRecord(1, read({"pair": {"kind": "gaussians"}}))
    for k in range(POINTS):
        gap = SPIKES.get(k, np.sin(k / 1000))
        values = {"gap": gap, "gap_se": 0.01, "marginal": 1.5 + np.sin(k)}
        record.apply(Metrics(step=50 * k, values=values))
    return record


@pytest.mark.parametrize("count", [1, 5, 2 * BINS, 2 * BINS + 1, 10_007])
def test_the_extremes_of_every_part_are_kept(count):
    curve = np.random.default_rng(count).standard_normal(count)
    kept = extreme_points(curve)
    assert len(kept) <= 2 * BINS + 2 and np.all(np.diff(kept) > 0)
    assert {0, count - 1, curve.argmin(), curve.argmax()} <= set(kept.tolist())
    if count <= 2 * BINS:
        assert len(kept) == count
    for part in np.array_split(np.arange(count), 50) if count > BINS else ():
        chosen = np.intersect1d(part, kept)
        assert np.ptp(curve[part]) - np.ptp(curve[chosen]) < 0.5 * np.ptp(curve[part])


def test_what_is_not_a_number_hides_no_extreme():
    curve = np.zeros(10_000)
    curve[::2] = np.nan
    curve[5001] = 1.0
    assert 5001 in extreme_points(curve)
    assert len(extreme_points(np.full(10_000, np.nan))) > 0


def test_the_first_points_are_kept_on_a_logarithmic_axis():
    kept = extreme_points_over_decades(np.zeros(100_000))
    assert set(range(100)) <= set(kept.tolist()) and len(kept) < 3000


def test_one_point_beyond_the_range_is_kept_on_either_side():
    steps = np.arange(0.0, 100.0, 10.0)
    assert steps[steps_within(steps, (25, 41))].tolist() == [20, 30, 40, 50]
    assert steps[steps_within(steps, (-5, 500))].tolist() == steps.tolist()


def test_a_long_curve_is_drawn_by_the_points_that_can_be_seen(shown, long_record):
    view = shown(CostsView, long_record)
    line = view.curves["gap"].line
    assert len(line.getData()[0]) < POINTS / 10
    assert set(SPIKES.values()) <= set(line.getData()[1])
    assert len(view.figure().curves[0].steps) == POINTS
    view.box.setRange(xRange=(50_000, 60_000), padding=0)
    view.box.sigRangeChangedManually.emit(view.box.mouseEnabled())
    steps = line.getData()[0]
    assert steps.tolist() == list(range(49_950, 60_051, 50))
    long_record.apply(Metrics(step=50 * POINTS, values={"gap": 0.5, "gap_se": 0.01}))
    view.refresh()
    assert line.getData()[0].tolist() == steps.tolist()
    view.reset_zoom()
    assert line.getData()[0][-1] == 50 * POINTS and set(SPIKES.values()) <= set(line.getData()[1])


def test_a_long_curve_of_accuracy_is_thinned_too(shown, long_record):
    view = shown(AccuracyView, long_record)
    assert len(view.curves["marginal"].line.getData()[0]) < POINTS / 5
