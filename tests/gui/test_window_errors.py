"""Errors of slots, threads, destructors and Qt are shown and logged, and the window keeps running."""

import logging
import sys
import threading
from typing import Any

import pytest
from PySide6.QtCore import QObject, QThread, QTimer, Slot, qCritical, qWarning
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from wganstudio.diagnostics.log_file import current, recording
from wganstudio.gui.actions import Action, ActionInfo
from wganstudio.gui.notifier import LogHandler, Notifier
from wganstudio.gui.widgets.banner import Banner
from wganstudio.gui.widgets.log import LogPanel
from wganstudio.gui.window_errors import WindowErrors
from wganstudio.session.document import SessionError


class Surface:
    """Banner and log, as the window has them."""

    def __init__(self, qtbot: Any) -> None:
        self.banner, self.panel, self.log_handler = Banner(), LogPanel(), LogHandler()
        for widget in (self.banner, self.panel):
            qtbot.addWidget(widget)
        self.log_handler.record_logged.connect(self.panel.add)
        self.notifier = Notifier(self.banner)
        self.errors = WindowErrors()

    @property
    def shown(self) -> str:
        return "" if self.banner.isHidden() else self.banner.label.text()

    @property
    def messages(self) -> list[str]:
        return [entry.message for entry in self.panel.entries]


@pytest.fixture
def surface(qtbot: Any) -> Any:
    surface = Surface(qtbot)
    with recording("window"):
        surface.log_handler.install()
        surface.errors.install()
        surface.errors.show_in(surface.notifier)
        yield surface
        surface.errors.remove()
        surface.log_handler.remove()


def fail(*_: object) -> None:
    raise ValueError("deep inside")


def check_shown(qtbot: Any, surface: Surface, sentence: str, count: int = 1) -> None:
    qtbot.waitUntil(lambda: sentence in surface.shown)
    assert "deep inside" in surface.banner.details.toPlainText()
    assert len(surface.messages) == count and sentence in surface.messages[0]
    assert "deep inside" in surface.panel.entries[0].detail
    log = current()
    assert log is not None
    text = log.path.read_text(encoding="utf-8")
    assert sentence in text and "ValueError: deep inside" in text


def test_a_slot_that_raises_is_shown_and_the_next_one_works(qtbot: Any, surface: Surface) -> None:
    parent = QObject()
    action = Action(ActionInfo(name="break", text="Break", callback=fail), parent)
    done: list[int] = []
    other = Action(ActionInfo(name="work", text="Work", callback=lambda: done.append(1)), parent)
    action.trigger()
    other.trigger()
    check_shown(qtbot, surface, "An action ended with an internal error (ValueError)")
    assert done == [1]
    assert [button.text() for button in surface.banner.offer_buttons] == ["Copy report\u2026"]


def test_an_error_for_the_user_is_shown_as_it_is(qtbot: Any, surface: Surface) -> None:
    def refuse() -> None:
        raise SessionError("There is no place for a session; make room.")

    Action(ActionInfo(name="break", text="Break", callback=refuse), surface.errors).trigger()
    qtbot.waitUntil(lambda: surface.shown == "There is no place for a session; make room.")


class Worker(QObject):
    """Fails on its thread."""

    @Slot()
    def run(self) -> None:
        try:
            fail()
        finally:
            QThread.currentThread().quit()


def test_threads_are_heard(qtbot: Any, surface: Surface) -> None:
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    check_shown(qtbot, surface, "A background task ended with an internal error (ValueError)")


def test_threads_of_qt_are_heard(qtbot: Any, surface: Surface) -> None:
    thread, worker = QThread(), Worker()
    worker.moveToThread(thread)
    thread.started.connect(worker.run)
    thread.start()
    qtbot.waitUntil(thread.isFinished)
    check_shown(qtbot, surface, "ended with an internal error (ValueError)")


def test_destructors_are_heard(qtbot: Any, surface: Surface) -> None:
    class Thing:
        __del__ = fail

    thing = Thing()
    del thing
    check_shown(qtbot, surface, "Cleaning up ended with an internal error (ValueError)")


class Painting(QWidget):
    """Cannot be painted."""

    def paintEvent(self, event: QPaintEvent) -> None:
        fail()


def test_painting_is_heard(qtbot: Any, surface: Surface) -> None:
    widget = Painting()
    qtbot.addWidget(widget)
    widget.show()
    check_shown(qtbot, surface, "An action ended with an internal error (ValueError)")


def test_an_error_that_repeats_is_counted(qtbot: Any, surface: Surface) -> None:
    timer, ticks = QTimer(surface.errors), []

    def tick() -> None:
        ticks.append(1)
        if len(ticks) == 350:
            timer.stop()
        fail()

    timer.timeout.connect(tick)
    timer.start(0)
    qtbot.waitUntil(lambda: len(ticks) == 350)
    qtbot.waitUntil(lambda: "This has happened 100 times." in surface.shown)
    assert len(surface.messages) == 3, "the 1st, the 10th and the 100th"


def test_errors_of_qt_are_shown_and_its_warnings_logged(qtbot: Any, surface: Surface) -> None:
    for _ in range(5):
        qWarning("a wrong size")
    assert surface.messages == ["Qt: a wrong size"] and surface.shown == ""
    assert surface.panel.entries[0].level == logging.WARNING
    qCritical("a broken font")
    qtbot.waitUntil(lambda: surface.shown == "Qt reports an error: a broken font")


def test_ctrl_c_is_no_error(qapp: Any, surface: Surface, capfd: pytest.CaptureFixture[str]) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    Action(ActionInfo(name="break", text="Break", callback=interrupt), surface.errors).trigger()
    qapp.processEvents()
    assert surface.messages == [] and surface.shown == ""
    assert "KeyboardInterrupt" in capfd.readouterr().err


def test_an_error_while_an_error_is_logged_ends(
    qtbot: Any, surface: Surface, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "__stderr__", sys.stderr)
    surface.log_handler.record_logged.connect(fail)
    fail_once = Action(ActionInfo(name="break", text="Break", callback=fail), surface.errors)
    fail_once.trigger()
    qtbot.waitUntil(lambda: "internal error" in surface.shown)
    assert "deep inside" in capsys.readouterr().err


def test_errors_before_the_window_are_shown_in_it(qtbot: Any, qapp: Any) -> None:
    banner, errors = Banner(), WindowErrors()
    qtbot.addWidget(banner)
    notifier = Notifier(banner)
    errors.install()
    sys.excepthook(ValueError, ValueError("early"), None)
    errors.show_in(notifier)
    errors.remove()
    qtbot.waitUntil(lambda: "internal error (ValueError)" in banner.label.text())
