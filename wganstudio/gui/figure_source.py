"""FigureSource: what has a figure to export, such as a view, or a cut on its map."""

from collections.abc import Callable, Sequence
from typing import Protocol

from wganstudio.figures import Figure
from wganstudio.session.record import RunRecord


class FigureSource(Protocol):
    """A figure of the selected runs as it is shown."""

    @property
    def title(self) -> str:
        """Its title in the list of figures."""
        ...

    @property
    def selected(self) -> tuple[RunRecord, ...]:
        """The runs that are shown, the main one first."""
        ...

    @property
    def session_records(self) -> Callable[[], Sequence[RunRecord]]:
        """Returns all runs of the session."""
        ...

    def figure(self) -> Figure | None:
        """Return the figure; None if there is nothing to draw."""
        ...

    def is_in_sight(self) -> bool:
        """Return True if any part of it can be seen."""
        ...
