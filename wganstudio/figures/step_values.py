"""The values of curves at one step, in words."""

import numpy as np

from wganstudio.figures.curves import CurveFigure
from wganstudio.figures.types import Float


def values_text(figure: CurveFigure, step: int) -> str:
    """Return the last value of each shown curve up to a step; empty before the first of them."""
    indices = ((curve, _last(curve.steps, step)) for curve in figure.shown_curves)
    parts = [curve.reading_at(at) for curve, at in indices if at is not None]
    return f"At step {step:,}: {', '.join(parts)}" if parts else ""


def _last(steps: Float, step: int) -> int | None:
    """Return the index of the last of ascending steps up to a step; None if there is none."""
    count = int(np.searchsorted(steps, step, side="right"))
    return count - 1 if count else None
