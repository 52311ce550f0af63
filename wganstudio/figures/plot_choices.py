"""PlotChoices and ReadableLine: choices in plots whose x axis is no step, and readings of their lines."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from wganstudio.comparison.numbers import with_error
from wganstudio.figures.curves import CurveReading, ReadPoint
from wganstudio.figures.types import Float


@dataclass(frozen=True)
class PlotChoices:
    """The choices of a user for a plot: logarithmic axes and hidden curves."""

    log_x: bool | None = None
    """None: as suits the data."""
    log_y: bool | None = None
    hidden: frozenset[str] = frozenset()
    """The names of lines and series that are hidden."""

    @classmethod
    def of(cls, log_x: bool | None, log_y: bool | None, hidden: Collection[str]) -> Self:
        """Return the choices as the options of a figure name them."""
        return cls(log_x, log_y, frozenset(hidden))

    def logarithmic(self, usual: tuple[bool, bool]) -> tuple[bool, bool]:
        """Return True for a logarithmic horizontal, and vertical axis, from those that suit the data."""
        log_x, log_y = usual
        return log_x if self.log_x is None else self.log_x, log_y if self.log_y is None else self.log_y

    def shows(self, name: str) -> bool:
        """Return True for a line that is not hidden."""
        return name not in self.hidden


NO_CHOICES = PlotChoices()


@dataclass(frozen=True, eq=False)
class ReadableLine:
    """A line, or a series of points, as it is read at a place of the horizontal axis."""

    name: str
    label: str
    x: Float
    """Ascending places."""
    y: Float
    errors: Float | None = None
    """Standard errors."""
    bounds: tuple[Float, Float] | None = None
    """Lower and upper bounds."""
    is_continuous: bool = False
    """True for a line that is also read between its points."""

    def at(self, place: float) -> ReadPoint | None:
        """Return the point at a place; None where the line has none."""
        if self.is_continuous:
            if not len(self.x) or not self.x[0] <= place <= self.x[-1]:
                return None
            y, *edges = (float(np.interp(place, self.x, one)) for one in (self.y, *(self.bounds or ())))
            return ReadPoint(self.name, None, y, self._text(y, None, edges))
        index = int(np.searchsorted(self.x, place))
        if index == len(self.x) or self.x[index] != place:
            return None
        edges = [float(one[index]) for one in self.bounds or ()]
        error = None if self.errors is None else float(self.errors[index])
        return ReadPoint(
            self.name, None, float(self.y[index]), self._text(float(self.y[index]), error, edges)
        )

    def _text(self, y: float, error: float | None, edges: Sequence[float]) -> str:
        if edges:
            return f"{self.label} {y:.4g} in [{edges[0]:.4g}, {edges[1]:.4g}]"
        return f"{self.label} {y:.4g}" if error is None else f"{self.label} {with_error(y, error)}"


def read_lines(
    lines: Sequence[ReadableLine], place: float, title: Callable[[float], str], *, log_x: bool
) -> CurveReading | None:
    """Return all lines at the one of their points that is nearest to a place; None without any.

    Parameters
    ----------
    lines
        The lines that are shown.
    place
        A place on the horizontal axis.
    title
        Returns the first line of the reading at a place.
    log_x
        True if distances are ratios, as on a logarithmic axis.
    """
    places = np.unique(np.concatenate([np.empty(0), *(line.x for line in lines)]))
    places = places[places > 0] if log_x else places
    if not len(places):
        return None
    away = np.abs(np.log(places / place)) if log_x else np.abs(places - place)
    x = float(places[away.argmin()])
    points = [point for line in lines if (point := line.at(x)) is not None]
    return CurveReading(x, title(x), tuple(points))
