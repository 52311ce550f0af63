"""The cursor at the shown step: in costs and accuracy, by dragging, by a double click, and its values."""

import math
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QPointF, Qt

from figure_records.fixtures import make_events
from wganstudio.experiment import read
from wganstudio.gui.views.accuracy import AccuracyView
from wganstudio.gui.views.costs import CostsView
from wganstudio.session import RunRecord
from wganstudio.training.events import Metrics

__all__ = ["make_events"]


@pytest.fixture
def accurate(make_atomic):
    record = make_atomic([(-1.0, 0.0), (1.0, 0.0)], [(0.0, 0.2)])
    for step in (1, 10, 100):
        record.apply(Metrics(step=step, values={"grad2": 1 / step}))
    return record


def test_the_cursor_is_at_the_newest_frame_until_a_step_is_shown(shown, plane_record):
    view = shown(CostsView, plane_record)
    assert view.step_cursor.step == 2000 and not view.readout.isVisible()
    assert view.step_cursor.line.pen.style() == Qt.PenStyle.DashLine
    view.set_step(500)
    assert view.step_cursor.step == 500
    assert view.step_cursor.line.pen.style() == Qt.PenStyle.SolidLine
    view.set_step(None)
    assert view.step_cursor.step == 2000 and not view.readout.isVisible()


def test_the_readout_has_the_last_values_up_to_the_step(shown, plane_record):
    view = shown(CostsView, plane_record)
    steps, gaps = plane_record.curve("gap")
    at = steps.searchsorted(500, side="right") - 1
    view.set_step(500)
    text = view.readout.text()
    assert view.readout.isVisible() and text.startswith("At step 500: gap ") and "value " in text
    assert float(text.split("gap ")[1].split(" ")[0].rstrip(",")) == pytest.approx(gaps[at], rel=0.02)


def test_dragging_and_a_double_click_ask_for_a_step(qtbot, shown, plane_record):
    view, asked = shown(CostsView, plane_record), []
    view.step_wanted.connect(asked.append)
    view.step_cursor.line.setValue(300.0)
    view.step_cursor.line.sigDragged.emit(view.step_cursor.line)
    assert asked == [300]
    place = view.canvas.mapFromScene(view.box.mapViewToScene(QPointF(1200, sum(view.drawn.y_range) / 2)))
    viewport = view.canvas.viewport()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    assert len(asked) == 1, "one click moves nothing"
    qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=place)
    assert asked[1:] == [pytest.approx(1200, abs=10)]


def test_a_double_click_beside_the_plot_asks_for_nothing(shown, plane_record):
    view, asked = shown(CostsView, plane_record), []
    view.step_wanted.connect(asked.append)
    corner = view.box.sceneBoundingRect().bottomLeft() - QPointF(20, -20)
    view.step_cursor._clicked(SimpleNamespace(scenePos=lambda: corner, double=lambda: True, accept=list))
    assert asked == []


def test_on_a_logarithmic_axis_the_cursor_is_at_the_logarithm(shown, accurate):
    view, asked = shown(AccuracyView, accurate), []
    view.step_wanted.connect(asked.append)
    view.set_step(10)
    assert view.step_cursor.line.value() == pytest.approx(1) and "At step 10: " in view.readout.text()
    view.step_cursor.line.setValue(math.log10(50))
    view.step_cursor.line.sigDragged.emit(view.step_cursor.line)
    assert asked == [pytest.approx(50)]
    view.set_step(0)
    assert view.step_cursor.step is None, "0 is not on the axis"


def test_the_cursor_keeps_its_step_in_another_theme_and_while_the_run_goes_on(shown, make_events):
    record = RunRecord(1, read({}))
    events = iter(make_events(2, points=16))
    for event in events:
        record.apply(event)
        if event.step == 200:
            break
    view = shown(CostsView, record)
    view.set_step(100)
    for event in events:
        record.apply(event)
        view.refresh()
    view.set_dark(True)
    assert view.step_cursor.step == 100
    view.set_records([])
    assert view.step_cursor.step is None or view.drawn is None
