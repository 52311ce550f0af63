"""A user reads the curves of a run, chooses how they are drawn, and exports what is shown."""

import csv

import pytest
from PySide6.QtCore import Qt

from wganstudio.export import export
from wganstudio.gui.settings import Settings


def click_on_legend(qtbot, view, text):
    """Click the line of the legend that begins with a text."""
    view.grab()  # which lays out the legend
    qtbot.wait(20)
    label = next(label for _, label in view.legend.items if label.text.startswith(text))
    place = view.canvas.mapFromScene(label.mapRectToScene(label.boundingRect()).center())
    qtbot.mouseMove(view.canvas.viewport(), place)
    qtbot.mouseClick(view.canvas.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_reading_hiding_smoothing_and_exporting_a_curve(user, quick, qtbot, tmp_path):
    window = user.window
    window.resize(1440, 900)
    record = user.runs(quick)
    view = window.area.views["costs"]
    window.area.docks["costs"].raise_()
    qtbot.waitUntil(lambda: view.drawn is not None and view.isVisible())

    steps, gaps = record.curve("gap")
    view.hover(float(steps[-2]), sum(view.drawn.y_range) / 2)
    title, gap, value = view.crosshair.text.split("\n")
    assert title == f"Step {steps[-2]:,.0f}" and "±" in gap and value.startswith("value ")
    assert float(gap.split()[1]) == pytest.approx(gaps[-2], rel=0.1)

    click_on_legend(qtbot, view, "value")
    assert set(view.curves) == {"gap"}
    view.bar.axes.menu().actions()[1].trigger()
    seconds = record.effort("seconds")[1]
    assert view.plot.getAxis("bottom").labelText == "seconds"
    assert view.curves["gap"].line.getData()[0][-1] == pytest.approx(seconds[-1])
    view.bar.slider.setFocus()
    for _ in range(5):
        qtbot.keyClick(view.bar.slider, Qt.Key.Key_Right)
    assert view.settings.smoothing > 0 and view.curves["gap"].smooth.isVisible()

    files = export(record, tmp_path, ("csv", "svg"), figures=[view.figure()])
    table = next(file for file in files if file.suffix == ".csv" and "costs" in file.name)
    with table.open() as lines:
        rows = list(csv.DictReader(lines))
    assert {"step", "seconds", "gap", "gap_smoothed"} <= set(rows[0]) and "value" not in rows[0]
    assert float(rows[-1]["seconds"]) == pytest.approx(seconds[-1], rel=1e-4)
    picture = next(file for file in files if file.suffix == ".svg" and "costs" in file.name).read_text()
    assert "seconds" in picture and "gap ± 2 SE" in picture and "value ± 2 SE" not in picture

    window.layout_.save()
    assert Settings().mapping("view/costs")["x"] == "seconds"
