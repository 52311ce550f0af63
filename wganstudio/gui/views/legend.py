"""Legend: entries in a free corner of a plot; a click on one asks to hide or show what it names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPen

from wganstudio.figures.placement import CORNERS, Corner, Occupancy, PixelBox, best_corner, corner_box
from wganstudio.figures.style import LIGHT, Palette
from wganstudio.figures.types import Float
from wganstudio.gui.views.plot_items import LegendSample, translucent

MARGIN = 8
POINT = 12.0
"""Size in pixels of a point that no legend covers."""
MIN_HEIGHT = 110
"""Height in pixels above which a plot shows its legend."""
LEGEND_SHARE = 0.5
"""Share of the height of a plot that the legend may take."""
HIDDEN_OPACITY = 0.45


@dataclass(frozen=True)
class LegendEntry:
    """One line of the legend."""

    key: str
    """The name of what it shows."""
    text: str
    color: str
    width: int = 1
    style: Qt.PenStyle = Qt.PenStyle.SolidLine
    shown: bool = True

    @property
    def pen(self) -> QPen:
        """The pen of the sample line."""
        return pg.mkPen(self.color, width=self.width, style=self.style)


class CurveLegend(pg.LegendItem):
    """A legend whose hidden entries are struck through."""

    clicked = Signal(str)
    """Emitted with the key of the entry that was clicked."""

    def __init__(self, plot: pg.PlotItem) -> None:
        super().__init__(offset=(-MARGIN, MARGIN), verSpacing=-4, sampleType=LegendSample)
        self.setParentItem(plot.vb)
        plot.legend = self
        self._box = plot.getViewBox()
        self.entries: tuple[LegendEntry, ...] = ()
        self._palette = LIGHT
        self._corner: Corner = CORNERS[0]
        self._was_moved = False
        """The user has dragged it."""

    def set_entries(self, entries: Sequence[LegendEntry]) -> None:
        """Show other entries; the same ones take no time."""
        if tuple(entries) == self.entries:
            return
        self.entries = tuple(entries)
        self.clear()
        for entry in entries:
            self.addItem(pg.PlotCurveItem(pen=entry.pen), escape(entry.text))
            sample, label = self.items[-1]
            font = label.item.font()
            font.setStrikeOut(not entry.shown)
            label.item.setFont(font)
            for part in (sample, label):
                part.setOpacity(1.0 if entry.shown else HIDDEN_OPACITY)
        self._color()

    def set_palette(self, palette: Palette) -> None:
        """Change the theme."""
        self._palette = palette
        self._color()

    def place_in(self, box: pg.ViewBox, plot: Occupancy) -> bool:
        """Move to a free corner of a plot; hide, and return False, where there is no room.

        The summary below the plot has the same colors.
        """
        has_room = box.height() > MIN_HEIGHT and self.fits(box.width(), box.height())
        is_placed = has_room and self.place(plot)
        self.setVisible(is_placed)
        return is_placed

    def fits(self, width: float, height: float) -> bool:
        """Return True if it is not wider than the room, and leaves half of its height free."""
        size = self.boundingRect()
        return bool(size.width() < width and size.height() < LEGEND_SHARE * height)

    def place(self, plot: Occupancy) -> bool:
        """Move to the corner where it covers no curve; return False where there is none."""
        size = self.boundingRect().width(), self.boundingRect().height()
        if self._was_moved:
            plot.add_box(self._present_box(plot, size))
            return True
        corner, is_free = best_corner(plot, size, MARGIN, self._corner)
        if corner != self._corner:
            self._corner = corner
            right, top = corner
            anchor = right, 1 - top
            self.anchor(anchor, anchor, offset=(-MARGIN if right else MARGIN, MARGIN if top else -MARGIN))
        if is_free:
            plot.add_box(corner_box(corner, size, plot, MARGIN))
        return is_free

    def mouseClickEvent(self, event: Any) -> None:
        """Ask to hide or show the entry under the mouse."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        for entry, (sample, label) in zip(self.entries, self.items, strict=False):
            row = sample.geometry().united(label.geometry())
            if row.top() <= event.pos().y() <= row.bottom():
                event.accept()
                self.clicked.emit(entry.key)
                return

    def mouseDragEvent(self, event: Any) -> None:
        """Move with the mouse, and stay there."""
        self._was_moved = True
        super().mouseDragEvent(event)

    def hoverEvent(self, event: Any) -> None:
        """Claim clicks and drags."""
        event.acceptClicks(Qt.MouseButton.LeftButton)
        super().hoverEvent(event)

    def _present_box(self, plot: Occupancy, size: tuple[float, float]) -> PixelBox:
        place = self.pos()
        return PixelBox(place.x(), plot.height - place.y() - size[1], *size)

    def _color(self) -> None:
        self.setLabelTextColor(self._palette.foreground)
        for _, label in self.items:
            label.setText(label.text, color=self._palette.foreground)
        self.setBrush(translucent(self._palette.background, 0.8))


def pixels(box: pg.ViewBox, x: Float, y: Float) -> tuple[Float, Float]:
    """Return positions on the axes in pixels from the lower left corner of the plot."""
    (left, right), (bottom, top) = box.viewRange()
    across = (np.asarray(x, float) - left) * (box.width() / (right - left))
    return across, (np.asarray(y, float) - bottom) * (box.height() / (top - bottom))


def place_legend(
    legend: CurveLegend,
    box: pg.ViewBox,
    lines: Iterable[tuple[Float | None, Float | None]],
    bars: Iterable[tuple[Float, Float, Float]] = (),
) -> bool:
    """Put a legend where it covers neither lines nor bars; hide it, and return False, where there is no room.

    Parameters
    ----------
    legend, box
        The legend and the box of its plot.
    lines
        Positions on the axes, x and y.
    bars
        Positions of points with bars: x, and the lower and upper ends.
    """
    if box.width() < 1 or box.height() < 1:
        return True
    plot = Occupancy(box.width(), box.height())
    for x, y in lines:
        if x is not None and y is not None and len(x):
            plot.add_curve(*pixels(box, x[: len(y)], y))
    for x, low, high in bars:
        across, bottom = pixels(box, x, low)
        top = pixels(box, x, high)[1]
        for left, lower, upper in zip(across, bottom, top, strict=True):
            if np.isfinite((left, lower, upper)).all():
                half = POINT / 2
                plot.add_box(PixelBox(left - half, lower - half, POINT, upper - lower + POINT))
    return legend.place_in(box, plot)


def make_headroom(legend: CurveLegend, box: pg.ViewBox) -> None:
    """Extend the vertical range upwards by the height of the legend."""
    (low, high), height = box.viewRange()[1], box.height()
    needed = legend.boundingRect().height() + 2 * MARGIN
    if height > MIN_HEIGHT and needed < LEGEND_SHARE * height:
        box.setRange(yRange=(low, low + (high - low) * height / (height - needed)), padding=0)
