"""Workers that do not answer: noticed, ended, and never waited for."""

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from wganstudio.experiment import Experiment, override, preset, read
from wganstudio.training import events
from wganstudio.training.commands import Pause
from wganstudio.training.inbox import Inbox
from wganstudio.training.outbox import Outbox
from wganstudio.training.process import RunProcess
from wganstudio.training.silence import LONGEST_LOOK, SilenceClock, silence

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a stopped child with its parent")


def endless() -> Experiment:
    quick = [("training.batch", 32), ("evaluation.samples", 64), ("evaluation.resolution", 8)]
    small = [("evaluation.final_samples", 1024), ("critic.width", 8), ("training.steps", 10**7)]
    return read(override(preset("first-look").settings, [*quick, *small]))


@pytest.fixture
def process(worker_server: None) -> Iterator[RunProcess]:
    """Two children that end with the test, one of which trains."""
    process = RunProcess()
    process.start(endless(), find_truths=False)
    heard_within(process, 120, lambda event: event.kind == "progress")
    yield process
    process.close()


def heard_within(
    process: RunProcess, seconds: float, wanted: Callable[[events.Event], bool]
) -> list[events.Event]:
    heard: list[events.Event] = []
    deadline = time.monotonic() + seconds
    while not any(map(wanted, heard)):
        assert time.monotonic() < deadline, [event.kind for event in heard]
        heard += process.poll(0.2)
    return heard


def silent_after(process: RunProcess, seconds: float) -> float:
    began = time.monotonic()
    while not process.silences:
        assert time.monotonic() < began + seconds
        process.poll(0.5)
    return time.monotonic() - began


@posix
@pytest.mark.process
def test_a_stopped_trainer_is_noticed_after_ten_seconds_and_ended(process: RunProcess) -> None:
    pid = process.pids["train"]
    os.kill(pid, signal.SIGSTOP)
    assert 9 < silent_after(process, 15) < 12
    (said,) = process.silences
    assert said.message == f"The trainer has not answered for 10 s (process {pid} is stopped)."
    process.end_silent()
    failed = heard_within(process, 5, lambda event: isinstance(event, events.TERMINAL))[-1]
    assert isinstance(failed, events.Failed) and failed.cause == "died"
    assert "was ended (it had not answered for 1" in failed.message and not process.silences
    assert not psutil.pid_exists(pid) and process.pids["train"] != pid


@posix
@pytest.mark.process
def test_one_that_answers_again_raises_no_alarm(process: RunProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wganstudio.training.silence.HUNG_SECONDS", 2.5)
    os.kill(process.pids["train"], signal.SIGSTOP)
    silent_after(process, 10)
    os.kill(process.pids["train"], signal.SIGCONT)
    heard_within(process, 30, lambda event: event.kind == "progress")
    assert not process.silences
    process.end_silent()
    process.poll(0.5)
    assert process.running, "nothing is ended that answers"


@pytest.mark.process
def test_a_run_without_events_answers_all_the_same(
    process: RunProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wganstudio.training.silence.HUNG_SECONDS", 2.5)
    process.send(Pause())
    heard_within(process, 30, lambda event: event.kind == "paused")
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        process.poll(0.5)
        assert not process.silences
    assert process.step_seconds > 4


@posix
@pytest.mark.process
def test_closing_waits_for_no_stopped_process(process: RunProcess) -> None:
    pids = list(process.pids.values())
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    began = time.monotonic()
    process.close()
    assert time.monotonic() - began < 3.5 and not any(map(psutil.pid_exists, pids))


@posix
@pytest.mark.process
def test_signals_that_end_a_program_are_for_the_parent(process: RunProcess) -> None:
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        for pid in process.pids.values():
            os.kill(pid, getattr(signal, name))
    process.poll(0.5)
    heard_within(process, 30, lambda event: event.kind == "progress")
    assert process.running


PARENT = """
import os, signal, sys, time
from wganstudio.training.process import RunProcess
if __name__ == "__main__":
    process = RunProcess()
    print(*process.pids.values(), flush=True)
    if sys.argv[1] != "cold":
        while not process.warm:
            process.poll(0.1)
    print("ready", flush=True)
    if sys.argv[1] != "careless":
        time.sleep(120)
"""


@linux
@pytest.mark.process
def test_a_stopped_child_dies_with_a_killed_parent(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    command = [sys.executable, str(script), "warm"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        assert parent.stdout.readline() == "ready\n"
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        parent.kill()
    assert_gone(pids)


@posix
@pytest.mark.process
def test_ctrl_c_ends_no_child_that_is_just_starting(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    command = [sys.executable, str(script), "cold"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        for pid in pids:
            os.kill(pid, signal.SIGINT)
        time.sleep(2)
        states = [psutil.Process(pid).status() for pid in pids]
        parent.kill()
        _, err = parent.communicate()
    assert psutil.STATUS_ZOMBIE not in states and err == ""
    assert_gone(pids)


@posix
@pytest.mark.process
def test_a_program_that_closes_nothing_ends_all_the_same(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    command = [sys.executable, str(script), "careless"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        try:
            assert parent.wait(60) == 0
        finally:
            parent.kill()
    assert_gone(pids)


def assert_gone(pids: list[int]) -> None:
    deadline = time.monotonic() + 15
    while any(map(psutil.pid_exists, pids)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(psutil.pid_exists, pids))


def test_time_in_which_nobody_listened_is_no_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("wganstudio.training.silence.time", SimpleNamespace(monotonic=lambda: now))
    clock = SilenceClock()
    for _ in range(8):
        now += 1.0
        clock.look()
    assert clock.seconds == 8.0
    now += 8 * 3600.0  # the laptop slept
    clock.look()
    assert clock.seconds == 8.0 + LONGEST_LOOK
    clock.restart()
    assert clock.seconds == 0.0


def test_a_trainer_that_starts_may_be_silent_for_longer_unless_it_is_stopped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pid = os.getpid()
    assert silence("train", pid, 9.9, starting=False) is None
    assert silence("train", pid, 30.0, starting=True) is None
    late = silence("train", pid, 63.0, starting=True)
    assert late is not None and "has not answered for 60 s" in late.message
    monkeypatch.setattr(psutil.Process, "status", lambda self: psutil.STATUS_STOPPED)
    stopped = silence("truths", pid, 12.0, starting=True)
    assert stopped is not None and stopped.message == (
        f"The process that computes the truths has not answered for 10 s (process {pid} is stopped)."
    )


@posix
@pytest.mark.parametrize("size", [0, 1, 100, 20_000, 3_000_000])
def test_a_message_whose_rest_is_missing_is_not_waited_for(size: int) -> None:
    ours, theirs = multiprocessing.Pipe()
    inbox, message = Inbox(ours), b"x" * size
    with ours, theirs:
        sender = threading.Thread(target=lambda: [theirs.send(message), theirs.send("after")])
        sender.start()
        received: list[object] = []
        while len(received) < 2:
            received += inbox.take()
        sender.join()
        data = bytes(ForkingPickler.dumps(message))
        whole = len(data).to_bytes(4, "big") + data
        for piece in (whole[:3], whole[3:4], whole[4:9]):
            os.write(theirs.fileno(), piece)
            assert list(inbox.take()) == []
        if size < 50_000:
            os.write(theirs.fileno(), whole[9:])
            received += inbox.take()
            assert received == [message, "after", message]
        else:
            assert received == [message, "after"]
        theirs.close()
        with pytest.raises(EOFError):
            list(inbox.take())


def test_what_nobody_reads_blocks_nobody() -> None:
    ours, theirs = multiprocessing.Pipe()
    outbox = Outbox(ours)
    began = time.monotonic()
    outbox.put(b"x" * 10_000_000)
    outbox.put("lost")
    assert time.monotonic() - began < 1 and not outbox.idle
    theirs.close()
    outbox.close(10.0)
    assert outbox.idle
    ours.close()


def test_messages_arrive_in_order() -> None:
    ours, theirs = multiprocessing.Pipe()
    outbox = Outbox(ours)
    for number in range(200):
        outbox.put(number)
    assert [theirs.recv() for _ in range(200)] == list(range(200))
    outbox.close(10.0)
    ours.close()
    theirs.close()
