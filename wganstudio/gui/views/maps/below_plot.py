"""BelowPlot: a small plot below a map, with the points that it is about, and buttons to export and close."""

from html import escape

import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from wganstudio.figures.style import Palette
from wganstudio.figures.types import Float, Range
from wganstudio.gui.theme import set_icon
from wganstudio.gui.views.maps.points_edit import PointsEdit
from wganstudio.gui.views.plot_canvas import PlotCanvas, small_type
from wganstudio.gui.views.plot_items import add_plot, set_axis_labels, theme_axes
from wganstudio.gui.widgets.buttons import icon_button
from wganstudio.gui.widgets.plain_text import Label

TICK_DENSITY = 0.4
"""Density of the ticks, lower than in larger plots."""
SOLID, DASHED = "\u2501", "\u2505"
MIN_HEIGHT, MAX_HEIGHT = 140, 170
"""Heights in pixels of an open plot with its row of controls."""


class BelowPlot(QWidget):
    """Curves with their legend above them, and a line that reads them at the mouse."""

    export_wanted, closed = Signal(), Signal()
    fold_wanted = Signal(object)
    """Emitted with the plot when the user opens or folds it."""
    pointed = Signal(object)
    """The x coordinate under the mouse; None outside."""

    def __init__(self, title: str, edit: PointsEdit) -> None:
        super().__init__()
        self.edit = edit
        self._title = title
        self.is_folded = False
        edit.setMinimumWidth(70)
        edit.refused.connect(self._refuse)
        self.legend = Label()
        self.legend.setTextFormat(Qt.TextFormat.RichText)
        self.legend.setMinimumWidth(1)
        self.legend.setWordWrap(True)
        self.canvas = PlotCanvas()
        self.canvas.setAccessibleName(title)
        self.canvas.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.canvas.setMinimumSize(120, 70)
        self.canvas.ci.setContentsMargins(2, 2, 6, 2)
        self.plot = add_plot(self.canvas)
        self.plot.setMouseEnabled(False, False)
        self.plot.getAxis("left").setWidth(46)
        for side in ("left", "bottom"):
            self.plot.getAxis(side).setTickDensity(TICK_DENSITY)
            self.plot.getAxis(side).setTickFont(small_type(QFont()))
        self.box = self.plot.getViewBox()
        self.line = pg.InfiniteLine(angle=90)
        self.line.hide()
        self.plot.addItem(self.line, ignoreBounds=True)
        self.curves: list[pg.PlotCurveItem] = []
        self._fold_button = icon_button("unfolded", title, self._ask_to_fold)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self._fold_button)
        row.addWidget(edit, 1)
        for icon, name, signal in (
            ("export", f"Export: {title}", self.export_wanted),
            ("close", f"Remove: {title}", self.closed),
        ):
            row.addWidget(icon_button(icon, name, signal))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(self.legend)
        column.addWidget(self.canvas, 1)
        self.canvas.scene().sigMouseMoved.connect(self._mouse_moved)

    def fit(self, height: int) -> None:
        """Take a height, or that of the row of controls alone while it is folded."""
        self.canvas.setVisible(not self.is_folded)
        self.legend.setVisible(not self.is_folded)
        name = f"{'Show' if self.is_folded else 'Fold'}: {self._title}"
        self._fold_button.setAccessibleName(name)
        self._fold_button.setToolTip(name)
        set_icon(self._fold_button, "folded" if self.is_folded else "unfolded")
        self.setFixedHeight(self.edit.sizeHint().height() + 2 if self.is_folded else height)

    @Slot()
    def _ask_to_fold(self) -> None:
        self.fold_wanted.emit(self)

    def set_curves(self, x: Float, curves: list[tuple[Float, str, bool]], label: str) -> None:
        """Draw curves over x: the values and the color of each, and True for a dashed line."""
        while len(self.curves) < len(curves):
            self.curves.append(pg.PlotCurveItem(connect="finite", antialias=True))
            self.plot.addItem(self.curves[-1], ignoreBounds=True)
        for item in self.curves[len(curves) :]:
            item.setData([], [])
        for item, (values, color, dashed) in zip(self.curves, curves, strict=False):
            style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
            item.setData(x, values, pen=pg.mkPen(color, width=1, style=style))
        set_axis_labels(self.plot, label, "")

    def set_ranges(self, x: Range, y: Range) -> None:
        """Show these ranges."""
        self.box.setRange(xRange=x, yRange=y, padding=0)

    def set_legend(self, entries: list[tuple[str, str, bool]], lead: str = "") -> None:
        """Show the text, the color and the dash of each curve, after a text about all of them."""
        marks = [
            f'<span style="color:{color}">{DASHED if dashed else SOLID}</span>&nbsp;{unbroken(text)}'
            for text, color, dashed in entries
        ]
        self.legend.setText(" &nbsp;".join([escape(lead), *marks] if lead else marks))

    def set_line(self, x: float | None) -> None:
        """Mark a place on the x axis; None removes the mark."""
        self.line.setVisible(x is not None)
        if x is not None:
            self.line.setValue(x)

    def set_palette(self, palette: Palette) -> None:
        """Change the theme."""
        self.canvas.setBackground(palette.background)
        theme_axes(self.plot, palette)
        self.line.setPen(pg.mkPen(palette.faint, width=1, style=Qt.PenStyle.DashLine))

    @Slot(object)
    def _mouse_moved(self, position: object) -> None:
        assert isinstance(position, QPointF)
        inside = self.box.sceneBoundingRect().contains(position)
        self.pointed.emit(self.box.mapSceneToView(position).x() if inside else None)

    @Slot(str)
    def _refuse(self, sentence: str) -> None:
        self.legend.setText(escape(sentence))


def unbroken(text: str) -> str:
    """Return a text as HTML that is not broken into lines."""
    return escape(text).replace(" ", "&nbsp;")
