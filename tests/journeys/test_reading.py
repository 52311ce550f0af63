"""Reading the law plot, the momentum and the slopes of a run that one has just trained, by pointing."""

from PySide6.QtCore import QPoint, QPointF, Qt

from wganstudio.gui.widgets.docks import in_sight


def points_at(qtbot, view, box, x, y):
    """Moves the mouse to a place of a plot; twice, for the first brings it over the canvas."""
    place = view.canvas.mapFromScene(box.mapViewToScene(QPointF(x, y)))
    for shift in (1, 0):
        qtbot.mouseMove(view.canvas.viewport(), place + QPoint(shift, shift))


def test_read_the_theorem_plot_by_hovering(user, qtbot, quick):
    window = user.window
    record = user.runs(quick)
    user.waits_until(lambda: record.snapshot("flow") is not None)
    theorem, momentum = window.area.views["congestion_theorem"], window.area.views["momentum"]
    assert not in_sight(theorem) and theorem.drawn is None, (
        "it lies behind the gradient's tab and costs nothing"
    )
    window.area.docks["congestion_theorem"].raise_()
    user.waits_until(lambda: in_sight(theorem) and theorem.drawn is not None)
    figure = theorem.figure()
    assert figure.summary_lines[0].startswith("fitted slope") and theorem.summary.text() == "\n".join(
        figure.summary_lines
    )
    index = len(figure.slope) // 2
    at = float(figure.predicted_norm[index]), float(figure.slope[index])

    def marks_the_dot():
        points_at(qtbot, theorem, theorem.box, *at)
        x, y = theorem.highlight.getData()
        return len(x) == 1 and abs(x[0] - at[0]) < 0.03 and abs(y[0] - at[1]) < 0.03

    user.waits_until(marks_the_dot)
    assert theorem.readout.text().startswith("x = (") and "predicted " in theorem.readout.text()

    window.area.docks["momentum"].raise_()
    user.waits_until(lambda: in_sight(momentum) and momentum.panel is not None)
    box = momentum.panel.boxes[0]

    def reads_the_flow():
        points_at(qtbot, momentum, box, 1.0, 0.0)
        return "|w_u| =" in momentum.readout.text()

    user.waits_until(reads_the_flow)
    assert "relative L2 error" in momentum.summary.text()
    assert record.ended is not None and "l2" in record.ended.flow


def test_read_the_slope_histogram_by_hovering(user, qtbot, quick):
    window = user.window
    slope = window.area.views["gradient_norms"]
    record = user.runs(quick)
    assert not in_sight(slope) and slope.drawn is None, "it lies behind the costs' tab and costs nothing"
    window.area.docks["gradient_norms"].raise_()
    user.waits_until(lambda: in_sight(slope) and slope.drawn is not None)
    figure, known = slope.figure(), record.ended.lipschitz
    assert figure.step == 300 and known == record.snapshot("gradient-norms").attributes
    assert f"≥ {known.largest_slope:.4g} (|∇u|)" in slope.summary.text().replace("&nbsp;", " ")

    densest = figure.histograms[0].density.argmax()
    at = float(figure.edges[densest : densest + 2].mean())

    def reads_the_bin():
        points_at(qtbot, slope, slope.box, at, figure.y_range[1] / 2)
        return slope.highlight.isVisible() and tuple(slope.highlight.getRegion()) == figure.bin(at)

    user.waits_until(reads_the_bin)
    shares = record.snapshot("gradient-norms").arrays["p"]
    assert f"P {100 * shares[densest]:.1f} %" in slope.readout.text()

    qtbot.mouseClick(
        slope.logarithmic, Qt.MouseButton.LeftButton, pos=QPoint(8, slope.logarithmic.height() // 2)
    )
    user.waits_until(lambda: slope.figure().logarithmic and slope.box.viewRange()[1][0] < 0)


def test_what_is_out_of_sight_is_not_measured_live(user, qtbot, long):
    window = user.window
    user.fills_in(long)
    user.clicks("run")
    record = user.waits_for("running")
    user.waits_until(lambda: record.snapshot("critic") is not None)
    user.waits_until(lambda: record.snapshot("critic").step > 200)
    settled = record.step

    def moves(topic):
        before = record.snapshot(topic).step
        user.waits_until(lambda: record.snapshot(topic).step > before)

    moves("critic")
    norms = record.snapshot("gradient-norms")
    assert norms.recorded or norms.step <= settled
    window.area.docks["gradient_norms"].raise_()

    def has_live_norms():
        norms = record.snapshot("gradient-norms")
        return not norms.recorded and norms.step > settled

    user.waits_until(has_live_norms)
    moves("gradient-norms")
    user.clicks("stop")
    user.waits_for("stopped")
