"""Starting, queueing and selecting runs, without a trainer."""

from types import SimpleNamespace

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog

from wganstudio.experiment import override, read
from wganstudio.gui.controllers import comparison_starter, run_starter
from wganstudio.gui.controllers.comparison_starter import ComparisonStarter
from wganstudio.gui.controllers.form_reader import FormReader
from wganstudio.gui.controllers.run_continuer import RunContinuer
from wganstudio.gui.controllers.run_controller import RunController
from wganstudio.gui.controllers.run_namer import RunNamer
from wganstudio.gui.controllers.run_reports import RunReports
from wganstudio.gui.controllers.run_selection import RunSelection
from wganstudio.gui.controllers.run_starter import RunStarter
from wganstudio.gui.controllers.undo import Undo
from wganstudio.gui.controllers.waiting_runs import Continuation, Estimation, NewRun, WaitingRuns
from wganstudio.gui.settings import Settings
from wganstudio.gui.widgets.runs.table import RunTable
from wganstudio.session.document import SessionError
from wganstudio.training import memory_estimate
from wganstudio.training.events import Ended, Failed

ENDED = Ended(step=7, reason="done", seconds=1, estimates={"gap": 1.5}, gradient={})


class FakeController(QObject):
    """A run controller with one slot, which is taken as long as `busy` says so."""

    slot_freed = Signal()

    def __init__(self, session):
        super().__init__()
        self.session = session
        self.busy = False
        self.run = None
        self.steps = []
        self.estimated = []
        self.pauses = 0
        self.ignored_memory = False
        self.slots = 1

    @property
    def free(self):
        return len(self.training) < self.slots

    @property
    def training(self):
        return self.session.records()[-1:] if self.busy else []

    @property
    def free_to_finish(self):
        return True

    def is_under_way(self, run):
        return self.busy and run == self.run

    def start(self, experiment, *, ignore_memory=False):
        self.ignored_memory = ignore_memory
        self.run, self.busy = self.session.add_run(experiment), True
        return self.run

    def resume(self, run, steps):
        self.run, self.busy = run, True
        return "" if steps is None else f"to step {steps}"

    def estimate(self, run):
        self.estimated.append(run)

    def step(self, count):
        self.steps.append(count)

    def pause_or_resume(self):
        self.pauses += 1

    def end(self):
        self.busy = False
        self.slot_freed.emit()


@pytest.fixture
def controller(session):
    return FakeController(session)


@pytest.fixture
def waiting(qapp):
    return WaitingRuns()


@pytest.fixture
def starter(qapp, session, controller, waiting, notifier, fake_reader, experiment):
    return RunStarter(
        fake_reader(experiment), session, controller, waiting, notifier, lambda experiment: True
    )


@pytest.fixture
def comparison(starter, notifier, fake_reader, experiment, parent):
    return ComparisonStarter(fake_reader(experiment), starter, notifier, parent)


def test_a_form_with_a_problem_shows_it_and_gives_no_experiment(form, session, notifier, qtbot):
    reader = FormReader(form, RunNamer(form, session), notifier)
    assert reader.read() == form.experiment() and notifier.errors == []
    form.groups["training"].fill({"seed": "nonsense"})
    with qtbot.waitSignal(reader.form_wanted):
        assert reader.read() is None
    assert notifier.errors[0].startswith("This experiment cannot run yet: training.seed")


def test_start_announces_the_run_and_dismisses_the_banner(qtbot, starter, session, notifier):
    with qtbot.waitSignal(starter.started) as signal:
        assert starter.start_form()
    assert signal.args == [session.records()[0].run] and "running" in notifier.resolved
    assert not starter.start_form(), "it waits for the first"
    assert len(session.records()) == 1


def test_a_session_that_cannot_be_written_starts_nothing(starter, controller, notifier, experiment):
    def fail(_, **options):
        raise SessionError("The disk is full.")

    controller.start = fail
    assert not starter.submit(NewRun(experiment)) and notifier.errors == ["The disk is full."]


def test_a_run_that_goes_on_is_announced_with_what_is_to_be_known(
    qtbot, starter, controller, notifier, session, experiment
):
    run = session.add_run(experiment)
    with qtbot.waitSignal(starter.started) as signal:
        assert starter.submit(Continuation(run, "Mine", 20))
    assert signal.args == [run] and notifier.warnings == ["to step 20"]
    controller.busy = False

    def fail(run, steps):
        raise SessionError("Run 1 has no saved training state; start it anew.")

    controller.resume = fail
    assert not starter.submit(Continuation(run, "Mine")) and "no saved training state" in notifier.errors[0]


def test_steps_start_a_run_if_none_is_under_way(starter, controller, session):
    starter.take_steps(10)
    starter.take_steps(1)
    assert controller.steps == [10, 1] and len(session.records()) == 1
    starter.pause_or_resume()
    assert controller.pauses == 1


def test_the_queue_starts_one_run_after_the_other(
    qtbot, comparison, starter, waiting, controller, session, experiment
):
    with qtbot.waitSignal(comparison.view_wanted) as signal:
        comparison.run_all([experiment] * 3, "sweep")
    assert signal.args == ["sweep"] and len(waiting) == 2
    starter.start_next()
    assert len(waiting) == 2, "the first is still under way"
    with qtbot.waitSignal(starter.advanced):
        controller.end()
    assert len(waiting) == 1 and len(session.records()) == 2


def test_a_held_queue_is_passed_by(starter, waiting, controller, session, experiment):
    waiting.hold(True)
    waiting.add([NewRun(experiment)] * 2)
    assert session.records() == []
    assert starter.start_form() and len(waiting) == 2
    controller.end()
    assert len(session.records()) == 1
    waiting.hold(False)
    assert len(session.records()) == 2 and len(waiting) == 1


def test_a_run_waits_for_the_memory_of_others(starter, waiting, controller, session, experiment, monkeypatch):
    controller.slots = 2
    need = memory_estimate.estimate_on_host(experiment).bytes
    free = [1.5 * need]
    monkeypatch.setattr(run_starter, "available_memory", lambda: free[0])
    starter.submit(NewRun(experiment), NewRun(experiment))
    assert len(session.records()) == 1 and len(waiting) == 1, "the first has not taken its memory yet"
    free[0] = 2.5 * need
    controller.slot_freed.emit()
    assert len(session.records()) == 2 and len(waiting) == 0


def test_the_queue_is_rearranged(waiting, experiment):
    waiting.hold(True)
    experiments = [read(override(experiment.settings(), [("training.seed", seed)])) for seed in range(4)]
    waiting.add(map(NewRun, experiments))
    numbers = [entry.number for entry in waiting.entries]

    def seeds():
        return [entry.work.experiment.training.seed for entry in waiting.entries]

    waiting.move(numbers[2:], -1)
    assert seeds() == [0, 2, 3, 1]
    waiting.move(numbers[2:], -1)
    waiting.move(numbers[2:], -1)
    assert seeds() == [2, 3, 0, 1], "they stay together at the end"
    waiting.move([numbers[2]], 1)
    assert seeds() == [3, 2, 0, 1]
    waiting.duplicate([numbers[0]])
    assert seeds() == [3, 2, 0, 0, 1] and len({entry.number for entry in waiting.entries}) == 5
    waiting.remove(numbers[1:3])
    assert seeds() == [3, 0, 0]
    waiting.arrange([entry.number for entry in reversed(waiting.entries)])
    assert seeds() == [0, 0, 3]
    assert waiting.clear() == 3 and waiting.entries == ()


def test_the_queue_outlives_the_program(waiting, experiment, settings, session):
    waiting.hold(True)
    waiting.add([NewRun(experiment), Continuation(1, "Mine"), Estimation(1, "Mine")])
    assert [entry.work.detail for entry in waiting.entries] == [
        "3,000 steps, seed 0",
        "continue",
        "compute the final estimates",
    ]
    waiting.save(settings)
    later = WaitingRuns()
    later.restore(settings)
    assert [entry.work for entry in later.entries] == [NewRun(experiment)] and later.held
    again = WaitingRuns()
    again.restore(settings)
    assert len(again) == 0, "they are there once"
    for nonsense in ("[", "3", '[{"solver": {"kind": "none such"}}, 7]', "[" * 100_000):
        settings.put("queue", nonsense)
        again.restore(settings)
        assert len(again) == 0 and not again.held


def test_a_run_is_repeated_with_a_seed_of_its_own(starter, waiting, session, experiment, parent):
    def with_seed(seed):
        return read(override(experiment.settings(), [("training.seed", seed)]))

    runs = [session.add_run(with_seed(seed)) for seed in (0, 4)]
    other = session.add_run(
        read(override(experiment.settings(), [("training.seed", 9), ("critic.width", 7)]))
    )
    selection = SimpleNamespace(record=session.record(runs[0]), over=True)
    continuer = RunContinuer(selection, session, starter._controller, starter, parent)
    continuer.repeat_selected()
    new = session.records()[-1].experiment
    assert new == with_seed(5) and other != new
    selection.record = session.record(other)
    waiting.hold(True)
    continuer.compute_estimates()
    assert len(waiting) == 0, "a run that is not over has nothing to make up for"
    session.append(other, ENDED.model_copy(update={"estimates": {}}))
    continuer.compute_estimates()
    assert starter._controller.estimated == [other], "they need no slot"


def test_a_sweep_is_asked_for(comparison, monkeypatch, session, waiting):
    class Dialog(SimpleNamespace):
        DialogCode = QDialog.DialogCode

        def __init__(self, parent, experiment, estimate):
            super().__init__(experiment=experiment)

        def exec(self):
            return QDialog.DialogCode.Accepted

        def deleteLater(self):
            pass

        def experiments(self):
            return [self.experiment] * 3

    monkeypatch.setattr(comparison_starter, "SweepDialog", Dialog)
    comparison.ask_for_sweep()
    assert len(session.records()) == 1 and len(waiting) == 2


def test_five_solvers_are_compared(comparison, waiting, session, qtbot):
    with qtbot.waitSignal(comparison.view_wanted) as signal:
        comparison.compare_solvers()
    assert signal.args == ["systems"] and 1 + len(waiting) == 5


@pytest.fixture
def selection(qtbot, session, controller, form, notifier):
    runs = RunTable(Settings())
    qtbot.addWidget(runs)
    session.changed.connect(lambda: runs.show_records(session.records()))
    return RunSelection(session, controller, runs, form, Undo(session, form, controller, notifier))


def test_the_selected_run_lends_its_settings_and_is_deleted(selection, session, experiment, form, notifier):
    assert selection.record is None and not selection.over
    run = session.add_run(experiment.model_copy(update={"training": experiment.training}))
    assert selection.record.run == run and selection.over
    form.load({})
    selection.use_settings()
    assert form.experiment().solver == experiment.solver
    selection.delete()
    assert session.records() == [] and session.trash() and "to the trash" in notifier.logs[0]


def test_a_run_under_way_is_not_deleted(selection, controller, experiment, session, notifier):
    controller.start(experiment)
    selection.choose([controller.run])
    assert not selection.over
    selection.delete()
    assert len(session.records()) == 1 and "still training" in notifier.errors[0]


def test_a_run_is_renamed_from_the_list(selection, session, experiment):
    run = session.add_run(experiment)
    selection._list.renamed.emit(run, "Mine")
    assert session.record(run).name == "Mine"


def test_a_run_that_needs_too_much_memory_is_offered_anyway(
    starter, controller, session, notifier, monkeypatch
):
    monkeypatch.setattr(memory_estimate, "available_memory", lambda: 1 << 20)
    assert not starter.start_form()
    assert not session.records() and not notifier.errors
    ((message, ((text, run_anyway),)),) = notifier.offers
    assert message.startswith("This run needs about ") and message.endswith(".") and text == "Run anyway"
    run_anyway()
    assert controller.busy and controller.ignored_memory and len(session.records()) == 1


def test_a_run_that_the_trainer_refuses_is_offered_anyway(
    starter, controller, session, notifier, experiment, fake_process
):
    reporting = RunController(session, fake_process)
    reports = RunReports(session, reporting, notifier)
    reports.refused.connect(starter.offer_to_run_anyway)
    refused = Failed(message="This run needs about 41 GB.", cause="memory")
    run = session.add_run(experiment)
    session.append(run, refused)
    reporting.event_received.emit(run, refused)
    assert [message for message, _ in notifier.offers] == ["This run needs about 41 GB."]
    assert not notifier.errors
    starter.run_anyway()
    assert controller.ignored_memory and len(session.records()) == 2
