"""Ctrl+Z where text is edited: the editor's own while it has typing to undo, otherwise the window's."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLineEdit, QMainWindow, QPlainTextEdit

from wganstudio.gui.actions import Action, ActionInfo
from wganstudio.gui.controllers.editor_undo import EditorUndo
from wganstudio.gui.controllers.run_controller import RunController
from wganstudio.gui.controllers.undo import Undo
from wganstudio.gui.form.form import ExperimentForm
from wganstudio.gui.settings import Settings
from wganstudio.gui.widgets.runs.table import RunTable

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class Window(QMainWindow):
    """A form, a filter, notes and a list of runs, with the actions of the Edit menu."""

    def __init__(self, session, notifier, fake_process):
        super().__init__()
        self.form, self.filter, self.notes, self.runs = (
            ExperimentForm(),
            QLineEdit(),
            QPlainTextEdit(),
            RunTable(Settings()),
        )
        self.setCentralWidget(self.form)
        self.toolbar = self.addToolBar("Editors")
        for widget in (self.filter, self.notes, self.runs):
            self.toolbar.addWidget(widget)
        self.undo = Undo(session, self.form, RunController(session, fake_process), notifier)
        EditorUndo(self.undo, self.form, self)
        for name, keys, callback in (
            ("undo", "Ctrl+Z", self.undo.undo),
            ("redo", "Ctrl+Shift+Z; Ctrl+Y", self.undo.redo),
        ):
            self.addAction(Action(ActionInfo(name, name, callback, shortcut=keys), self))
        self.resize(900, 700)

    def line(self, path):
        group, _, field = path.partition(".")
        return self.form.groups[group].rows[field].editor.inner


@pytest.fixture
def window(qtbot, session, notifier, fake_process):
    window = Window(session, notifier, fake_process)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    return window


@pytest.fixture
def keys(qtbot):
    """Types into a widget: text, or one of the keys of the Edit menu."""

    def press(widget, text):
        widget.setFocus()
        match text:
            case "undo":
                qtbot.keyClick(widget, Qt.Key.Key_Z, CONTROL)
            case "redo":
                qtbot.keyClick(widget, Qt.Key.Key_Z, CONTROL | SHIFT)
            case "redo as on Windows":
                qtbot.keyClick(widget, Qt.Key.Key_Y, CONTROL)
            case _:
                widget.selectAll()
                qtbot.keyClicks(widget, text)

    return press


def test_typing_in_the_form_is_undone_by_the_line_and_then_by_the_window(window, keys):
    seed, batch = window.line("training.seed"), window.line("training.batch")
    start = window.form.state()
    keys(seed, "12")
    keys(batch, "345")
    assert window.undo.stack.count() == 2
    keys(batch, "undo")
    assert window.form.state().groups["training"]["batch"] == start.groups["training"]["batch"]
    assert window.undo.stack.count() == 1, "the line has taken the command back"
    keys(batch, "redo as on Windows")
    assert batch.text() == "345" and window.undo.stack.count() == 2
    keys(batch, "undo")
    keys(batch, "undo")
    assert window.form.state() == start, "the line had nothing left: the window has undone the other one"
    assert seed.hasFocus()
    keys(seed, "redo")
    assert seed.text() == "12"


def test_a_line_forgets_its_typing_when_another_widget_gets_the_focus(window, keys):
    seed = window.line("training.seed")
    start = seed.text()
    keys(seed, "12")
    keys(window.filter, "x")
    keys(seed, "34")
    assert window.undo.stack.count() == 2
    for text in ("12", start, start):
        keys(seed, "undo")
        assert seed.text() == text
    assert not window.undo.stack.canUndo()


def test_a_command_ends_the_typing(window, keys, session, experiment):
    run = session.add_run(experiment)
    seed = window.line("training.seed")
    start = seed.text()
    keys(seed, "12")
    window.undo.delete([run])
    assert not seed.isUndoAvailable()
    keys(seed, "undo")
    assert len(session.records()) == 1 and seed.text() == "12"
    keys(seed, "undo")
    assert seed.text() == start


@pytest.mark.parametrize("name", ["filter", "notes"])
def test_other_editors_undo_their_own_text_first(window, keys, session, experiment, name):
    editor = getattr(window, name)
    run = session.add_run(experiment)
    window.undo.rename(run, "Mine")
    keys(editor, "abc")
    keys(editor, "undo")
    assert session.record(run).name == "Mine"
    assert not (editor.text() if name == "filter" else editor.toPlainText())
    keys(editor, "undo")
    assert session.record(run).name != "Mine"
    keys(editor, "redo")
    assert (editor.text() if name == "filter" else editor.toPlainText()) == "abc"
    assert session.record(run).name != "Mine"


def test_the_editor_of_a_cell_and_a_dialog_keep_the_keys(window, qtbot, keys, session, experiment):
    run = session.add_run(experiment)
    window.undo.rename(run, "Mine")
    window.runs.show_records(session.records())
    window.runs.edit_name()
    cell = window.runs.view.findChild(QLineEdit)
    cell.setFocus()
    qtbot.keyClick(cell, Qt.Key.Key_Z, CONTROL)
    assert session.record(run).name == "Mine"
    qtbot.keyClick(cell, Qt.Key.Key_Escape)
    dialog = QDialog(window)
    line = QLineEdit(dialog)
    with qtbot.waitActive(dialog):
        dialog.open()
    keys(line, "undo")
    assert session.record(run).name == "Mine"
    dialog.close()
    dialog.deleteLater()


def test_the_list_of_runs_undoes_by_the_window(window, qtbot, session, experiment):
    run = session.add_run(experiment)
    window.undo.delete([run])
    window.runs.view.setFocus()
    qtbot.keyClick(window.runs.view, Qt.Key.Key_Z, CONTROL)
    assert session.records()


def test_rows_that_are_gone_are_let_go(window, qtbot, keys):
    group = window.form.groups["solver"]
    keys(window.line("solver.penalty"), "3")
    group.kind.setCurrentIndex(group.kind.findData("wc"))
    group.kind.activated.emit(group.kind.currentIndex())
    qtbot.wait(10)
    keys(window.line("training.seed"), "5")
    assert window.undo.stack.count() == 3
