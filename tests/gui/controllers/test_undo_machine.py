"""Undo under any sequence of acts: all undone it is the start, all redone it is the end."""

from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from fake_training import FakeTraining
from wganstudio.experiment import kinds, preset, presets, read
from wganstudio.gui.controllers.open_session import OpenSession
from wganstudio.gui.controllers.undo import Undo
from wganstudio.gui.form.form import ExperimentForm

LINES = (
    "solver.penalty",
    "solver.learning_rate",
    "training.seed",
    "training.batch",
    "pair.dim",
    "about.name",
)
TEXTS = st.sampled_from(["", "1", "1e-3", "0.001", "auto", "no number", "[1, 2]", " 7 ", '"7"'])
RUNS = st.integers(0, 2)
LABELS = st.fixed_dictionaries(
    {},
    optional={
        "tags": st.sampled_from([(), ("a",), ("a", "b")]),
        "note": st.sampled_from(["", "a note"]),
        "starred": st.booleans(),
        "color": st.sampled_from([None, 0, 5]),
    },
)
NAMES = st.sampled_from(["", "A", "A & B", "<b>"])


class UndoMachine(RuleBasedStateMachine):
    """One form and a session of three runs, whose runs go on meanwhile."""

    form: ExperimentForm

    @initialize(name=st.sampled_from(list(presets())))
    def begin(self, name):
        self.form.load_preset(name)
        self.session = OpenSession()
        notifier = SimpleNamespace(log=lambda *_: None, show_error=pytest.fail)
        self.undo = Undo(self.session, self.form, FakeTraining(), notifier)
        experiment = read(preset("first-look").settings)
        self.runs = [self.session.add_run(experiment) for _ in range(3)]
        self.start = self.shown()

    def shown(self):
        marks = [self.session.record(run).marks for run in self.runs]
        listed = [record.run for record in self.session.records()]
        return self.form.state(), self.form.settings(), self.form.modified, listed, marks

    @rule(path=st.sampled_from(LINES), text=TEXTS)
    def type(self, path, text):
        group, _, field = path.partition(".")
        if group == "about":
            line = self.form.name
        elif field in self.form.groups[group].rows:
            line = self.form.groups[group].rows[field].editor.inner
        else:
            return
        line.setText(text)
        line.textEdited.emit(text)

    @rule()
    def leave_the_field(self):
        self.undo.end_typing()

    @rule(group=st.sampled_from(("solver", "critic", "pair")), data=st.data())
    def choose_kind(self, group, data):
        combo = self.form.groups[group].kind
        combo.setCurrentIndex(combo.findData(data.draw(st.sampled_from(list(kinds(group))))))
        combo.activated.emit(combo.currentIndex())

    @rule(name=st.sampled_from(list(presets())))
    def choose_preset(self, name):
        self.form.load_preset(name)

    @rule(run=RUNS)
    def use_settings(self, run):
        self.form.load(self.session.record(self.runs[run]).experiment.settings(), "As in a run")

    @rule()
    def reset(self):
        self.form.reset()

    @rule(run=RUNS, name=NAMES)
    def rename(self, run, name):
        assert self.undo.rename(self.runs[run], name)

    @rule(run=RUNS, changes=LABELS)
    def label(self, run, changes):
        record = self.session.record(self.runs[run])
        assert self.undo.set_labels({record.run: record.labels.with_changes(**changes)})

    @rule(runs=st.sets(RUNS))
    def delete(self, runs):
        self.undo.delete([self.runs[run] for run in runs])

    @rule(runs=st.sets(RUNS))
    def restore(self, runs):
        self.undo.restore([self.runs[run] for run in runs])

    @rule()
    def undo_one(self):
        self.undo.undo()

    @rule()
    def redo_one(self):
        self.undo.redo()

    @rule()
    def undo_and_redo_everything(self):
        while self.undo.stack.canRedo():
            self.undo.redo()
        end = self.shown()
        count = self.undo.stack.count()
        while self.undo.stack.canUndo():
            self.undo.undo()
        assert self.shown() == self.start
        self.undo.stack.setIndex(count)
        assert self.shown() == end and self.undo.stack.count() == count

    def teardown(self):
        if hasattr(self, "undo"):
            self.undo_and_redo_everything()
            self.form.changed.disconnect(self.undo._form_changed)
            self.session.close()


def run(form, examples, steps):
    class Machine(UndoMachine):
        pass

    Machine.form = form
    checks = list(HealthCheck)
    profile = settings(max_examples=examples, stateful_step_count=steps, suppress_health_check=checks)
    run_state_machine_as_test(Machine, settings=profile)


def test_everything_is_undone_and_redone(form):
    run(form, 8, 12)


@pytest.mark.slow
def test_everything_is_undone_and_redone_for_long(form):
    run(form, 300, 40)
