"""The scheduler of a suite: submit the open cells to workers and record their events."""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Literal

from wganstudio.experiment import Experiment
from wganstudio.session import Document, Resumption, RunRecord, SessionError
from wganstudio.suites.events import (
    RunEvent,
    RunFinished,
    RunLost,
    RunSilent,
    RunStarted,
    SuiteEvent,
    SuiteFinished,
    SuiteStarted,
)
from wganstudio.suites.plan import Cell, Suite
from wganstudio.suites.results import SuiteResults
from wganstudio.suites.workers import (
    JobFinished,
    JobLost,
    JobMessage,
    JobSilent,
    JobStarted,
    Workers,
    WorkersLost,
)
from wganstudio.training.events import Event, Failed, Started, TruthFound, TruthMissing
from wganstudio.training.job import STATE_SECONDS, Job, JobEvent
from wganstudio.training.topics import recorded_topics

ATTEMPTS = 3
"""Maximal number of attempts of a run whose worker is lost each time."""
RETRIED_ONCE = {"memory": "out of memory", "device": "its GPU failed"}
"""Causes of failures that may be gone once the runs beside it have ended."""
_METRIC_KINDS = frozenset({"started", "metrics", "progress", "training-state", "ended", "failed"})
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
    resumed_run: int = 0
    """The interrupted run that the job continues; 0 if it starts a new one."""
    refusal: Failed | None = None
    """Why the worker could not continue from the state of the job."""
    truths: list[Event] = field(default_factory=list)
    """The events of the truths so far."""


class SuiteScheduler:
    """Runs the open cells of a suite until all are final.

    `poll` returns the events since the last call; terminal and window read the same stream. The truths of a
    pair are computed once and recorded with each of its runs. Not thread-safe.
    """

    def __init__(
        self, suite: Suite, document: Document, workers: Workers, *, ignore_memory: bool = False
    ) -> None:
        self.suite = suite
        self._ignore_memory = ignore_memory
        self.results = SuiteResults(document)
        self._document = document
        self._workers = workers
        self._numbers = count(1)
        self._tasks: dict[int, _Task] = {}
        self._truths: dict[str, list[Event]] = {}
        self._fail_open_runs("The suite died while this run was under way.")
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

        SessionError if they cannot be recorded, WorkersLost if the workers cannot be reached any more.
        """
        if self._tasks:
            try:
                messages = self._workers.poll(0.0 if self._events else timeout)
            except WorkersLost as error:
                raise WorkersLost(
                    f"{error}; {self._kept()} and resume the suite (--resume in the terminal)."
                ) from error
            for message in messages:
                self._events += self._handle(message)
            if not self._tasks:
                self._events.append(self._end())
        events, self._events = self._events, []
        return events

    def close(self) -> None:
        """Cancel the runs under way; they are recorded as failed, and continue when the suite is resumed."""
        self._workers.close()
        self._tasks.clear()
        with contextlib.suppress(SessionError):
            self._fail_open_runs("The suite was stopped while this run was under way.")

    def _kept(self) -> str:
        """Return where the finished runs are, and what to start."""
        count, path = len(self.results.finished()), self._document.path
        runs = "the finished run is" if count == 1 else f"the {count} finished runs are"
        return f"{runs} in {path}: start it" if count else "no run had finished: start it"

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
                    next(self._numbers),
                    "train",
                    experiment,
                    seconds=self.suite.seconds,
                    state_period=STATE_SECONDS,
                    event_kinds=kinds,
                    ignore_memory=self._ignore_memory,
                )
                self._submit(_Task(job, cell))

    def _submit(self, task: _Task) -> None:
        """Submit a task; a run that was interrupted continues from its last state."""
        if task.cell is not None:
            resumption = None if task.refusal else self._resumption(task.cell, task.job.experiment)
            task.resumed_run = 0 if resumption is None else resumption.run
            task.job = replace(task.job, resume=None if resumption is None else resumption.state)
        self._tasks[task.job.number] = task
        self._workers.submit(task.job)

    def _resumption(self, cell: Cell, experiment: Experiment) -> Resumption | None:
        """Return how the last run of a cell continues; None if there is no state of this experiment."""
        runs = self.results.runs(cell)
        interrupted = {"died", *RETRIED_ONCE}
        if not runs or runs[-1].ended or (runs[-1].failed and runs[-1].failed.cause not in interrupted):
            return None
        with contextlib.suppress(SessionError):
            resumption = self._document.resume(runs[-1].run)
            if resumption.saved is not None and resumption.experiment == experiment:
                return resumption
        return None

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
                elif isinstance(event, Failed) and event.cause == "input" and task.resumed_run:
                    task.refusal = event
                else:
                    yield self._record(task.cell, task.run, event)
                    if isinstance(event, Started):
                        task.resumed_run = 0
            case JobFinished():
                yield from self._finish(task)
            case JobLost(_, why, detail):
                yield from self._retry(task, why, detail)
            case JobSilent(_, text) if task.cell is not None:
                yield RunSilent(cell=task.cell, run=task.run, message=text)

    def _begin(self, task: _Task, where: str) -> Iterator[SuiteEvent]:
        if task.run:
            yield from self._give_up(task, "it was taken from its worker")
        task.attempts += 1
        task.truths.clear()
        if task.cell is None:
            return
        experiment = task.job.experiment
        task.run = task.resumed_run or self._document.add_run(experiment)
        yield RunStarted(cell=task.cell, run=task.run, attempt=task.attempts, where=where)
        if not _truths_of(self._record_of(task)):
            for event in self._truths.get(_truth_key(experiment), ()):
                yield self._record(task.cell, task.run, event)

    def _finish(self, task: _Task) -> Iterator[SuiteEvent]:
        if task.cell is None:
            del self._tasks[task.job.number]
            yield from self._share(_truth_key(task.job.experiment), task.truths)
            return
        failed = self._record_of(task).failed
        why = RETRIED_ONCE.get(failed.cause) if failed is not None else None
        again = why is not None and task.attempts == 1
        if again:
            yield RunLost(cell=task.cell, run=task.run, why=str(why), again=True)
        if again or (task.refusal and task.resumed_run):
            task.run = 0
            self._submit(task)
            return
        del self._tasks[task.job.number]
        if self.suite.keep != "everything":
            self._document.drop_states(task.run)
        yield RunFinished(cell=task.cell, run=task.run, failed=failed is not None)

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
        message = f"The worker of this run was lost ({why}), at attempt {task.attempts} of {ATTEMPTS}"
        message += "; use fewer processes, or a smaller batch or network." if "out of memory" in why else "."
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

    def _record_of(self, task: _Task) -> RunRecord:
        return next(record for record in self._document.records() if record.run == task.run)

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
