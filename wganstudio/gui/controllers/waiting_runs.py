"""WaitingRuns: the queue, that is what is to be trained once a run under way leaves room."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import count

from PySide6.QtCore import QObject, Signal

from wganstudio.experiment import BadExperiment, Experiment, read
from wganstudio.gui.settings import Settings
from wganstudio.plain_text import one_line

SAVED = "queue"
"""The setting that keeps the queue from one start to the next."""


@dataclass(frozen=True)
class NewRun:
    """A run of an experiment, which enters the session when it starts."""

    experiment: Experiment
    ignore_memory: bool = False

    @property
    def title(self) -> str:
        """The name that the run will have."""
        e = self.experiment
        return one_line(e.about.name or f"{e.pair.name()}, {e.solver.name()}")

    @property
    def detail(self) -> str:
        """A description of the entry, for the list."""
        return f"{self.experiment.steps:,} steps, seed {self.experiment.training.seed}"


@dataclass(frozen=True)
class Continuation:
    """A run of the session that goes on to the end of its plan, or to `steps`."""

    run: int
    name: str
    steps: int | None = None

    @property
    def title(self) -> str:
        """The name of the run."""
        return self.name

    @property
    def detail(self) -> str:
        """A description of the entry, for the list."""
        return "continue" if self.steps is None else f"extend to step {self.steps:,}"


@dataclass(frozen=True)
class Estimation:
    """The final estimates of a run of the session."""

    run: int
    name: str

    @property
    def title(self) -> str:
        """The name of the run."""
        return self.name

    @property
    def detail(self) -> str:
        """A description of the entry, for the list."""
        return "compute the final estimates"


Work = NewRun | Continuation | Estimation


@dataclass(frozen=True)
class QueueEntry:
    """A place in the queue; its number is unique."""

    number: int
    work: Work


class WaitingRuns(QObject):
    """The entries in the order in which they will start. While it is `held`, none starts."""

    changed = Signal()
    """The entries or `held` have changed."""

    def __init__(self) -> None:
        super().__init__()
        self._entries: list[QueueEntry] = []
        self._numbers = count(1)
        self.held = False

    @property
    def entries(self) -> tuple[QueueEntry, ...]:
        """The entries, the next one first."""
        return tuple(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, works: Iterable[Work]) -> None:
        """Let works wait behind all others."""
        self._entries += [QueueEntry(next(self._numbers), work) for work in works]
        self.changed.emit()

    def pop(self) -> Work:
        """Remove and return the next one."""
        work = self._entries.pop(0).work
        self.changed.emit()
        return work

    def remove(self, numbers: Iterable[int]) -> None:
        """Remove entries."""
        gone = set(numbers)
        self._entries = [entry for entry in self._entries if entry.number not in gone]
        self.changed.emit()

    def duplicate(self, numbers: Iterable[int]) -> None:
        """Put a copy of new runs behind each of them; a run of the session goes on only once."""
        wanted, entries = set(numbers), []
        for entry in self._entries:
            entries.append(entry)
            if entry.number in wanted and isinstance(entry.work, NewRun):
                entries.append(replace(entry, number=next(self._numbers)))
        self._entries = entries
        self.changed.emit()

    def move(self, numbers: Iterable[int], by: int) -> None:
        """Move entries together up (-1) or down (1), as far as there is room."""
        moved, entries = set(numbers), self._entries
        places = range(len(entries)) if by < 0 else range(len(entries) - 1, -1, -1)
        for place in places:
            other = place + by
            free = 0 <= other < len(entries) and entries[other].number not in moved
            if free and entries[place].number in moved:
                entries[place], entries[other] = entries[other], entries[place]
        self.changed.emit()

    def arrange(self, numbers: Iterable[int]) -> None:
        """Put the entries in this order; those that are not named stay behind."""
        places = {number: place for place, number in enumerate(numbers)}
        self._entries.sort(key=lambda entry: places.get(entry.number, len(places)))
        self.changed.emit()

    def clear(self) -> int:
        """Remove all entries; return how many there were."""
        removed, self._entries = len(self._entries), []
        self.changed.emit()
        return removed

    def hold(self, held: bool) -> None:
        """Let none start, or let them start again."""
        if held != self.held:
            self.held = held
            self.changed.emit()

    def forget_runs(self) -> None:
        """Remove what belongs to runs of a session that is being closed."""
        self._entries = [entry for entry in self._entries if isinstance(entry.work, NewRun)]
        self.changed.emit()

    def save(self, settings: Settings) -> None:
        """Keep the new runs for the next start of the program."""
        works = [entry.work for entry in self._entries]
        kept = [work.experiment.settings() for work in works if isinstance(work, NewRun)]
        settings.put(SAVED, json.dumps(kept))

    def restore(self, settings: Settings) -> None:
        """Take the runs of the last time back, held; what cannot be read is left out."""
        try:
            kept = json.loads(settings.get(SAVED, "[]"))
        except (ValueError, RecursionError):
            return
        settings.put(SAVED, "[]")
        works = [work for one in kept if (work := _restored(one))] if isinstance(kept, list) else []
        if works:
            self.held = True
            self.add(works)


def _restored(settings: object) -> NewRun | None:
    try:
        return NewRun(read(settings)) if isinstance(settings, dict) else None
    except BadExperiment:
        return None


def runs_text(number: int) -> str:
    """Return "1 run" or "3 runs"."""
    return "1 run" if number == 1 else f"{number} runs"
