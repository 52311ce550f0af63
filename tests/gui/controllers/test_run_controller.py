"""The controller records events in order, only the newest live frames, and ends in bounded time."""

import os
import time

import numpy as np
import pytest

from wganstudio.gui.controllers.open_session import OpenSession
from wganstudio.gui.controllers.run_controller import RunController
from wganstudio.training.commands import Pause, Resume, SkipEstimates, Step, Stop, Watch
from wganstudio.training.events import (
    Ended,
    Failed,
    Metrics,
    Paused,
    Progress,
    Snapshot,
    Started,
    TrainingState,
    TruthFound,
    TruthMissing,
)
from wganstudio.truths import Truth

ENDED = Ended(step=1, reason="stopped", seconds=1, estimates={}, gradient={})


@pytest.fixture
def make_controller(qtbot):
    controllers = []

    def make(make_process):
        session = OpenSession()
        controller = RunController(session, make_process)
        controllers.append((controller, session))
        return controller

    yield make
    for controller, session in controllers:
        controller.close()
        session.close()


@pytest.fixture
def fake(fake_process):
    return fake_process()


@pytest.fixture
def controller(make_controller, fake):
    return make_controller(lambda: fake)


def received_by(controller):
    received = []
    controller.event_received.connect(lambda run, event: received.append((run, event)))
    return received


def test_events_come_in_order_with_the_number_of_their_run(qtbot, controller, fake, experiment):
    received = received_by(controller)
    run = controller.start(experiment)
    qtbot.waitUntil(lambda: bool(fake.started))
    events = [Metrics(step=n, values={"gap": float(n)}) for n in range(50)]
    fake.emit(*events)
    qtbot.waitUntil(lambda: len(received) == 50)
    assert received == [(run, event) for event in events]
    assert controller.record.last("gap") == 49.0, "they are recorded before they are announced"


def test_of_unread_live_frames_only_the_newest_is_shown_and_all_recorded_ones(
    qtbot, controller, fake, experiment
):
    received = received_by(controller)
    controller.start(experiment)
    qtbot.waitUntil(lambda: bool(fake.started))
    u = np.zeros((2, 2))
    arrays = {"u": u, "gradient_norm": u}
    fake.emit(*(Snapshot(topic="critic", step=n, recorded=n % 10 == 0, arrays=arrays) for n in range(1, 41)))
    time.sleep(0.1)  # the window is busy elsewhere, the worker goes on reading
    qtbot.waitUntil(lambda: len(received) >= 5)
    assert [event.step for _, event in received if event.recorded] == [10, 20, 30, 40]
    assert [event.step for _, event in received if not event.recorded] == [39]


def test_a_burst_of_events_updates_the_window_at_the_display_rate(qtbot, controller, fake, experiment):
    updates = []
    controller.start(experiment)
    qtbot.waitUntil(lambda: bool(fake.started))
    controller.updated.connect(lambda: updates.append(time.monotonic()))
    received, start = received_by(controller), time.monotonic()
    for n in range(40):
        fake.emit(Metrics(step=n, values={}))
        qtbot.wait(2)
    qtbot.waitUntil(lambda: len(received) == 40)
    assert len(updates) <= 3 + (time.monotonic() - start) / 0.033
    qtbot.wait(100)
    count = len(updates)
    qtbot.wait(150)
    assert len(updates) == count, "nothing runs while nothing arrives"


def test_commands_reach_the_blocked_worker(qtbot, controller, fake, experiment):
    controller.start(experiment)
    controller.pause_or_resume()
    controller.step(10)
    controller.stop()
    controller.stop()
    qtbot.waitUntil(lambda: len(fake.commands) == 3)
    assert fake.commands == [Pause(), Step(10), Stop()]


def test_the_status_is_that_of_the_record(qtbot, controller, fake, experiment):
    assert not controller.busy and controller.run is None
    run = controller.start(experiment)
    assert controller.run == run and controller.status.busy and not controller.status.paused
    qtbot.waitUntil(lambda: bool(fake.started) and controller.status.warm)
    fake.emit(Paused(step=3))
    qtbot.waitUntil(lambda: controller.status.paused)
    controller.pause_or_resume()
    qtbot.waitUntil(lambda: fake.commands == [Resume()])
    controller.stop()
    assert not controller.busy and controller.run is None and controller.status.finishing == 1
    assert controller.is_under_way(run)
    with qtbot.waitSignal(controller.run_finished):
        fake.emit(ENDED)
    assert controller.status.finishing == 0 and not controller.is_under_way(run)


def test_the_truths_of_every_earlier_run_reach_its_record(qtbot, controller, fake, experiment):
    fake.finding = 1
    runs = []
    for number in range(1, 5):
        runs.append(controller.start(experiment))
        qtbot.waitUntil(lambda number=number: len(fake.started) == number)
        if number < 4:
            with qtbot.waitSignal(controller.run_finished):
                fake.emit(ENDED)
    assert controller.status.finding == 1
    for number, run in zip((2, 1, 3), (runs[1], runs[0], runs[2]), strict=True):
        truth = Truth(quantity="w1", value=number, lower=0, upper=9, method="", law="", seconds=0)
        fake.emit_late(number, TruthFound(truth=truth), finding=number % 3)
        qtbot.waitUntil(lambda run=run: "w1" in controller._session.record(run).truths)
        assert controller._session.record(run).truths["w1"].value == number
    qtbot.waitUntil(lambda: controller.status.finding == 0)
    assert not controller.record.truths, "the run under way still waits for its own"


def test_truths_of_a_deleted_run_are_dropped(qtbot, controller, fake, experiment):
    fake.finding = 1
    first = controller.start(experiment)
    qtbot.waitUntil(lambda: bool(fake.started))
    with qtbot.waitSignal(controller.run_finished):
        fake.emit(ENDED)
    controller.start(experiment)
    qtbot.waitUntil(lambda: len(fake.started) == 2)
    controller._session.delete(first)
    received = received_by(controller)
    fake.emit_late(1, TruthMissing(message="late"))
    fake.emit(Metrics(step=1, values={}))
    qtbot.waitUntil(lambda: bool(received))
    assert [event.kind for _, event in received] == ["metrics"]


def test_late_truths_never_reach_the_run_of_another_session(qtbot, controller, fake, experiment):
    fake.finding, session = 1, controller._session
    controller.start(experiment)
    qtbot.waitUntil(lambda: bool(fake.started))
    with qtbot.waitSignal(controller.run_finished):
        fake.emit(ENDED)
    session.new()
    other = session.add_run(experiment)  # with the same number
    with qtbot.waitSignal(controller.updated):
        fake.emit_late(1, TruthMissing(message="late"))
    assert session.record(other).truth_missing == ""


def test_a_process_that_breaks_is_reported_and_replaced(qtbot, make_controller, fake_process, experiment):
    processes = []

    def make():
        processes.append(fake_process())
        return processes[-1]

    controller = make_controller(make)
    received = received_by(controller)
    controller.start(experiment)
    qtbot.waitUntil(lambda: bool(processes and processes[0].started))
    processes[0].fail(OSError("the pipe is gone"))
    qtbot.waitUntil(lambda: bool(received))
    assert isinstance(received[0][1], Failed) and "the pipe is gone" in received[0][1].message
    qtbot.waitUntil(lambda: len(processes) == 2 and not controller.busy)
    controller.start(experiment)
    qtbot.waitUntil(lambda: bool(processes[1].started))
    assert processes[0].closed


def test_a_process_that_cannot_be_made_fails_the_run_with_a_sentence(qtbot, make_controller, experiment):
    def make():
        raise OSError("no more processes")

    controller = make_controller(make)
    errors, received = [], received_by(controller)
    controller.error_occurred.connect(lambda message, detail: errors.append(message))
    controller.start(experiment)
    qtbot.waitUntil(lambda: bool(received and errors))
    assert isinstance(received[0][1], Failed) and "no more processes" in errors[0]
    assert not controller.busy


def test_a_forgotten_run_is_stopped_and_records_nothing_more(qtbot, controller, fake, experiment):
    received = received_by(controller)
    controller.start(experiment)
    qtbot.waitUntil(lambda: bool(fake.started))
    controller.forget()
    assert not controller.busy and controller.run is None and controller.finishing == []
    with qtbot.waitSignal(controller.run_finished):
        fake.emit(Metrics(step=1, values={}), ENDED)
    assert received == [] and fake.commands == [Stop(), SkipEstimates()]


def test_what_arrives_after_the_end_starts_nothing(controller, experiment):
    controller.start(experiment)
    controller.close()
    updates = []
    controller.updated.connect(lambda: updates.append(1))
    controller._trainer.worker.arrived.emit()
    assert not updates and not controller._pause.isActive()


def test_the_real_process_warms_up_and_is_gone_after_close(qtbot, make_controller):
    from wganstudio.gui.controllers.run_process import run_process

    controller = make_controller(run_process)
    controller.prepare()
    qtbot.waitUntil(lambda: controller.status.warm, timeout=200_000)
    pids = list(controller.pids.values())
    start = time.monotonic()
    controller.close()
    assert time.monotonic() - start < 20  # it allows itself 3 s: this says only that it does not hang
    assert len(pids) == 2
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


STATE = TrainingState(step=1, body="{}", arrays={})


def stopped_run(qtbot, controller, fake, experiment):
    """A run that was stopped at step 1, and its Started."""
    run = controller.start(experiment)
    qtbot.waitUntil(lambda: bool(fake.started))
    started = Started(experiment=experiment.settings(), environment={}, steps=experiment.steps)
    fake.emit(
        started, Metrics(step=1, values={"gap": 1.0}), STATE, Metrics(step=2, values={"gap": 2.0}), ENDED
    )
    qtbot.waitUntil(lambda: not controller.busy)
    return run, started


def test_a_stopped_run_goes_on_from_its_state(qtbot, controller, fake, experiment):
    run, started = stopped_run(qtbot, controller, fake, experiment)
    record = controller._session.record(run)
    assert controller.resume(run, None) == ""
    assert controller.busy and controller.run == run, "also before the trainer has answered"
    qtbot.waitUntil(lambda: fake.resumed == STATE)
    assert record.ended is not None and record.curve("gap")[1].tolist() == [1.0, 2.0]
    fake.emit(started, Metrics(step=2, values={"gap": 3.0}))
    qtbot.waitUntil(lambda: record.last("gap") == 3.0)
    assert record.curve("gap")[1].tolist() == [1.0, 3.0] and record.state == "running"
    fake.emit(ENDED)
    qtbot.waitUntil(lambda: not controller.busy)


def test_a_run_whose_state_is_refused_stays_as_it_was(qtbot, controller, fake, experiment):
    run, _ = stopped_run(qtbot, controller, fake, experiment)
    controller.resume(run, None)
    qtbot.waitUntil(lambda: len(fake.started) == 2)
    with qtbot.waitSignal(controller.error_occurred) as signal:
        fake.emit(Failed(message="It does not fit.", cause="input"))
    record = controller._session.record(run)
    assert signal.args[0] == "It does not fit." and not controller.busy
    assert record.state == "stopped" and record.failed is None


def estimating(share):
    return Progress(step=1, steps=9, rate=0.0, eta=0.0, final_share=share)


def test_another_run_starts_while_the_final_estimates_of_one_are_computed(
    qtbot, controller, fake, experiment
):
    first = controller.start(experiment)
    qtbot.waitUntil(lambda: bool(fake.started))
    assert not controller.free
    with qtbot.waitSignal(controller.slot_freed):
        controller.stop()
    assert controller.free, "before the trainer has answered"
    second = controller.start(experiment)
    qtbot.waitUntil(lambda: len(fake.started) == 2)
    fake.emit_late(1, estimating(0.4), finding=1)
    record = controller._session.record(first)
    qtbot.waitUntil(lambda: record.final_share == 0.4)
    assert controller.run == second and controller.finishing == [record]
    fake.emit(Metrics(step=5, values={}))
    fake.emit_late(1, ENDED, finding=1)
    qtbot.waitUntil(lambda: record.over)
    assert controller.training == [controller._session.record(second)] and not controller.finishing


def test_a_run_at_the_end_of_its_plan_leaves_its_slot_to_the_next(qtbot, controller, fake, experiment):
    controller.start(experiment)
    qtbot.waitUntil(lambda: bool(fake.started))
    with qtbot.waitSignal(controller.slot_freed):
        fake.emit(estimating(0.0))
    assert not controller.busy and controller.free and controller.status.finishing == 1


def test_runs_that_finish_do_not_pile_up(qtbot, controller, fake, experiment):
    for _ in range(2):
        controller.start(experiment)
        controller.stop()
    assert not controller.free, "two compute their final estimates"
    controller.set_slots(2)
    assert controller.free


def test_several_runs_train_and_commands_go_to_the_shown_one(qtbot, controller, fake, experiment):
    with qtbot.waitSignal(controller.slot_freed):
        controller.set_slots(2)
    first = controller.start(experiment)
    assert controller.free
    second = controller.start(experiment)
    assert not controller.free and controller.run == second and controller.status.training == 2
    controller.show(first)
    assert controller.run == first
    controller.pause_or_resume()
    controller.show(second)
    controller.step(3)
    controller.stop()
    assert controller.run == first, "the other one goes on"
    controller.stop_all()
    qtbot.waitUntil(lambda: len(fake.commands) == 4)
    sent = [(command, number) for command, number in fake.sent if not isinstance(command, Watch)]
    assert sent == [(Pause(), 1), (Step(3), 2), (Stop(), 2), (Stop(), 1)]


def test_only_the_shown_run_sends_live_events(qtbot, controller, fake, experiment):
    controller.set_slots(2)
    first, second = controller.start(experiment), controller.start(experiment)
    controller.show(first)
    controller.watch(frozenset({"critic"}))
    qtbot.waitUntil(lambda: (Watch(frozenset({"critic"})), 1) in fake.sent)
    controller.show(second)
    qtbot.waitUntil(lambda: (Watch(frozenset({"critic"})), 2) in fake.sent)
    newest = {number: command.topics for command, number in fake.sent}
    assert newest == {1: frozenset(), 2: frozenset({"critic"})}


def test_final_estimates_are_skipped_and_made_up_for(qtbot, controller, fake, experiment):
    run, started = stopped_run(qtbot, controller, fake, experiment)
    record = controller._session.record(run)
    assert record.lacks_estimates
    controller.skip(run)
    assert fake.commands == [], "it is over"
    controller.estimate(run)
    assert controller.finishing == [record] and not controller.busy and controller.free
    qtbot.waitUntil(lambda: fake.resumed == STATE)
    assert fake.first_commands == (Stop(),)
    controller.skip(run)
    controller.skip(run)
    qtbot.waitUntil(lambda: fake.commands == [SkipEstimates()])
    ended = ENDED.model_copy(update={"estimates": {"gap": 2.0}})
    fake.emit(started, Metrics(step=1, values={"gap": 1.0}), ended)
    qtbot.waitUntil(lambda: not controller.finishing)
    assert record.has_estimates and record.state == "stopped"


def test_a_trainer_gets_ready_for_the_run_that_comes_next(qtbot, controller, fake, experiment):
    controller.start(experiment)
    qtbot.waitUntil(lambda: bool(fake.started))
    assert fake.spares == 0
    for step in (1, 2):
        fake.emit(Progress(step=step, steps=9, rate=1.0, eta=0.0))
    qtbot.waitUntil(lambda: controller.record.step == 2)
    qtbot.waitUntil(lambda: fake.spares == 1)


def test_all_open_runs_fail_with_the_processes(qtbot, make_controller, fake_process, experiment):
    processes = []

    def make():
        processes.append(fake_process())
        return processes[-1]

    controller = make_controller(make)
    controller.set_slots(2)
    runs = [controller.start(experiment) for _ in range(2)]
    qtbot.waitUntil(lambda: bool(processes) and len(processes[0].started) == 2)
    processes[0].fail(OSError("the pipe is gone"))
    qtbot.waitUntil(lambda: not controller.busy)
    assert [controller._session.record(run).state for run in runs] == ["failed", "failed"]
