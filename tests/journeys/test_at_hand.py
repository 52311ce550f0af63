"""Finding an action, reading the help of a view, correcting the form, and working by keyboard alone."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QToolButton

from wganstudio.gui.widgets.docks import in_sight


@pytest.fixture
def keyboard(user, qtbot):
    """A user whose window is active."""
    user.window.activateWindow()
    qtbot.waitUntil(user.window.isActiveWindow)
    return user


def test_a_user_finds_an_action_by_the_palette(keyboard, qtbot):
    window = keyboard.window
    control_shift = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(window, Qt.Key.Key_P, control_shift)
    qtbot.waitUntil(lambda: window.palette_.dialog is not None)
    dialog = window.palette_.dialog
    qtbot.keyClicks(dialog.line, "dark")
    assert dialog.list.currentItem().text(0) == "Dark"
    qtbot.keyClick(dialog.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.theme.dark)
    window.actions_["light"].trigger()

    qtbot.keyClick(window, Qt.Key.Key_P, control_shift)
    qtbot.waitUntil(lambda: window.palette_.dialog is not None)
    dialog = window.palette_.dialog
    assert dialog.list.topLevelItem(0).text(0) == "Dark", "what was used last comes first"
    qtbot.keyClicks(dialog.line, "two moons eight")
    qtbot.keyClick(dialog.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.form.presets.currentData() == "classics")


def test_a_user_reads_the_help_of_a_view(user, qtbot):
    window = user.window
    dock = window.area.docks["costs"]
    button = dock.titleBarWidget().findChild(QToolButton, "help-button")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    dialog = window.dialogs.help
    qtbot.waitUntil(lambda: dialog.isVisible() and dialog.text.verticalScrollBar().value() > 0)
    top = dialog.text.cursorForPosition(dialog.text.viewport().rect().topLeft()).block()
    lines = [top.text(), top.next().text(), top.next().next().text()]
    assert "Costs" in lines
    qtbot.keyClicks(dialog.line, "standard error")
    assert dialog.contents.topLevelItemCount() > 0
    dialog.close()


def test_a_message_about_the_form_goes_once_the_field_is_correct(user):
    window = user.window
    user.types("critic.width", "-3")
    user.clicks("run")
    assert "cannot run yet" in window.banner.label.text() and window.banner.isVisible()
    user.types("critic.width", "32")
    user.waits_until(lambda: not window.banner.isVisible())


def test_a_user_works_by_keyboard_alone(keyboard, qtbot, quick):
    window = keyboard.window
    keyboard.fills_in(quick)
    keyboard.waits_until_warm()
    toolbar = [pane for pane in window.panes.panes() if pane is window.toolbar]
    for _ in range(len(window.panes.panes())):
        qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_F6)
        if window.panes.current in toolbar:
            break
    focus = QApplication.focusWidget()
    assert isinstance(focus, QToolButton) and focus.objectName() == "button-run"
    qtbot.keyClick(focus, Qt.Key.Key_Space)
    keyboard.waits_for("ended")
    for _ in range(len(window.panes.panes())):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_F6)
        if window.panes.current is window.area.docks["landscape"]:
            break
    view = window.area.views["landscape"]
    assert in_sight(view) and view.isAncestorOf(QApplication.focusWidget())
    focused = set()
    for _ in range(60):
        widget = QApplication.focusWidget()
        focused.add(widget)
        qtbot.keyClick(widget, Qt.Key.Key_Tab)
    assert view.canvas in focused and view.samples in focused
    view.samples.setFocus()
    before = view.samples.isChecked()
    qtbot.keyClick(view.samples, Qt.Key.Key_Space)
    assert view.samples.isChecked() is not before
