"""The cut, the probes and the common cursor of the map views."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from mouse import drag
from wganstudio.figures.line_profile.figure import LineProfile
from wganstudio.figures.plane_field import Cut
from wganstudio.figures.probe_readings.figure import ProbeReadings
from wganstudio.gui.views.area import ViewArea
from wganstudio.gui.views.cells import CellsView
from wganstudio.gui.views.folding import plain
from wganstudio.gui.views.gradient import GradientView
from wganstudio.gui.views.landscape import LandscapeView
from wganstudio.gui.views.maps.plane_cursor import PlaneCursor
from wganstudio.gui.views.maps.points_edit import read_points
from wganstudio.gui.views.momentum import MomentumView
from wganstudio.gui.views.transport_map import TransportMapView
from wganstudio.gui.widgets.docks import in_sight

LEFT = Qt.MouseButton.LeftButton


def settle(view):
    """Wait until the map and what stands below it have their places."""
    place = None
    while place != (place := view.plane_boxes[0].sceneBoundingRect().getRect()):
        QTest.qWait(80)


def on_map(view, x, y):
    """Return the position on the canvas of a point of the plane."""
    settle(view)
    return view.canvas.mapFromScene(view.plane_boxes[0].mapViewToScene(QPointF(x, y)))


def types(qtbot, line, text):
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, text)
    qtbot.keyClick(line, Qt.Key.Key_Return)


# -- the cut


@pytest.mark.parametrize("cls", [LandscapeView, GradientView, MomentumView])
def test_a_cut_shows_the_profile_with_its_truth(shown, plane_record, cls):
    view = shown(cls, plane_record)
    view.tools.cut.action.trigger()
    profile = view.tools.cut.figure()
    assert isinstance(profile, LineProfile) and [curve.is_truth for curve in profile.curves] == [False, True]
    panel = view.tools.cut.panel
    assert panel.isVisible()
    for item, curve in zip(panel.curves, profile.curves, strict=True):
        np.testing.assert_allclose(item.getData()[1], curve.values)
    view.tools.cut.action.trigger()
    assert not panel.isVisible() and view.tools.cut.figure() is None


@pytest.fixture
def cells_view(shown, make_atomic):
    atoms, q = np.array([[-1.0, 0.0], [1.0, 0.0]]), np.array([[0.4, 0.3], [-0.5, 0.1]])
    return shown(CellsView, make_atomic(atoms, q))


def test_the_profile_of_cells_is_the_distance_to_their_border(cells_view):
    """Two atoms of one weight have the border x = c, so the distance is |x - c|."""
    view = cells_view
    assert not view.tools.surface.action.isEnabled(), "it has no color scale"
    view.tools.cut.set_cut(Cut((-0.8, 0.2), (0.8, 0.2)))
    profile = view.tools.cut.figure()
    (curve,) = profile.curves
    border = view.drawn.borders[0, 0]
    cell = np.diff(view.drawn.grid.x)[0]
    np.testing.assert_allclose(curve.values, np.abs(profile.points[:, 0] - border), atol=cell)
    assert view.tools.cut.panel.isVisible() and profile.y_label == "distance to the border"


def test_probes_follow_the_border_of_cells(cells_view):
    view = cells_view
    view.tools.probes.set_points([(0.9, 0.0), (-0.9, 0.0)])
    readings = view.tools.probes.figure()
    assert list(readings.steps) == view.record.recorded_steps("critic")
    border = view.drawn.borders[0, 0]
    cell = np.diff(view.drawn.grid.x)[0]
    np.testing.assert_allclose(readings.values[:, -1], np.abs([0.9 - border, -0.9 - border]), atol=cell)


def test_dragging_a_handle_moves_the_end_of_the_cut(shown, plane_record):
    view = shown(LandscapeView, plane_record)
    view.tools.cut.set_cut(Cut((-2.0, 0.0), (2.0, 0.0)))
    drag(view.canvas.viewport(), on_map(view, 2.0, 0.0), on_map(view, 2.0, 2.0))
    assert view.tools.cut.cut.start == pytest.approx((-2, 0), abs=1e-6)
    assert view.tools.cut.cut.end == pytest.approx((2, 2), abs=0.15)
    assert view.auto_range, "the map has not moved"


def test_the_ends_of_the_cut_are_typed(shown, plane_record, qtbot):
    view = shown(LandscapeView, plane_record)
    view.tools.cut.action.trigger()
    edit = view.tools.cut.panel.edit
    types(qtbot, edit, "-1, -1; 1, 2")
    assert view.tools.cut.cut == Cut((-1.0, -1.0), (1.0, 2.0)) == view.tools.cut._item_cut()
    types(qtbot, edit, "1, 2")
    assert "Type 2 points" in view.tools.cut.panel.legend.text()
    types(qtbot, edit, "here")
    assert "two numbers" in view.tools.cut.panel.legend.text() and view.tools.cut.cut.end == (1.0, 2.0)


def test_the_profile_follows_the_step_and_the_run(shown, plane_record, make_record):
    view = shown(LandscapeView, plane_record)
    view.tools.cut.action.trigger()
    late = view.tools.cut.panel.curves[0].getData()[1]
    view.set_step(1)
    early = view.tools.cut.panel.curves[0].getData()[1]
    assert np.ptp(early) < 0.1 * np.ptp(late)
    cut = view.tools.cut.cut
    view.set_records([make_record(2, until=100)])
    assert view.tools.cut.cut == cut and view.tools.cut.figure().step == 1


def test_the_profile_has_every_compared_run(shown, make_record, qtbot):
    one, other = make_record(2), make_record(2, until=200)
    other.run = 2
    view = shown(LandscapeView, one, (900, 700))
    view.set_records([one, other])
    qtbot.waitUntil(lambda: all(part.has_had_its_turn for part in view.comparison.views))
    view.tools.cut.action.trigger()
    curves = view.tools.cut.figure().curves
    assert len(curves) == 4 and len({curve.run_color for curve in curves}) == 2


def test_the_map_reads_the_point_of_the_profile_under_the_mouse(shown, plane_record):
    view = shown(LandscapeView, plane_record)
    view.tools.cut.set_cut(Cut((-2.0, 1.0), (2.0, 1.0)))
    panel = view.tools.cut.panel
    panel.pointed.emit(3.0)
    assert view.readout.text() == view.drawn.readout(1.0, 1.0).text
    assert f"critic u {view.drawn.readout(1.0, 1.0).u:.4g}" in plain(panel.legend)
    panel.pointed.emit(None)
    assert view.readout.text() == view.hint


# -- the probes


def test_clicks_set_numbered_probes_while_the_mode_is_on(shown, plane_record, qtbot):
    view = shown(LandscapeView, plane_record)
    viewport = view.canvas.viewport()

    def click(x, y):
        qtbot.wait(50)  # the first probe opens a plot, which moves the map
        on_map(view, x, y)
        view.hover(x, y)
        qtbot.mouseClick(viewport, LEFT, pos=on_map(view, x, y))

    click(1.0, 1.0)
    assert view.tools.probes.points == []
    view.tools.probes.mode.trigger()
    click(1.0, 1.0)
    click(-1.0, 0.5)
    np.testing.assert_allclose(view.tools.probes.points, [(1, 1), (-1, 0.5)], atol=0.1)
    readings = view.tools.probes.figure()
    assert isinstance(readings, ProbeReadings)
    assert list(readings.steps) == plane_record.recorded_steps("critic")
    panel = view.tools.probes.panel
    for item, values in zip(panel.curves, readings.values, strict=True):
        np.testing.assert_allclose(item.getData()[1], values)
    assert panel.line.value() == view.drawn.step
    view.set_step(50)
    assert panel.line.value() == 50 and f"1: {readings.values[0][list(readings.steps).index(50)]:.3g}" in (
        plain(panel.legend)
    )


def test_keys_set_and_remove_probes(shown, plane_record, qtbot):
    view = shown(GradientView, plane_record)
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    view.canvas.setFocus()
    for x in (1.0, 2.0):
        view.hover(x, 0.0)
        qtbot.keyClick(view.canvas, Qt.Key.Key_P)
    assert [round(point[0]) for point in view.tools.probes.points] == [1, 2]
    view.hover(1.0, 0.0)
    qtbot.keyClick(view.canvas, Qt.Key.Key_Delete)
    assert [round(point[0]) for point in view.tools.probes.points] == [2]
    view.leave()
    qtbot.keyClick(view.canvas, Qt.Key.Key_Delete)
    assert view.tools.probes.points == [] and not view.tools.probes.panel.isVisible()


def test_a_probe_moves_by_dragging_and_by_typing(shown, plane_record, qtbot):
    view = shown(LandscapeView, plane_record)
    view.tools.probes.set_points([(1.0, 1.0)])
    view.canvas.grab()  # the item knows its shape once it is painted
    drag(view.canvas.viewport(), on_map(view, 1.0, 1.0), on_map(view, -2.0, 0.0))
    assert view.tools.probes.points[0] == pytest.approx((-2, 0), abs=0.15)
    types(qtbot, view.tools.probes.panel.edit, "0.5, 0.5; 1, 1; 2, 2")
    assert len(view.tools.probes.points) == len(view.tools.probes._items) == 3
    (value, *_) = view.tools.probes.figure().values[:, -1]
    assert value == pytest.approx(view.drawn.readout(0.5, 0.5).u)


def test_the_plots_stand_beside_the_map_of_a_low_view(shown, plane_record, qtbot):
    view = shown(LandscapeView, plane_record, size=(400, 220))
    view.tools.cut.action.trigger()
    view.tools.probes.set_points([(1.0, 1.0)])
    cut, probes = view.tools.cut.panel, view.tools.probes.panel
    qtbot.waitUntil(lambda: view.below.mapTo(view, view.below.rect().topLeft()).x() > 150)
    assert cut.is_folded and not probes.is_folded and view.canvas.height() >= 80
    qtbot.mouseClick(cut._fold_button, LEFT)
    assert probes.is_folded and not cut.is_folded
    view.resize(500, 800)
    probes.fold_wanted.emit(probes)
    qtbot.waitUntil(lambda: not probes.canvas.isHidden() and not cut.canvas.isHidden())
    qtbot.waitUntil(lambda: view.below.mapTo(view, view.below.rect().topLeft()).x() < 20)


def test_probes_stay_for_another_run(shown, plane_record, make_record):
    view = shown(LandscapeView, plane_record)
    view.tools.probes.set_points([(1.0, 1.0)])
    view.set_records([make_record(2, until=100)])
    assert view.tools.probes.figure().steps[-1] == 100


def test_reset_removes_everything(shown, plane_record):
    view = shown(LandscapeView, plane_record)
    before = view.drawn.scale
    view.tools.cut.action.trigger()
    view.tools.probes.set_points([(1.0, 1.0)])
    view.tools.scales.set_limits("landscape.scale", (0.0, 1.0))
    view.auto_range = False
    view.tools.reset_action.trigger()
    assert view.tools.cut.cut is None and view.tools.probes.points == [] and view.auto_range
    assert view.drawn.scale == before


def test_views_without_a_field_offer_neither(shown, line_record, make_mapped):
    for view in (shown(LandscapeView, line_record), shown(TransportMapView, make_mapped(2))):
        assert not view.tools.cut.action.isEnabled() and not view.tools.probes.mode.isEnabled()
        view.tools.probes.add_at_pointer()
        assert view.tools.probes.panel is None


def test_what_is_drawn_can_be_exported(shown, plane_record, qtbot):
    view = shown(LandscapeView, plane_record)
    view.tools.cut.action.trigger()
    view.tools.probes.set_points([(1.0, 1.0)])
    for control, kind, name in (
        (view.tools.cut, LineProfile, "landscape-cut"),
        (view.tools.probes, ProbeReadings, "landscape-probes"),
    ):
        with qtbot.waitSignal(view.figures_wanted) as wanted:
            control.panel.export_wanted.emit()
        assert list(wanted.args[0]) == [name] and isinstance(wanted.args[0][name].figure(), kind)


def test_points_as_text():
    assert read_points("1, 2; (-3.5, 4e-1)") == [(1, 2), (-3.5, 0.4)]
    assert read_points(" 1 2 ;") == [(1, 2)] and read_points("") == []
    assert read_points("1; 2") is None and read_points("a, b") is None


def test_the_window_uses_the_tools_of_the_view_in_sight(qtbot, plane_record):
    area = ViewArea(tuple)
    qtbot.addWidget(area)
    area.create_views([LandscapeView, GradientView], dark=False)
    area.resize(1500, 1000)
    area.show()
    qtbot.waitExposed(area)
    area.set_records([plane_record])
    landscape, gradient = area.views["landscape"], area.views["gradient"]
    area.docks["gradient"].raise_()
    qtbot.waitUntil(lambda: in_sight(gradient) and gradient.drawn is not None)
    gradient.canvas.setFocus()
    area.use_map_tool("cut")
    assert gradient.tools.cut.cut is not None and landscape.tools.cut.cut is None
    area.docks["landscape"].raise_()
    qtbot.waitUntil(lambda: in_sight(landscape) and landscape.drawn is not None)
    landscape.canvas.setFocus()
    area.use_map_tool("probe")
    assert len(landscape.tools.probes.points) == 1 and gradient.tools.probes.points == []
    sources = area.figure_sources()
    assert list(sources) == ["landscape", "gradient", "landscape-probes", "gradient-cut"]
    assert sources["gradient-cut"].figure().variant == "gradient"


# -- the common cursor


@pytest.fixture
def together(qtbot, plane_record):
    """Makes views of one record with a common cursor."""
    windows = []

    def make(*classes, record=plane_record):
        window = QWidget()
        windows.append(window)
        qtbot.addWidget(window)
        views = [cls(window) for cls in classes]
        window.resize(900, 400 * len(views))
        for number, view in enumerate(views):
            view.setGeometry(0, 400 * number, 900, 400)
        cursor = PlaneCursor(lambda: views, window)
        window.show()
        qtbot.waitExposed(window)
        for view in views:
            view.place_pointed.connect(cursor.follow)
            view.set_records([record])
        for view in views:
            settle(view)
        return views

    return make


def test_all_maps_of_a_run_read_the_same_point(together, qtbot):
    landscape, gradient, momentum = together(LandscapeView, GradientView, MomentumView)
    landscape.hover(1.5, -0.5)
    qtbot.waitUntil(lambda: momentum.readout.text() == momentum.drawn.readout(1.5, -0.5))
    assert gradient.readout.text() == gradient.drawn.readout(1.5, -0.5).text
    np.testing.assert_allclose(np.ravel(gradient.mirror._cross.getData()), (1.5, -0.5))
    gradient.hover(0.5, 1.0, plot=1)
    qtbot.waitUntil(lambda: landscape.readout.text() == landscape.drawn.readout(0.5, 1.0).text)
    gradient.leave()
    qtbot.waitUntil(lambda: landscape.readout.text() == landscape.hint)
    assert len(landscape.mirror._cross.getData()[0]) == 0


def test_views_over_a_line_share_the_coordinate(together, qtbot, line_record):
    landscape, gradient = together(LandscapeView, GradientView, record=line_record)
    gradient.hover(1.0, 0.5)
    qtbot.waitUntil(lambda: landscape.readout.text() != landscape.hint)
    assert landscape.readout.text() == landscape.drawn.readout(1.0).text
    assert landscape.mirror._line.isVisible() and landscape.mirror._line.value() == pytest.approx(1)


def test_views_of_other_runs_keep_silent(together, qtbot, make_atomic):
    landscape, cells = together(LandscapeView, CellsView)
    cells.set_records([make_atomic(np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([[0.2, 0.1]]))])
    landscape.hover(0.5, 0.5)
    qtbot.wait(80)
    assert cells.readout.text() == cells.hint
