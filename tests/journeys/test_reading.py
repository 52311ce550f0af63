"""Reading the law plot and the momentum of a run that one has just trained, by pointing."""

from PySide6.QtCore import QPoint, QPointF

from wganstudio.gui.docks import in_sight


def points_at(qtbot, view, box, x, y):
    """Moves the mouse to a place of a plot; twice, for the first brings it over the canvas."""
    place = view.canvas.mapFromScene(box.mapViewToScene(QPointF(x, y)))
    for shift in (1, 0):
        qtbot.mouseMove(view.canvas.viewport(), place + QPoint(shift, shift))


def test_read_the_law_plot_by_hovering(user, qtbot, quick):
    window = user.window
    record = user.runs(quick)
    qtbot.waitUntil(lambda: record.flow is not None, timeout=30_000)
    law, momentum = window.area.views["law"], window.area.views["momentum"]
    assert not in_sight(law) and law._drawn is None, "it lies behind the gradient's tab and costs nothing"
    window.area.docks["law"].raise_()
    qtbot.waitUntil(lambda: in_sight(law) and law._drawn is not None)
    figure = law.figure()
    assert figure.remarks[0].startswith("slope") and law.remarks.text() == "\n".join(figure.remarks)
    index = len(figure.slope) // 2
    at = float(figure.lawful[index]), float(figure.slope[index])

    def marks_the_dot():
        points_at(qtbot, law, law.box, *at)
        x, y = law.here.getData()
        return len(x) == 1 and abs(x[0] - at[0]) < 0.03 and abs(y[0] - at[1]) < 0.03

    qtbot.waitUntil(marks_the_dot)
    assert law.readout.text().startswith("x = (") and "by the law " in law.readout.text()

    window.area.docks["momentum"].raise_()
    qtbot.waitUntil(lambda: in_sight(momentum) and momentum.picture is not None)
    box = momentum.picture.boxes[0]
    qtbot.waitUntil(lambda: points_at(qtbot, momentum, box, 1.0, 0.0) or "|w_u| =" in momentum.readout.text())
    assert "relative L2 error" in momentum.remarks.text()
    assert record.ended is not None and "l2" in record.ended.flow
