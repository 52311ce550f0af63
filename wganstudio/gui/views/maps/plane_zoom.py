"""PlaneZoom: the part of the plane that the user zooms to, in all views of a run that show the plane."""

import weakref
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Slot

from wganstudio.figures.types import Range
from wganstudio.gui.views.frame_view import FrameView
from wganstudio.session import RunRecord


@dataclass(frozen=True)
class PlanePart:
    """A part of the plane of a run."""

    record: weakref.ref[RunRecord]
    is_line: bool
    x: Range
    y: Range

    def is_of(self, view: FrameView) -> bool:
        """Return True if a view shows the plane of the run."""
        grid = view.plane_grid
        is_same_run = view.record is not None and view.record is self.record()
        return is_same_run and grid is not None and grid.is_line == self.is_line


class PlaneZoom(QObject):
    """Shows the part that one view is zoomed to in the others, also in those that are drawn later."""

    def __init__(self, views: Callable[[], Iterable[FrameView]], parent: QObject) -> None:
        super().__init__(parent)
        self._views = views
        self.is_linked = True
        self._part: PlanePart | None = None
        """The part that the user has zoomed to; None: each view shows all."""
        self._busy = False
        """True while the views follow."""

    def connect_view(self, view: FrameView) -> None:
        """Follow a view, and let it follow the others."""
        view.zoomed.connect(self._follow)
        view.zoom_reset.connect(self._reset)
        view.redrawn.connect(self._join)

    def set_linked(self, on: bool) -> None:
        """Link the zoom of the views, or let each have its own."""
        self.is_linked = on
        self.forget()

    def forget(self) -> None:
        """Zoom to nothing, as other runs are shown."""
        self._part = None

    @Slot(object, object)
    def _follow(self, view: FrameView, shown: tuple[Range, Range]) -> None:
        grid, record = view.plane_grid, view.record
        if not self.is_linked or grid is None or record is None:
            return
        part = self._part = PlanePart(weakref.ref(record), grid.is_line, *shown)
        for other in self._views():
            if other is not view and part.is_of(other):
                other.show_part(part.x, part.y)

    @Slot(object)
    def _reset(self, view: FrameView) -> None:
        part = self._part
        if self._busy or part is None or not part.is_of(view):
            return
        self.forget()
        self._busy = True
        try:
            for other in self._views():
                if other is not view and part.is_of(other):
                    other.reset_zoom()
        finally:
            self._busy = False

    @Slot()
    def _join(self) -> None:
        """Zoom the views that have been drawn after the others were zoomed."""
        part = self._part
        for view in self._views() if part is not None else ():
            if view.auto_range and part is not None and part.is_of(view):
                view.show_part(part.x, part.y)
