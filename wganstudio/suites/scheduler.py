"""The scheduler of a suite: submit the open cells to workers and record their events."""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Literal

from wganstudio.experiment import Experiment
from wganstudio.session import Document, RunRecord, SessionError
from wganstudio.suites.events import (
    RunEvent,
    RunFinished,
    RunLost,
    RunStarted,
    SuiteEvent,
    SuiteFinished,
    SuiteStarted,
)
from wganstudio.suites.plan import Cell, Suite
from wganstudio.suites.results import SuiteResults
from wganstudio.suites.workers import JobFinished, JobLost, JobMessage, JobStarted, Workers
from wganstudio.training.events import Event, Failed, TruthFound, TruthMissing
from wganstudio.training.job import Job, JobEvent
from wganstudio.training.topics import recorded_topics

ATTEMPTS = 3
"""Maximal number of attempts of a run whose worker is lost each time."""
_METRIC_KINDS = frozenset({"started", "metrics", "progress", "ended", "failed"})
_TRUTH_KINDS = frozenset({"truth", "truth-missing"})
"""The events that runs with equal truths share; frames of the flow depend on the seed as well."""


@dataclass
class _Task:
    """A submitted job: a run, or without a cell the computation of the truths of a pair."""

    job: Job
    cell: Cell | None = None
    attempts: int = 0
    run: int = 0
    """The number of the run in the session; 0 while none is under way."""
    truths: list[Event] = field(default_factory=list)
    """The events of the truths so far."""


class SuiteScheduler:
    """Runs the open cells of a suite until all are final.

    `poll` returns the events since the last call; terminal and window read the same stream. The truths of a
    pair are computed once and recorded with each of its runs. Not thread-safe.
    """

    def __init__(self, suite: Suite, document: Document, workers: Workers) -> None:
        self.suite = suite
        self.results = SuiteResults(document)
        self._document = document
        self._workers = workers
        self._numbers = count(1)
        self._tasks: dict[int, _Task] = {}
        self._truths: dict[str, list[Event]] = {}
        self._fail_open_runs("The suite died while this run was under way; the run starts again.")
        plan = suite.plan
        self._events: list[SuiteEvent] = [
            SuiteStarted(
                title=plan.title,
                runs=len(plan.cells),
                finished=len(self.results.finished()),
                where=workers.where,
            )
        ]
        self._submit_open_cells()
        if not self._tasks:
            self._events.append(self._end())

    @property
    def over(self) -> bool:
        """True if all cells are final and all events polled."""
        return not self._tasks and not self._events

    def poll(self, timeout: float = 0.0) -> list[SuiteEvent]:
        """Return the events since the last call, in order; wait up to `timeout` seconds for the first.

        SessionError if they cannot be recorded, SuiteError if the workers cannot be reached any more.
        """
        if self._tasks:
            for message in self._workers.poll(0.0 if self._events else timeout):
                self._events += self._handle(message)
            if not self._tasks:
                self._events.append(self._end())
        events, self._events = self._events, []
        return events

    def close(self) -> None:
        """Cancel the runs under way; they are recorded as failed, and start again on resumption."""
        self._workers.close()
        self._tasks.clear()
        with contextlib.suppress(SessionError):
            self._fail_open_runs("The suite was stopped while this run was under way.")

    def _submit_open_cells(self) -> None:
        """Submit every open cell, and before the first cell of a pair the computation of its truths."""
        for record in self._document.records():
            if (cell := self.results.cell_of(record)) and (truths := _truths_of(record)):
                self._truths[_truth_key(self.suite.experiments[cell])] = truths
        with_truths, open_cells = set(self._truths), set(self.results.open_cells())
        for cell, experiment in self.suite.experiments.items():
            if _truth_key(experiment) not in with_truths:
                with_truths.add(_truth_key(experiment))
                job = Job(next(self._numbers), "truths", experiment, event_kinds=_TRUTH_KINDS)
                self._submit(_Task(job))
            if cell in open_cells:
                kinds = _event_kinds(self.suite.keep)
                job = Job(
                    next(self._numbers), "train", experiment, seconds=self.suite.seconds, event_kinds=kinds
                )
                self._submit(_Task(job, cell))

    def _submit(self, task: _Task) -> None:
        self._tasks[task.job.number] = task
        self._workers.submit(task.job)

    def _handle(self, message: JobMessage) -> Iterator[SuiteEvent]:
        task = self._tasks.get(message.number)
        if task is None:  # final already: its worker died afterward
            return
        match message:
            case JobStarted(_, where):
                yield from self._begin(task, where)
            case JobEvent(_, event):
                if task.cell is None:
                    task.truths.append(event)
                else:
                    yield self._record(task.cell, task.run, event)
            case JobFinished():
                yield from self._finish(task)
            case JobLost(_, why, detail):
                yield from self._retry(task, why, detail)

    def _begin(self, task: _Task, where: str) -> Iterator[SuiteEvent]:
        if task.run:
            yield from self._give_up(task, "it was taken from its worker")
        task.attempts += 1
        task.truths.clear()
        if task.cell is None:
            return
        experiment = task.job.experiment
        task.run = self._document.add_run(experiment)
        yield RunStarted(cell=task.cell, run=task.run, attempt=task.attempts, where=where)
        for event in self._truths.get(_truth_key(experiment), ()):
            yield self._record(task.cell, task.run, event)

    def _finish(self, task: _Task) -> Iterator[SuiteEvent]:
        del self._tasks[task.job.number]
        if task.cell is None:
            yield from self._share(_truth_key(task.job.experiment), task.truths)
        else:
            failed = next(r for r in self._document.records() if r.run == task.run).failed is not None
            yield RunFinished(cell=task.cell, run=task.run, failed=failed)

    def _retry(self, task: _Task, why: str, detail: str) -> Iterator[SuiteEvent]:
        if task.cell is not None and not task.run:  # the message of its start was lost as well
            yield from self._begin(task, "unknown")
        again = task.attempts < ATTEMPTS
        if task.cell is None:
            if again:
                self._submit(task)
            else:
                message = f"The process that computes the truths died ({why})."
                task.truths = [TruthMissing(message=message, failed=True)]
                yield from self._finish(task)
            return
        run = task.run
        yield from self._give_up(task, why, detail)
        if again:
            self._submit(task)
        else:
            del self._tasks[task.job.number]
            yield RunFinished(cell=task.cell, run=run, failed=True)

    def _give_up(self, task: _Task, why: str, detail: str = "") -> Iterator[SuiteEvent]:
        assert task.cell is not None
        again = task.attempts < ATTEMPTS
        message = f"The worker of this run was lost ({why}), at attempt {task.attempts} of {ATTEMPTS}."
        yield self._record(task.cell, task.run, Failed(message=message, detail=detail, cause="died"))
        yield RunLost(cell=task.cell, run=task.run, why=why, again=again)
        task.run = 0

    def _share(self, key: str, truths: list[Event]) -> Iterator[SuiteEvent]:
        self._truths[key] = truths
        for record in self._document.records():
            cell = self.results.cell_of(record)
            if cell and _truth_key(self.suite.experiments[cell]) == key and not _truths_of(record):
                for event in truths:
                    yield self._record(cell, record.run, event)

    def _record(self, cell: Cell, run: int, event: Event) -> RunEvent:
        self._document.append(run, event)
        return RunEvent(cell=cell, run=run, event=event)

    def _fail_open_runs(self, message: str) -> None:
        for record in self._document.records():
            if (not record.over or record.state == "crashed") and self.results.cell_of(record) is not None:
                self._document.append(record.run, Failed(step=record.step, message=message, cause="died"))

    def _end(self) -> SuiteFinished:
        finished = len(self.results.finished())
        failed = len(self.suite.plan.cells) - finished
        return SuiteFinished(executed=self.results.executed, finished=finished, failed=failed)


def _event_kinds(keep: Literal["numbers", "pictures", "everything"]) -> frozenset[str] | None:
    """Return the names of the events that the session of a suite keeps; None for all."""
    if keep == "everything":
        return None
    return _METRIC_KINDS if keep == "numbers" else _METRIC_KINDS | recorded_topics()


def _truth_key(experiment: Experiment) -> str:
    """Return the settings that the truths depend on, as JSON."""
    penalty, ground = experiment.solver.gradient_penalty, experiment.solver.ground
    groups = experiment.pair, experiment.sigma, experiment.perturbation, experiment.truth
    return json.dumps([*(group.settings() for group in groups), penalty, str(ground)], sort_keys=True)


def _truths_of(record: RunRecord) -> list[Event]:
    """Return the events of the truths of a run; none where their computation failed: it is repeated."""
    if record.truths_failed:
        return []
    truths: list[Event] = [TruthFound(truth=truth) for truth in record.truths.values()]
    return truths or ([TruthMissing(message=record.truth_missing)] if record.truth_missing else [])
