"""Editing the color scale of a map: by its fields, by its bar, locked, logarithmic, in other colors."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from mouse import drag
from wganstudio.figures.color_scales import ScaleStyle, scales_of
from wganstudio.figures.grid import ColorScale
from wganstudio.gui.controllers.map_styles import MapStyles, read_styles
from wganstudio.gui.settings import Settings
from wganstudio.gui.views.area import ViewArea
from wganstudio.gui.views.gradient import GradientView
from wganstudio.gui.views.landscape import LandscapeView
from wganstudio.gui.views.maps.scale_bar import dragged_limits
from wganstudio.gui.views.maps.scale_dialog import limits_problem
from wganstudio.gui.views.momentum import MomentumView
from wganstudio.gui.views.transport_map import TransportMapView

LEFT = Qt.MouseButton.LeftButton


def limits(view):
    return [(scale.low, scale.high) for scale in scales_of(view.drawn).values()]


def open_dialog(qtbot, view):
    view.tools.scales.action.trigger()
    dialog = view.tools.scales._dialog
    qtbot.waitExposed(dialog)
    return dialog


def type_limit(qtbot, line, text):
    line.selectAll()
    qtbot.keyClicks(line, text)
    qtbot.keyClick(line, Qt.Key.Key_Return)


def on_bar(view, bar, share):
    """Return the position on the canvas of a place of the bar."""
    QTest.qWait(60)  # the layout
    place = QPointF(256 * share, 0.5) if bar.below else QPointF(0.5, 256 * share)
    return view.canvas.mapFromScene(bar.getViewBox().mapViewToScene(place))


def test_typed_limits_outlive_the_step_and_reach_the_export(shown, plane_record, qtbot):
    view = shown(LandscapeView, plane_record)
    dialog = open_dialog(qtbot, view)
    type_limit(qtbot, dialog.high, "3")
    type_limit(qtbot, dialog.low, "-2.5")
    assert limits(view) == [(-2.5, 3)] and view.panel.map.bar.values == (-2.5, 3)
    assert dialog.locked.isChecked() and view.compare_bar.lock.isChecked()
    view.set_step(1)
    assert limits(view) == [(-2.5, 3)]
    exported = view.figure()
    assert (exported.scale.low, exported.scale.high) == (-2.5, 3)
    view.compare_bar.lock.trigger()
    assert limits(view) != [(-2.5, 3)] and not dialog.locked.isChecked()
    dialog.close()


def test_a_wrong_limit_is_explained_and_changes_nothing(shown, plane_record, qtbot):
    view = shown(LandscapeView, plane_record)
    before = limits(view)
    dialog = open_dialog(qtbot, view)
    type_limit(qtbot, dialog.high, "-1e9")
    assert "below the upper one" in dialog.problem.text() and limits(view) == before
    type_limit(qtbot, dialog.high, "much")
    assert "Type a number" in dialog.problem.text() and limits(view) == before
    assert limits_problem(0.0, 1.0, is_log=True) and not limits_problem(0.1, 1.0, is_log=True)
    dialog.close()


@pytest.mark.parametrize(("start", "end"), [(0.9, 0.7), (0.1, 0.3)])
def test_dragging_an_end_of_the_bar_moves_its_limit(shown, plane_record, start, end):
    view = shown(LandscapeView, plane_record)
    bar, viewport = view.panel.map.bar, view.canvas.viewport()
    ((low, high),) = limits(view)
    ends = [on_bar(view, bar, share) for share in (start, end)]
    drag(viewport, *ends)
    span = high - low
    wanted = (low, high - 0.2 * span) if start > 0.5 else (low + 0.2 * span, high)
    np.testing.assert_allclose(limits(view)[0], wanted, atol=0.02 * span)
    assert view.compare_bar.lock.isChecked()


def test_a_click_on_a_bar_opens_its_fields(shown, plane_record, qtbot):
    view = shown(GradientView, plane_record)
    bar = view.panels[1].map.bar
    qtbot.mouseClick(view.canvas.viewport(), LEFT, pos=on_bar(view, bar, 0.5))
    dialog = view.tools.scales._dialog
    assert dialog.isVisible() and dialog.choice.currentText() == "density σ"
    dialog.close()


def test_a_logarithmic_map_shows_the_logarithm(shown, plane_record, qtbot):
    view = shown(GradientView, plane_record)
    dialog = open_dialog(qtbot, view)
    dialog.choice.setCurrentIndex(1)
    dialog.choice.activated.emit(1)
    dialog.log.click()
    scale, image = view.drawn.sigma_scale, view.panels[1].map.image
    np.testing.assert_allclose(image.image, np.log10(np.maximum(view.drawn.sigma, scale.low)))
    assert tuple(image.getLevels()) == pytest.approx(scale.ends)
    assert view.panels[1].map.bar.axis.is_log and not view.panels[0].map.bar.axis.is_log
    assert not view.drawn.slope_scale.is_log
    dialog.reset_button.click()
    assert not view.drawn.sigma_scale.is_log and not view.compare_bar.lock.isChecked()
    dialog.close()


@pytest.mark.parametrize("cls", [LandscapeView, GradientView, MomentumView])
def test_a_chosen_map_colors_the_view_and_its_export(shown, plane_record, qtbot, cls):
    view = shown(cls, plane_record)
    dialog = open_dialog(qtbot, view)
    index = dialog.colors.findData("inferno")
    dialog.colors.setCurrentIndex(index)
    dialog.colors.activated.emit(index)
    key, scale = next(iter(scales_of(view.figure()).items()))
    assert scale.name == "inferno" and view.scale_bars[0].color_map == "inferno"
    assert list(scales_of(view.figure())).index(key) == 0
    dialog.close()


def test_points_take_the_colors_of_the_scale(shown, make_mapped, qtbot):
    view = shown(TransportMapView, make_mapped(2))
    key = "transport_map.scale"
    view.tools.scales.set_limits(key, (100.0, 200.0))
    lowest = view.mapped.points()[0].brush().color().name()
    assert {point.brush().color().name() for point in view.mapped.points()} == {lowest}


def test_the_scales_of_compared_runs_stay_the_same(shown, make_record, qtbot):
    one, other = make_record(2), make_record(2, until=200)
    other.run = 2
    view = shown(LandscapeView, one, (900, 600))
    view.set_records([one, other])
    qtbot.waitUntil(lambda: all(part.has_had_its_turn for part in view.comparison.views))
    view.comparison.views[1].tools.scales.set_limits("landscape.scale", (-1.0, 1.0))
    assert [limits(part) for part in view.comparison.views] == [[(-1, 1)]] * 2
    assert view.compare_bar.lock.isChecked()


def test_a_curve_over_a_line_has_no_color_scale(shown, line_record):
    view = shown(LandscapeView, line_record)
    assert not view.tools.scales.action.isVisible()
    view.tools.scales.open()
    assert view.tools.scales._dialog is None


def test_a_diverging_scale_stays_centered():
    scale = ColorScale("RdBu_r", -2.0, 2.0, "difference")
    assert dragged_limits(scale, 0.9, 0.65) == pytest.approx((-1, 1))
    assert dragged_limits(scale, 0.1, 0.35) == pytest.approx((-1, 1))
    assert dragged_limits(ColorScale("viridis", 0, 2, "u"), 0.9, -5.0) == pytest.approx((0, 0.04))


def test_the_chosen_colors_are_remembered_for_the_next_start(qtbot):
    def make_area():
        area = ViewArea(tuple)
        qtbot.addWidget(area)
        area.create_views([LandscapeView, GradientView], dark=False)
        styles = MapStyles(area, Settings())
        styles.restore()
        return area, styles

    area, first = make_area()
    style = ScaleStyle("cividis", is_log=True)
    area.views["gradient"].scale_settings.styles["gradient.sigma_scale"] = style
    area.views["gradient"].styles_chosen.emit()
    again, second = make_area()
    assert again.views["gradient"].scale_settings.styles == {"gradient.sigma_scale": style}
    assert again.views["landscape"].scale_settings.styles == {}
    assert first is not second and read_styles("nonsense") == read_styles('{"a": 1}') == {}
