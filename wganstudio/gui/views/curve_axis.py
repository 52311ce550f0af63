"""CurveAxis: an axis that is linear or logarithmic, and whose tick labels never overprint."""

import math
from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtGui import QFont, QFontMetricsF

from wganstudio.figures.ticks import decade_ticks, linear_ticks, minor_decade_ticks

GAP = 10.0
"""Pixels between two labels side by side."""
ROW = 1.6
"""Height of a label with its distance to the next, in lines."""
FEW = 3
"""A logarithmic axis with fewer labels has round numbers instead."""


class CurveAxis(pg.AxisItem):
    """On a logarithmic axis positions are log10 of the quantity."""

    def __init__(self, orientation: str) -> None:
        super().__init__(orientation)
        self.logarithmic = False
        self._labels: dict[float, str] = {}

    def set_logarithmic(self, on: bool) -> None:
        """Make the axis logarithmic, or linear."""
        if on != self.logarithmic:
            self.logarithmic = on
            self.picture = None
            self.update()

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        """Return the labeled ticks, and on a logarithmic axis those between them."""
        low, high = sorted((low, high))
        ticks = self._decades(low, high, size) if self.logarithmic else self._linear(low, high, size)
        self._labels = dict(ticks)
        levels: list[tuple[float, list[float]]] = [(1.0, list(self._labels))] if self._labels else []
        return [*levels, (0.5, minor_decade_ticks(low, high))] if self.logarithmic else levels

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Return the labels of the ticks."""
        return [self._labels.get(value, "") for value in values]

    def _linear(self, low: float, high: float, size: float) -> list[tuple[float, str]]:
        return linear_ticks(low, high, lambda texts: self._fit(texts, size))

    def _decades(self, low: float, high: float, size: float) -> list[tuple[float, str]]:
        if high - low > 300:  # zoomed out beyond all numbers
            return []
        horizontal = self.orientation in ("top", "bottom")
        width = self._metrics().horizontalAdvance("100,000") + GAP
        ticks = decade_ticks(low, high, size / (width if horizontal else ROW * self._metrics().height()))
        if len(ticks) >= FEW:
            return ticks
        plain = linear_ticks(10.0**low, 10.0**high, lambda texts: self._fit(texts, 0.6 * size))
        round_ticks = [(math.log10(value), text) for value, text in plain if value > 0]
        return round_ticks if len(round_ticks) > len(ticks) and high - low < 1 else ticks

    def _fit(self, texts: Sequence[str], size: float) -> bool:
        metrics = self._metrics()
        if self.orientation not in ("top", "bottom"):
            return len(texts) * ROW * metrics.height() <= size
        return len(texts) * (max(map(metrics.horizontalAdvance, texts), default=0.0) + GAP) <= size

    def _metrics(self) -> QFontMetricsF:
        return QFontMetricsF(self.style["tickFont"] or QFont())


def axis_items(*, log_x: bool = False, log_y: bool = False) -> dict[str, CurveAxis]:
    """Return the axes of a plot of curves."""
    axes = {side: CurveAxis(side) for side in ("bottom", "left")}
    axes["bottom"].set_logarithmic(log_x)
    axes["left"].set_logarithmic(log_y)
    return axes
