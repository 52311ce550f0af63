"""The surface of a map: its geometry, and what happens without OpenGL."""

import importlib
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication

from wganstudio.figures.grid import ColorScale, PlaneGrid
from wganstudio.figures.plane_field import PlaneField
from wganstudio.gui.views.landscape import LandscapeView
from wganstudio.gui.views.maps import surface_control, surface_dialog
from wganstudio.gui.views.maps.surface_dialog import (
    HEIGHT,
    NO_LIBRARY,
    NO_OPENGL,
    box_edges,
    surface_of,
    surface_problem,
)


def plane(points, function):
    x, y = np.linspace(0, 4, points), np.linspace(-1, 1, points // 2)
    return PlaneField("f", PlaneGrid(x, y, ("x", "y"), 2), function(*np.meshgrid(x, y)))


def test_the_heights_are_those_of_the_scale():
    x, y, heights, shares = surface_of(plane(41, lambda x, y: x), ColorScale("viridis", 1, 3, "f"))
    assert (x[0], x[-1]) == (-0.5, 0.5) and (y[0], y[-1]) == (-0.25, 0.25)
    assert heights.shape == shares.shape == (41, 20)
    np.testing.assert_allclose(shares[:, 0], np.clip((np.linspace(0, 4, 41) - 1) / 2, 0, 1))
    np.testing.assert_allclose(heights, HEIGHT * (shares - 0.5))


def test_a_logarithmic_scale_and_a_fine_grid():
    scale = ColorScale("viridis", 1.0, 100.0, "f", is_log=True)
    x, _, _, shares = surface_of(plane(600, lambda x, y: 10.0 ** (x / 2)), scale)
    assert len(x) <= surface_dialog.MAX_POINTS
    np.testing.assert_allclose(shares[:, 0], np.linspace(0, 1, 600)[::5], atol=1e-12)


def test_a_hole_is_at_the_lower_end():
    field = plane(10, lambda x, y: np.where(x > 2, np.nan, 1.0))
    assert surface_of(field, ColorScale("viridis", 0, 1, "f"))[3].min() == 0


def test_the_box_has_twelve_edges():
    edges = box_edges(0.5, 0.25).reshape(12, 2, 3)
    lengths = np.linalg.norm(edges[:, 1] - edges[:, 0], axis=1)
    assert sorted(lengths) == pytest.approx([0.5] * 4 + [HEIGHT] * 4 + [1.0] * 4)


@pytest.mark.parametrize("lacks", ["library", "display"])
def test_without_opengl_the_view_says_so_and_stays_flat(shown, plane_record, monkeypatch, lacks):
    if lacks == "library":
        monkeypatch.setattr(surface_dialog.importlib.util, "find_spec", lambda name: None)
    else:
        monkeypatch.setattr(surface_dialog.QGuiApplication, "platformName", lambda: "offscreen")
    view = shown(LandscapeView, plane_record)
    view.tools.surface.action.trigger()
    sentence = NO_LIBRARY if lacks == "library" else NO_OPENGL
    assert view.tools.surface.dialog is None and view._sentence.text() == sentence
    assert view._sentence.isVisible() and view.drawn is not None
    view.tools.reset_action.trigger()
    assert not view._sentence.isVisible()


def test_a_library_that_crashes_beside_opengl_is_no_longer_imported(monkeypatch, tmp_path, qapp):
    (tmp_path / "triton.py").write_text("loaded = True")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "triton", raising=False)
    monkeypatch.setattr(surface_dialog.QGuiApplication, "platformName", lambda: "xcb")
    no_context = SimpleNamespace(create=lambda: False)
    monkeypatch.setattr(surface_dialog, "QOpenGLContext", lambda: no_context)
    assert surface_problem() == NO_OPENGL
    with pytest.raises(ImportError):
        importlib.import_module("triton")


def test_the_surface_follows_step_and_colors(shown, plane_record, qtbot):
    if QGuiApplication.platformName() == "offscreen" or surface_problem():
        pytest.skip("This display offers no OpenGL.")
    view = shown(LandscapeView, plane_record)
    view.tools.surface.action.trigger()
    dialog = view.tools.surface.dialog
    qtbot.waitExposed(dialog)
    early = dialog._item._z.copy()
    view.tools.scales.set_limits("landscape.scale", (-3.0, 0.0))
    view.set_step(50)
    qtbot.waitUntil(lambda: "step 50" in dialog.text.text())
    assert not np.allclose(dialog._item._z, early)
    np.testing.assert_allclose(
        dialog._item._z, surface_of(view.drawn.plane_fields()[0], view.drawn.scale)[2], atol=1e-6
    )
    assert dialog.canvas.grabFramebuffer().width() > 0
    dialog.close()
    assert view.tools.surface.dialog is None and surface_control.INTERVAL_MS >= 30
