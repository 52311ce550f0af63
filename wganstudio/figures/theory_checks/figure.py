"""Promises: what the theory of regularized transport says, and what is found along a run."""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from wganstudio.figures.costs.figure import WIDTH
from wganstudio.figures.plane import Float, Range, Table, limits, padded, settings_text
from wganstudio.session import RunRecord
from wganstudio.training.events import Promises as Event

PANELS = {
    "error": ("Gradient error", "accuracy of the dual", "gradient error"),
    "path": ("Regularization path", "λ", "cost"),
    "bias": ("Size of batches", "points in a batch", "mean cost between batches"),
}
"""Title and axes of each of the three."""
LOGARITHMIC = {"error": (True, True), "path": (True, True), "bias": (True, False)}
"""Which of the two axes are."""


@dataclass(frozen=True, eq=False)
class Line:
    """One curve of a panel, or a band where it has an upper edge."""

    name: str
    x: Float
    y: Float
    upper: Float | None = None
    kind: str = "found"
    """found, theory or exact."""


@dataclass(frozen=True, eq=False)
class Panel:
    """One of the three."""

    name: str
    lines: tuple[Line, ...]
    mark: float | None
    """The run's own lambda, on the path."""
    remark: str
    x_range: Range
    y_range: Range


@dataclass(frozen=True, eq=False)
class TheoryChecks:
    """Gradient error over the dual's accuracy, cost over lambda, cost over batch size (arXiv 1802.08249)."""

    name: ClassVar[str] = "promises"

    step: int
    panels: tuple[Panel, ...]
    title: str
    caption: str

    @classmethod
    def of(cls, record: RunRecord, step: int | None = None) -> Self | None:
        """What was found at the last step up to that one, by default at the newest; None without any."""
        known = [one for one in sorted(record.promises) if step is None or one <= step]
        if not known:
            return None
        event = record.promises[known[-1]]
        panels = [_error(event), _path(event)]
        if "sizes" in event.arrays:
            panels.append(_bias(event))
        return cls(
            step=event.step,
            panels=tuple(panels),
            title=f"What regularized transport promises, after {event.step:,} steps",
            caption=f"{record.name}. {' '.join(panel.remark for panel in panels)} {settings_text(record)}",
        )

    def panel(self, name: str) -> Panel | None:
        """One of the three; None where it is not known."""
        return next((panel for panel in self.panels if panel.name == name), None)

    def tables(self) -> dict[str, Table]:
        """The lines, a table a panel and line."""
        return {
            f"{panel.name}-{line.kind}" + (f"-{number}" if number else ""): {"x": line.x, "y": line.y}
            | ({} if line.upper is None else {"upper": line.upper})
            for panel in self.panels
            for number, line in enumerate(panel.lines)
        }


def _error(event: Event) -> Panel:
    x, y, bounds = (np.asarray(event.arrays[name], float) for name in ("accuracies", "errors", "bounds"))
    good = (x > 0) & (y > 0)
    x, y, bounds = x[good], y[good], bounds[good]
    remark = (
        f"Gradient error: like the accuracy to the power {event.slope:.2f} (theory: 0.5 or more), at least "
        f"{(bounds / y).min():.2g} times below its bound √(ε / λ) times a constant."
    )
    lines = Line("found", x, y), Line("bound", x, bounds, kind="theory")
    return Panel("error", lines, None, remark, _decades(x), _decades(np.concatenate((y, bounds))))


def _path(event: Event) -> Panel:
    names = "strengths", "lower", "upper", "excess"
    x, lower, upper, excess = (np.asarray(event.arrays[name], float) for name in names)
    exact, law = event.exact, "log n" if event.regularizer == "entropy" else "n"
    at = float(np.interp(np.log(event.strength), np.log(x), (lower + upper) / 2))
    remark = (
        f"Path: at λ = {event.strength:g} the cost is {at:.4g}, the exact one {exact:.4g}; theory allows up "
        f"to λ {law} more."
    )
    lines = (
        Line("regularized", x, np.maximum(lower, 1e-12), np.maximum(upper, 1e-12)),
        Line(f"exact + λ {law}", x, exact + excess, kind="theory"),
        Line("exact", x[[0, -1]], np.full(2, exact), kind="exact"),
    )
    top = float(max(upper.max(), exact)) * 1.5
    low = min(float(lower[lower > 0].min(initial=top)), exact if exact > 0 else top) / 1.5
    return Panel("path", lines, event.strength, remark, _decades(x), (low, top))


def _bias(event: Event) -> Panel:
    sizes, values, errors = (np.asarray(event.arrays[n], float) for n in ("sizes", "values", "value_errors"))
    more = values[0] / values[-1] - 1 if values[-1] > 0 else np.inf
    remark = (
        f"Batches of {sizes[0]:.0f} cost {more:.0%} more than batches of {sizes[-1]:.0f} at this λ "
        f"(± {WIDTH} standard errors): what a mini-batch minimizes is not the cost between the laws."
    )
    band = Line("between batches", sizes, values - WIDTH * errors, values + WIDTH * errors)
    ends = np.concatenate((band.y, band.upper if band.upper is not None else band.y))
    return Panel("bias", (band,), None, remark, _decades(sizes), padded(*limits(ends)))


def _decades(values: Float) -> Range:
    return float(values.min()) / 1.4, float(values.max()) * 1.4
