"""Ranges of axes."""

import numpy as np

from wganstudio.figures.types import Float, Range

COLOR_MARGIN = 0.15
"""Share of a color scale at either end that points do not use: it would vanish on one of the backgrounds."""


def finite_range(field: Float) -> Range:
    """Return the smallest and largest finite value, widened where they are equal."""
    finite = field[np.isfinite(field)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    return (low, high) if high - low > 1e-9 * max(abs(low), abs(high), 1e-9) else (low - 0.5, high + 0.5)


def padded(low: float, high: float, share: float = 0.06) -> Range:
    """Return the range with a margin on either side."""
    return low - share * (high - low), high + share * (high - low)


def round_up(value: float) -> float:
    """Round a positive number up to 1, 1.5, 2, 3, 4, 5, 6 or 8 times a power of ten."""
    power = 10.0 ** np.floor(np.log10(value))
    return float(power * next(nice for nice in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if nice * power >= value))
