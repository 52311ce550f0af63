"""MapHost: what the abilities of the map views need of a view."""

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QPointF, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from wganstudio.figures.base import StepFigure
from wganstudio.figures.color_scales import ScaleSettings
from wganstudio.figures.grid import PlaneGrid
from wganstudio.figures.line_profile.figure import MapFields
from wganstudio.gui.views.maps.below_area import BelowArea
from wganstudio.gui.views.maps.below_plot import BelowPlot
from wganstudio.gui.views.maps.scale_bar import ScaleBar
from wganstudio.gui.views.step_view import StepView
from wganstudio.gui.widgets.plain_text import Label


class MapHost(StepView):
    """A view whose plots may show the plane of a run, with color bars."""

    styles_chosen = Signal()
    """Emitted after the user has chosen the style of a color scale."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sentence: Label | None = None
        self.below: BelowArea | None = None
        self.stage = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        """The maps, and the small plots below or beside them."""
        self.stage.setSpacing(4)

    @property
    def scale_bars(self) -> Sequence[ScaleBar]:
        """The color bars, in the order of the scales of the figure."""
        return ()

    @property
    def plane_grid(self) -> PlaneGrid | None:
        """The plane that its plots show; None where their axes are others."""
        grid = getattr(self.drawn, "grid", None)
        return grid if isinstance(grid, PlaneGrid) else None

    @property
    def plane_boxes(self) -> Sequence[pg.ViewBox]:
        """The view boxes over the plane."""
        return self.boxes

    @property
    def has_fields(self) -> bool:
        """True if the first map shows a field on the plane."""
        return isinstance(self.drawn, StepFigure) and self.drawn.has_fields

    def drawn_fields(self) -> Sequence[MapFields]:
        """Return the fields of the first map of each run that is shown; none where it has no plane."""
        return ()

    def add_below(self, panel: BelowPlot) -> None:
        """Add a small plot below the maps."""
        if self.below is None:
            self.below = BelowArea(self.stage)
            self.below.fit(self.width(), self.height())
        self.below.add(panel)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the height between the maps and the plots below them."""
        super().resizeEvent(event)
        if self.below is not None:
            self.below.fit(self.width(), self.height())

    def say(self, sentence: str) -> None:
        """Show a sentence above the maps; without one, remove it."""
        if self._sentence is None and sentence:
            self._sentence = Label(wordWrap=True)
            self.column.insertWidget(0, self._sentence)
        if self._sentence is not None:
            self._sentence.setText(sentence)
            self._sentence.setVisible(bool(sentence))

    def pointed_place(self) -> QPointF | None:
        """Return the place on the plane under the mouse; None outside."""
        position = self._pointer
        for box in self.plane_boxes if position is not None else ():
            if box.sceneBoundingRect().contains(position):
                place: QPointF = box.mapSceneToView(position)
                return place
        return None

    def show_point(self, place: QPointF | None) -> None:
        """Read the plots at a place of the plane that another plot points at; None: at none."""

    @property
    def scale_settings(self) -> ScaleSettings:
        """The changes of the user to the color scales."""
        raise NotImplementedError

    def scales_changed(self) -> None:
        """Draw the figures again after the user has changed the color scales."""
        raise NotImplementedError
