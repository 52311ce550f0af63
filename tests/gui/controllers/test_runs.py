"""Starting, queueing, selecting and reporting runs, without a trainer."""

from types import SimpleNamespace

import pytest
from PySide6.QtWidgets import QDialog

from wganstudio.experiment import override, preset, read
from wganstudio.gui.actions import WindowState
from wganstudio.gui.controllers import run_queue
from wganstudio.gui.controllers.form_reader import FormReader
from wganstudio.gui.controllers.run_controller import RunController, RunStatus
from wganstudio.gui.controllers.run_queue import RunQueue
from wganstudio.gui.controllers.run_reports import RunReports, describe_truth, progress_text, status_text
from wganstudio.gui.controllers.run_selection import RunSelection
from wganstudio.gui.controllers.run_starter import RunStarter
from wganstudio.gui.dialogs.sweep import geometric_values, sweep
from wganstudio.gui.widgets.run_list import RunList, describe
from wganstudio.session.document import SessionError
from wganstudio.training import memory_estimate
from wganstudio.training.events import Ended, Failed, TruthFound, TruthMissing
from wganstudio.truths import Truth

ENDED = Ended(step=7, reason="done", seconds=1, estimates={"gap": 1.5}, gradient={})


class FakeController:
    """A run controller whose run is under way as long as `busy` says so."""

    def __init__(self, session):
        self.session = session
        self.busy = False
        self.run = None
        self.steps = []
        self.pauses = 0
        self.ignored_memory = False

    def start(self, experiment, *, ignore_memory=False):
        self.ignored_memory = ignore_memory
        self.run, self.busy = self.session.add_run(experiment), True
        return self.run

    def resume(self, run, steps):
        self.run, self.busy = run, True
        return "" if steps is None else f"to step {steps}"

    def step(self, count):
        self.steps.append(count)

    def pause_or_resume(self):
        self.pauses += 1


@pytest.fixture
def controller(session):
    return FakeController(session)


@pytest.fixture
def starter(qapp, session, controller, notifier, fake_reader, experiment):
    return RunStarter(fake_reader(experiment), session, controller, notifier)


@pytest.fixture
def queue(starter, notifier, fake_reader, experiment, parent):
    return RunQueue(fake_reader(experiment), starter, notifier, parent)


def test_a_form_with_a_problem_shows_it_and_gives_no_experiment(form, notifier, qtbot):
    reader = FormReader(form, notifier)
    assert reader.read() == form.experiment() and notifier.errors == []
    form.groups["training"].fill({"seed": "nonsense"})
    with qtbot.waitSignal(reader.form_wanted):
        assert reader.read() is None
    assert notifier.errors[0].startswith("This experiment cannot run yet: training.seed")


def test_start_announces_the_run_and_dismisses_the_banner(qtbot, starter, session, notifier):
    with qtbot.waitSignal(starter.started) as signal:
        assert starter.start_form()
    assert signal.args == [session.records()[0].run] and "running" in notifier.resolved
    assert not starter.can_start and not starter.start_form(), "one run at a time"
    assert len(session.records()) == 1


def test_a_session_that_cannot_be_written_starts_nothing(starter, controller, notifier, experiment):
    def fail(_, **options):
        raise SessionError("The disk is full.")

    controller.start = fail
    assert not starter.start(experiment) and notifier.errors == ["The disk is full."]


def test_a_run_that_goes_on_is_announced_with_what_is_to_be_known(
    qtbot, starter, controller, notifier, experiment
):
    run = controller.start(experiment)
    with qtbot.waitSignal(starter.started) as signal:
        assert starter.resume(run, 20)
    assert signal.args == [run] and notifier.warnings == ["to step 20"]

    def fail(run, steps):
        raise SessionError("Run 1 has no saved training state; start it anew.")

    controller.resume = fail
    assert not starter.resume(run, None) and "no saved training state" in notifier.errors[0]


def test_steps_start_a_run_if_none_is_under_way(starter, controller, session):
    starter.take_steps(10)
    starter.take_steps(1)
    assert controller.steps == [10, 1] and len(session.records()) == 1
    starter.pause_or_resume()
    assert controller.pauses == 1


def test_the_queue_starts_one_run_after_the_other(qtbot, queue, controller, session, experiment):
    with qtbot.waitSignal(queue.view_wanted) as signal:
        queue.run_all([experiment] * 3, "sweep")
    assert signal.args == ["sweep"] and queue.waiting == 2
    queue.start_next()
    assert queue.waiting == 2, "the first is still under way"
    controller.busy = False
    queue.start_next()
    assert queue.waiting == 1 and len(session.records()) == 2


def test_clearing_the_queue_is_logged_once(queue, experiment, notifier):
    queue.run_all([experiment] * 5, "sweep")
    queue.clear()
    queue.clear()
    assert queue.waiting == 0 and notifier.logs == ["Canceled 4 queued runs."]


def test_a_sweep_is_asked_for_and_needs_a_penalty(queue, monkeypatch, notifier, session, fake_reader):
    values = geometric_values(0.5, 2.0, 3)
    assert values == [0.5, 1.0, 2.0]

    class Dialog(SimpleNamespace):
        DialogCode = QDialog.DialogCode

        def __init__(self, parent, penalty):
            super().__init__(penalty=penalty)

        def exec(self):
            return QDialog.DialogCode.Accepted

        def deleteLater(self):
            pass

        def experiments(self, experiment):
            return sweep(experiment, values, ("lp",))

    monkeypatch.setattr(run_queue, "SweepDialog", Dialog)
    queue.ask_for_sweep()
    assert session.records()[0].name.startswith("λ = 0.5") and queue.waiting == 2
    queue.clear()
    clipped = read(override(preset("first-look").settings, [("solver.kind", "wc")]))
    other = RunQueue(fake_reader(clipped), queue._starter, notifier, None)
    queue._starter._controller.busy = False
    other.ask_for_sweep()
    assert notifier.errors == ["This solver has no lambda to sweep; choose LP or GP."]


def test_five_solvers_are_compared(queue, session, qtbot):
    with qtbot.waitSignal(queue.view_wanted) as signal:
        queue.compare_solvers()
    assert signal.args == ["systems"] and 1 + queue.waiting == 5


@pytest.fixture
def selection(qtbot, session, controller, form, notifier):
    runs = RunList()
    qtbot.addWidget(runs)
    session.changed.connect(lambda: runs.show_records(session.records()))
    return RunSelection(session, controller, runs, form, notifier)


def test_the_selected_run_lends_its_settings_and_is_deleted(selection, session, experiment, form, notifier):
    assert selection.record is None and not selection.over
    run = session.add_run(experiment.model_copy(update={"training": experiment.training}))
    assert selection.record.run == run and selection.over
    form.load({})
    selection.use_settings()
    assert form.experiment().solver == experiment.solver
    selection.delete()
    assert session.records() == [] and "Deleted" in notifier.logs[0]


def test_a_run_under_way_is_not_deleted(selection, controller, experiment, session):
    controller.start(experiment)
    selection.choose([controller.run])
    assert not selection.over
    selection.delete()
    assert len(session.records()) == 1


def test_a_run_is_renamed_from_the_list(selection, session, experiment):
    run = session.add_run(experiment)
    selection._list.renamed.emit(run, "Mine")
    assert session.record(run).name == "Mine"


def test_reports_log_the_end_of_a_run_and_its_truths(session, notifier, experiment, fake_process):
    controller = RunController(session, fake_process)
    reports = RunReports(session, controller, notifier)
    run = session.add_run(experiment)
    session.append(run, ENDED)
    truth = Truth(quantity="w1", value=1.0, lower=0.9, upper=1.1, method="by hand", law="", seconds=0.5)
    for event in (
        ENDED,
        Failed(message="It failed."),
        TruthMissing(message="None."),
        TruthFound(truth=truth),
    ):
        controller.event_received.emit(run, event)
    assert "ended" in notifier.logs[0] and "gap 1.5" in notifier.logs[0]
    assert notifier.logs[1] == describe_truth(truth) and "[0.9, 1.1], by hand" in notifier.logs[1]
    assert notifier.errors == ["It failed."] and notifier.warnings == ["None."]
    del reports


def test_a_warning_is_logged_once_also_when_the_truth_comes_after_the_end(
    session, notifier, experiment, fake_process
):
    controller = RunController(session, fake_process)
    reports = RunReports(session, controller, notifier)
    run = session.add_run(experiment)
    estimates = {"gap": 0.5, "gap_se": 0.01, "value": 0.5, "value_se": 0.01}
    ended = Ended(step=9, reason="done", seconds=1.0, estimates=estimates, gradient={})
    cost = Truth(quantity="congested", value=1.0, lower=1.0, upper=1.0, method="", law="", seconds=0.0)
    for event in (ended, TruthFound(truth=cost), TruthFound(truth=cost)):
        session.append(run, event)
        controller.event_received.emit(run, event)
        if event is ended:
            assert notifier.warnings == [], "without a truth nothing is known"
    (warning,) = notifier.warnings
    assert "50 % or more below its optimum" in warning
    assert describe(session.record(run)).startswith("ended with a warning, 9 of")
    del reports


def test_the_status_bar_names_the_state():
    def text(queued=0, read_only=False, **status):
        return status_text(WindowState(status=RunStatus(**status), queued=queued, read_only=read_only))

    assert text(warm=True) == "ready"
    assert text(warm=True, finding=1) == "ready; computing the truths of the last run"
    assert text(warm=True, finding=3) == "ready; computing the truths of 3 runs"
    assert text(warm=True, busy=True, queued=4) == "training; 4 runs queued"
    assert text(warm=True, busy=True, paused=True, queued=1) == "paused; 1 run queued"
    assert text(busy=True).startswith("preparing the trainer")
    assert text(busy=True, stopping=True).startswith("stopping")
    assert text(read_only=True).startswith("read-only")


def test_the_progress_names_what_is_not_training(session, experiment):
    record = session.record(session.add_run(experiment))
    assert progress_text(record, RunStatus(warm=True)) == "starting…"
    assert progress_text(record, RunStatus()) == "preparing the trainer…"
    record.state = "running"
    assert progress_text(record, RunStatus(stopping=True)) == "final estimates…"
    assert progress_text(record, RunStatus(paused=True)) == "paused"
    assert progress_text(record, RunStatus()) == ""


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
