"""The dialog in which distributions are drawn: tools, undo, images, keyboard."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget

from wganstudio.gui.dialogs import canvas_parts
from wganstudio.gui.drawing.dialog import RUN, DrawDialog
from wganstudio.gui.drawing.drawing import Drawing, DrawnPart


@pytest.fixture
def dialog(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = DrawDialog(parent, Drawing(), "", can_run=True)
    dialog.resize(900, 640)
    dialog.show()
    qtbot.waitExposed(dialog)
    yield dialog
    dialog.stack.clear()
    dialog.reject()


def choose(qtbot, group, name):
    (button,) = (b for b in group.buttons() if b.objectName() == f"draw-{name}")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def drag(qtbot, canvas, *points):
    places = [canvas.place_of(*point).toPoint() for point in points]
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=places[0])
    for place in places[1:]:
        qtbot.mouseMove(canvas, place)
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=places[-1])


def test_strokes_gaussians_points_and_the_eraser(qtbot, dialog):
    canvas = dialog.canvas
    drag(qtbot, canvas, (-2.0, 0.0), (0.0, 0.0))
    assert len(canvas.drawing.p) > 5 and not canvas.drawing.q
    assert not dialog.use_button.isEnabled() and "Draw Q too" in dialog.message.text()
    choose(qtbot, dialog.sides, "q")
    choose(qtbot, dialog.tools, "blob")
    drag(qtbot, canvas, (2.0, 1.0), (3.0, 1.0))
    (blob,) = canvas.drawing.q
    assert blob.x == pytest.approx(2.0, abs=0.02) and blob.width == pytest.approx(0.5, abs=0.02)
    choose(qtbot, dialog.tools, "point")
    drag(qtbot, canvas, (0.0, -2.0))
    assert canvas.drawing.q[1].width == 0
    assert dialog.use_button.isEnabled() and dialog.run_button.isEnabled()
    choose(qtbot, dialog.tools, "eraser")
    drag(qtbot, canvas, (0.0, -2.0))
    assert canvas.drawing.q == (blob,)


def test_every_act_can_be_undone_and_redone(qtbot, dialog):
    canvas = dialog.canvas
    choose(qtbot, dialog.tools, "point")
    for x in (0.0, 1.0):
        drag(qtbot, canvas, (x, 0.0))
    both = canvas.drawing
    dialog.clear_button.click()
    assert not canvas.drawing.p and not dialog.clear_button.isEnabled()
    dialog.undo_button.click()
    assert canvas.drawing == both
    dialog.undo_button.click()
    assert len(canvas.drawing.p) == 1
    dialog.redo_button.click()
    assert canvas.drawing == both and dialog.stack.undoText() == "Draw point of P"


def test_the_keyboard_draws(qtbot, dialog):
    canvas = dialog.canvas
    choose(qtbot, dialog.tools, "point")
    canvas.setFocus()
    for _ in range(4):
        qtbot.keyClick(canvas, Qt.Key.Key_Right)
    qtbot.keyClick(canvas, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(canvas, Qt.Key.Key_Space)
    assert canvas.drawing.p == (DrawnPart(1.0, 0.05, 0.0, 1.0),)
    assert dialog.readout.text() == "x = 1.00, y = 0.05"


def half_black(path, color="black"):
    image = QImage(40, 20, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.fillRect(0, 0, 20, 20, QColor(color))
    painter.end()
    image.save(str(path))


def test_an_image_becomes_a_density(dialog, tmp_path):
    half_black(tmp_path / "half.png")
    dialog.load_image(tmp_path / "half.png")
    parts = dialog.canvas.drawing.p
    assert len(parts) == 15 * 15 and max(part.x for part in parts) < 0
    assert sum(part.mass for part in parts) == pytest.approx(1)
    assert all(part.width == pytest.approx(parts[0].width) for part in parts)


def test_an_image_without_mass_or_that_is_none_is_explained(dialog, tmp_path):
    half_black(tmp_path / "white.png", "white")
    dialog.load_image(tmp_path / "white.png")
    assert "is all light" in dialog.message.text() and not dialog.canvas.drawing.p
    dialog.light.setChecked(True)
    dialog.load_image(tmp_path / "white.png")
    assert len(dialog.canvas.drawing.p) == 15 * 15
    (tmp_path / "text.png").write_text("no image", encoding="utf-8")
    dialog.load_image(tmp_path / "text.png")
    assert "cannot be read as an image" in dialog.message.text()
    huge = QImage(5000, 1, QImage.Format.Format_Grayscale8)
    huge.fill(0)
    huge.save(str(tmp_path / "huge.png"))
    dialog.load_image(tmp_path / "huge.png")
    assert "5000 x 1" in dialog.message.text()


def test_a_drawing_is_not_lost_without_a_question(qtbot, dialog, monkeypatch):
    choose(qtbot, dialog.tools, "point")
    drag(qtbot, dialog.canvas, (0.0, 0.0))
    monkeypatch.setattr(canvas_parts, "ask_to_discard", lambda *_: False)
    dialog.reject()
    assert dialog.isVisible()
    monkeypatch.setattr(canvas_parts, "ask_to_discard", lambda *_: True)
    dialog.reject()
    assert not dialog.isVisible()


def test_run_is_another_result_than_use(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    part = (DrawnPart(0.0, 0.0, 0.5, 1.0),)
    dialog = DrawDialog(parent, Drawing(part, part), "", can_run=False)
    assert dialog.use_button.isEnabled() and not dialog.run_button.isEnabled()
    dialog.run_button.setEnabled(True)
    dialog.run_button.click()
    assert dialog.result() == RUN
