"""Theory checks: predictions of the theory of regularized transport, and measurements along a run."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Self

import numpy as np

from wganstudio.experiment import Experiment
from wganstudio.experiment.value_texts import counted
from wganstudio.figures.base import StepFigure
from wganstudio.figures.captions import settings_text
from wganstudio.figures.costs.curves import WIDTH
from wganstudio.figures.curves import CurveReading
from wganstudio.figures.frames import last_snapshot
from wganstudio.figures.plot_choices import ReadableLine, read_lines
from wganstudio.figures.ranges import axis_range
from wganstudio.figures.registry import register_figure
from wganstudio.figures.types import Float, Range, Table
from wganstudio.session import RunRecord
from wganstudio.training.declarations.regularization_checks import TheoryCheckAttributes
from wganstudio.training.events import Snapshot

PANELS = {
    "error": ("Gradient error", "accuracy of the dual", "gradient error"),
    "path": ("Regularization path", "λ", "cost"),
    "bias": ("Size of batches", "points in a batch", "mean cost between batches"),
}
"""Title and axis labels of each panel."""
LOGARITHMIC = {"error": (True, True), "path": (True, True), "bias": (True, False)}
"""True for logarithmic axes, horizontal and vertical, unless the user chooses others."""
FLOOR = 1e-12
"""The height of bounds of a cost that are not positive, which a logarithmic axis does not have."""
MARGIN = 1.4
"""Factor of the margin of a logarithmic axis on either side."""


@dataclass(frozen=True, eq=False)
class PanelLine:
    """One curve of a panel, or a band if it has an upper edge."""

    name: str
    x: Float
    y: Float
    upper: Float | None = None
    kind: str = "measured"
    """measured, theory or exact."""

    @property
    def middle(self) -> Float:
        """The values of a curve, the middle of a band."""
        return self.y if self.upper is None else (self.y + self.upper) / 2


@dataclass(frozen=True, eq=False)
class Panel:
    """One panel of the figure."""

    name: str
    lines: tuple[PanelLine, ...]
    mark: float | None
    """Lambda of the run, on the regularization path."""
    summary: str
    x_range: Range = (0.0, 1.0)
    y_range: Range = (0.0, 1.0)
    logarithmic: tuple[bool, bool] = (True, True)
    """True for a logarithmic horizontal, and vertical axis."""
    hidden: frozenset[str] = frozenset()

    @property
    def entries(self) -> tuple[tuple[str, str], ...]:
        """Name and label of all that can be hidden."""
        return tuple((line.name, line.name) for line in self.lines)

    @property
    def shown_lines(self) -> tuple[PanelLine, ...]:
        """The lines that are not hidden."""
        return tuple(line for line in self.lines if line.name not in self.hidden)

    def with_axes(self, logarithmic: tuple[bool, bool], hidden: frozenset[str]) -> "Panel":
        """Return the panel with other axes, in the ranges of what it shows."""
        log_x, log_y = logarithmic
        shown = replace(self, logarithmic=logarithmic, hidden=hidden)
        lines = shown.shown_lines
        x = np.concatenate([np.empty(0), *(line.x for line in lines)])
        fitted = [line for line in lines if line.kind != "theory" or self.name != "path"] or lines
        ends = [edge for line in fitted for edge in (line.y, line.upper) if edge is not None]
        y = np.concatenate([np.empty(0), *ends])
        y = y[y > FLOOR] if log_y else y
        return replace(shown, x_range=_range(x, log=log_x), y_range=_range(y, log=log_y))

    def read(self, place: float) -> CurveReading | None:
        """Return the shown lines at the measurement that is nearest to a place on the axis."""
        lines = [_readable(line) for line in self.shown_lines]
        label = PANELS[self.name][1]
        return read_lines(lines, place, lambda x: f"{label} = {x:.3g}", log_x=self.logarithmic[0])


@register_figure
@dataclass(frozen=True, eq=False)
class TheoryChecks(StepFigure):
    """Gradient error over dual accuracy, cost over lambda, cost over batch size (arXiv 1802.08249)."""

    name: ClassVar[str] = "theory_checks"
    position: ClassVar[int] = 100
    source: ClassVar[str] = "Sanjabi et al., arXiv 1802.08249"
    formerly: ClassVar[str] = "promises"

    panels: tuple[Panel, ...]

    @classmethod
    def applies_to(cls, experiment: Experiment, among: Sequence[Experiment] = ()) -> bool:
        """Return True for regularized transport."""
        ground = experiment.solver.ground
        return ground is not None and ground.epsilon > 0

    @classmethod
    def from_record(
        cls,
        record: RunRecord,
        step: int | None = None,
        among: Sequence[RunRecord] = (),
        *,
        axes: Mapping[str, tuple[bool, bool]] | None = None,
        hidden: Collection[str] = (),
    ) -> Self | None:
        """Build the figure at the last checks up to a step, by default the newest; None without any.

        `axes` maps names of `PANELS` to True for a logarithmic horizontal, and vertical axis, in place of
        `LOGARITHMIC`; `hidden` are names of lines.
        """
        checks = last_snapshot(record, "theory-checks", step)
        if checks is None:
            return None
        panels = [_error(checks), _path(checks)]
        if "sizes" in checks.arrays:
            panels.append(_bias(checks))
        return cls(
            step=checks.step,
            panels=tuple(
                one.with_axes((LOGARITHMIC | dict(axes or {}))[one.name], frozenset(hidden)) for one in panels
            ),
            title=f"Checks of regularization theory after {counted(checks.step, 'step')}",
            caption=f"{record.name}. {' '.join(panel.summary for panel in panels)} {settings_text(record)}",
        )

    def panel(self, name: str) -> Panel | None:
        """Return the panel of that name; None if it is not known."""
        return next((panel for panel in self.panels if panel.name == name), None)

    def tables(self) -> dict[str, Table]:
        """Return one table per panel and line."""
        return {
            f"{panel.name}-{line.kind}" + (f"-{number}" if number else ""): {"x": line.x, "y": line.y}
            | ({} if line.upper is None else {"upper": line.upper})
            for panel in self.panels
            for number, line in enumerate(panel.lines)
            if line in panel.shown_lines
        }


def _error(checks: Snapshot) -> Panel:
    attributes = checks.attributes_as(TheoryCheckAttributes)
    error = "" if attributes.slope_error is None else f" ± {attributes.slope_error:.2f}"
    count = "" if attributes.fitted is None else f"n = {attributes.fitted}; "
    x, y, bounds = (np.asarray(checks.arrays[name], float) for name in ("accuracies", "errors", "bounds"))
    positive = (x > 0) & (y > 0)
    x, y, bounds = x[positive], y[positive], bounds[positive]
    summary = (
        f"Gradient error: proportional to accuracy^({attributes.slope:.2f}{error}) "
        f"({count}theory: exponent 0.5 or more); "
        f"at least {(bounds / y).min():.2g} times smaller than its bound, a constant times √(ε / λ)."
    )
    lines = PanelLine("measured", x, y), PanelLine("bound", x, bounds, kind="theory")
    return Panel("error", lines, None, summary)


def _path(checks: Snapshot) -> Panel:
    attributes = checks.attributes_as(TheoryCheckAttributes)
    names = "epsilons", "lower", "upper", "excess"
    x, lower, upper, excess = (np.asarray(checks.arrays[name], float) for name in names)
    exact, factor = attributes.exact, "log n" if attributes.regularizer == "entropy" else "n"
    at = float(np.interp(np.log(attributes.epsilon), np.log(x), (lower + upper) / 2))
    summary = (
        f"Path: at λ = {attributes.epsilon:g} the cost is {at:.4g}, the exact one {exact:.4g}; "
        f"theory allows up to λ {factor} more."
    )
    lines = (
        PanelLine("regularized", x, np.maximum(lower, FLOOR), np.maximum(upper, FLOOR)),
        PanelLine(f"exact + λ {factor}", x, exact + excess, kind="theory"),
        PanelLine("exact", x[[0, -1]], np.full(2, exact), kind="exact"),
    )
    return Panel("path", lines, attributes.epsilon, summary)


def _bias(checks: Snapshot) -> Panel:
    sizes, values, errors = (np.asarray(checks.arrays[n], float) for n in ("sizes", "values", "value_errors"))
    more = values[0] / values[-1] - 1 if values[-1] > 0 else np.inf
    summary = (
        f"Batches of {sizes[0]:.0f} cost {more:.0%} more than batches of {sizes[-1]:.0f} at this λ "
        f"(± {WIDTH} standard errors): a mini-batch does not minimize the cost between the distributions."
    )
    band = PanelLine("between batches", sizes, values - WIDTH * errors, values + WIDTH * errors)
    return Panel("bias", (band,), None, summary)


def _range(values: Float, *, log: bool) -> Range:
    return axis_range(values, log=log, factor=MARGIN)


def _readable(line: PanelLine) -> ReadableLine:
    order = np.argsort(line.x, kind="stable")
    bounds = None if line.upper is None else (line.y[order], line.upper[order])
    is_continuous = line.kind == "exact"
    return ReadableLine(
        line.name, line.name, line.x[order], line.middle[order], bounds=bounds, is_continuous=is_continuous
    )
