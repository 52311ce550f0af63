"""A user explores a map: locks its scale, cuts it, sets a probe, slides through time, reads and exports."""

import csv

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication, QToolButton

from wganstudio.gui.dialogs.export import ExportDialog
from wganstudio.gui.views.folding import plain
from wganstudio.gui.widgets.docks import in_sight

LEFT = Qt.MouseButton.LeftButton


def place(view, x, y):
    return view.canvas.mapFromScene(view.plane_boxes[0].mapViewToScene(QPointF(x, y)))


def chooses(window, name, text):
    """Chooses an entry in the menu of the tools of a view."""
    button = window.area.docks[name].titleBarWidget().findChild(QToolButton, "tool-button")
    assert button.isVisible()
    next(action for action in button.menu().actions() if action.text() == text).trigger()


def exports(user, panel, folder):
    """Presses the export button of a plot below the map, and confirms the dialog for CSV alone."""

    def confirm():
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, ExportDialog):
            return False
        dialog.folder.setText(str(folder))
        for name, box in dialog.format_boxes.items():
            box.setChecked(name == "csv")
        dialog.export_button.click()
        return True

    user.later(confirm)
    button = next(one for one in panel.findChildren(QToolButton) if one.accessibleName().startswith("Export"))
    user.qtbot.mouseClick(button, LEFT)
    user.waits_until(lambda: not user.window.exporter.busy)


def test_a_user_explores_the_landscape(user, qtbot, quick, tmp_path):
    window = user.window
    record = user.runs(quick)
    view = window.area.views["landscape"]
    user.waits_until(lambda: in_sight(view) and view.drawn is not None and view.drawn.step == 300)

    chooses(window, "landscape", "Color scale\u2026")
    dialog = view.tools.scales._dialog
    dialog.high.setFocus()
    dialog.high.selectAll()
    qtbot.keyClicks(dialog.high, "5")
    qtbot.keyClick(dialog.high, Qt.Key.Key_Return)
    dialog.close()
    assert view.drawn.scale.high == 5 and view.compare_bar.lock.isChecked()

    chooses(window, "landscape", "Profile along a cut")
    cut = view.tools.cut
    assert cut.panel.isVisible()
    chooses(window, "landscape", "Set probes by clicking")
    (left, right), (low, high) = view.drawn.x_range, view.drawn.y_range
    at = (left + right) / 2, low + 0.75 * (high - low)
    view.hover(*at)
    qtbot.mouseClick(view.canvas.viewport(), LEFT, pos=place(view, *at))
    probes = view.tools.probes
    assert len(probes.points) == 1 and probes.panel.isVisible()

    window.time_bar.slider.setValue(0)
    first = record.recorded_steps("critic")[0]
    user.waits_until(lambda: view.drawn.step == first)
    assert view.drawn.scale.high == 5, "the scale is locked"
    reading = view.drawn.readout(*probes.points[0]).u
    assert f"1: {reading:.3g}" in plain(probes.panel.legend)
    profile = cut.figure()
    assert profile.step == first
    np.testing.assert_allclose(cut.panel.curves[0].getData()[1], profile.curves[0].values)

    exports(user, probes.panel, tmp_path / "probes")
    exports(user, cut.panel, tmp_path / "cut")
    rows = list(csv.reader(next((tmp_path / "probes").glob("*landscape.csv")).read_text().splitlines()))
    steps = [int(row[0]) for row in rows[1:]]
    assert steps == record.recorded_steps("critic")
    assert float(rows[1][1]) == probes.figure().values[0][0]
    (table,) = (tmp_path / "cut").glob("*line-profile-landscape.csv")
    header, *values = csv.reader(table.read_text().splitlines())
    assert header[:4] == ["distance", "x", "y", "critic u"]
    np.testing.assert_allclose([float(row[3]) for row in values], profile.curves[0].values)

    chooses(window, "landscape", "Reset the map")
    assert cut.cut is None and probes.points == [] and not view.compare_bar.lock.isChecked()
