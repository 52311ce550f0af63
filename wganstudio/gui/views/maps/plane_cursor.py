"""PlaneCursor: the point under the mouse in all views of a run that show the plane."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QPointF, QTimer, Slot
from PySide6.QtWidgets import QWidget

from wganstudio.gui.views.maps.host import MapHost

INTERVAL_MS = 30
"""Time between two updates of the other views while the mouse moves."""


class PlaneCursor(QObject):
    """Reads the other views in sight at the place that the mouse has in one of them."""

    def __init__(self, views: Callable[[], Iterable[QWidget]], parent: QObject) -> None:
        super().__init__(parent)
        self._views = views
        self._source: MapHost | None = None
        self._shown: list[MapHost] = []
        """The views that show the point now."""
        self._timer = QTimer(self, singleShot=True, interval=INTERVAL_MS)
        self._timer.timeout.connect(self._update)

    @Slot(object)
    def follow(self, view: MapHost) -> None:
        """Show the place under the mouse in a view to the others, soon."""
        self._source = view
        if not self._shown and view.pointed_place() is None:
            return
        if not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _update(self) -> None:
        source = self._source
        if source is None:
            return
        place = source.pointed_place() if source.plane_grid is not None else None
        others = [] if place is None else self._others(source)
        for view in self._shown:
            if view not in others and view is not source:
                view.show_point(None)
        for view in others:
            view.show_point(QPointF(place) if place is not None else None)
        self._shown = others

    def _others(self, source: MapHost) -> list[MapHost]:
        """Return the other views in sight that show the plane of the same run."""
        grid = source.plane_grid
        return [
            view
            for view in self._views()
            if isinstance(view, MapHost)
            and view is not source
            and view.record is source.record
            and view.plane_grid is not None
            and grid is not None
            and view.plane_grid.is_line == grid.is_line
        ]
