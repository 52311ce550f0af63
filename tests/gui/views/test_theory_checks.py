"""The view of the theory checks draws what is printed, one panel at a time."""

import importlib.util
from pathlib import Path

import numpy as np

from wganstudio.figures import mpl
from wganstudio.gui.views.theory_checks import TheoryChecksView

_SPEC = importlib.util.spec_from_file_location(
    "theory_checks_records", Path(__file__).parents[2] / "figures" / "test_theory_checks.py"
)
_MODULE = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(_MODULE)
record = _MODULE.record


def test_each_panel_is_drawn_in_its_own_scales(shown, record, plane_record):
    view = shown(TheoryChecksView, record)
    for place, panel in enumerate(view.figure().panels):
        view.panel_choice.setCurrentIndex(place)
        assert list(view.curves) == [line.name for line in panel.lines]
        for line in panel.lines:
            x, y = view.curves[line.name].line.getData()
            np.testing.assert_allclose(10**x, line.x, rtol=1e-6)
            if line.upper is None:
                np.testing.assert_allclose(10**y, line.y, rtol=1e-6)
        assert view.summary.text() == panel.summary
    x, y = view.curves["between batches"].line.getData()
    np.testing.assert_allclose(y, (panel.lines[0].y + panel.lines[0].upper) / 2)
    view.panel_choice.setCurrentIndex(1)
    assert view.mark.isVisible() and abs(view.mark.value() + 1) < 1e-6
    record.apply(_MODULE.checks_at(100))
    view.refresh()
    assert view.figure().step == 100
    view.set_dark(True)
    view.set_records([plane_record])
    assert view.figure() is None and "8 distinct points" in view.message.text()


def test_axes_lines_and_values_are_chosen_and_read_in_each_panel(shown, record):
    view = shown(TheoryChecksView, record)
    view.panel_choice.setCurrentIndex(2)
    view.axes.bar.log_y.trigger()
    bias = view.figure().panel("bias")
    assert bias.logarithmic == (True, True) and bias.y_range[0] > 0
    np.testing.assert_allclose(10 ** np.array(view.box.viewRange()[1]), bias.y_range)
    axes = mpl.render_figure(view.figure()).axes
    assert [one.get_yscale() for one in axes] == ["log", "log", "log"]
    view.hover(np.log10(15.0), np.mean(view.box.viewRange()[1]))
    band = bias.lines[0]
    assert view.crosshair.text.splitlines() == [
        "points in a batch = 16",
        f"between batches {band.middle[1]:.4g} in [{band.y[1]:.4g}, {band.upper[1]:.4g}]",
    ]
    view.panel_choice.setCurrentIndex(1)
    view.legend.clicked.emit("exact + \u03bb log n")
    assert list(view.curves) == ["regularized", "exact"]
    assert view.figure().panel("bias").logarithmic == (True, True)
    view.hover(0.0, np.mean(view.box.viewRange()[1]))
    assert [row.split()[0] for row in view.crosshair.text.splitlines()] == ["\u03bb", "regularized", "exact"]
    assert "path-theory-1" not in view.figure().tables()
    other = TheoryChecksView(view.parentWidget())
    other.copy_settings(view)
    assert other.options() == view.options() and other.panel == "path"
    other.deleteLater()
