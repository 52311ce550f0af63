"""SideBySide: further runs in panes of one view, with common scales, linked zoom and a linked cursor.

Each further run has a whole view of the same class, of which only the pane is shown. So a view need not know
that it stands beside another one, and everything that it draws for one run it draws for several.
"""

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QGridLayout, QWidget

from wganstudio.figures.base import Figure
from wganstudio.figures.color_scales import ScaleSettings
from wganstudio.figures.comparison import (
    common_limits,
    comparable,
    with_common_ranges,
    with_limits,
)
from wganstudio.gui.views.compared_view import ComparedView
from wganstudio.gui.views.pane import LETTERS
from wganstudio.session import RunRecord

MIN_FOUR = 700, 480
"""Width and height in pixels of the view from which more than two runs are shown."""


class SideBySide:
    """The panes of a view: that of the main run, and one for each further run that is shown."""

    def __init__(self, main: ComparedView) -> None:
        self.views: list[ComparedView] = [main]
        """The view of each run; the main one first."""
        self.area = QWidget()
        self._grid = QGridLayout(self.area)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(6)
        self._grid.addWidget(main.pane, 0, 0)
        self._spare: list[ComparedView] = []
        """Views of runs that are no longer selected, for the next ones."""
        self.scales = ScaleSettings()
        """The changes of the user to the color scales of all runs."""
        self._placed: tuple[int, list[QWidget]] = (1, [main.pane])
        """The number of columns, and the panes in them."""
        self._busy = False
        """True while a view follows another one."""

    @property
    def main(self) -> ComparedView:
        """The view that hosts the others."""
        return self.views[0]

    @property
    def several(self) -> bool:
        """True if more than one run is shown."""
        return len(self.views) > 1

    def pane_of(self, view: ComparedView) -> QWidget:
        """Return the widget in the grid that shows the run of a view."""
        return view.pane if view is self.main else view

    # -- runs

    def capacity(self) -> int:
        """Return the number of runs for which the view has room."""
        size = self.main.size()
        return len(LETTERS) if size.width() >= MIN_FOUR[0] and size.height() >= MIN_FOUR[1] else 2

    def set_others(self, records: Sequence[RunRecord]) -> bool:
        """Show further runs beside the main one; return whether that changes anything."""
        wanted = records[: self.capacity() - 1] if self.main.side_by_side else ()
        others = self.views[1:]
        if [id(view.record) for view in others] == list(map(id, wanted)):
            return False
        for view in others[len(wanted) :]:
            view.hide()
            view.set_records(())
            self._spare.append(view)
        del self.views[len(wanted) + 1 :]
        while len(self.views) <= len(wanted):
            self.views.append(self._spare.pop() if self._spare else self.main.new_partner())
        for view, record in zip(self.views[1:], wanted, strict=True):
            view.set_step(self.main.shown_step)
            if view.record is not record:
                view.set_records((record,))
        self.arrange()
        return True

    def arrange(self) -> None:
        """Place the panes in one row, in one column, or in two of each, so that the plots are largest."""
        panes = [self.pane_of(view) for view in self.shown_by_choice()]
        wide = self.main.width() >= self.main.height()
        columns = 1 if len(panes) == 1 else 2 if wide or len(panes) > 2 else 1
        if self._placed == (columns, panes):
            return
        self._placed = columns, panes
        for view in [*self.views, *self._spare]:
            pane = self.pane_of(view)
            self._grid.removeWidget(pane)
            pane.setVisible(pane in panes)
        for number, pane in enumerate(panes):
            self._grid.addWidget(pane, number // columns, number % columns)
        for place in range(2):
            self._grid.setRowStretch(place, int(place * columns < len(panes)))
            self._grid.setColumnStretch(place, int(place < columns))

    def shown_by_choice(self) -> list[ComparedView]:
        """Return the views of the runs that the user wants to see."""
        return [self.views[index] for index in self.main.chosen_runs(len(self.views))]

    # -- scales and ranges

    def lock(self, on: bool) -> None:
        """Keep the present scales, or let them follow the data again."""
        if on:
            self.scales.lock_all(common_limits(self._drawn()))
        else:
            self.scales.unlock_all()
        self.redraw()

    def adjusted(self, view: ComparedView, figure: Figure) -> Figure:
        """Return the figure of a view with the scales and ranges that it shares with the others."""
        figure = self.scales.styled(figure)
        if not self.scales.is_locked and not self.several:
            return figure
        raw = [other.raw_figure() for other in self.shown_by_choice() if other is not view]
        others = [self.scales.styled(one) for one in raw if one is not None and comparable(figure, one)]
        limits = self.scales.limited(common_limits([figure, *others]))
        return with_limits(with_common_ranges(figure, others), limits)

    def follow(self, view: ComparedView) -> None:
        """Draw the others again where a new figure of a view has changed the common scales or ranges."""
        if self._busy or not self.several:
            return
        self._busy = True
        try:
            for other in self.shown_by_choice():
                if other is not view:
                    other.show_adjusted()
        finally:
            self._busy = False

    def redraw(self) -> None:
        """Draw the present figures again in the present scales."""
        for view in self.views:
            view.show_adjusted()

    def _drawn(self) -> list[Figure]:
        return [view.drawn for view in self.views if view.drawn is not None]

    # -- mouse

    def zoom(self, view: ComparedView) -> None:
        """Show the ranges of a view in the others."""
        for other in self._partners(view):
            other.auto_range = False
            for mine, theirs in zip(view.linked_boxes, other.linked_boxes, strict=False):
                x, y = mine.viewRange()
                theirs.setRange(xRange=x, yRange=y, padding=0)

    def reset_zoom(self, view: ComparedView) -> None:
        """Let the ranges of the others follow the data again."""
        self._pass_on(view, "reset_zoom")

    def point(self, view: ComparedView, position: QPointF | None) -> None:
        """Read the others at the position of the mouse in a view."""
        if self._busy:
            return
        index, place = _locate(view.boxes, position)
        for other in self._partners(view):
            self._busy = True
            try:
                if place is None or index >= len(other.boxes):
                    other.leave()
                    other.mirror.clear()
                else:
                    other.hover(place.x(), place.y(), plot=index)
                    other.mirror.show(other.boxes[index], place)
            finally:
                self._busy = False
        view.mirror.clear()

    def leave(self, view: ComparedView) -> None:
        """Clear the readouts of the others."""
        for other in self.views:
            other.mirror.clear()
        self._pass_on(view, "leave")

    def _pass_on(self, view: ComparedView, method: str) -> None:
        if self._busy:
            return
        self._busy = True
        try:
            for other in self.views:
                if other is not view:
                    getattr(other, method)()
        finally:
            self._busy = False

    def _partners(self, view: ComparedView) -> list[ComparedView]:
        drawn = view.drawn
        return [
            other
            for other in self.shown_by_choice()
            if other is not view
            and drawn is not None
            and other.drawn is not None
            and comparable(drawn, other.drawn)
        ]


def _locate(boxes: Sequence[pg.ViewBox], position: QPointF | None) -> tuple[int, QPointF | None]:
    """Return the index of the plot under a position of the scene, and the position on its axes."""
    for index, box in enumerate(boxes if position is not None else ()):
        if box.sceneBoundingRect().contains(position):
            return index, box.mapSceneToView(position)
    return 0, None
