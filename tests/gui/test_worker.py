"""The worker hands everything on, newest pictures only, and ends with its thread whatever happens."""

import os
import time
from collections import deque
from typing import Any

import numpy as np
import pytest

from wganstudio.experiment import preset, read
from wganstudio.gui.controllers.run_controller import RunController
from wganstudio.training.commands import Pause, Step, Stop
from wganstudio.training.events import Ended, Failed, Scalars, Snapshot

ENDED = Ended(step=1, reason="stopped", seconds=1, estimates={}, gradient={})


class FakeProcess:
    """A stand-in for RunProcess. Warm at once; `says` fills its pipe, `breaks` makes it raise."""

    def __init__(self) -> None:
        self.warm = True
        self.pids: dict[str, int] = {}
        self.started: list[Any] = []
        self.heard: list[Any] = []
        self.breaks: Exception | None = None
        self.closed = False
        self._pipe: deque[Any] = deque()

    def says(self, *events: Any) -> None:
        self._pipe.append(events)

    def start(self, experiment: Any) -> None:
        self.started.append(experiment)

    def send(self, command: Any) -> None:
        self.heard.append(command)

    def poll(self, timeout: float = 0.0) -> list[Any]:
        if self.breaks:
            raise self.breaks
        return list(self._pipe.popleft()) if self._pipe else []

    def close(self, timeout: float = 2.0) -> None:
        self.closed = True


@pytest.fixture
def experiment():
    return read(preset("first-look").settings)


@pytest.fixture
def control(qtbot):
    made = []

    def make(process):
        control = RunController(lambda: process() if callable(process) else process)
        made.append(control)
        return control

    yield make
    for control in made:
        control.close()


def heard_by(control):
    heard = []
    control.said.connect(lambda run, event: heard.append((run, event)))
    return heard


def test_events_come_in_order_with_their_runs_number(qtbot, control, experiment):
    fake = FakeProcess()
    it = control(fake)
    heard = heard_by(it)
    it.start(7, experiment)
    qtbot.waitUntil(lambda: bool(fake.started))
    events = [Scalars(step=n, values={"gap": float(n)}) for n in range(50)]
    fake.says(*events)
    qtbot.waitUntil(lambda: len(heard) == 50)
    assert heard == [(7, event) for event in events]


def test_of_unread_live_pictures_only_the_newest_is_shown_and_kept_ones_all(qtbot, control, experiment):
    fake = FakeProcess()
    it = control(fake)
    heard = heard_by(it)
    it.start(1, experiment)
    qtbot.waitUntil(lambda: bool(fake.started))
    u = np.zeros((2, 2))
    pictures = [
        Snapshot(topic="critic", step=n, recorded=n % 10 == 0, arrays={"u": u, "gradient_norm": u})
        for n in range(1, 41)
    ]
    fake.says(*pictures)
    time.sleep(0.1)  # the window is busy elsewhere: the worker goes on reading
    qtbot.waitUntil(lambda: len(heard) >= 5)
    assert [event.step for _, event in heard if event.recorded] == [10, 20, 30, 40]
    assert [event.step for _, event in heard if not event.recorded] == [39]


def test_commands_reach_the_process(qtbot, control, experiment):
    fake = FakeProcess()
    it = control(fake)
    it.start(1, experiment)
    it.pause_or_resume()
    it.step(10)
    it.stop()
    qtbot.waitUntil(lambda: len(fake.heard) == 3)
    assert fake.heard == [Pause(), Step(10), Stop()]


def test_a_process_that_breaks_is_reported_and_replaced(qtbot, control, experiment):
    processes = []

    def make():
        processes.append(FakeProcess())
        return processes[-1]

    it = control(make)
    heard = heard_by(it)
    it.start(1, experiment)
    qtbot.waitUntil(lambda: bool(processes and processes[0].started))
    processes[0].breaks = OSError("the pipe is gone")
    qtbot.waitUntil(lambda: bool(heard))
    assert isinstance(heard[0][1], Failed) and "the pipe is gone" in heard[0][1].message
    qtbot.waitUntil(lambda: len(processes) == 2 and not it.busy)
    it.start(2, experiment)
    qtbot.waitUntil(lambda: bool(processes[1].started))
    assert processes[0].closed


def test_a_process_that_cannot_be_made_fails_the_run_with_a_sentence(qtbot, control, experiment):
    def make():
        raise OSError("no more processes")

    it = control(make)
    troubles, heard = [], heard_by(it)
    it.trouble.connect(lambda message, detail: troubles.append(message))
    it.start(1, experiment)
    qtbot.waitUntil(lambda: bool(heard and troubles))
    assert isinstance(heard[0][1], Failed) and "no more processes" in troubles[0]
    assert not it.busy


def test_a_forgotten_run_is_stopped_and_says_nothing_more(qtbot, control, experiment):
    fake = FakeProcess()
    it = control(fake)
    heard = heard_by(it)
    it.start(1, experiment)
    qtbot.waitUntil(lambda: bool(fake.started))
    it.forget()
    fake.says(
        Scalars(step=1, values={}), Ended(step=1, reason="stopped", seconds=1, estimates={}, gradient={})
    )
    qtbot.waitUntil(lambda: not it.busy)
    assert heard == [] and fake.heard == [Stop()]


def test_the_real_process_warms_up_runs_and_is_gone_after_close(qtbot, control, experiment):
    from wganstudio.gui.controllers.run_worker import run_process

    it = control(run_process)
    it.prepare()
    qtbot.waitUntil(lambda: it.warm, timeout=60_000)
    pids = list(it.pids.values())
    began = time.monotonic()
    it.close()
    assert time.monotonic() - began < 3.0
    assert len(pids) == 2
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
