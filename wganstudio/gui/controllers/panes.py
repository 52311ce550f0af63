"""Panes: F6 and Shift+F6 move the keyboard from one part of the window to the next."""

from collections.abc import Iterator

from PySide6.QtCore import QObject, QPoint, Qt, Slot
from PySide6.QtWidgets import QApplication, QDockWidget, QFrame, QMainWindow, QStatusBar, QToolBar, QWidget
from shiboken6 import isValid

from wganstudio.gui.widgets.docks import in_sight
from wganstudio.gui.widgets.themed_frame import ThemedFrame


class Panes(QObject):
    """Knows the panes of a window from left to right, and marks the title of the active one."""

    def __init__(self, window: QMainWindow, inner: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._inner = inner
        """The window inside the window, which holds the views."""
        self._last: dict[QWidget, QWidget] = {}
        """The control of each pane that had the keyboard last."""
        self._marked: ThemedFrame | None = None
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._focus_changed)

    def panes(self) -> list[QWidget]:
        """Return the panes in sight that have a control: toolbar, banner, docks by column, status bar."""
        docks = [
            dock
            for window in (self._window, self._inner)
            for dock in window.findChildren(QDockWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
            if in_sight(dock)
        ]
        docks.sort(key=lambda dock: dock.mapToGlobal(QPoint()).toTuple())
        bars = self._window.findChildren(QToolBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
        banners = self._window.findChildren(QFrame, "banner")
        panes: list[QWidget] = [*bars, *banners, *docks, *self._window.findChildren(QStatusBar)]
        return [pane for pane in panes if in_sight(pane) and next(_controls(pane), None) is not None]

    @property
    def current(self) -> QWidget | None:
        """The pane that has the keyboard."""
        return self._pane_of(QApplication.focusWidget())

    @Slot()
    def next(self) -> None:
        """Move the keyboard to the next pane."""
        self._move(1)

    @Slot()
    def previous(self) -> None:
        """Move the keyboard to the previous pane."""
        self._move(-1)

    def _move(self, by: int) -> None:
        panes = self.panes()
        if not panes:
            return
        current = self.current
        index = panes.index(current) + by if current in panes else (0 if by > 0 else -1)
        enter(panes[index % len(panes)], self._last.get(panes[index % len(panes)]))

    def _pane_of(self, widget: QWidget | None) -> QWidget | None:
        while widget is not None and widget is not self._window:
            if isinstance(widget, QDockWidget | QToolBar | QStatusBar) or widget.objectName() == "banner":
                return widget
            widget = widget.parentWidget()
        return None

    @Slot(QWidget, QWidget)
    def _focus_changed(self, _: QWidget | None, now: QWidget | None) -> None:
        pane = self._pane_of(now)
        title = pane.titleBarWidget() if isinstance(pane, QDockWidget) else None
        if pane is not None and now is not None and not (title and title.isAncestorOf(now)):
            self._last[pane] = now
        if now is not None and title is not self._marked:
            _mark(self._marked, False)
            self._marked = title if isinstance(title, ThemedFrame) else None
            _mark(self._marked, True)


def enter(pane: QWidget, control: QWidget | None = None) -> None:
    """Give the keyboard to a control of a pane; to its first one if that cannot take it any more."""
    if control is None or control not in _controls(pane):
        control = next(_controls(pane), None)
    if control is not None:
        pane.activateWindow()
        control.setFocus(Qt.FocusReason.ShortcutFocusReason)


def _controls(pane: QWidget) -> Iterator[QWidget]:
    """Yield the controls of a pane that can take the keyboard; those of its title bar come last."""
    title = pane.titleBarWidget() if isinstance(pane, QDockWidget) else None
    late: list[QWidget] = []
    for widget in _focus_chain(pane):
        if pane.isAncestorOf(widget) and _takes_keyboard(widget):
            if title is not None and title.isAncestorOf(widget):
                late.append(widget)
            else:
                yield widget
    yield from late


def _focus_chain(start: QWidget) -> Iterator[QWidget]:
    """Yield the widgets after one in the order of the Tab key, until it returns."""
    widget = start.nextInFocusChain()
    while widget is not None and widget is not start:
        yield widget
        widget = widget.nextInFocusChain()


def _takes_keyboard(widget: QWidget) -> bool:
    return widget.isEnabled() and in_sight(widget) and bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)


def _mark(title: ThemedFrame | None, active: bool) -> None:
    if title is not None and isValid(title):
        title.set_look("active-dock-title" if active else "dock-title")
