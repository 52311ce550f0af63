"""SuiteRun: hands the open cells of a suite to workers, records what they say, and tells it."""

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
from wganstudio.suites.workers import JobFinished, JobLost, JobStarted, Word, Workers
from wganstudio.training.events import Event, Failed, TruthFound, TruthMissing
from wganstudio.training.job import Job, JobEvent
from wganstudio.training.topics import recorded_topics

ATTEMPTS = 3
"""How often a run whose worker is lost is begun."""
_NUMBERS = frozenset({"started", "metrics", "progress", "ended", "failed"})
_SHARED = frozenset({"truth", "truth-missing"})
"""What runs of one pair and lambda share; the flow's picture depends on the seed too."""


@dataclass
class _Task:
    """A job in the workers' hands: a run, or without a cell the search for a pair's truths."""

    job: Job
    cell: Cell | None = None
    attempts: int = 0
    run: int = 0
    """The session's number of the run, while it is under way."""
    said: list[Event] = field(default_factory=list)
    """The truths found so far."""


class SuiteScheduler:
    """One go at a suite: from what its session holds to all cells settled.

    `poll` returns what was said since the last call, as the one stream that terminal and window listen to.
    The truths of a pair are found once and recorded with each of its runs. All methods are for one thread.
    """

    def __init__(self, suite: Suite, document: Document, workers: Workers) -> None:
        self.suite = suite
        self.ledger = SuiteResults(document)
        self._document = document
        self._workers = workers
        self._numbers = count(1)
        self._tasks: dict[int, _Task] = {}
        self._truths: dict[str, list[Event]] = {}
        self._abandon("The suite died while this run was under way; it is begun anew.")
        plan = suite.plan
        self._events: list[SuiteEvent] = [
            SuiteStarted(
                title=plan.title,
                runs=len(plan.cells),
                finished=len(self.ledger.results()),
                where=workers.where,
            )
        ]
        self._hand_out()
        if not self._tasks:
            self._events.append(self._end())

    @property
    def over(self) -> bool:
        """Whether all is said."""
        return not self._tasks and not self._events

    def poll(self, timeout: float = 0.0) -> list[SuiteEvent]:
        """What was said since the last call, in order; waits up to `timeout` seconds for the first word.

        SessionError where it cannot be recorded, SuiteError where the workers cannot be reached any more.
        """
        if self._tasks:
            for word in self._workers.poll(0.0 if self._events else timeout):
                self._events += self._take(word)
            if not self._tasks:
                self._events.append(self._end())
        events, self._events = self._events, []
        return events

    def close(self) -> None:
        """Give up what is under way; it is recorded as lost, and begun anew when the suite is resumed."""
        self._workers.close()
        self._tasks.clear()
        with contextlib.suppress(SessionError):
            self._abandon("The suite was stopped while this run was under way.")

    def _hand_out(self) -> None:
        """Submit every open cell, and before the first of a pair the search for its truths."""
        for record in self._document.records():
            if (cell := self._cell_of(record)) and (found := _truths_of(record)):
                self._truths[_key(self.suite.experiments[cell])] = found
        asked, waiting = set(self._truths), set(self.ledger.open())
        for cell, experiment in self.suite.experiments.items():
            if _key(experiment) not in asked:
                asked.add(_key(experiment))
                job = Job(next(self._numbers), "truths", experiment, event_kinds=_SHARED)
                self._submit(_Task(job))
            if cell in waiting:
                job = Job(
                    next(self._numbers),
                    "train",
                    experiment,
                    seconds=self.suite.seconds,
                    event_kinds=_event_kinds(self.suite.keep),
                )
                self._submit(_Task(job, cell))

    def _submit(self, task: _Task) -> None:
        self._tasks[task.job.number] = task
        self._workers.submit(task.job)

    def _take(self, word: Word) -> Iterator[SuiteEvent]:
        task = self._tasks.get(word.number)
        if task is None:  # settled: its worker died afterward
            return
        match word:
            case JobStarted(_, where):
                yield from self._begin(task, where)
            case JobEvent(_, event):
                if task.cell is None:
                    task.said.append(event)
                else:
                    yield self._record(task.cell, task.run, event)
            case JobFinished():
                yield from self._finish(task)
            case JobLost(_, why, detail):
                yield from self._lose(task, why, detail)

    def _begin(self, task: _Task, where: str) -> Iterator[SuiteEvent]:
        if task.run:
            yield from self._bury(task, "it was taken from its worker")
        task.attempts += 1
        task.said.clear()
        if task.cell is None:
            return
        experiment = task.job.experiment
        task.run = self._document.add_run(experiment)
        yield RunStarted(cell=task.cell, run=task.run, attempt=task.attempts, where=where)
        for event in self._truths.get(_key(experiment), ()):
            yield self._record(task.cell, task.run, event)

    def _finish(self, task: _Task) -> Iterator[SuiteEvent]:
        del self._tasks[task.job.number]
        if task.cell is None:
            yield from self._share(_key(task.job.experiment), task.said)
        else:
            failed = next(r for r in self._document.records() if r.run == task.run).failed is not None
            yield RunFinished(cell=task.cell, run=task.run, failed=failed)

    def _lose(self, task: _Task, why: str, detail: str) -> Iterator[SuiteEvent]:
        if task.cell is not None and not task.run:  # its beginning was lost as well
            yield from self._begin(task, "unknown")
        again = task.attempts < ATTEMPTS
        if task.cell is None:
            if again:
                self._submit(task)
            else:
                task.said = [TruthMissing(message=f"The process that computes the truths died ({why}).")]
                yield from self._finish(task)
            return
        run = task.run
        yield from self._bury(task, why, detail)
        if again:
            self._submit(task)
        else:
            del self._tasks[task.job.number]
            yield RunFinished(cell=task.cell, run=run, failed=True)

    def _bury(self, task: _Task, why: str, detail: str = "") -> Iterator[SuiteEvent]:
        assert task.cell is not None
        again = task.attempts < ATTEMPTS
        message = f"The worker of this run was lost ({why}), at attempt {task.attempts} of {ATTEMPTS}."
        yield self._record(task.cell, task.run, Failed(message=message, detail=detail, cause="died"))
        yield RunLost(cell=task.cell, run=task.run, why=why, again=again)
        task.run = 0

    def _share(self, key: str, truths: list[Event]) -> Iterator[SuiteEvent]:
        self._truths[key] = truths
        for record in self._document.records():
            cell = self._cell_of(record)
            if cell and _key(self.suite.experiments[cell]) == key and not _truths_of(record):
                for event in truths:
                    yield self._record(cell, record.run, event)

    def _record(self, cell: Cell, run: int, event: Event) -> RunEvent:
        self._document.append(run, event)
        return RunEvent(cell=cell, run=run, event=event)

    def _abandon(self, message: str) -> None:
        for record in self._document.records():
            if not record.over and self._cell_of(record) is not None:
                self._document.append(record.run, Failed(step=record.step, message=message, cause="died"))

    def _cell_of(self, record: RunRecord) -> Cell | None:
        return self.ledger.cells.get(record.experiment.about.name)

    def _end(self) -> SuiteFinished:
        finished = len(self.ledger.results())
        failed = len(self.suite.plan.cells) - finished
        return SuiteFinished(executed=self.ledger.executed, finished=finished, failed=failed)


def _event_kinds(keep: Literal["numbers", "pictures", "everything"]) -> frozenset[str] | None:
    """Return the names of the events that a suite's session keeps; None: all."""
    if keep == "everything":
        return None
    return _NUMBERS if keep == "numbers" else _NUMBERS | recorded_topics()


def _key(experiment: Experiment) -> str:
    """What the truths depend on."""
    penalty, ground = getattr(experiment.solver, "penalty", None), experiment.solver.ground
    groups = experiment.pair, experiment.sigma, experiment.perturbation, experiment.truth
    return json.dumps([*(group.settings() for group in groups), penalty, str(ground)], sort_keys=True)


def _truths_of(record: RunRecord) -> list[Event]:
    found: list[Event] = [TruthFound(truth=truth) for truth in record.truths.values()]
    return found or ([TruthMissing(message=record.truth_missing)] if record.truth_missing else [])
