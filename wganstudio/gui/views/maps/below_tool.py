"""BelowTool: what the user draws on a map, with a small plot about it below."""

from collections.abc import Callable, Sequence
from typing import ClassVar

import pyqtgraph as pg
from PySide6.QtCore import QObject, Slot

from wganstudio.figures import Figure
from wganstudio.gui.views.maps.below_plot import BelowPlot
from wganstudio.gui.views.maps.host import MapHost
from wganstudio.gui.views.maps.points_edit import Point, PointsEdit
from wganstudio.gui.views.plot_items import is_drawn
from wganstudio.gui.widgets.docks import in_sight
from wganstudio.session import RunRecord


class BelowTool(QObject):
    """Points on the first map of a view, and a figure of what is read there, which can be exported.

    A subclass calls `refresh` when its points change.
    """

    suffix: ClassVar[str]
    """The end of the name of its figure."""
    edit_title: ClassVar[str]
    """The name of the points, for the field above the small plot."""
    point_counts: ClassVar[tuple[int, int]]
    """The smallest and the largest number of points that can be typed."""

    def __init__(self, view: MapHost, title: str) -> None:
        super().__init__(view)
        self._view = view
        self.title = f"{title}: {view.title}"
        self.panel: BelowPlot | None = None
        self._items: list[pg.GraphicsObject] = []
        """The items on the map."""
        self._box: pg.ViewBox | None = None

    # -- as a source of figures

    @property
    def selected(self) -> tuple[RunRecord, ...]:
        """The main run, whose step is shown."""
        return self._view.selected[:1]

    @property
    def session_records(self) -> Callable[[], Sequence[RunRecord]]:
        """Returns all runs of the session."""
        return self._view.session_records

    def is_in_sight(self) -> bool:
        """Return True if any part of the small plot can be seen."""
        return self.panel is not None and in_sight(self.panel)

    @property
    def source_name(self) -> str:
        """The name of its figure among those of the window."""
        return f"{self._view.name}-{self.suffix}"

    def figure(self) -> Figure | None:
        """Return the figure; None without points."""
        raise NotImplementedError

    # -- on the map and below it

    def refresh(self) -> None:
        """Draw the points and what is read there again, as the points, the map or the run have changed."""
        usable = self.can_read()
        self._enable(usable)
        if not usable or not self.has_points:
            self._remove_items()
            self._show_panel(False)
            return
        box = self._view.plane_boxes[0]
        if (
            self._box is not box
            or not self._items
            or not self._items_fit()
            or not all(map(is_drawn, self._items))
        ):
            self._remove_items()
            self._box = box
            self._items = self._make_items()
            for item in self._items:
                box.addItem(item, ignoreBounds=True)
        self._draw()

    def can_read(self) -> bool:
        """Return True if the view shows a map with a field to read."""
        return self._view.has_fields and bool(self._view.plane_boxes)

    def set_dark(self) -> None:
        """Take the theme of the view."""
        if self.panel is not None:
            self.panel.set_palette(self._view.palette_)
            self._remove_items()
            self.refresh()

    def _shown_panel(self) -> BelowPlot:
        """Return the small plot, shown."""
        if self.panel is None:
            self.panel = self._make_panel()
        self._show_panel(True)
        return self.panel

    def _show_panel(self, on: bool) -> None:
        if self.panel is not None and self._view.below is not None:
            self._view.below.show_panel(self.panel, on)

    def _make_panel(self) -> BelowPlot:
        panel = BelowPlot(self.title, PointsEdit(self.edit_title, *self.point_counts))
        panel.set_palette(self._view.palette_)
        panel.edit.typed.connect(self._typed)
        panel.closed.connect(self.clear)
        panel.export_wanted.connect(self._export)
        panel.pointed.connect(self._read)
        panel.hide()
        self._view.add_below(panel)
        return panel

    def _remove_items(self) -> None:
        for item in self._items:
            if is_drawn(item) and self._box is not None:
                self._box.removeItem(item)
        self._items = []
        self._box = None

    @Slot()
    def _export(self) -> None:
        self._view.figures_wanted.emit({self.source_name: self})

    @Slot(object)
    def _typed(self, points: list[Point]) -> None:
        self.set_points(points)

    # Subclasses define the methods below.

    @property
    def has_points(self) -> bool:
        """True if there is anything on the map."""
        raise NotImplementedError

    def set_points(self, points: list[Point]) -> None:
        """Take other points."""
        raise NotImplementedError

    @Slot()
    def clear(self) -> None:
        """Remove the points."""
        raise NotImplementedError

    def _enable(self, usable: bool) -> None:
        """Enable the actions, if the map can be read."""
        raise NotImplementedError

    def _items_fit(self) -> bool:
        """Return True if the items on the map are those of the points."""
        raise NotImplementedError

    def _make_items(self) -> list[pg.GraphicsObject]:
        """Return new items of the points."""
        raise NotImplementedError

    def _draw(self) -> None:
        """Draw the small plot."""
        raise NotImplementedError

    @Slot(object)
    def _read(self, x: float | None) -> None:
        """Read the small plot at a place of its horizontal axis; None: at none."""
        raise NotImplementedError
