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

AtAStep = (
    Landscape | GradientDensity | Law | Momentum | Slope | Samples | Cells | Plan | TransportMap | Promises
)
OfARun = Costs | Accuracy
OfASession = Sweep | Systems
Figure = AtAStep | OfARun | OfASession
F = TypeVar("F", bound=Figure)
_AT_A_STEP: tuple[type[AtAStep], ...] = (
    Landscape,
    GradientDensity,
    Law,
    Momentum,
    Slope,
    Samples,
    Cells,
    Plan,
    TransportMap,
    Promises,
)
_OF_A_RUN: tuple[type[OfARun], ...] = (Costs, Accuracy)
_OF_A_SESSION: tuple[type[OfASession], ...] = (Sweep, Systems)
FIGURES = tuple(cls.name for cls in (*_AT_A_STEP, *_OF_A_RUN, *_OF_A_SESSION))

__all__ = [
    "FIGURES",
    "Accuracy",
    "Cells",
    "Costs",
    "Figure",
    "GradientDensity",
    "Landscape",
    "Law",
    "Momentum",
    "NoSuchStep",
    "OfARun",
    "OfASession",
    "Plan",
    "Promises",
    "Samples",
    "Slope",
    "Sweep",
    "Systems",
    "TransportMap",
    "figure_of",
    "zoomed",
]


def figure_of(
    record: RunRecord, name: str, step: int | None = None, among: Sequence[RunRecord] = ()
) -> Figure | None:
    """The figure of that name, at a kept step (default: the newest); None while there is nothing to show.

    `among` are the runs of the session, for the figures that compare.
    """
    for at_a_step in _AT_A_STEP:
        if at_a_step.name == name:
            return at_a_step.of(record, step)
    for of_a_run in _OF_A_RUN:
        if of_a_run.name == name:
            return of_a_run.of(record)
    for of_a_session in _OF_A_SESSION:
        if of_a_session.name == name:
            return of_a_session.of(record, among)
    raise ValueError(f"there is no figure {name!r}; there is {', '.join(FIGURES)}")


def zoomed(figure: F, ranges: Mapping[str, Range]) -> F:
    """The figure with other ranges: {"x": (0, 1), "y": ...}, and "sigma" and "slope" of the scatter."""
    changes: dict[str, Any] = {f"{axis}_range": shown for axis, shown in ranges.items()}
    return replace(figure, **changes)
