"""Events of a suite while it runs: one closed union for the terminal and the window."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from wganstudio.suites.plan import Cell
from wganstudio.training.events import Event


class _Event(BaseModel):
    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True, extra="forbid")


class SuiteStarted(_Event):
    """The suite starts or resumes; `finished` of its runs are complete already."""

    kind: Literal["suite-started"] = "suite-started"
    title: str
    runs: int
    finished: int
    where: str


class RunStarted(_Event):
    """A worker took up a run; `run` is its number in the session, `attempt` counts from 1."""

    kind: Literal["run-started"] = "run-started"
    cell: Cell
    run: int
    attempt: int
    where: str


class RunEvent(_Event):
    """An event of a run, already recorded in the session."""

    kind: Literal["run-event"] = "run-event"
    cell: Cell
    run: int
    event: Event


class RunLost(_Event):
    """The worker of a run was lost; with `again` the run is queued once more."""

    kind: Literal["run-lost"] = "run-lost"
    cell: Cell
    run: int
    why: str
    again: bool


class RunSilent(_Event):
    """The worker of a run does not answer; `message` says so."""

    kind: Literal["run-silent"] = "run-silent"
    cell: Cell
    run: int
    message: str


class RunFinished(_Event):
    """A run is over; its record in the session holds the result."""

    kind: Literal["run-finished"] = "run-finished"
    cell: Cell
    run: int
    failed: bool


class SuiteFinished(_Event):
    """All cells are final. `executed` counts every run ever started for the session, with all attempts."""

    kind: Literal["suite-finished"] = "suite-finished"
    executed: int
    finished: int
    failed: int


SuiteEvent = SuiteStarted | RunStarted | RunEvent | RunLost | RunSilent | RunFinished | SuiteFinished
