"""CurrentView: the view that the actions on a view mean."""

import weakref
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from wganstudio.gui.views.area import ViewArea
from wganstudio.gui.widgets.docks import in_sight

if TYPE_CHECKING:
    from wganstudio.gui.views.base import View


class CurrentView(QObject):
    """Follows the keyboard and the context menus."""

    def __init__(self, area: ViewArea) -> None:
        super().__init__(area)
        self._area = area
        self._last: weakref.ref[View] | None = None
        """The view that was used last, which may be closed since."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._focus_changed)
        area.pointed.connect(self.choose)

    @property
    def view(self) -> "View | None":
        """The view that had the keyboard or a context menu last, else the first in sight."""
        last = None if self._last is None else self._last()
        if last is not None and isValid(last) and self._is_shown(last):
            return last
        return next(iter(self._area.visible_views()), None)

    @Slot(QWidget)
    def choose(self, view: "View") -> None:
        """Make a view the current one."""
        self._last = weakref.ref(view)

    def _is_shown(self, view: "View") -> bool:
        """Return True for a view in sight, and for one that is opened and not drawn yet."""
        dock = self._area.dock_of(view)
        if dock is None:
            return False
        return in_sight(view) or (dock.isVisible() and not self._area.tabifiedDockWidgets(dock))

    @Slot(QWidget, QWidget)
    def _focus_changed(self, _: QWidget | None, now: QWidget | None) -> None:
        if now is not None:
            for view in self._area.all_views():
                if view.isAncestorOf(now):
                    self.choose(view.view_at(now))
