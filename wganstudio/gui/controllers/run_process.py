"""The processes of the runs as the worker of the window uses them, and how they are made."""

from multiprocessing.connection import Connection
from typing import Protocol

from wganstudio.experiment import Experiment
from wganstudio.training.commands import Command
from wganstudio.training.events import Event, TrainingState
from wganstudio.training.job import JobEvent
from wganstudio.training.silence import Silence


class Process(Protocol):
    """The part of `training.process.RunProcess` that the worker uses."""

    @property
    def warm(self) -> bool: ...
    @property
    def finding(self) -> int: ...
    @property
    def pids(self) -> dict[str, int]: ...
    @property
    def connections(self) -> list[Connection]: ...
    @property
    def busy(self) -> bool: ...
    @property
    def silent_seconds(self) -> float: ...
    @property
    def step_seconds(self) -> float: ...
    @property
    def silences(self) -> tuple[Silence, ...]: ...
    def end_silent(self) -> None: ...
    def start(
        self,
        experiment: Experiment,
        resume: TrainingState | None = None,
        *,
        find_truths: bool = True,
        ignore_memory: bool = False,
        commands: tuple[Command, ...] = (),
    ) -> int: ...
    def keep_spare(self) -> None: ...
    def forget_truths(self) -> None: ...
    def send(self, command: Command, number: int | None = None) -> None: ...
    def poll(self, timeout: float = 0.0) -> list[Event]: ...
    def take_others(self) -> list[JobEvent]: ...
    def close(self, timeout: float = 2.0) -> None: ...


def run_process() -> Process:
    """Return the real processes, at a priority that leaves the window its share."""
    from wganstudio.training.process import RunProcess

    return RunProcess(polite=True)
