"""The values of curves at one step, in words."""

from collections.abc import Iterator

import numpy as np

from wganstudio.comparison.numbers import with_error
from wganstudio.figures.accuracy.figure import Accuracy
from wganstudio.figures.costs.figure import CostBounds, CostCurve, Costs
from wganstudio.figures.types import Float


def values_text(figure: Costs | Accuracy, step: int) -> str:
    """Return the last value of each curve up to a step; empty before the first of them."""
    parts = list(_costs(figure, step) if isinstance(figure, Costs) else _accuracy(figure, step))
    return f"At step {step:,}: {', '.join(parts)}" if parts else ""


def _costs(figure: Costs, step: int) -> Iterator[str]:
    for curve in figure.curves:
        at = _last(curve.steps, step)
        if at is not None:
            yield _cost(curve, at)


def _cost(curve: CostCurve | CostBounds, at: int) -> str:
    if isinstance(curve, CostBounds):
        return f"true cost in [{curve.lower[at]:.4g}, {curve.upper[at]:.4g}]"
    return f"{curve.name} {with_error(float(curve.values[at]), float(curve.errors[at]))}"


def _accuracy(figure: Accuracy, step: int) -> Iterator[str]:
    for curve in figure.curves:
        at = _last(curve.steps, step)
        if at is not None:
            yield f"{curve.label} {curve.values[at]:.2g}"


def _last(steps: Float, step: int) -> int | None:
    """Return the index of the last of ascending steps up to a step; None if there is none."""
    count = int(np.searchsorted(steps, step, side="right"))
    return count - 1 if count else None
