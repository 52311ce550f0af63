"""Log, banner, status bar and progress report on runs, without a trainer."""

from wganstudio.gui.actions import WindowState
from wganstudio.gui.controllers.run_controller import RunController, RunStatus
from wganstudio.gui.controllers.run_reports import RunReports, describe_truth, progress_text, status_text
from wganstudio.gui.widgets.runs.texts import describe
from wganstudio.training.events import Ended, Failed, Progress, TruthFound, TruthMissing
from wganstudio.truths import Truth

ENDED = Ended(step=7, reason="done", seconds=1, estimates={"gap": 1.5}, gradient={})


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
    def text(queued=0, held=False, read_only=False, **status):
        state = WindowState(status=RunStatus(**status), queued=queued, held=held, read_only=read_only)
        return status_text(state)

    assert text(warm=True) == "ready"
    assert text(warm=True, finding=1) == "ready; computing the truths of the last run"
    assert text(warm=True, finding=3) == "ready; computing the truths of 3 runs"
    assert text(warm=True, busy=True, queued=4) == "training; 4 runs queued"
    assert text(warm=True, busy=True, training=2, finishing=1) == "training 2 runs; final estimates of 1 run"
    assert text(warm=True, finishing=2, held=True, queued=1) == (
        "final estimates of 2 runs; 1 run held in the queue"
    )
    assert text(warm=True, busy=True, paused=True, queued=1) == "paused; 1 run queued"
    assert text(busy=True).startswith("preparing the trainer")
    assert text(read_only=True).startswith("read-only")


def test_the_progress_names_what_is_not_training(session, experiment):
    record = session.record(session.add_run(experiment))
    assert progress_text(record, RunStatus(warm=True)) == "starting…"
    assert progress_text(record, RunStatus()) == "preparing the trainer…"
    record.state = "running"
    assert progress_text(record, RunStatus(), stopping=True) == "stopping…"
    assert progress_text(record, RunStatus()) == ""
    record.state = "paused"
    assert progress_text(record, RunStatus()) == "paused"
    record.apply(Progress(step=3, steps=9, rate=0.0, eta=0.0, final_share=0.4))
    assert progress_text(record, RunStatus(), stopping=True) == "final estimates 40 %"
    assert describe(record).startswith("final estimates 40 %, 3 of")
    record.apply(ENDED.model_copy(update={"estimates": {}}))
    assert describe(record).startswith("ended without final estimates, 7 of")
