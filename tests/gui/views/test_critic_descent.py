"""The view of the critic descent draws what is printed, and plays the walk."""

import numpy as np
import pytest

from figure_records.descents import descent, descent_record
from wganstudio.gui.views.critic_descent import CriticDescentView
from wganstudio.gui.views.descent_bar import TICKS


@pytest.fixture
def record():
    return descent_record()


def points(item):
    return np.stack(item.getData(), axis=1)


def test_it_draws_the_walk_and_what_is_left_over(shown, record):
    view = shown(CriticDescentView, record)
    figure = view.figure()
    np.testing.assert_allclose(points(view.moved), figure.points)
    np.testing.assert_allclose(points(view.starts), figure.states[0])
    np.testing.assert_allclose(points(view.targets), figure.targets)
    np.testing.assert_allclose(points(view.left.curves["upper"])[:, 1], figure.left.upper)
    np.testing.assert_allclose(view.left.errors["upper"].opts["height"], 4 * figure.left.upper_se)
    assert view.left.reference.value() == pytest.approx(0.3) and view.left.truth.isVisible()
    assert view.summary.text() == "\n".join(figure.summary_lines)
    assert view.box.viewRange()[0][0] <= figure.x_range[0]
    view.set_dark(True)


def test_the_slider_moves_the_samples_and_their_text(shown, record):
    view = shown(CriticDescentView, record)
    view.bar.slider.setValue(TICKS // 2)
    figure = view.figure()
    assert figure.state == 0.5 and view.left.mark.value() == 0.5
    np.testing.assert_allclose(points(view.moved), (figure.states[0] + figure.states[1]) / 2)
    assert view.bar.text.text() == "step 0.5 of 2" and view.summary.text().startswith("Before the first step")
    record.apply(descent(3000))
    view.refresh()
    assert view.figure().step == 3000 and view.bar.state == 0.5


def test_the_walk_plays_to_its_end_and_stops(shown, record, qtbot):
    view = shown(CriticDescentView, record)
    assert view.bar.play.accessibleName() == "Play the walk"
    view.bar.play.click()
    assert view.bar.slider.value() == 0 and view.bar.play.accessibleName() == "Stop the walk"
    qtbot.waitUntil(lambda: view.bar.slider.value() > 2, timeout=5000)
    view.bar.slider.setValue(2 * TICKS - 1)
    qtbot.waitUntil(lambda: view.bar.state is None, timeout=5000)
    assert view.bar.play.accessibleName() == "Play the walk"
    view.bar.play.click()
    view.hide()
    assert view.bar.play.accessibleName() == "Play the walk"


def test_two_runs_are_side_by_side_at_one_place_of_the_walk(shown, record):
    view = shown(CriticDescentView, record, size=(1200, 600))
    view.set_records([record, descent_record()])
    view.refresh()
    one, other = view.comparison.views
    other.refresh()
    view.bar.slider.setValue(TICKS)
    assert one.drawn.state == other.drawn.state == 1.0


def test_pointing_reads_a_sample_or_a_step(shown, record):
    view = shown(CriticDescentView, record)
    figure = view.figure()
    view.hover(*figure.points[3])
    assert view.readout.text() == figure.describe(3) and view.highlight.isVisible()
    view.hover(1.0, 0.5, plot=1)
    assert view.readout.text() == figure.left.text(1) and not view.highlight.isVisible()
    view.leave()
    assert view.readout.text() == view.hint


def test_a_line_has_rows_and_a_run_without_descents_says_why(shown, plane_record):
    view = shown(CriticDescentView, descent_record(1))
    ticks = view.plot.getAxis("left")._tickLevels[0]
    assert [name for _, name in ticks] == ["P", "1", "2", "Q"]
    view.set_records([plane_record])
    assert view.figure() is None and "older version" in view.message.text()


def test_a_low_view_gives_the_place_of_the_legend_to_the_plots(shown, record, qtbot):
    view = shown(CriticDescentView, record)
    line = view.fontMetrics().lineSpacing()
    view.resize(600, 25 * line)
    qtbot.waitUntil(view.legend.isVisible)
    view.resize(600, 11 * line)
    qtbot.waitUntil(lambda: not view.legend.isVisible())
