"""The trash of the window: runs are listed, restored, and deleted for good in parts."""

from datetime import UTC, datetime

import pytest
from PySide6.QtWidgets import QDialogButtonBox

from fake_training import FakeTraining
from session_model import event, started
from wganstudio.gui.controllers import trash as trash_module
from wganstudio.gui.controllers.trash import Trash
from wganstudio.gui.controllers.undo import Undo
from wganstudio.gui.dialogs.trash import EMPTY, READ_ONLY
from wganstudio.session import Document, RunLabels, SessionError


@pytest.fixture
def undo(session, form, notifier):
    return Undo(session, form, FakeTraining(), notifier)


@pytest.fixture
def trash(qtbot, session, undo, notifier, parent):
    trash = Trash(session, undo, notifier, parent)
    yield trash
    trash.close()


@pytest.fixture
def asked(monkeypatch):
    """The questions, which are answered by Yes."""
    questions = []
    monkeypatch.setattr(trash_module, "ask_to_delete", lambda _, *texts: questions.append(texts) or True)
    return questions


def add_runs(session, experiment, count, steps=40):
    runs = [session.add_run(experiment) for _ in range(count)]
    for run in runs:
        session.append(run, started())
        for step in range(1, steps + 1):
            session.append(run, event("critic", step))
        session.append(run, event("ended", steps))
    return runs


def rows(dialog):
    items = (dialog.tree.topLevelItem(row) for row in range(dialog.tree.topLevelItemCount()))
    return [[item.text(column) for column in range(4)] for item in items]


def test_the_trash_lists_deleted_runs_and_restores_them(trash, undo, session, experiment):
    trash.show()
    dialog = trash.dialog
    assert dialog.sentence.text() == EMPTY and not dialog.empty.isEnabled()
    first, second = add_runs(session, experiment, 2)
    undo.rename(first, "<b>A & B</b>")
    undo.delete([first])
    session.set_labels(second, RunLabels(trashed=True))
    (name, steps, deleted, size), (_, _, unknown, _) = rows(dialog)
    assert (name, steps, size, unknown) == ("<b>A & B</b>", "40", "1 MB", "unknown")
    assert str(datetime.now(UTC).astimezone().year)[2:] in deleted
    assert not dialog.restore.isEnabled() and dialog.empty.isEnabled()
    dialog.tree.topLevelItem(0).setSelected(True)
    dialog.restore.click()
    assert [record.run for record in session.records()] == [first] and len(rows(dialog)) == 1
    undo.undo()
    assert len(rows(dialog)) == 2


def test_runs_are_deleted_for_good_one_after_the_other(
    qtbot, trash, undo, session, experiment, asked, monkeypatch, notifier
):
    monkeypatch.setattr(trash_module, "PART_BYTES", 1_000)
    runs = add_runs(session, experiment, 3)
    undo.delete(runs[:2])
    trash.show()
    dialog = trash.dialog
    dialog.empty.click()
    assert asked == [("2 runs", "1 MB")] and trash.busy
    parts = []
    trash._timer.timeout.connect(lambda: parts.append(dialog.progress.format()))
    qtbot.waitUntil(lambda: not trash.busy)
    assert len(parts) > 4 and set(parts) >= {"Deleting 1 of 2 runs", "Deleting 2 of 2 runs"}
    assert session.trash() == [] and [record.run for record in session.records()] == runs[2:]
    assert dialog.progress.isHidden() and dialog.sentence.text() == EMPTY
    assert not undo.stack.canUndo() and session.modified
    assert notifier.logs[-1] == "Deleting 2 runs for good (1 MB)."


def test_a_deletion_for_good_is_canceled_after_the_present_run(
    qtbot, trash, undo, session, experiment, asked, monkeypatch
):
    monkeypatch.setattr(trash_module, "PART_BYTES", 1_000)
    runs = add_runs(session, experiment, 3)
    undo.delete(runs)
    trash.show()
    dialog = trash.dialog
    dialog.empty.click()
    qtbot.waitUntil(lambda: dialog.buttons.button(QDialogButtonBox.StandardButton.Cancel) is not None)
    assert not dialog.restore.isEnabled() and not dialog.tree.isEnabled()
    dialog.reject()
    assert dialog.isVisible()
    qtbot.waitUntil(lambda: not trash.busy)
    assert [record.run for record in session.trash()] == runs[1:] and len(rows(dialog)) == 2
    dialog.reject()
    assert trash.dialog is None


def test_nothing_is_deleted_for_good_without_a_yes(trash, undo, session, experiment, monkeypatch):
    monkeypatch.setattr(trash_module, "ask_to_delete", lambda *_: False)
    undo.delete(add_runs(session, experiment, 1))
    trash.show()
    trash.dialog.empty.click()
    trash.dialog.tree.topLevelItem(0).setSelected(True)
    trash.dialog.delete.click()
    assert len(session.trash()) == 1 and not trash.busy


def test_a_deletion_for_good_that_fails_is_said(
    qtbot, trash, undo, session, experiment, asked, monkeypatch, notifier
):
    undo.delete(add_runs(session, experiment, 1))

    def fail(run, most):
        raise SessionError("The disk is full.")

    monkeypatch.setattr(session, "delete_part", fail)
    trash.show()
    trash.dialog.empty.click()
    qtbot.waitUntil(lambda: not trash.busy)
    assert notifier.errors == ["The disk is full."] and len(rows(trash.dialog)) == 1


def test_the_trash_of_a_read_only_session_is_only_shown(trash, session, experiment, tmp_path):
    path = tmp_path / "a.wgs"
    writer = Document.create(path, "test")
    writer.set_labels(writer.add_run(experiment), RunLabels(trashed=True))
    session.open(path)
    trash.show()
    dialog = trash.dialog
    dialog.tree.topLevelItem(0).setSelected(True)
    assert session.following and len(rows(dialog)) == 1 and dialog.sentence.text() == READ_ONLY
    assert not any(button.isEnabled() for button in (dialog.restore, dialog.delete, dialog.empty))
    writer.close()


def test_another_session_closes_the_trash(trash, undo, session, experiment):
    undo.delete(add_runs(session, experiment, 1))
    trash.show()
    session.new()
    assert trash.dialog is None
