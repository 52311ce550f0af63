"""Undo and redo of what is done to the form and to the runs, command by command."""

import gc

import pytest

from fake_training import FakeTraining
from wganstudio.experiment import preset, presets
from wganstudio.gui.controllers.undo import Undo
from wganstudio.session import RunLabels, SessionError
from wganstudio.training.events import Metrics


@pytest.fixture
def controller():
    return FakeTraining()


@pytest.fixture
def undo(session, form, controller, notifier):
    return Undo(session, form, controller, notifier)


def types(form, path, *texts):
    """Type texts into a line of the form, one after the other."""
    group, _, field = path.partition(".")
    line = form.name if group == "about" else form.groups[group].rows[field].editor.inner
    for text in texts:
        line.setText(text)
        line.textEdited.emit(text)


def choose_kind(form, group, kind):
    combo = form.groups[group].kind
    combo.setCurrentIndex(combo.findData(kind))
    combo.activated.emit(combo.currentIndex())


def choose_preset(form, name):
    form.presets.setCurrentIndex(form.presets.findData(name))
    form.presets.activated.emit(form.presets.currentIndex())


def texts(undo):
    return [undo.stack.command(number).actionText() for number in range(undo.stack.count())]


def test_typing_into_one_field_is_one_command(form, undo):
    before = form.state()
    types(form, "solver.penalty", "3", "3.", "3.5")
    gc.collect()
    assert texts(undo) == ["change of Penalty λ"] or texts(undo) == ["change of Penalty lambda"]
    after = form.state()
    undo.undo()
    assert form.state() == before and not form.modified
    undo.redo()
    assert form.state() == after and form.experiment().solver.penalty == 3.5


def test_typing_goes_on_in_a_command_of_its_own_after_a_pause_elsewhere(form, undo):
    types(form, "solver.penalty", "3")
    undo.end_typing()
    types(form, "solver.penalty", "37")
    types(form, "training.seed", "8")
    types(form, "about.name", "Mine")
    assert len(texts(undo)) == 4 and texts(undo)[-1] == "change of the run name"
    undo.undo()
    assert form.name.text() != "Mine"
    undo.undo()
    undo.undo()
    assert form.experiment().solver.penalty == 3


def test_typing_that_ends_where_it_began_is_no_command(form, undo):
    line = form.groups["training"].rows["seed"].editor.inner
    types(form, "training.seed", "5", line.text())
    assert texts(undo) == [] and not undo.stack.canUndo()


def test_a_text_comes_back_as_it_was_typed(form, undo):
    types(form, "solver.learning_rate", "1.0e-03")
    undo.end_typing()
    types(form, "solver.learning_rate", "wrong")
    undo.undo()
    assert form.groups["solver"].rows["learning_rate"].editor.inner.text() == "1.0e-03"


def test_kinds_presets_and_resets_are_commands(form, undo):
    states = [form.state()]
    for act in (
        lambda: types(form, "solver.penalty", "7"),
        lambda: choose_kind(form, "solver", "wc"),
        lambda: choose_preset(form, "five-points"),
        lambda: types(form, "training.seed", "4"),
        form.reset,
    ):
        act()
        states.append(form.state())
    title = presets()["five-points"].about.name
    assert texts(undo)[1].startswith("choice of solver “")
    assert texts(undo)[2].startswith(f"choice of preset “{title[:20]}")
    assert texts(undo)[-1] == "reset of all settings"
    for state in states[-2::-1]:
        undo.undo()
        assert form.state() == state
    assert not undo.stack.canUndo()
    for state in states[1:]:
        undo.redo()
        assert form.state() == state
    assert form.presets.currentData() == "five-points" and not form.modified


def test_the_loaded_kind_returns_with_its_loaded_settings(form, undo):
    form.load(preset("first-look").settings | {"solver": {"kind": "gp", "penalty": 123.0}})
    choose_kind(form, "solver", "wc")
    assert form.modified
    choose_kind(form, "solver", "gp")
    assert form.experiment().solver.penalty == 123.0 and not form.modified


def test_what_a_program_fills_in_is_one_command_with_a_name(form, undo):
    before = form.state()
    with form.named_change("painting of σ"):
        form.groups["sigma"].fill({"kind": "image", "file": "a.png"})
        form.groups["training"].fill({"seed": 3})
    assert texts(undo) == ["painting of σ"]
    undo.undo()
    assert form.state() == before


def test_undoing_shows_the_place(qtbot, form, undo):
    form.resize(360, 300)
    with qtbot.waitExposed(form):
        form.show()
    types(form, "evaluation.interval", "7")
    form.groups["evaluation"].set_folded(True)
    form.scroll_area.verticalScrollBar().setValue(0)
    with qtbot.waitSignal(undo.form_wanted):
        undo.undo()
    row = form.groups["evaluation"].rows["interval"]
    assert not form.groups["evaluation"].folded and row.isVisible()
    assert row.visibleRegion().boundingRect().height() == row.height()
    choose_preset(form, "five-points")
    form.scroll_area.setFocus()
    undo.undo()
    assert form.focusWidget() is form.presets, "the chooser is always in sight"


def test_runs_are_renamed_labeled_deleted_and_restored(qtbot, session, experiment, undo, notifier):
    run, other = session.add_run(experiment), session.add_run(experiment)
    default = session.record(run).name
    assert undo.rename(run, "Mine") and undo.rename(run, "Mine")
    assert undo.set_labels({run: RunLabels(starred=True)}) and undo.set_labels({run: RunLabels(starred=True)})
    assert undo.set_labels({other: RunLabels(tags=("a",), note="b")})
    assert undo.delete([run, other]) and session.records() == []
    assert [record.labels.trashed_at is None for record in session.trash()] == [False, False]
    assert undo.restore([other]) and not undo.restore([other]) and not undo.delete([99])
    assert notifier.logs == ["Moved 2 runs to the trash.", f"Restored “{default}” from the trash."]
    assert texts(undo) == [
        f"renaming of “{default}”",
        "starring of “Mine”",
        f"change of the labels of “{default}”",
        "deletion of 2 runs",
        f"restoring of “{default}”",
    ]
    undo.undo()
    assert session.records() == []
    with qtbot.waitSignal(undo.run_wanted) as signal:
        undo.undo()
    assert signal.args == [run] and len(session.records()) == 2
    for _ in range(3):
        undo.undo()
    assert session.record(run).name == default and session.record(run).labels == RunLabels()
    assert session.record(run).marks.name == ""
    undo.stack.setIndex(undo.stack.count())
    assert [record.run for record in session.records()] == [other]


def test_undoing_a_label_leaves_the_others_as_they_are(session, experiment, undo):
    run = session.add_run(experiment)
    undo.set_labels({run: RunLabels(note="mine")})
    session.set_labels(run, RunLabels(note="mine", starred=True))
    session.rename(run, "Other")
    undo.undo()
    assert session.record(run).labels == RunLabels(starred=True) and session.record(run).name == "Other"


def test_the_run_under_way_stays(session, experiment, undo, controller, notifier):
    run, other = session.add_run(experiment), session.add_run(experiment)
    controller.run = run
    assert undo.delete([run, other])
    assert [record.run for record in session.records()] == [run]
    assert len(notifier.errors) == 1 and notifier.errors[0].endswith("stop it before you delete it.")
    assert not undo.delete([run])
    controller.run = None
    undo.delete([run])
    undo.undo()
    controller.run = run
    undo.redo()
    assert session.record(run) in session.records(), "it has been continued meanwhile"
    assert len(notifier.errors) == 3 and texts(undo) == [f"deletion of “{session.record(other).name}”"]


def test_what_cannot_be_stored_is_said_and_no_command(session, experiment, undo, notifier, monkeypatch):
    run = session.add_run(experiment)
    undo.rename(run, "Mine")

    def fail(marks):
        raise SessionError("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(session, "set_marks", fail)
        assert not undo.rename(run, "Other") and not undo.delete([run])
        assert texts(undo) == ["renaming of “First look: what WGAN-GP computes”"]
        undo.undo()
    assert notifier.errors == ["The disk is full."] * 3
    assert session.record(run).name == "Mine" and texts(undo) == []


def test_a_session_is_unmodified_where_it_equals_the_saved_one(session, experiment, undo, tmp_path):
    run = session.add_run(experiment)
    undo.rename(run, "Mine")
    session.save(tmp_path / "a.wgs")
    assert not session.modified and undo.stack.isClean()
    undo.delete([run])
    assert session.modified and not undo.stack.isClean()
    undo.undo()
    assert not session.modified and undo.stack.isClean()
    undo.undo()
    assert session.modified, "it was saved with the name"
    undo.rename(run, "Mine")
    assert not session.modified, "the same by another way"
    undo.delete([run])
    session.append(run, Metrics(step=1, values={"gap": 2.0}))
    undo.undo()
    assert session.modified, "a run went on in between"


def test_another_session_ends_the_commands_about_runs_but_not_those_of_the_form(
    session, form, experiment, undo, tmp_path
):
    start = form.state()
    run = session.add_run(experiment)
    types(form, "solver.penalty", "3")
    undo.rename(run, "Mine")
    types(form, "training.seed", "4")
    middle = form.state()
    types(form, "training.batch", "32")
    undo.delete([run])
    undo.undo()
    undo.undo()
    session.save(tmp_path / "a.wgs")
    session.open(tmp_path / "a.wgs")
    assert len(texts(undo)) == 3 and undo.stack.index() == 2 and form.state() == middle
    assert session.record(run).name == "Mine" and not session.modified
    undo.redo()
    assert form.experiment().training.batch == 32
    for _ in range(3):
        undo.undo()
    assert form.state() == start and session.record(run).name == "Mine"
    session.new()
    assert len(texts(undo)) == 3


def test_commands_about_a_run_that_was_removed_for_good_are_gone(session, experiment, undo, form):
    first, second = session.add_run(experiment), session.add_run(experiment)
    undo.rename(first, "First")
    types(form, "solver.penalty", "3")
    undo.delete([first, second])
    session.delete(first)
    assert len(texts(undo)) == 2 and not undo.stack.isClean()
    undo.undo()
    assert [record.run for record in session.records()] == [second]
    undo.undo()
    undo.undo()
    assert not undo.stack.canUndo()


def test_events_of_a_run_in_the_trash_are_recorded(session, experiment, undo, tmp_path):
    run = session.add_run(experiment)
    undo.delete([run])
    session.append(run, Metrics(step=1, values={"gap": 2.0}))
    session.save(tmp_path / "a.wgs")
    session.open(tmp_path / "a.wgs")
    assert session.trash()[0].last("gap") == 2.0
