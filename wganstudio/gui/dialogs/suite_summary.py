"""SuiteSummary: what a suite is and how long it takes, before it starts; read on another thread."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QRunnable, QThreadPool, QTimer, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from wganstudio.experiment import BadExperiment, Experiment
from wganstudio.gui.text_roles import set_role
from wganstudio.gui.widgets.plain_text import Label
from wganstudio.suites import Suite, SuiteError, read_suite
from wganstudio.suites.running import suite_file

READ_MS = 250
"""The delay between a key press and the reading."""
WAIT_MS = 5000
HOUR = 3600.0

SecondsOf = Callable[[Experiment], float | None]
"""Returns the seconds that a run will take; None where that is not known."""


def unknown_seconds(_: Experiment) -> float | None:
    """Return None: nothing is known about the time of any run."""
    return None


AllowsCode = Callable[[tuple[str, ...]], bool]
"""Returns True if these modules and files of the user's may run."""


def no_code(names: tuple[str, ...]) -> bool:
    """Return True if there is no code that could run."""
    return not names


@dataclass(frozen=True)
class SuiteFacts:
    """The facts about a suite that the dialog shows."""

    title: str
    about: str
    solvers: int
    pairs: int
    cells: int
    runs: int
    steps: tuple[int, int]
    """The fewest and the most steps of a run."""
    seconds: float | None
    """The time of all runs one after the other; None where it is not known."""
    code: tuple[str, ...] = ()
    """The modules and files of the user's that its runs name."""

    @classmethod
    def from_suite(cls, suite: Suite, seconds_of: SecondsOf) -> "SuiteFacts":
        """Gather the facts of a suite."""
        plan, experiments = suite.plan, suite.experiments.values()
        steps = [each.training.steps or each.solver.published_steps for each in experiments]
        cells = {(cell.solver, cell.pair) for cell in plan.cells}
        times = [suite.seconds or seconds_of(experiment) for experiment in experiments]
        known = [time for time in times if time is not None]
        return cls(
            title=plan.title,
            about=plan.about,
            solvers=len(plan.solvers),
            pairs=len(plan.pairs),
            cells=len(cells),
            runs=len(plan.cells),
            steps=(min(steps, default=0), max(steps, default=0)),
            seconds=sum(known) if known and len(known) == len(times) else None,
            code=tuple(sorted({name for experiment in experiments for name in experiment.code})),
        )

    def text(self, workers: int) -> str:
        """Return the size and the estimated time with some processes."""
        low, high = self.steps
        steps = f"{low:,}" if low == high else f"{low:,} to {high:,}"
        size = (
            f"{self.cells} cells: {self.solvers} solvers on {self.pairs} pairs. "
            f"{self.runs} runs of {steps} steps."
        )
        if self.seconds is None:
            return f"{size} The time is not known yet: no similar run was made on this machine."
        hours = self.seconds / workers / HOUR
        time = f"{hours:.1f} hours" if hours >= 1 else f"{max(1, round(60 * hours))} minutes"
        return f"{size} About {time} with {workers} process{'es' * (workers > 1)}."


class _Reading(QRunnable):
    """Reads a suite, which takes a second where it has hundreds of runs."""

    class Signals(QObject):
        """Emitted at the end, with the name of the suite."""

        done = Signal(str, object)
        failed = Signal(str, str)

    def __init__(self, name: str, pairs: Path | None, seconds_of: SecondsOf) -> None:
        super().__init__()
        self.signals = self.Signals()
        self._name = name
        self._pairs = pairs
        self._seconds_of = seconds_of
        self.setAutoDelete(False)

    def run(self) -> None:
        """Read and count; called by the pool."""
        try:
            facts = SuiteFacts.from_suite(read_suite(suite_file(self._name), self._pairs), self._seconds_of)
        except (SuiteError, BadExperiment, OSError) as error:
            self.signals.failed.emit(self._name, str(error))
        else:
            self.signals.done.emit(self._name, facts)


class SuiteSummary(QWidget):
    """Title, purpose, size, time and file of the chosen suite."""

    def __init__(self, seconds_of: SecondsOf) -> None:
        super().__init__()
        self._seconds_of = seconds_of
        self.title, self.about, self.size_, self.place = (Label(wordWrap=True) for _ in range(4))
        set_role(self.title, "title")
        set_role(self.about, "dim")
        self.facts: SuiteFacts | None = None
        self._wanted: tuple[str, Path | None] = ("", None)
        self._workers = 1
        self._pool = QThreadPool()
        self._reading: list[_Reading] = []
        self._timer = QTimer(self, singleShot=True, interval=READ_MS)
        self._timer.timeout.connect(self._read)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 2)
        column.setSpacing(3)
        for label in (self.title, self.about, self.size_, self.place):
            label.setMinimumWidth(1)
            column.addWidget(label)

    def show_suite(self, name: str, pairs: Path | None) -> None:
        """Show another suite, by its name or path."""
        if (name, pairs) != self._wanted:
            self._wanted = name, pairs
            self._timer.start()

    def show_place(self, path: Path, workers: int) -> None:
        """Show where the suite writes and how long it takes with some processes."""
        self._workers = workers
        what = "continues the session" if path.exists() else "writes the new session"
        self.place.setText(f"It {what} {path}.")
        self._show_size()

    def read_now(self) -> None:
        """Read the suite without the delay."""
        self._timer.stop()
        self._read()

    def close_reading(self) -> None:
        """Wait for the suite that is being read."""
        self._timer.stop()
        self._wanted = ("", None)
        self._pool.waitForDone(WAIT_MS)

    @Slot()
    def _read(self) -> None:
        job = _Reading(*self._wanted, self._seconds_of)
        job.signals.done.connect(self._on_done)
        job.signals.failed.connect(self._on_failed)
        self._reading.append(job)
        self._pool.start(job)

    @Slot(str, object)
    def _on_done(self, name: str, facts: SuiteFacts) -> None:
        self._forget()
        if name == self._wanted[0]:
            self.facts = facts
            self.title.setText(facts.title or name)
            self.about.setText(facts.about)
            self.about.setVisible(bool(facts.about))
            self._show_size()

    @Slot(str, str)
    def _on_failed(self, name: str, message: str) -> None:
        self._forget()
        if name == self._wanted[0]:
            self.facts = None
            self.title.setText(name)
            self.about.setText(message)
            self.about.show()
            self.size_.clear()

    def _forget(self) -> None:
        self._reading = [job for job in self._reading if job.signals is not self.sender()]

    def _show_size(self) -> None:
        if self.facts is not None:
            self.size_.setText(self.facts.text(self._workers))
