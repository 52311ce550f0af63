"""RunLabeler and its dialog, against a session."""

import pytest

from fake_training import FakeTraining
from wganstudio.gui.controllers.run_labeler import RunLabeler
from wganstudio.gui.controllers.undo import Undo
from wganstudio.gui.dialogs.labels import LabelsDialog
from wganstudio.session import RunLabels, RunRecord


class Selection:
    def __init__(self):
        self.records = ()


@pytest.fixture
def selection():
    return Selection()


@pytest.fixture
def labeler(session, selection, form, notifier):
    return RunLabeler(session, selection, Undo(session, form, FakeTraining(), notifier), notifier, None)


def test_labels_of_several_runs_change_and_the_window_hears_of_it_once(labeler, session, experiment, qtbot):
    runs = [session.add_run(experiment) for _ in range(3)]
    changes = []
    session.changed.connect(lambda: changes.append(1))
    labeler.change(runs[:2], {"starred": True})
    assert [record.labels.starred for record in session.records()] == [True, True, False]
    assert changes == [1] and session.modified


def test_selected_runs_are_starred_until_all_are(labeler, session, selection, experiment):
    runs = [session.add_run(experiment) for _ in range(2)]
    labeler.change(runs[:1], {"starred": True})
    selection.records = tuple(session.records())
    labeler.star()
    assert all(record.labels.starred for record in session.records())
    labeler.star()
    assert not any(record.labels.starred for record in session.records())


def test_labels_that_are_not_allowed_get_one_sentence_and_stay(labeler, session, experiment, notifier, qtbot):
    run = session.add_run(experiment)
    with qtbot.waitSignal(labeler.refused):
        labeler.change([run], {"tags": ("x" * 101,)})
    assert session.record(run).labels == RunLabels() and len(notifier.errors) == 1


def test_the_dialog_edits_tags_and_note_of_one_run(qtbot, experiment):
    record = RunRecord(1, experiment, "one", RunLabels(tags=("a",), note="n"))
    dialog = LabelsDialog(None, [record])
    qtbot.addWidget(dialog)
    assert dialog.tags.text() == "a" and dialog.note.toPlainText() == "n" and dialog.changes() == {}
    dialog.tags.setText("b, a")
    dialog.note.setPlainText("two\nlines")
    assert dialog.changes() == {1: {"tags": ("b", "a"), "note": "two\nlines"}}


def test_the_dialog_edits_the_tags_that_several_runs_share(qtbot, experiment):
    records = [RunRecord(n, experiment, labels=RunLabels(tags=("a", f"own {n}"))) for n in (1, 2)]
    dialog = LabelsDialog(None, records)
    qtbot.addWidget(dialog)
    assert dialog.tags.text() == "a"
    dialog.tags.setText("b")
    assert dialog.changes() == {1: {"tags": ("b", "own 1")}, 2: {"tags": ("b", "own 2")}}
