"""The progress of a run or a suite, drawn by tqdm in a terminal or a notebook."""

from types import TracebackType
from typing import Self

from tqdm.auto import tqdm

from wganstudio.suites.events import (
    RunEvent,
    RunFinished,
    RunLost,
    RunSilent,
    SuiteEvent,
    SuiteStarted,
)
from wganstudio.suites.plan import Cell
from wganstudio.training.events import Event, Metrics, Progress, Started


class _Bar(tqdm):  # type: ignore[misc]
    monitor_interval = 0
    """No thread watches the bar: events update it."""


class _ShownBar:
    """A context manager that keeps a progress bar."""

    def __init__(self, name: str, unit: str, *, shown: bool) -> None:
        self._bar = _Bar(desc=name, unit=unit, disable=not shown)

    def tell(self, text: str) -> None:
        """Show what is being computed."""
        self._bar.set_postfix_str(text)

    def __enter__(self) -> Self:
        """Return the bar."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the bar as it is."""
        self._bar.close()


class RunBar(_ShownBar):
    """The events of a run as a progress bar over its steps."""

    def __init__(self, name: str, *, shown: bool) -> None:
        super().__init__(name, "step", shown=shown)

    def show(self, event: Event) -> None:
        """Show what an event reports."""
        match event:
            case Started():
                self._bar.reset(event.steps)
            case Metrics():
                self._advance(event.step)
                gaps = {name: event.values[name] for name in ("gap", "value") if name in event.values}
                self._bar.set_postfix(gaps, refresh=False)
            case Progress():
                self._advance(event.step)
                if event.final_share is not None:
                    self.tell(f"final estimates: {event.final_share:.0%}")

    def _advance(self, step: int) -> None:
        self._bar.update(step - self._bar.n)


class SuiteBar(_ShownBar):
    """The events of a suite as a progress bar over its runs."""

    def __init__(self, name: str, *, shown: bool) -> None:
        super().__init__(name, "run", shown=shown)
        self._failed = 0
        self._running: dict[Cell, int] = {}
        """The runs under way, with the percentage of their steps."""

    def show(self, event: SuiteEvent) -> None:
        """Show what an event reports."""
        match event:
            case SuiteStarted():
                self._bar.total = event.runs
                self._bar.update(event.finished)
            case RunEvent(event=Progress() as progress):
                self._running[event.cell] = 100 * progress.step // max(progress.steps, 1)
                self._tell_all()
            case RunLost() | RunSilent():
                text = event.message if isinstance(event, RunSilent) else event.why
                self._bar.write(f"{event.cell.name}: {text}", file=self._bar.fp)
            case RunFinished():
                self._running.pop(event.cell, None)
                self._failed += event.failed
                self._bar.update()
                self._tell_all()

    def _tell_all(self) -> None:
        parts = [f"{cell.name} {share} %" for cell, share in self._running.items()]
        self.tell("; ".join([f"{self._failed} failed", *parts] if self._failed else parts))
