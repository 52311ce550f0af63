"""Does the cost have a gradient? One particle among five points, and the entropy taken away."""

import numpy as np
from PySide6.QtCore import QPoint, QPointF, Qt

from wganstudio.gui.widgets.docks import in_sight


def cells_around(figure, point, distance=0.05):
    """The cells at a point and beside it: a few pixels further."""
    steps = distance * np.array([(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)])
    return [figure.cell_at(*(point + step)) for step in steps]


def middle_of(figure):
    """Points of the middle half of the plane."""
    shares = np.linspace(0.25, 0.75, 7)
    (left, right), (low, high) = figure.x_range, figure.y_range
    return [np.array([left + a * (right - left), low + b * (high - low)]) for a in shares for b in shares]


def test_move_eps_to_zero_and_see_the_gradient_break(user, qtbot, quick):
    window = user.window
    user.waits_until_warm()
    window.form.load_preset("five-points")
    user.fills_in({name: text for name, text in quick.items() if name.startswith("evaluation")})
    user.types("training.steps", "100")
    user.clicks("run")
    record = user.waits_for("ended", "failed")
    assert record.failed is None, record.failed
    cells = window.area.views["cells"]
    user.waits_until(lambda: in_sight(cells) and cells.drawn is not None)  # the preset brings it to the front
    landscape = window.area.views["landscape"]
    assert not in_sight(landscape) and landscape.drawn is None, "a view behind a tab costs nothing"
    assert cells.epsilon_label.text() == "ε = 0.1" and cells.drawn.color_shares.max(-1).min() < 0.9
    assert len(cells.atoms.data) == 5 and "across" not in cells.summary.text()

    qtbot.keyClick(cells.epsilon_slider, Qt.Key.Key_Right)
    figure = cells.drawn
    assert figure.dual.epsilon > 0.1 and "the same" in figure.summary_lines[2]
    assert abs(figure.gradients.automatic - figure.gradients.true).max() < 1e-3

    qtbot.keyClick(cells.epsilon_slider, Qt.Key.Key_Home)
    figure = cells.drawn
    assert cells.epsilon_label.text() == "ε = 0 (run: 0.1)"
    assert figure.color_shares.max(-1).min() == 1 and "100 % of Q" in cells.summary.text()
    assert "jump" in cells.summary.text() and "across the border" in cells.summary.text()
    assert abs(figure.gradients.automatic - figure.gradients.true).max() > 0.5

    at = next(point for point in middle_of(figure) if len(set(cells_around(figure, point))) == 1)
    winner = figure.cell_at(*at)

    def reads_the_cell():
        place = cells.canvas.mapFromScene(cells.box.mapViewToScene(QPointF(*at)))
        for shift in (1, 0):
            qtbot.mouseMove(cells.canvas.viewport(), place + QPoint(shift, shift))
        return f"p = 1 to atom {winner + 1}" in cells.readout.text()

    user.waits_until(reads_the_cell)
    assert list(cells.highlight.getData()[0]) == [figure.atoms[winner][0]]
