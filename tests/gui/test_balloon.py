"""The balloon of the tour: beside what it points to, within the window, for mouse and keyboard."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QWidget

from wganstudio.gui.tour.balloon import Balloon, Highlight

WINDOW = QRect(0, 0, 1000, 700)
TARGETS = [
    QRect(10, 10, 60, 30),
    QRect(0, 60, 280, 640),
    QRect(300, 60, 690, 630),
    QRect(880, 600, 100, 90),
    QRect(300, 650, 300, 40),
    WINDOW,
    None,
]


@pytest.fixture
def balloon(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.setGeometry(WINDOW)
    window.show()
    balloon = Balloon(window)
    balloon.tell("Title", "A text of some length, which needs more than one line of the balloon. " * 2, 2, 6)
    yield balloon


@pytest.mark.parametrize("target", TARGETS)
def test_it_stays_within_the_window_and_beside_its_target(balloon, target):
    balloon.place_beside(target, WINDOW)
    assert WINDOW.contains(balloon.geometry())
    if target is not None and target.width() < 600:
        assert not balloon.geometry().intersects(target)


def test_its_text_is_plain_and_whole(balloon):
    assert balloon.text.textFormat() == Qt.TextFormat.PlainText
    assert balloon.text.height() >= balloon.text.heightForWidth(balloon.text.width())
    assert balloon.accessibleName() == "Tour, step 2 of 6: Title"


def test_keys_and_buttons(balloon, qtbot):
    balloon.place_beside(None, WINDOW)
    for key, signal in (
        (Qt.Key.Key_Right, balloon.forward),
        (Qt.Key.Key_Left, balloon.back),
        (Qt.Key.Key_Escape, balloon.skipped),
    ):
        with qtbot.waitSignal(signal):
            qtbot.keyClick(balloon, key)
    for button, signal in (
        (balloon.next_button, balloon.forward),
        (balloon.back_button, balloon.back),
        (balloon.skip_button, balloon.skipped),
    ):
        with qtbot.waitSignal(signal):
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    balloon.tell("Last", "Text.", 6, 6)
    assert balloon.next_button.text() == "Finish" and not balloon.skip_button.isVisible()
    balloon.tell("First", "Text.", 1, 6)
    assert not balloon.back_button.isEnabled()


def test_the_highlight_lets_the_mouse_through(balloon, qtbot):
    highlight = Highlight(balloon.parentWidget())
    highlight.surround(QRect(100, 100, 200, 100))
    assert highlight.isVisible()
    assert balloon.parentWidget().childAt(QPoint(200, 150)) is None
    assert not highlight.mask().contains(QPoint(100, 50)), "only the frame is drawn"
