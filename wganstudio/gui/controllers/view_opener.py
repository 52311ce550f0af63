"""ViewOpener: opens another view like the current one, pins it, and shows one view on the whole screen."""

from PySide6.QtCore import QObject, Slot

from wganstudio.gui.controllers.current_view import CurrentView
from wganstudio.gui.controllers.full_screen import FullScreen
from wganstudio.gui.notifier import Notifier
from wganstudio.gui.views.area import ViewArea
from wganstudio.gui.views.copies import MAX_COPIES


class ViewOpener(QObject):
    """Acts on the place of the current view."""

    def __init__(
        self, current: CurrentView, area: ViewArea, full_screen: FullScreen, notifier: Notifier
    ) -> None:
        super().__init__()
        self._current, self._area = current, area
        self._full_screen, self._notifier = full_screen, notifier

    @Slot()
    def open_another(self) -> None:
        """Open another view like the current one; that of a further run is pinned to its run."""
        view = self._current.view
        if view is None:
            return
        copy = self._area.copies.open(view)
        if copy is None:
            self._notifier.show_warning(f"{MAX_COPIES} further views are open; close one of them first.")
            return
        if view not in self._area.all_views():
            self._area.copies.pin(copy, True)
        self._current.choose(copy)

    @Slot()
    def pin(self) -> None:
        """Let the current view keep its run, or follow the selection again."""
        view, copies = self._current.view, self._area.copies
        if view is None or not copies.name_of(view):
            self._notifier.show_warning(
                "Only a view that was opened with \u201cOpen another\u201d can be pinned; the others follow "
                "the selected runs."
            )
            return
        copies.pin(view, not copies.is_pinned(view))

    @Slot()
    def toggle_full_screen(self) -> None:
        """Show the current view alone on the whole screen, or return."""
        view = self._current.view
        if self._full_screen.on:
            self._full_screen.leave()
        elif view is not None:
            self._full_screen.enter(self._area.dock_of(view))
