"""The banner shows the newest message, and loses none that waits for an answer."""

from typing import Any

import pytest
from PySide6.QtCore import Qt

from wganstudio.gui.widgets.banner import MAX_KEPT, Banner


@pytest.fixture
def banner(qtbot: Any) -> Banner:
    banner = Banner()
    qtbot.addWidget(banner)
    return banner


class Answers:
    """Keeps what was pressed."""

    def __init__(self) -> None:
        self.given: list[str] = []

    def recover(self) -> None:
        self.given.append("recover")


def test_an_error_does_not_remove_an_offer(banner: Banner, qtbot: Any) -> None:
    answers = Answers()
    banner.show_message("A session can be recovered.", offers=[("Recover", answers.recover)])
    banner.show_message("It failed.", "why", error=True)
    banner.show_message("It failed again.", error=True)
    assert banner.label.text() == "It failed again." and banner.offer_buttons == []
    qtbot.mouseClick(banner.close_button, Qt.MouseButton.LeftButton)
    assert banner.label.text() == "A session can be recovered." and banner.look == "note"
    qtbot.mouseClick(banner.offer_buttons[0], Qt.MouseButton.LeftButton)
    assert answers.given == ["recover"] and banner.isHidden()


def test_the_same_message_is_kept_once(banner: Banner) -> None:
    for text in ("a", "b", "a", "a"):
        banner.show_message(text)
    banner.dismiss()
    assert banner.label.text() == "b"
    banner.dismiss()
    assert banner.isHidden()


def test_few_messages_are_kept(banner: Banner) -> None:
    for number in range(20):
        banner.show_message(str(number))
    shown = 0
    while not banner.isHidden():
        banner.dismiss()
        shown += 1
    assert shown == MAX_KEPT + 1


def test_a_message_is_taken_back_wherever_it_stands(banner: Banner) -> None:
    for text in ("a", "b", "c"):
        banner.show_message(text)
    banner.withdraw("b")
    banner.withdraw("never shown")
    assert banner.label.text() == "c"
    banner.withdraw("c")
    assert banner.label.text() == "a"


def test_a_message_goes_when_its_cause_goes(qtbot):
    banner = Banner()
    qtbot.addWidget(banner)
    banner.show_message("Save it.", cause="saving")
    banner.show_message("Two settings are wrong.", error=True, cause="form")
    banner.resolve("other")
    assert banner.label.text() == "Two settings are wrong."
    banner.resolve("form")
    assert banner.label.text() == "Save it." and not banner.isHidden()
    banner.show_message("It failed.", error=True)
    banner.resolve("saving")
    assert banner.label.text() == "It failed."
    banner.dismiss()
    assert banner.isHidden()
