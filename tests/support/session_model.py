"""A model of a session in plain Python, and the faults that its files may meet."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from wganstudio.experiment import Experiment, preset, read
from wganstudio.session import RunRecord
from wganstudio.session.resuming import TRUTH_KINDS
from wganstudio.training import events
from wganstudio.training.events import TERMINAL, TIMING_FIELDS, Event, Started, TrainingState
from wganstudio.truths import Truth

EXPERIMENT = read(preset("first-look").settings)


def contents(record: RunRecord, *, state: bool = True) -> dict[str, Any]:
    """All that a record holds of what is stored, but for the time that it took."""
    left_out = {"version", "progress", "step", "_next_frame"} | (set() if state else {"state"})
    return {name: plain(value) for name, value in vars(record).items() if name not in left_out}


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items()}
    if hasattr(value, "arrays"):
        return value.model_dump(exclude=TIMING_FIELDS), {n: a.tobytes() for n, a in value.arrays.items()}
    return value


def started() -> Event:
    return Started(experiment=EXPERIMENT.settings(), environment={"torch": "2"}, steps=EXPERIMENT.steps)


def event(kind: str, step: int) -> Event:
    """An event of a kind, with numbers that tell its step."""
    small = {"u": np.full((3, 3), step, np.float32), "gradient_norm": np.zeros((3, 3), np.float32)}
    match kind:
        case "started":
            return started()
        case "metrics":
            return events.Metrics(step=step, values={"gap": step / 7, "gap_se": 1e-17})
        case "critic":
            return events.Snapshot(topic="critic", step=step, arrays=small, recorded=True)
        case "checkpoint":
            return events.Checkpoint(step=step, arrays=small)
        case "state":
            arrays = {"0": np.full(2_000, step, np.float32)}
            return TrainingState(step=step, body='{"items": []}', arrays=arrays)
        case "truth":
            truth = Truth(quantity="w1", value=step, lower=0, upper=1e9, method="m", law="l", seconds=0.1)
            return events.TruthFound(truth=truth)
        case "paused":
            return events.Paused(step=step)
        case "ended":
            return events.Ended(step=step, reason="stopped", seconds=1, estimates={"gap": 1.0}, gradient={})
        case "failed":
            return events.Failed(step=step, message="No more.")
    raise AssertionError(kind)


KINDS = ("metrics", "critic", "checkpoint", "state", "truth", "paused", "ended", "failed")


@dataclass
class RunModel:
    """The stored events of a run in their order."""

    run: int
    experiment: Experiment
    name: str = ""
    log: list[Event | None] = field(default_factory=list)
    """None: the process that wrote the run had died."""
    states: list[tuple[TrainingState, int]] = field(default_factory=list)
    """Training states, and the length of the log when they were made."""

    def append(self, new: Event) -> None:
        if isinstance(new, TrainingState):
            self.states = [*self.states[-1:], (new, len(self.log))]
        elif not events.is_coalescible(new):
            self.log.append(new)
            if isinstance(new, TERMINAL):
                self.states = self.states[-1:]

    def resume(self, new: Event) -> None:
        """Continue from the newest state."""
        kept = self.states[-1][1] if self.states else 0
        truths = [e for e in self.log[kept:] if e is not None and e.name in TRUTH_KINDS]
        before = [e for e in self.log[:kept] if e is not None and e.name != "started"]
        length = len(before)
        self.log = [new, *before, *truths]
        self.states = [(state, 1 + length) for state, _ in self.states[-1:]]

    def record(self) -> RunRecord:
        record = RunRecord(self.run, self.experiment, self.name)
        for one in self.log:
            if one is None:
                record.mark_crashed()
            else:
                record.apply(one)
        return record


class InputOutputError(sqlite3.OperationalError):
    """An injected error of the disk."""


class Faults:
    """Lets a chosen call to the disk fail, and all after it until it is switched off."""

    def __init__(self) -> None:
        self.calls_left: int | None = None

    def call(self) -> None:
        """Count a call; raise if it is one that fails."""
        if self.calls_left is None:
            return
        if self.calls_left <= 0:
            raise InputOutputError("disk I/O error")
        self.calls_left -= 1

    def system_call(self) -> None:
        """Count a call to the operating system."""
        try:
            self.call()
        except InputOutputError as error:
            raise OSError(5, "Input/output error") from error

    @contextmanager
    def after(self, calls: int) -> Iterator[None]:
        """Fail from a call on."""
        self.calls_left = calls
        try:
            yield
        finally:
            self.calls_left = None


def install(faults: Faults, patch: pytest.MonkeyPatch) -> None:
    """Make every connection and every change of a folder subject to the faults."""

    class Connection(sqlite3.Connection):
        def execute(self, *arguments: Any) -> sqlite3.Cursor:
            faults.call()
            return super().execute(*arguments)

        def backup(self, *arguments: Any, **options: Any) -> None:
            faults.call()
            super().backup(*arguments, **options)

        def __exit__(self, *error: Any) -> Any:
            if error[0] is None:
                try:
                    faults.call()
                except InputOutputError:
                    self.rollback()
                    raise
            return super().__exit__(*error)

    connect, fsync, replace = sqlite3.connect, os.fsync, os.replace

    def faulty_connect(*arguments: Any, **options: Any) -> sqlite3.Connection:
        faults.call()
        return connect(*arguments, factory=Connection, **options)

    def faulty_fsync(descriptor: int) -> None:
        faults.system_call()
        fsync(descriptor)

    def faulty_replace(source: Any, target: Any) -> None:
        faults.system_call()
        replace(source, target)

    patch.setattr(sqlite3, "connect", faulty_connect)
    patch.setattr(os, "fsync", faulty_fsync)
    patch.setattr(os, "replace", faulty_replace)


def leftovers(folder: Path) -> list[str]:
    """Files that an operation should not have left."""
    endings = (".part", "-journal", "-wal", "-shm")
    return sorted(file.name for file in folder.iterdir() if file.name.endswith(endings))
