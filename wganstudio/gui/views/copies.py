"""ViewCopies: further views of a kind, which the user opens and closes."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QMainWindow

from wganstudio.gui.widgets.docks import Dock
from wganstudio.session.record import RunRecord

if TYPE_CHECKING:
    from wganstudio.gui.views.base import View

DOCK_PREFIX = "view-"
"""The beginning of the names of the docks of views."""
MAX_COPIES = 12
"""Further views that may be open at once."""


class ViewCopies(QObject):
    """Opens a second view of a kind in a dock of its own, with its own zoom and settings.

    It follows the selected runs, or keeps those that it is pinned to.
    """

    def __init__(
        self,
        area: QMainWindow,
        make: "Callable[[str, str], tuple[View, Dock] | None]",
        selected: Callable[[], Sequence[RunRecord]],
    ) -> None:
        """`make` returns a new view of a kind in a dock of a name, None for an unknown kind."""
        super().__init__(area)
        self._area, self._make, self._selected = area, make, selected
        self.docks: dict[str, Dock] = {}
        """The docks by name, such as "landscape-2"."""
        self._pinned: dict[str, tuple[RunRecord, ...]] = {}

    @property
    def views(self) -> "dict[str, View]":
        """The views by the names of their docks."""
        return {name: dock.widget() for name, dock in self.docks.items()}  # type: ignore[misc]

    def open(self, view: "View") -> "View | None":
        """Open another view like this one, beside the others; None if too many are open."""
        if len(self.docks) >= MAX_COPIES:
            return None
        copy = self._add(view.name, self._free_number(view.name))
        if copy is not None:
            copy.copy_settings(view)
            copy.set_records(view.selected)
        return copy

    def name_of(self, view: "View") -> str:
        """Return the name of the dock of a further view; empty for another view."""
        return next((name for name, one in self.views.items() if one is view), "")

    def is_pinned(self, view: "View") -> bool:
        """Return True if a view keeps its runs."""
        return self.name_of(view) in self._pinned

    def pin(self, view: "View", on: bool) -> None:
        """Let a further view keep its runs, or follow the selection."""
        name = self.name_of(view)
        if on:
            self._pinned[name] = view.selected
        else:
            self._pinned.pop(name, None)
            view.set_records(self._selected())
        self._show_title(name)

    def show_records(self, records: Sequence[RunRecord]) -> None:
        """Show the selected runs in the views that are not pinned."""
        for name, view in self.views.items():
            if name not in self._pinned:
                view.set_records(records)

    def update_pinned(self, records: Sequence[RunRecord]) -> None:
        """Show the present names of pinned runs; views whose runs have left the session follow again."""
        for name, pinned in list(self._pinned.items()):
            if any(all(one is not other for other in records) for one in pinned):
                self.pin(self.views[name], False)
            else:
                self._show_title(name)

    def open_names(self) -> str:
        """Return the names of the further views, as a layout keeps them."""
        return " ".join(self.docks)

    def reopen(self, names: str) -> None:
        """Open the further views of a layout, and close the others."""
        wanted = dict.fromkeys(names.split())
        for name in self.docks.keys() - wanted.keys():
            self.close(name)
        for name in list(wanted)[:MAX_COPIES]:
            kind, _, number = name.rpartition("-")
            if name in self.docks or not number.isdecimal():
                continue
            view = self._add(kind, int(number))
            if view is not None:
                view.set_records(self._selected())

    def close(self, name: str) -> None:
        """Close a further view for good."""
        dock = self.docks.pop(name)
        self._pinned.pop(name, None)
        self._area.removeDockWidget(dock)
        dock.deleteLater()

    def close_all(self) -> None:
        """Close all further views."""
        for name in list(self.docks):
            self.close(name)

    def _add(self, kind: str, number: int) -> "View | None":
        """Put a new view into a column at the right; None if there is no such kind."""
        name = f"{kind}-{number}"
        made = self._make(kind, name)
        if made is None:
            return None
        view, dock = made
        self.docks[name] = dock
        dock.closed_by_user.connect(self._closed)
        self._show_title(name)
        across = Qt.Orientation.Horizontal
        self._area.addDockWidget(Qt.DockWidgetArea.TopDockWidgetArea, dock, across)
        dock.show()
        self._area.resizeDocks([dock], [self._area.width() // 3], across)  # beside the two default columns
        return view

    def _free_number(self, kind: str) -> int:
        return next(number for number in range(2, MAX_COPIES + 3) if f"{kind}-{number}" not in self.docks)

    def _show_title(self, name: str) -> None:
        view = self.views[name]
        title = f"{view.title} {name.rpartition('-')[2]}"
        pinned = ", ".join(record.name for record in self._pinned.get(name, ()))
        self.docks[name].set_title(f"{title}: {pinned}" if pinned else title)

    @Slot(str)
    def _closed(self, dock: str) -> None:
        name = dock.removeprefix(DOCK_PREFIX)
        if name in self.docks:
            self.close(name)
