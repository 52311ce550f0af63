"""The processes behind a run: one stream, bounded ends, and deaths that are told."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from queue import SimpleQueue
from typing import Any

import numpy as np
import psutil
import pytest

import coarse
from wganstudio.experiment import Experiment, override, preset, read
from wganstudio.training import events
from wganstudio.training.coalescing_queue import CoalescingQueue
from wganstudio.training.commands import Pause, Resume, Step, Stop
from wganstudio.training.job import Job
from wganstudio.training.process import Child, RunProcess
from wganstudio.training.run import Run
from wganstudio.training.worker import _within, perform


def experiment(*changes: tuple[str, object]) -> Experiment:
    quick = [
        ("training.steps", 40),
        ("training.batch", 64),
        ("evaluation.every", 10),
        ("evaluation.samples", 256),
        ("evaluation.final_samples", 4096),
        ("evaluation.resolution", 16),
        ("critic.width", 16),
    ]
    return read(override(preset("first-look").settings, [*quick, *changes]))


def ended(process: RunProcess) -> None:
    pids = process.pids.values()
    began = time.monotonic()
    process.close(timeout=2.0)
    assert (
        time.monotonic() - began < 20
    )  # it allows itself 2 s: this says only that it does not wait for ever
    assert not any(map(psutil.pid_exists, pids))


@pytest.fixture
def process(trainer_pool: Any) -> Iterator[RunProcess]:
    """The warm children that the windows borrow too; one that a test kills is replaced."""
    warm = trainer_pool.borrow()
    yield warm
    if warm.running:
        warm.send(Stop())
    deadline = time.monotonic() + 60
    while (warm.running or warm.finding) and time.monotonic() < deadline:
        warm.poll(0.1)


@pytest.fixture
def mortal() -> Iterator[RunProcess]:
    """Two children that end with the test."""
    process = RunProcess()
    yield process
    ended(process)


def until(
    process: RunProcess, done: Callable[[events.Event], bool], timeout: float = 120.0
) -> list[events.Event]:
    heard: list[events.Event] = []
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        for event in process.poll(timeout=0.2):
            heard.append(event)
        if any(map(done, heard)):
            return heard
    raise AssertionError(f"nothing came in {timeout} s after {[e.kind for e in heard]}")


def over(event: events.Event) -> bool:
    return isinstance(event, events.TERMINAL)


def end(process: RunProcess) -> events.Event:
    """The run's last event; a truth may be found after it."""
    return next(filter(over, until(process, over)))


def test_the_process_says_what_a_run_in_place_says(
    process: RunProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (coarse.REFERENCES | coarse.DESCENT).items():
        monkeypatch.setattr(name, value)  # as in the process

    process.start(experiment())
    heard = until(process, over)
    alone = [e for e in Run(experiment()).events() if not events.is_coalescible(e)]
    heard = [
        e for e in heard if not events.is_coalescible(e) and e.name not in ("truth", "truth-missing", "flow")
    ]
    assert [(e.name, e.step) for e in heard] == [(e.name, e.step) for e in alone]
    for ours, theirs in zip(heard, alone, strict=True):
        assert all((ours.arrays[name] == theirs.arrays[name]).all() for name in theirs.arrays)
        assert ours.model_dump(exclude=events.TIMING_FIELDS) == theirs.model_dump(
            exclude=events.TIMING_FIELDS
        )


def test_truths_come_beside_the_run(process: RunProcess) -> None:
    process.start(experiment())
    result: dict[str, float] = {}
    deadline = time.monotonic() + 60
    while (process.running or process.finding or len(result) < 3) and time.monotonic() < deadline:
        result |= {
            e.truth.quantity: e.truth.value for e in process.poll(0.2) if isinstance(e, events.TruthFound)
        }
    assert result == pytest.approx({"w1": 1.25331, "congested": 1.95786, "gap-limit": 2.66241}, abs=1e-5)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_the_next_run_cancels_no_truths(process: RunProcess) -> None:
    in_space = [("pair.kind", "mixture"), ("pair.means_p", [[0, 0]]), ("pair.means_q", [[2, 0]])]
    numbers, found = [], {}
    os.kill(process.pids["truths"], signal.SIGSTOP)
    for penalty in (1.0, 2.0, 4.0):
        changes = [*in_space, ("solver.penalty", penalty), ("truth.cells", 64), ("training.steps", 2)]
        numbers.append(process.start(experiment(*changes)))
        heard = until(process, over)
        found[numbers[-1]] = [e for e in heard if isinstance(e, events.TruthFound)]
    assert process.finding == 3
    os.kill(process.pids["truths"], signal.SIGCONT)
    deadline = time.monotonic() + 120
    while process.finding and time.monotonic() < deadline:
        found[numbers[-1]] += [e for e in process.poll(0.2) if isinstance(e, events.TruthFound)]
        for late in process.take_others():
            if isinstance(late.event, events.TruthFound):
                found[late.number].append(late.event)
    costs = [
        next(e.truth.value for e in reversed(found[number]) if e.truth.quantity == "congested")
        for number in numbers
    ]
    assert costs == sorted(costs, reverse=True) and len(set(costs)) == 3


@pytest.mark.process
@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_a_dead_finder_is_replaced_and_computes_the_truths_that_wait(mortal: RunProcess) -> None:
    os.kill(mortal.pids["truths"], signal.SIGSTOP)
    first = mortal.start(experiment(("training.steps", 2)))
    until(mortal, over)
    second = mortal.start(experiment(("training.steps", 2)))
    os.kill(mortal.pids["truths"], signal.SIGKILL)
    heard, late, deadline = [], [], time.monotonic() + 120
    while (mortal.running or mortal.finding) and time.monotonic() < deadline:
        heard += mortal.poll(0.2)
        late += mortal.take_others()
    missing = [e.event for e in late if isinstance(e.event, events.TruthMissing)]
    assert [e.number for e in late if e.event in missing] == [first] and first != second
    assert missing[0].failed and "died" in missing[0].message
    assert sum(isinstance(e, events.TruthFound) for e in heard) >= 3


def test_the_true_flow_comes_beside_the_run_on_its_plane(process: RunProcess) -> None:
    process.start(experiment())
    heard = until(process, lambda e: e.name == "flow")
    while not any(map(over, heard)):
        heard += process.poll(0.2)
    (flow,) = [e for e in heard if e.name == "flow"]
    frames = [e for e in heard if e.name == "critic"]
    shape = flow.arrays["sigma"].shape
    assert flow.attributes.congestion_cost == pytest.approx(2.8182, rel=1e-3) and flow.arrays[
        "momentum"
    ].shape == (
        2,
        *shape,
    )
    for frame in frames:
        assert frame.arrays["gradient"].shape == (2, *shape)
        length = np.linalg.norm(frame.arrays["gradient"], axis=0)
        np.testing.assert_allclose(length, frame.arrays["gradient_norm"], rtol=1e-4, atol=1e-6)


def test_pause_step_resume_stop(process: RunProcess) -> None:
    process.start(experiment(("training.steps", 10**7)))
    until(process, lambda e: e.kind == "progress")
    process.send(Pause())
    (paused,) = [e for e in until(process, lambda e: e.kind == "paused") if e.kind == "paused"]
    process.send(Step(10))
    again = [e for e in until(process, lambda e: e.kind == "paused") if e.kind == "paused"]
    assert again[-1].step == paused.step + 10
    silent = [e for e in process.poll(0.5) if e.name not in ("truth", "flow")]
    assert silent == [], "a paused run is silent; its truths may still be found"
    process.send(Resume())
    until(process, lambda e: e.step > again[-1].step)
    process.send(Stop())
    ended = end(process)
    assert isinstance(ended, events.Ended) and ended.reason == "stopped"


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_a_killed_child_is_reported_and_replaced(process: RunProcess) -> None:
    process.start(experiment(("training.steps", 10**7)))
    until(process, lambda e: e.kind == "progress")
    os.kill(process.pids["train"], signal.SIGKILL)
    failed = end(process)
    assert isinstance(failed, events.Failed) and failed.cause == "died" and "SIGKILL" in failed.message
    assert not process.running
    process.start(experiment())
    assert isinstance(end(process), events.Ended), "the next run finds a child in its place"


@pytest.mark.process
@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_a_crash_reports_the_stderr_of_the_child(mortal: RunProcess) -> None:
    mortal.start(experiment(("training.steps", 10**7)))
    until(mortal, lambda e: e.kind == "progress")
    os.kill(mortal.pids["train"], signal.SIGSEGV)
    failed = end(mortal)
    assert isinstance(failed, events.Failed) and "SIGSEGV" in failed.message
    assert "Segmentation fault" in failed.detail and "worker.py" in failed.detail


def test_bad_input_that_only_the_run_can_see_is_one_sentence(process: RunProcess) -> None:
    process.start(experiment(("pair.kind", "ray-monotone"), ("pair.file", "/nowhere/pair.pt")))
    failed = end(process)
    assert isinstance(failed, events.Failed) and failed.cause == "input" and "pair.file" in failed.message
    assert "\n" not in failed.message


def test_runs_at_once_have_trainers_and_streams_of_their_own(process: RunProcess) -> None:
    first = process.start(experiment(("training.steps", 10**7)), find_truths=False)
    until(process, lambda event: isinstance(event, events.Progress))
    second = process.start(experiment(), find_truths=False)
    assert len(process.pids) >= 3 and process.running
    heard = until(process, over)
    assert isinstance(heard[-1], events.Ended) and heard[-1].reason == "done"
    others = process.take_others()
    assert {one.number for one in others if one.number >= first} <= {first} and process.running
    process.send(Stop(), first)
    process.send(Stop(), second)  # it is over: ignored
    deadline = time.monotonic() + 60
    while process.running and time.monotonic() < deadline:
        process.poll(0.2)
        others += process.take_others()
    ended = [one.event for one in others if isinstance(one.event, events.Ended)]
    assert len(ended) == 1 and ended[0].reason == "stopped" and ended[0].estimates


def test_another_thread_may_ask_for_the_state_while_a_run_starts(
    process: RunProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    free, answers = Child.free, []

    def free_and_ask(child: Child, patience: float = 0.0) -> Child:
        answers.append((process.warm, process.pids["train"]))
        return free(child, patience)

    monkeypatch.setattr(Child, "free", free_and_ask)
    process.start(experiment(), find_truths=False)
    until(process, over)
    assert len(answers) == 1 and answers[0][1] in process.pids.values()


def test_a_spare_trainer_takes_the_next_run(process: RunProcess) -> None:
    process.start(experiment(("training.steps", 10**7)), find_truths=False)
    process.keep_spare()
    spares = set(process.pids.values())
    process.keep_spare()
    assert set(process.pids.values()) == spares, "one is enough"
    process.start(experiment(), find_truths=False)
    assert set(process.pids.values()) == spares
    until(process, over)
    process.send_all(Stop())


@pytest.mark.process
def test_the_children_end_when_the_parent_is_killed(tmp_path: object) -> None:
    import subprocess

    code = (
        "import time; from wganstudio.training.process import RunProcess\n"
        "if __name__ == '__main__':\n"
        "    p = RunProcess(); print(*p.pids.values(), flush=True)\n"
        "    while not p.warm: p.poll(0.1)\n"
        "    print('warm', flush=True); time.sleep(60)\n"
    )
    script = f"{tmp_path}/parent.py"
    with open(script, "w") as file:
        file.write(code)
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        assert parent.stdout.readline() == "warm\n"
        parent.kill()
    deadline = time.monotonic() + 10
    while any(map(psutil.pid_exists, pids)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(psutil.pid_exists, pids))


def test_an_unread_frame_gives_way_and_all_else_waits_in_order() -> None:
    def frame(step: int, recorded: bool = False) -> events.Snapshot:
        arrays = dict.fromkeys(("u", "gradient_norm"), np.zeros(2, np.float32))
        return events.Snapshot(topic="critic", step=step, recorded=recorded, arrays=arrays)

    def progress(step: int) -> events.Progress:
        return events.Progress(step=step, steps=9, rate=1.0, eta=1.0)

    box = CoalescingQueue()
    for event in (
        frame(1),
        frame(2, recorded=True),
        events.Metrics(step=2, values={}),
        frame(3),
        frame(4),
        progress(4),
        progress(5),
    ):
        box.put(event)
    assert [(e.name, e.step) for e in box.take()] == [
        ("critic", 2),
        ("metrics", 2),
        ("critic", 4),
        ("progress", 5),
    ]
    assert box.take() == []


def job(**changes: object) -> Job:
    return Job(1, "train", experiment(("training.steps", 10**7)), **changes)  # type: ignore[arg-type]


def test_a_job_is_stopped_after_its_seconds() -> None:
    said = list(perform(job(seconds=0.5), SimpleQueue()))
    assert isinstance(said[-1], events.Ended) and said[-1].reason == "stopped" and said[-1].step > 1


def test_the_progress_of_a_job_of_seconds_is_that_of_its_seconds() -> None:
    far = events.Progress(step=100, steps=10**7, rate=20.0, eta=5e5)
    assert _within(far, seconds=20.0, left=15.0) == far.model_copy(update={"steps": 400, "eta": 15.0})
    near = events.Progress(step=100, steps=110, rate=20.0, eta=0.5)
    assert _within(near, seconds=20.0, left=15.0) == near, "its steps are over before its seconds"
    said = list(perform(job(seconds=0.5), SimpleQueue()))
    messages = [event for event in said if isinstance(event, events.Progress)]
    assert messages and all(event.step <= event.steps < 10**7 for event in messages)


def test_a_job_tells_only_what_is_asked_for() -> None:
    said = list(perform(job(seconds=0.1, event_kinds=frozenset({"started", "ended"})), SimpleQueue()))
    assert [event.kind for event in said] == ["started", "ended"]


def test_a_jobs_last_event_says_what_went_wrong() -> None:
    bad = Job(1, "train", experiment(("pair.kind", "ray-monotone"), ("pair.file", "/nowhere/pair.pt")))
    (failed,) = perform(bad, SimpleQueue())
    assert isinstance(failed, events.Failed) and failed.cause == "input"
