"""RunBar: the progress of a run, drawn by tqdm in a terminal or a notebook."""

from types import TracebackType

from tqdm.auto import tqdm

from wganstudio.training.events import Event, Metrics, Progress, Started


class _Bar(tqdm):  # type: ignore[misc]
    monitor_interval = 0
    """No thread watches the bar: events update it."""


class RunBar:
    """A context manager that shows the events of a run as a progress bar."""

    def __init__(self, name: str, *, shown: bool) -> None:
        self._bar = _Bar(desc=name, unit="step", disable=not shown)

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

    def tell(self, text: str) -> None:
        """Show what is being computed."""
        self._bar.set_postfix_str(text)

    def _advance(self, step: int) -> None:
        self._bar.update(step - self._bar.n)

    def __enter__(self) -> "RunBar":
        """Return the bar."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the bar as it is."""
        self._bar.close()
