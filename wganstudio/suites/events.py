"""What a suite says while it runs: one closed union of events for the terminal and the window."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from wganstudio.suites.plan import Cell
from wganstudio.training.events import Event


class _Event(BaseModel):
    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True, extra="forbid")


class SuiteStarted(_Event):
    """The suite begins, or goes on: how many of its runs were finished before, and who works."""

    kind: Literal["suite-started"] = "suite-started"
    title: str
    runs: int
    finished: int
    where: str


class RunStarted(_Event):
    """A worker took up a run; `run` is its number in the session, `attempt` counts from 1."""

    kind: Literal["run-began"] = "run-began"
    cell: Cell
    run: int
    attempt: int
    where: str


class RunEvent(_Event):
    """An event of a run, as the session's record of it has just taken it in."""

    kind: Literal["run-said"] = "run-said"
    cell: Cell
    run: int
    event: Event


class RunLost(_Event):
    """A run's worker was lost; `again` says whether the run is tried once more."""

    kind: Literal["run-lost"] = "run-lost"
    cell: Cell
    run: int
    why: str
    again: bool


class RunFinished(_Event):
    """A run is over; its record in the session says how."""

    kind: Literal["run-over"] = "run-over"
    cell: Cell
    run: int
    failed: bool


class SuiteFinished(_Event):
    """Nothing is left to do. `executed` counts every run ever begun for the session, attempts included."""

    kind: Literal["suite-over"] = "suite-over"
    executed: int
    finished: int
    failed: int


SuiteEvent = SuiteStarted | RunStarted | RunEvent | RunLost | RunFinished | SuiteFinished
