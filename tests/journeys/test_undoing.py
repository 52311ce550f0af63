"""Edits and deletions are taken back, also after the session was closed."""

import os

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton

CONTROL = Qt.KeyboardModifier.ControlModifier


def click(qtbot, button):
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_undoes_and_redoes_edits_of_the_form(user, qtbot):
    window = user.window
    form, edit = window.form, window.actions_["undo"]
    assert not edit.isEnabled() and edit.text() == "&Undo"
    start = form.state()
    user.types("solver.penalty", "33")
    user.types("training.batch", "64")
    assert edit.text() == "&Undo change of Batch size" or edit.text().startswith("&Undo change of ")
    form.presets.setCurrentIndex(form.presets.findData("five-points"))
    form.presets.activated.emit(form.presets.currentIndex())
    end = form.state()
    assert edit.text().startswith("&Undo choice of preset “")
    for _ in range(3):
        edit.trigger()
    assert form.state() == start and not edit.isEnabled() and not window.session.modified
    assert window.focusWidget() is form.groups["solver"].rows["penalty"].editor.inner
    for _ in range(3):
        window.actions_["redo"].trigger()
    assert form.state() == end and not window.actions_["redo"].isEnabled()
    window.actions_["history"].trigger()
    assert window.docks["history"].isVisible()
    window.history.setCurrentIndex(window.history.model().index(1, 0))
    assert form.experiment().solver.penalty == 33 and window.undo.stack.index() == 1


def test_undoes_a_deletion(user, qtbot, quick):
    window = user.window
    first, second = user.runs(quick), user.runs(quick)
    window.undo.rename(second.run, "A & B")
    runs = window.runs.view
    with qtbot.waitActive(window):
        window.activateWindow()
    runs.setFocus()
    qtbot.keyClick(runs, Qt.Key.Key_Delete)
    assert window.session.records() == [first] and window.session.trash() == [second]
    assert window.run_selection.record is first
    assert window.actions_["undo"].text() == "&Undo deletion of “A && B”"
    qtbot.keyClick(runs, Qt.Key.Key_Z, CONTROL)
    assert window.session.records() == [first, second] and window.run_selection.record is second
    assert window.area.views["landscape"].record is second
    qtbot.keyClick(runs, Qt.Key.Key_A, CONTROL)
    qtbot.keyClick(runs, Qt.Key.Key_Delete)
    assert window.session.records() == [] and window.area.views["landscape"].record is None
    window.actions_["undo"].trigger()
    assert window.actions_["undo"].text() == f"&Undo renaming of “{first.name}”"
    assert window.runs.texts() == [first.name, "A & B"]


def test_the_delete_key_in_an_editor_deletes_text(user, qtbot, quick):
    window = user.window
    user.runs(quick)
    window.actions_["rename"].trigger()
    line = window.runs.view.findChild(type(window.form.name))
    line.selectAll()
    qtbot.keyClick(line, Qt.Key.Key_Delete)
    user.types("training.seed", "5")
    assert len(window.session.records()) == 1


def test_the_run_under_way_is_not_deleted(user, qtbot, long):
    window = user.window
    user.fills_in(long)
    user.clicks("run")
    user.waits_until(lambda: user.record.step > 0)
    window.actions_["delete"].trigger()
    assert window.session.records() and "still training" in window.banner.label.text()
    user.clicks("stop")
    user.waits_for("stopped")
    window.actions_["delete"].trigger()
    assert window.session.records() == []


def test_restores_a_run_from_the_trash_after_reopening(user, another_window, chosen, qtbot, quick, tmp_path):
    window, path = user.window, tmp_path / "a.wgs"
    first, second = user.runs(quick), user.runs(quick)
    user.waits_until(lambda: window.status.text() == "ready")
    window.undo.delete([first.run, second.run])
    chosen(path)
    window.actions_["save"].trigger()
    assert window.close()

    again = another_window()
    again.actions_["open"].trigger()
    assert again.session.records() == [] and not again.actions_["undo"].isEnabled()
    again.actions_["trash"].trigger()
    dialog = again.trash.dialog
    assert dialog.tree.topLevelItemCount() == 2
    dialog.tree.topLevelItem(0).setSelected(True)
    click(qtbot, dialog.restore)
    (record,) = again.session.records()
    assert record.ended == first.ended and again.run_selection.record is record
    full = os.path.getsize(path)

    asked = []

    def confirm():
        box = QApplication.activeModalWidget()
        if box is None or box is dialog:
            return False
        asked.append((box.text(), box.informativeText()))
        (button,) = (one for one in box.findChildren(QPushButton) if one.text() == "Delete for good")
        click(qtbot, button)
        return True

    user.later(confirm)
    click(qtbot, dialog.empty)
    user.waits_until(lambda: not again.trash.busy, lambda: len(again.session.trash()))
    ((text, detail),) = asked
    assert text == f"Delete “{second.name}” for good?" and "MB and cannot be undone" in detail
    dialog.reject()
    again.actions_["save"].trigger()
    assert os.path.getsize(path) < 0.7 * full and not again.session.modified
