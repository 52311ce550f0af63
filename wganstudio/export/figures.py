"""The figures by name: what exactly is drawn, for the live views and for print alike."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from wganstudio.export.accuracy import Accuracy
from wganstudio.export.cells import Cells
from wganstudio.export.costs import Costs
from wganstudio.export.gradient import GradientDensity
from wganstudio.export.landscape import Landscape
from wganstudio.export.law import Law
from wganstudio.export.momentum import Momentum
from wganstudio.export.plan import Plan
from wganstudio.export.plane import NoSuchStep, Range
from wganstudio.export.promises import Promises
from wganstudio.export.samples import Samples
from wganstudio.export.slope import Slope
from wganstudio.export.sweep import Sweep
from wganstudio.export.systems import Systems
from wganstudio.export.transport_map import TransportMap
from wganstudio.session import RunRecord

Figure = (
    Landscape
    | GradientDensity
    | Law
    | Momentum
    | Costs
    | Slope
    | Sweep
    | Samples
    | Cells
    | Accuracy
    | Plan
    | Systems
    | Promises
    | TransportMap
)
F = TypeVar("F", bound=Figure)
FIGURES = (
    Landscape.name, GradientDensity.name, Law.name, Momentum.name, Costs.name, Slope.name, Sweep.name,
    Samples.name, Cells.name, Accuracy.name, Plan.name, Systems.name, Promises.name,
    TransportMap.name,
)  # fmt: skip

__all__ = [
    "FIGURES", "Accuracy", "Cells", "Costs", "Figure", "GradientDensity", "Landscape", "Law", "Momentum",
    "NoSuchStep", "Plan", "Promises", "Samples", "Slope", "Sweep", "Systems", "TransportMap", "figure_of",
    "zoomed",
]  # fmt: skip


def figure_of(
    record: RunRecord, name: str, step: int | None = None, among: Sequence[RunRecord] = ()
) -> Figure | None:
    """The figure of that name, at a kept step (default: the newest); None while there is nothing to show.

    `among` are the runs of the session, for the figures that compare.
    """
    match name:
        case Landscape.name:
            return Landscape.of(record, step)
        case GradientDensity.name:
            return GradientDensity.of(record, step)
        case Law.name:
            return Law.of(record, step)
        case Momentum.name:
            return Momentum.of(record, step)
        case Costs.name:
            return Costs.of(record)
        case Slope.name:
            return Slope.of(record, step)
        case Sweep.name:
            return Sweep.of(record, among)
        case Samples.name:
            return Samples.of(record, step)
        case Cells.name:
            return Cells.of(record, step)
        case Accuracy.name:
            return Accuracy.of(record)
        case Plan.name:
            return Plan.of(record, step)
        case Systems.name:
            return Systems.of(record, among)
        case Promises.name:
            return Promises.of(record, step)
        case TransportMap.name:
            return TransportMap.of(record, step)
    raise ValueError(f"there is no figure {name!r}; there is {', '.join(FIGURES)}")


def zoomed(figure: F, ranges: Mapping[str, Range]) -> F:
    """The figure with other ranges: {"x": (0, 1), "y": ...}, and "sigma" and "slope" of the scatter."""
    changes: dict[str, Any] = {f"{axis}_range": shown for axis, shown in ranges.items()}
    return replace(figure, **changes)
