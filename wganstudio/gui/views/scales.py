"""Scales: positions of quantities on the axes of a plot, which may be logarithmic."""

from dataclasses import dataclass

import numpy as np

from wganstudio.figures.types import Float, Range


@dataclass(frozen=True)
class Scales:
    """Positions are log10 of a quantity on a logarithmic axis, NaN for one that is not positive."""

    log_x: bool = False
    log_y: bool = False

    def x(self, values: Float) -> Float:
        """Return horizontal positions."""
        return _log(values) if self.log_x else values

    def y(self, values: Float) -> Float:
        """Return vertical positions."""
        return _log(values) if self.log_y else values

    def y_above(self, values: Float, floor: float) -> Float:
        """Return vertical positions; on a logarithmic axis no lower than that of a positive floor."""
        return np.asarray(np.log10(np.maximum(values, floor))) if self.log_y else values

    def positions(self, x: Range, y: Range) -> tuple[Range, Range]:
        """Return the positions of ranges of the axes."""
        return _log_range(x, is_log=self.log_x), _log_range(y, is_log=self.log_y)

    def ranges(self, x: Range, y: Range) -> tuple[Range, Range]:
        """Return the ranges of the quantities between positions."""
        return _quantities(x, is_log=self.log_x), _quantities(y, is_log=self.log_y)

    def x_at(self, position: float) -> float:
        """Return the quantity at a horizontal position."""
        return float(10.0 ** min(position, 300.0)) if self.log_x else position


def _log(values: Float) -> Float:
    values = np.asarray(values, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(values > 0, np.log10(values), np.nan))


def _log_range(limits: Range, *, is_log: bool) -> Range:
    low, high = limits
    return (float(np.log10(low)), float(np.log10(high))) if is_log else (float(low), float(high))


def _quantities(limits: Range, *, is_log: bool) -> Range:
    low, high = (max(-300.0, min(end, 300.0)) for end in limits) if is_log else limits
    return (float(10.0**low), float(10.0**high)) if is_log else (float(low), float(high))
