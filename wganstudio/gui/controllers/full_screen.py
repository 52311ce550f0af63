"""FullScreen: the views alone on the whole screen, in larger type, for a room to see."""

from PySide6.QtCore import QByteArray, QEvent, QObject, Qt, Slot
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow, QTabBar
from shiboken6 import isValid

from wganstudio.figures.tokens import LARGE_TYPE
from wganstudio.gui.theme import Theme

LAYOUT_PASSES = 3


class FullScreen(QObject):
    """Switches the full screen on and off; what it hides comes back."""

    def __init__(self, window: QMainWindow, theme: Theme) -> None:
        super().__init__(window)
        self._theme = theme
        self._window = window
        self._hidden: list[QDockWidget] = []
        self.on = False
        """True while the views, or one of them, fill the screen."""
        self._view: QDockWidget | None = None
        """The view that fills the screen alone."""
        self._was_floating = False
        self._geometry = QByteArray()

    @Slot()
    def toggle(self) -> None:
        """Switch the full screen on or off."""
        if self.on:
            self.leave()
        else:
            self.enter()

    def enter(self, view: QDockWidget | None = None) -> None:
        """Enlarge the type, and fill the screen with all views and no panels, or with one view alone."""
        if view is not None:
            self._fill_with(view)
            return
        options = Qt.FindChildOption.FindDirectChildrenOnly
        docks = self._window.findChildren(QDockWidget, options=options)
        self._hidden = [dock for dock in docks if not dock.isHidden() and not dock.isFloating()]
        self._window.setUpdatesEnabled(False)
        try:
            for dock in self._hidden:
                dock.hide()
            self._show_tabs(False)
            self.on = True
            self._theme.scale_type(LARGE_TYPE)
            self._window.showFullScreen()
            _lay_out()
        finally:
            self._window.setUpdatesEnabled(True)

    def leave(self) -> None:
        """Return to the window as it was."""
        if not self.on:
            return
        self._window.setUpdatesEnabled(False)
        try:
            self.on = False
            self._theme.scale_type(1.0)
            if self._view is not None:
                self._return_view()
                return
            self._window.showNormal()
            self._show_tabs(True)
            for dock in self._hidden:
                dock.show()
            self._hidden = []
            _lay_out()
        finally:
            self._window.setUpdatesEnabled(True)

    def _show_tabs(self, shown: bool) -> None:
        """Show or hide the tabs of the panels, which Qt leaves where all panels of a side are hidden."""
        options = Qt.FindChildOption.FindDirectChildrenOnly
        for bar in self._window.findChildren(QTabBar, options=options):
            bar.setVisible(shown and bar.count() > 0)

    def _fill_with(self, view: QDockWidget) -> None:
        """Detach a view from the window, and fill the screen with it."""
        self.on, self._view, self._was_floating = True, view, view.isFloating()
        self._geometry = view.saveGeometry()
        self._theme.scale_type(LARGE_TYPE)
        view.setFloating(True)
        view.setGeometry(view.screen().geometry())  # not every window manager does so for a dock
        view.setWindowState(view.windowState() | Qt.WindowState.WindowFullScreen)
        view.activateWindow()
        for changed in (view.topLevelChanged, view.visibilityChanged):
            changed.connect(self._view_changed)

    def _return_view(self) -> None:
        """Put the view back where it was."""
        view, self._view = self._view, None
        if view is None or not isValid(view):  # it was closed for good
            return
        for changed in (view.topLevelChanged, view.visibilityChanged):
            changed.disconnect(self._view_changed)
        view.setWindowState(view.windowState() & ~Qt.WindowState.WindowFullScreen)
        view.setFloating(self._was_floating)
        if self._was_floating:
            view.restoreGeometry(self._geometry)
        view.raise_()

    @Slot(bool)
    def _view_changed(self, on: bool) -> None:
        """End the full screen where the user attaches or closes the view."""
        if not on:
            self.leave()


def _lay_out() -> None:
    """Give every widget its place at once, so that it is drawn only once.

    A layout whose needs have changed asks the one around it, which is asked in the next pass.
    """
    for _ in range(LAYOUT_PASSES):
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
