"""Ranges of axes."""

import numpy as np

from wganstudio.figures.types import Float, Range

LOG_DECADES = 4
"""Decades of a logarithmic color scale, unless the user asks for more."""
COLOR_MARGIN = 0.15
"""Share of a color scale at either end that points do not use: it would vanish on one of the backgrounds."""

LOG_FACTOR = 1.6
"""Factor of the margin of a logarithmic axis on either side of a few points."""


def finite_range(field: Float) -> Range:
    """Return the smallest and largest finite value, widened where they are equal."""
    finite = field[np.isfinite(field)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    return (low, high) if high - low > 1e-9 * max(abs(low), abs(high), 1e-9) else (low - 0.5, high + 0.5)


def log_floor(field: Float) -> float | None:
    """Return the lower limit of a logarithmic scale: the smallest positive value, but no more decades.

    None where a value is negative, or none is positive.
    """
    finite = field[np.isfinite(field)]
    if not finite.size or finite.min() < 0 or finite.max() <= 0:
        return None
    high = float(finite.max())
    return min(max(float(finite[finite > 0].min()), high * 10.0**-LOG_DECADES), high / 10)


def padded(low: float, high: float, share: float = 0.06) -> Range:
    """Return the range with a margin on either side."""
    return low - share * (high - low), high + share * (high - low)


def axis_range(values: Float, *, log: bool, share: float = 0.06, factor: float = LOG_FACTOR) -> Range:
    """Return a range of an axis with all values, with a margin; all positive ones on a logarithmic axis."""
    if not log:
        return padded(*finite_range(values), share)
    positive = values[np.isfinite(values) & (values > 0)]
    low, high = (float(positive.min()), float(positive.max())) if positive.size else (0.1, 10.0)
    return low / factor, high * factor


def round_up(value: float) -> float:
    """Round a positive number up to 1, 1.5, 2, 3, 4, 5, 6 or 8 times a power of ten."""
    power = 10.0 ** np.floor(np.log10(value))
    return float(power * next(nice for nice in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if nice * power >= value))
