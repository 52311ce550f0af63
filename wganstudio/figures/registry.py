"""The figures by name: what exactly is drawn, for the live views and for print alike."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from wganstudio.figures.accuracy.figure import Accuracy
from wganstudio.figures.cells.figure import Cells
from wganstudio.figures.congestion_theorem.figure import CongestionTheorem
from wganstudio.figures.costs.figure import Costs
from wganstudio.figures.gradient.figure import GradientDensity
from wganstudio.figures.gradient_norms.figure import GradientNorms
from wganstudio.figures.landscape.figure import Landscape
from wganstudio.figures.momentum.figure import Momentum
from wganstudio.figures.plan.figure import Plan
from wganstudio.figures.plane import NoSuchStep, Range
from wganstudio.figures.samples.figure import Samples
from wganstudio.figures.sweep.figure import Sweep
from wganstudio.figures.systems.figure import Systems
from wganstudio.figures.theory_checks.figure import TheoryChecks
from wganstudio.figures.transport_map.figure import TransportMap
from wganstudio.session import RunRecord

AtAStep = (
    Landscape
    | GradientDensity
    | CongestionTheorem
    | Momentum
    | GradientNorms
    | Samples
    | Cells
    | Plan
    | TransportMap
    | TheoryChecks
)
OfARun = Costs | Accuracy
OfASession = Sweep | Systems
Figure = AtAStep | OfARun | OfASession
F = TypeVar("F", bound=Figure)
_AT_A_STEP: tuple[type[AtAStep], ...] = (
    Landscape,
    GradientDensity,
    CongestionTheorem,
    Momentum,
    GradientNorms,
    Samples,
    Cells,
    Plan,
    TransportMap,
    TheoryChecks,
)
_OF_A_RUN: tuple[type[OfARun], ...] = (Costs, Accuracy)
_OF_A_SESSION: tuple[type[OfASession], ...] = (Sweep, Systems)
FIGURES = tuple(cls.name for cls in (*_AT_A_STEP, *_OF_A_RUN, *_OF_A_SESSION))

__all__ = [
    "FIGURES",
    "Accuracy",
    "Cells",
    "CongestionTheorem",
    "Costs",
    "Figure",
    "GradientDensity",
    "GradientNorms",
    "Landscape",
    "Momentum",
    "NoSuchStep",
    "OfARun",
    "OfASession",
    "Plan",
    "Samples",
    "Sweep",
    "Systems",
    "TheoryChecks",
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
