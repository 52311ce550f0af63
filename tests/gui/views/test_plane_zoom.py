"""The zoom that the map views of a run have in common."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from wganstudio.gui.controllers.linked_zoom import LinkedZoom
from wganstudio.gui.settings import Settings
from wganstudio.gui.views.area import ViewArea
from wganstudio.gui.views.gradient import GradientView
from wganstudio.gui.views.landscape import LandscapeView
from wganstudio.gui.views.momentum import MomentumView
from wganstudio.gui.widgets.docks import in_sight


@pytest.fixture
def area(qtbot):
    area = ViewArea(tuple)
    qtbot.addWidget(area)
    area.create_views([LandscapeView, GradientView, MomentumView], dark=False)

    area.resize(1400, 900)
    area.show()
    qtbot.waitExposed(area)
    return area


def show(area, qtbot, *records):
    """Show runs in the landscape and the gradient, and return the views."""
    area.set_records(records)
    for name in ("landscape", "gradient"):
        view = area.views[name]
        area.docks[name].raise_()
        qtbot.waitUntil(lambda view=view: in_sight(view) and view.drawn is not None)
    return area.views.values()


def turn_wheel(view, x, y):
    """Zoom in with the wheel at a point of the first map."""
    viewport = view.canvas.viewport()
    place = view.canvas.mapFromScene(view.boxes[0].mapViewToScene(QPointF(x, y)))
    QApplication.sendEvent(
        viewport,
        QWheelEvent(
            QPointF(place),
            QPointF(viewport.mapToGlobal(place)),
            QPoint(0, 0),
            QPoint(0, 480),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        ),
    )


def shown(view):
    return view.boxes[0].viewRect()


def test_maps_of_a_run_zoom_together(area, qtbot, plane_record):
    landscape, gradient, momentum = show(area, qtbot, plane_record)
    whole = shown(gradient)
    turn_wheel(landscape, 1.0, 1.0)
    part = shown(landscape)
    assert part.width() < whole.width() and not gradient.auto_range
    assert shown(gradient).adjusted(-1e-6, -1e-6, 1e-6, 1e-6).contains(part)
    assert shown(gradient).center().x() == pytest.approx(part.center().x(), abs=1e-6)
    area.docks["momentum"].raise_()
    qtbot.waitUntil(lambda: momentum.drawn is not None)
    assert shown(momentum).center().y() == pytest.approx(part.center().y(), abs=1e-6)
    momentum.reset_zoom()
    assert landscape.auto_range and gradient.auto_range
    assert shown(gradient).width() == pytest.approx(whole.width())


def test_another_run_is_shown_whole(area, qtbot, plane_record, make_record):
    landscape, gradient, _ = show(area, qtbot, plane_record)
    turn_wheel(landscape, 1.0, 1.0)
    area.set_records([make_record(2, until=100)])
    assert landscape.auto_range and gradient.auto_range


def test_over_a_line_only_the_coordinate_is_shared(area, qtbot, line_record):
    landscape, gradient, _ = show(area, qtbot, line_record)
    heights = gradient.boxes[0].viewRange()[1]
    turn_wheel(landscape, 0.5, landscape.boxes[0].viewRect().center().y())
    assert gradient.boxes[0].viewRange()[0] == pytest.approx(landscape.boxes[0].viewRange()[0])
    assert gradient.boxes[0].viewRange()[1] == pytest.approx(heights)


def test_the_link_can_be_cut_and_is_remembered(area, qtbot, plane_record):
    settings = Settings()
    link = LinkedZoom(area, settings)
    assert link.is_on, "the default"
    link.toggle()
    landscape, gradient, _ = show(area, qtbot, plane_record)
    turn_wheel(landscape, 1.0, 1.0)
    assert not landscape.auto_range and gradient.auto_range
    landscape.reset_zoom()
    assert not LinkedZoom(area, settings).is_on
    link.toggle()
    turn_wheel(landscape, 1.0, 1.0)
    assert not gradient.auto_range
