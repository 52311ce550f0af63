"""Painting speed limits, and solving them by grid and by network side by side."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton

from wganstudio.experiment import override, preset
from wganstudio.gui.dialogs.paint_sigma import PaintSigmaDialog

CONTROL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
DISCS = [("sigma.kind", "segments"), ("truth.cells", 128), ("truth.tolerance", 0.02)]


@pytest.fixture
def painter(user, qtbot):
    """Opens the dialog, waits for the samples, and hands it to an act; what the act left undone is ended."""

    def paint(act):
        ended = []

        def when_ready():
            dialog = QApplication.activeModalWidget()
            if not isinstance(dialog, PaintSigmaDialog) or ended or not dialog.canvas.isEnabled():
                return False
            ended.append(dialog)
            try:
                act(dialog)
            finally:
                if dialog.isVisible():  # the act went wrong
                    dialog.done(0)
            return True

        user.later(when_ready)
        user.window.actions_["paint"].trigger()
        assert ended

    return paint


def drag(qtbot, canvas, start, end, button=Qt.MouseButton.LeftButton):
    """A stroke between places given as shares of the canvas."""
    places = [QPoint(int(x * canvas.width()), int(y * canvas.height())) for x, y in (start, end)]
    qtbot.mousePress(canvas, button, pos=places[0])
    canvas.mouseMoveEvent(_moved(canvas, places[1], button))
    qtbot.mouseRelease(canvas, button, pos=places[1])


def _moved(canvas, place, button):
    from PySide6.QtCore import QEvent, QPointF
    from PySide6.QtGui import QMouseEvent

    there = QPointF(place)
    none = Qt.KeyboardModifier.NoModifier
    return QMouseEvent(QEvent.Type.MouseMove, there, canvas.mapToGlobal(there), button, button, none)


def test_paint_a_speed_limit_and_solve_it(user, qtbot, painter, quick, tmp_path: Path):
    window = user.window
    window.form.load(override(preset("slow-obstacle").settings, DISCS), "Discs")
    file = tmp_path / "limits.png"

    def act(dialog):
        canvas = dialog.canvas
        assert not dialog.undo.isEnabled()
        dialog.speed.setValue(5)
        dialog.brush.setValue(20)
        drag(qtbot, canvas, (0.5, 0.2), (0.5, 0.8))
        middle = canvas.image.width() // 2, canvas.image.height() // 2
        assert canvas.image.pixelColor(*middle).lightness() == round(0.05 * 255)
        drag(qtbot, canvas, (0.5, 0.5), (0.51, 0.5), Qt.MouseButton.RightButton)
        assert canvas.image.pixelColor(*middle).lightness() == 255, "the right button erases"
        dialog.undo.click()
        assert canvas.image.pixelColor(*middle).lightness() == round(0.05 * 255)
        qtbot.keyClick(dialog, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert canvas.image.pixelColor(*middle).lightness() == 255 and not dialog.undo.isEnabled()
        qtbot.keyClick(dialog, Qt.Key.Key_Z, CONTROL_SHIFT)
        qtbot.keyClick(dialog, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
        assert canvas.image.pixelColor(*middle).lightness() == 255 and not dialog.redo.isEnabled()
        dialog.undo.click()
        canvas.mouseMoveEvent(_moved(canvas, canvas.rect().center(), Qt.MouseButton.NoButton))
        assert "5% of the fastest" in dialog.readout.text()
        assert dialog.save_to(file)

    painter(act)
    assert QImage(str(file)).format() == QImage.Format.Format_Grayscale8
    sigma = window.form.settings()["sigma"]
    assert sigma["kind"] == "image" and sigma["file"] == str(file)
    assert window.form.modified and window.form.groups["sigma"].modified
    assert window.actions_["undo"].text() == "&Undo painting of σ"
    window.actions_["undo"].trigger()
    assert window.form.settings()["sigma"]["kind"] == "segments" and not window.form.modified
    window.actions_["redo"].trigger()
    assert window.form.settings()["sigma"] == sigma
    record = user.runs(quick)
    assert record.state == "ended"
    user.waits_until(lambda: "gap-limit" in record.truths)
    plane, cost = record.snapshot("plane"), record.truths["congested"]
    assert str(file) in plane.attributes.sigma_method and str(file) in cost.law
    across = plane.arrays["sigma"][len(plane.arrays["y"]) // 2]
    assert across.max() == pytest.approx(across[np.abs(plane.arrays["x"]).argmin()] * 255 / 13, rel=1e-3)
    assert record.truths["w1"].value < cost.lower
    assert record.ended.estimates["value"] < cost.upper + 3 * record.ended.estimates["value_se"]


def test_what_was_painted_is_not_lost_without_a_question(user, qtbot, painter):
    asked = []

    def act(dialog):
        dialog.fill.click()
        for answer in ("Cancel", "Discard"):
            user.later(lambda answer=answer: press(answer))
            dialog.reject()
            assert dialog.isVisible() == (answer == "Cancel")

    def press(answer):
        box = QApplication.activeModalWidget()
        if not isinstance(box, QMessageBox):
            return False
        asked.append(box.text())
        (button,) = (b for b in box.findChildren(QPushButton) if b.text().replace("&", "") == answer)
        button.click()
        return True

    painter(act)
    assert asked == ["Discard the painted image?"] * 2
    assert user.window.form.settings()["sigma"]["kind"] == "segments"


def test_pictures_are_loaded_or_refused(user, qtbot, painter, tmp_path: Path):
    ramp = QImage(64, 32, QImage.Format.Format_RGB32)
    ramp.fill(0x808080)
    ramp.save(str(tmp_path / "gray.png"))
    QImage(2000, 10, QImage.Format.Format_Grayscale8).save(str(tmp_path / "wide.png"))
    (tmp_path / "text.png").write_text("no picture", encoding="utf-8")

    def act(dialog):
        size = dialog.canvas.image.size()
        assert "2000 x 10" in dialog.canvas.load(str(tmp_path / "wide.png"))
        assert "cannot be read" in dialog.canvas.load(str(tmp_path / "text.png"))
        assert not dialog.canvas.undo_stack.canUndo()
        assert dialog.canvas.load(str(tmp_path / "gray.png")) == ""
        assert dialog.canvas.image.size() == size and dialog.canvas.image.pixelColor(3, 3).lightness() == 128
        assert (
            not dialog.save_to(tmp_path / "nowhere" / "a.png")
            and "cannot be written" in dialog.message.text()
        )
        dialog.undo.click()
        dialog.reject()

    painter(act)


def test_only_a_penalty_has_speed_limits_to_paint(user):
    window = user.window
    window.form.load(override(preset("first-look").settings, [("solver.kind", "wc")]), "Clipped")
    window.actions_["paint"].trigger()
    assert "LP or GP" in window.banner.label.text()
