"""The parts that the views are put together from: a map of the plane, the frame slider, themed axes."""

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import pyqtgraph as pg
from pyqtgraph.graphicsItems.LegendItem import ItemSample
from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QWidget

from wganstudio.figures import style
from wganstudio.figures.grid import ColorScale, PlaneGrid
from wganstudio.figures.style import Palette
from wganstudio.figures.types import Float
from wganstudio.training.events import Fields, Slopes

THICK = 2


class Pictures(NamedTuple):
    """What a run shows of one kind: the newest, and those kept by step."""

    newest: Fields | Slopes | None = None
    kept: Mapping[int, Fields] | Mapping[int, Slopes] = MappingProxyType({})


class PlaneMap:
    """A field on the plane: an image with lines over it, and its color bar on the right or below."""

    def __init__(
        self,
        canvas: pg.GraphicsLayoutWidget,
        row: int,
        column: int,
        color_map: str,
        *,
        locked: bool = True,
        bar_below: bool = False,
        named_below: bool = True,
    ) -> None:
        self._named_below = named_below
        self.plot = configure_plot(canvas.addPlot(row=row, col=column))
        self.plot.setAspectLocked(locked)
        self.image = pg.ImageItem(axisOrder="row-major")
        self.plot.addItem(self.image)
        self.bar = pg.ColorBarItem(
            width=12,
            interactive=False,
            colorMap=pg.colormap.get(color_map),
            colorMapMenu=False,
            orientation="horizontal" if bar_below else "vertical",
        )
        self.bar.setImageItem(self.image, insert_in=self.plot)
        if bar_below:
            small = QFont()
            small.setPointSizeF(0.75 * small.pointSizeF())
            self.bar.axis.setTickFont(small)  # numbers side by side need more room than one above another
        else:
            self.bar.axis.setWidth(54)
        self.bar.axis.enableAutoSIPrefix(False)
        angle = 90 if bar_below else 0
        self.mark = pg.InfiniteLine(angle=angle, pen=pg.mkPen(style.UNIT_COLOR, width=THICK))
        self.mark.hide()
        self.bar.addItem(self.mark)

    def lines(self, color: str) -> pg.PlotCurveItem:
        """A curve over the image whose data hold a row of NaN between two lines."""
        curve = pg.PlotCurveItem(pen=pg.mkPen(color_of(color), width=1), connect="finite", antialias=True)
        self.plot.addItem(curve)
        return curve

    def show(self, grid: PlaneGrid, field: Float, scale: ColorScale) -> None:
        """Draw a field."""
        self.image.setImage(field, autoLevels=False, levels=(scale.low, scale.high))
        left, right, bottom, top = grid.extent
        self.image.setRect(QRectF(left, bottom, right - left, top - bottom))
        if self.bar.values != (scale.low, scale.high):
            self.bar.setLevels((scale.low, scale.high))
        if self.bar.axis.labelText != scale.label:
            self.bar.axis.setLabel(scale.label)
        self.mark.setVisible(scale.marked is not None)
        if scale.marked is not None:
            self.mark.setValue(256 * (scale.marked - scale.low) / (scale.high - scale.low))
        set_axis_labels(self.plot, grid.labels[0] if self._named_below else "", grid.labels[1])

    def set_palette(self, palette: Palette) -> None:
        """Change the theme."""
        theme_axes(self.plot, palette)
        theme_axes(self.bar, palette)


class Remarks(QLabel):
    """What a view says below its picture: wrapped, to be selected and copied; it never widens its dock."""

    def __init__(self) -> None:
        super().__init__(wordWrap=True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setMinimumWidth(1)


class FrameBar(QWidget):
    """Chooses one of the kept pictures of a run; its right end is the newest, and follows the run."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._steps: list[int] = []
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setPageStep(1)
        self.slider.setMinimumWidth(40)
        self.slider.setToolTip("Go back to an earlier picture of this run; the right end follows the run.")
        self.slider.setAccessibleName("Picture of the run")
        self.text = QLabel()
        self.text.setMinimumWidth(self.text.fontMetrics().horizontalAdvance("live, step 999,999"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.slider, 1)
        row.addWidget(self.text)
        self.slider.valueChanged.connect(self._moved)

    @property
    def step(self) -> int | None:
        """The kept step that is chosen; None for the newest picture."""
        return None if self.slider.value() >= len(self._steps) else self._steps[self.slider.value()]

    def follow(self, pictures: Pictures, over: bool, newest: bool = False) -> None:
        """Offer the pictures of a run; what was chosen stays so, unless the newest is wanted."""
        chosen = None if newest else self.step
        last = None if pictures.newest is None else pictures.newest.step
        steps = [step for step in sorted(pictures.kept) if step != last]
        if newest or steps != self._steps:
            self._steps = steps
            self.slider.blockSignals(True)
            self.slider.setRange(0, len(steps))
            self.slider.setValue(steps.index(chosen) if chosen in steps else len(steps))
            self.slider.blockSignals(False)
            self.slider.setEnabled(bool(steps))
        step = last if self.step is None else self.step
        what = "" if self.step is not None else "last, " if over else "live, "
        self.text.setText("" if step is None else f"{what}step {step:,}")

    @Slot(int)
    def _moved(self, _: int) -> None:
        self.changed.emit()


def configure_plot(plot: pg.PlotItem) -> pg.PlotItem:
    """A plot without pyqtgraph's own menu and buttons, and with numbers as they are."""
    plot.setMenuEnabled(False)
    plot.hideButtons()
    plot.disableAutoRange()
    for name in ("left", "bottom"):
        plot.getAxis(name).enableAutoSIPrefix(False)
    plot.showAxis("top")
    plot.showAxis("right")
    for name in ("top", "right"):
        plot.getAxis(name).setStyle(showValues=False, tickLength=0)
    return plot


def legend(plot: pg.PlotItem, offset: tuple[int, int], **style: Any) -> pg.LegendItem:
    """A legend in a corner of the plot."""
    return plot.addLegend(offset=offset, sampleType=_Sample, **style)


def theme_legend(box: pg.LegendItem, palette: Palette) -> None:
    """The legend in the theme's colors."""
    box.setLabelTextColor(palette.foreground)
    for _, text in box.items:
        text.setText(text.text, color=palette.foreground)  # the line above is for entries to come
    box.setBrush(translucent(palette.background, 0.8))


class _Sample(ItemSample):
    """An entry that a click does not hide: what is drawn is what is exported."""

    def mouseClickEvent(self, event: Any) -> None:
        event.ignore()


class DecadeAxis(pg.AxisItem):
    """An axis over log10 of a quantity: powers of ten named, or 1, 2, 5 where there are few of them."""

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float | None, list[float]]]:
        """The named ticks, then the others."""
        low, high = sorted((low, high))
        decades = range(math.floor(low), math.ceil(high) + 1)
        every = max(1, math.ceil(60 * (high - low) / max(size, 1)))
        named = (1, 2, 5) if high - low < max(0.005 * size, 1.5) else (1,)
        rest = range(2, 10) if high - low < 0.03 * size else ()
        major = [d + math.log10(n) for d in decades for n in named if n > 1 or d % every == 0]
        minor = [d + math.log10(n) for d in decades for n in rest if n not in named]
        return [(1.0, [t for t in major if low <= t <= high]), (None, [t for t in minor if low <= t <= high])]

    def tickStrings(self, values: list[float], scale: float, spacing: float | None) -> list[str]:
        """Plain numbers, on the named ticks alone."""
        return [f"{10**value:.4g}" if spacing else "" for value in values]


def move_points(points: pg.ScatterPlotItem, x: Float, y: Float) -> bool:
    """Move the points up or down; False, and nothing done, where their x are others.

    From frame to frame no more than that is needed; setData would style each point anew, slowly.
    """
    data = points.data
    if len(data) != len(x) or not np.array_equal(data["x"], x.astype(data["x"].dtype)):
        return False
    data["y"] = y
    points.bounds = [None, None]
    points.prepareGeometryChange()
    points.update()
    return True


def set_axis_labels(plot: pg.PlotItem, x: str, y: str) -> None:
    """Name the axes, where they are not called that already: a label costs a layout."""
    for name, text in (("bottom", x), ("left", y)):
        axis = plot.getAxis(name)
        if axis.labelText != text:
            axis.setLabel(text)


def theme_axes(plot: pg.PlotItem, palette: Palette) -> None:
    """The axes in the theme's colors."""
    for name in ("left", "right", "top", "bottom"):
        axis = plot.getAxis(name)
        axis.setPen(pg.mkPen(palette.faint))
        axis.setTextPen(pg.mkPen(palette.foreground))


def translucent(color: str, alpha: float) -> QColor:
    """A color that lets some of its ground through."""
    made = QColor(color)
    made.setAlphaF(alpha)
    return made


def color_of(text: str) -> QColor:
    """#rrggbb or #rrggbbaa, as matplotlib reads it (Qt would read #aarrggbb)."""
    return translucent(text[:7], int(text[7:] or "ff", 16) / 255)
