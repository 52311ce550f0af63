"""Items of the costs view beside its curves: bands of the truths with their labels, and final estimates."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg

from wganstudio.figures.costs.curves import WIDTH, Estimate
from wganstudio.figures.costs.texts import certificate_text
from wganstudio.gui.views.plot_items import translucent
from wganstudio.gui.views.scales import Scales
from wganstudio.gui.widgets.plain_text import tooltip
from wganstudio.truths import Truth


class BandItems:
    """The band between the bounds of a truth, outlined so that a thin one is visible, and its label."""

    def __init__(self, plot: pg.PlotItem) -> None:
        self.truth: Truth
        self._colors = ("", "")
        self.edges = (0.0, 0.0)
        """Positions of the bounds on the axis."""
        self.region = pg.LinearRegionItem(orientation="horizontal", movable=False)
        self.text = pg.TextItem(anchor=(0, 1))
        self.text.textItem.document().setDocumentMargin(1)
        self.leader = pg.PlotCurveItem()
        """A line from a label to its band where it stands away from it."""
        self.region.setZValue(1)
        self.leader.setZValue(5)
        self.text.setZValue(6)  # above the curves
        self.items = (self.region, self.leader, self.text)
        for item in self.items:
            plot.addItem(item, ignoreBounds=True)

    def draw(self, truth: Truth, text: str, scales: Scales, floor: float) -> None:
        """Draw a truth with its label."""
        self.truth = truth
        low, high = scales.y_above(np.array([truth.lower, truth.upper]), floor)
        self.edges = float(low), float(high)
        self.region.setRegion(self.edges)
        self.text.setText(text)
        for item in (self.region, *self.region.lines, self.text):
            item.setToolTip(tooltip(certificate_text(truth)))

    def set_color(self, color: str, ground: str) -> None:
        """Change the theme."""
        if self._colors == (color, ground):
            return
        self._colors = color, ground
        self.region.setBrush(translucent(color, 0.15))
        for line in self.region.lines:
            line.setPen(pg.mkPen(color, width=1))
        self.leader.setPen(pg.mkPen(color, width=1))
        self.text.setColor(color)
        self.text.fill = pg.mkBrush(translucent(ground, 0.75))

    def remove(self, plot: pg.PlotItem) -> None:
        """Remove the items from the plot."""
        for item in self.items:
            plot.removeItem(item)


class FinalItems:
    """A final estimate: a point with its error bar."""

    def __init__(self, plot: pg.PlotItem) -> None:
        self._colors = ("", "")
        self.bar = pg.ErrorBarItem()
        self.point = pg.ScatterPlotItem(size=8)
        self.position = (np.nan, np.nan)
        """Positions on the axes."""
        self.bar.setZValue(5)
        self.point.setZValue(6)
        for item in (self.bar, self.point):
            plot.addItem(item, ignoreBounds=True)

    def draw(self, final: Estimate, scales: Scales, floor: float) -> None:
        """Draw an estimate; on a logarithmic axis only where it is positive."""
        x, y = scales.x(np.array([final.x], float)), scales.y(np.array([final.value]))
        self.position = float(x[0]), float(y[0])
        is_visible = bool(np.isfinite(self.position).all())
        for item in (self.bar, self.point):
            item.setVisible(is_visible)
        if is_visible:
            error = WIDTH * float(np.nan_to_num(final.error))
            low, high = (scales.y_above(np.array([final.value + side]), floor) for side in (-error, error))
            self.bar.setData(x=x, y=y, bottom=y - low, top=high - y, beam=0)
            self.point.setData(x, y)

    def set_color(self, color: str, ground: str) -> None:
        """Change the theme."""
        if self._colors == (color, ground):
            return
        self._colors = color, ground
        self.bar.setData(pen=pg.mkPen(color, width=2))
        self.point.setBrush(color)
        self.point.setPen(pg.mkPen(ground))

    def remove(self, plot: pg.PlotItem) -> None:
        """Remove the items from the plot."""
        plot.removeItem(self.bar)
        plot.removeItem(self.point)


def band_names(truths: Sequence[Truth]) -> list[str]:
    """Return a name for each truth; the second one of a quantity has a number."""
    quantities = [truth.quantity for truth in truths]
    counts = (quantities[:index].count(quantity) for index, quantity in enumerate(quantities))
    return [f"{name} {count + 1}" if count else name for name, count in zip(quantities, counts, strict=True)]
