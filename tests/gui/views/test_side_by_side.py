"""Several runs in one view: common scales, the lock, linked zoom and cursor, and the difference."""

import numpy as np
import pytest
from PySide6.QtGui import QColor

from wganstudio.figures.comparison import limits_of
from wganstudio.figures.landscape_difference.figure import LandscapeDifference
from wganstudio.gui.views.cells import CellsView
from wganstudio.gui.views.gradient import GradientView
from wganstudio.gui.views.landscape import LandscapeView
from wganstudio.gui.views.momentum import MomentumView
from wganstudio.gui.views.plan import PlanView
from wganstudio.gui.views.samples import SamplesView
from wganstudio.gui.views.transport_map import TransportMapView


@pytest.fixture
def two(make_record):
    one, other = make_record(2), make_record(2, until=200)
    other.run = 2
    one.rename("long")
    other.rename("short")
    return [one, other]


@pytest.fixture
def compare(qtbot, shown):
    """Show a view of several runs, all of them drawn."""

    def make(cls, records, size=(900, 600)):
        view = shown(cls, records[0], size)
        view.set_records(records)
        qtbot.waitUntil(lambda: all(one.has_had_its_turn for one in view.comparison.views))
        return view

    return make


def choose(view, text):
    view.compare_bar.choice.setCurrentIndex(view.compare_bar.choice.findText(text))
    view.compare_bar.choice.activated.emit(view.compare_bar.choice.currentIndex())


@pytest.mark.parametrize("cls", [LandscapeView, GradientView, MomentumView])
def test_two_runs_share_scales_and_ranges(compare, two, cls):
    view = compare(cls, two)
    main, other = view.comparison.views
    assert (main.record, other.record) == tuple(two)
    assert limits_of(main.drawn) == limits_of(other.drawn)
    assert main.pane.title.text() == "A: long, step 2,000" and other.pane.title.text() == "B: short, step 200"
    assert main.pane.title.palette().windowText().color() == QColor(main.palette_.run_color(two[0]))
    for mine, theirs in zip(main.linked_boxes, other.linked_boxes, strict=True):
        np.testing.assert_allclose(mine.viewRange(), theirs.viewRange(), rtol=1e-6)
    assert abs(main.pane.width() - other.width()) <= 1 and abs(main.pane.height() - other.height()) <= 1


def test_the_colors_mean_the_same_numbers(compare, two):
    main, other = compare(LandscapeView, two).comparison.views
    fields = [one.snapshot("critic").arrays["u"] for one in two]
    ends = min(map(np.min, fields)), max(map(np.max, fields))
    for view in (main, other):
        assert tuple(view.panel.map.image.getLevels()) == pytest.approx(ends)
    assert np.array_equal(other.panel.map.image.image, fields[1])


@pytest.mark.parametrize(
    ("cls", "make"),
    [
        (CellsView, "make_atomic"),
        (PlanView, "make_atomic"),
        (SamplesView, "make_making"),
        (TransportMapView, "make_mapped"),
    ],
)
def test_every_map_view_shows_two_runs(compare, request, cls, make):
    points = np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 0.0]])
    arguments = (points, points + 0.2) if make == "make_atomic" else (2,)
    records = [request.getfixturevalue(make)(*arguments) for _ in range(2)]
    records[1].run = records[0].run + 1
    main, other = compare(cls, records).comparison.views
    assert main.drawn is not None and other.drawn is not None and other.isVisible()
    np.testing.assert_allclose(main.box.viewRange(), other.box.viewRange(), rtol=1e-6)


def test_one_run_has_no_bar_and_no_title(compare, two):
    view = compare(LandscapeView, two)
    view.set_records(two[:1])
    assert view.comparison.views == [view] and view.compare_bar.isHidden() and view.pane.title.isHidden()
    u = two[0].snapshot("critic").arrays["u"]
    assert tuple(view.panel.map.image.getLevels()) == pytest.approx((u.min(), u.max()))


def test_a_locked_scale_outlives_the_run_and_the_step(compare, two):
    view = compare(LandscapeView, two[:1])
    before = limits_of(view.drawn)
    view.compare_bar.lock.trigger()
    assert view.compare_bar.isVisible() and view.compare_bar.choice.isHidden()
    view.set_records(two[1:])
    assert limits_of(view.drawn) == before
    view.set_step(1)
    assert view.drawn.step == 1 and limits_of(view.drawn) == before and limits_of(view.figure()) == before
    view.compare_bar.lock.trigger()
    assert limits_of(view.drawn) != before and view.compare_bar.isHidden()


def test_zoom_is_linked_and_reset_together(compare, two):
    main, other = compare(LandscapeView, two).comparison.views
    whole = main.boxes[0].viewRange()
    other.boxes[0].setRange(xRange=(-1, 1), yRange=(-1, 1), padding=0)
    other.boxes[0].sigRangeChangedManually.emit([True, True])
    np.testing.assert_allclose(main.boxes[0].viewRange(), other.boxes[0].viewRange(), rtol=1e-6)
    assert main.figure().x_range[1] - main.figure().x_range[0] < 8
    main.reset_zoom()
    for view in (main, other):
        np.testing.assert_allclose(view.boxes[0].viewRange(), whole, rtol=1e-6)


def test_the_cursor_reads_all_runs_at_one_place(compare, two):
    main, other = compare(LandscapeView, two).comparison.views
    main.hover(1.0, -0.5)
    for view in (main, other):
        assert view.readout.text() == view.drawn.readout(1.0, -0.5).text
    assert list(map(float, np.ravel(other.mirror._cross.getData()))) == pytest.approx([1.0, -0.5])
    main.leave()
    assert other.readout.text() == other.hint and len(other.mirror._cross.getData()[0]) == 0


def test_the_settings_of_the_view_hold_for_all_runs(compare, two):
    main, other = compare(LandscapeView, two).comparison.views
    main.samples.click()
    assert not other.drawn.show_samples and not other.panel.samples["P"].isVisible()
    main.set_dark(True)
    assert other.palette_ is main.palette_


def test_an_earlier_step_is_shown_of_every_run(compare, two):
    main, other = compare(LandscapeView, two).comparison.views
    main.set_step(500)
    assert (main.drawn.step, other.drawn.step) == (500, 200)


def test_the_difference_is_drawn_centered_at_zero(compare, two):
    view = compare(LandscapeView, two)
    choose(view, "A − B")
    figure = view.drawn
    assert isinstance(figure, LandscapeDifference) and not view.comparison.views[1].isVisible()
    low, high = view.panel.map.image.getLevels()
    assert low == -high and np.array_equal(view.panel.map.image.image, figure.difference)
    assert isinstance(view.figure(), LandscapeDifference) and "minus" in view.pane.title.text()
    view.hover(0.5, 0.5)
    assert "A − B" in view.readout.text()
    choose(view, "B")
    assert view.comparison.views[1].isVisible() and not view.pane.isVisible()
    choose(view, "A | B")
    assert view.drawn.name == "landscape" and view.pane.isVisible()


def test_runs_on_other_planes_have_no_difference(compare, plane_record, line_record):
    view = compare(LandscapeView, [plane_record, line_record])
    assert view.compare_bar.choice.findText("A − B") < 0 and view.compare_bar.choice.count() == 3
    assert limits_of(view.drawn) != limits_of(view.comparison.views[1].drawn)


def test_a_run_without_a_figure_says_why(compare, make_making, plane_record):
    main, other = compare(SamplesView, [plane_record, make_making(2)]).comparison.views
    assert other.drawn is not None and main.drawn is None
    assert "trains only a critic" in main.pane.message.text() and main.pane.message.isVisible()


def test_four_runs_need_room(compare, two, make_record):
    further = [make_record(2, until=until) for until in (500, 1000, 50)]
    view = compare(LandscapeView, [*two, *further], (1000, 700))
    assert len(view.comparison.views) == 4 and view.compare_bar.note.text() == "4 of 5 selected runs"
    assert view.comparison.views[3].geometry().left() > 0 and view.comparison.views[3].geometry().top() > 0
    view.resize(500, 400)
    assert len(view.comparison.views) == 2 and view.compare_bar.note.text() == "2 of 5 selected runs"
