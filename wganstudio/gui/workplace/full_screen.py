"""FullScreen: the views alone on the whole screen, in larger type, for a room to see."""

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow

TYPE_SCALE = 1.4


class FullScreen(QObject):
    """Switches the full screen on and off; what it hides comes back."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._hidden: list[QDockWidget] = []
        self._font: QFont | None = None

    @property
    def on(self) -> bool:
        """True while the views fill the screen."""
        return self._font is not None

    @Slot()
    def toggle(self) -> None:
        """Switch the full screen on or off."""
        if self.on:
            self.leave()
        else:
            self.enter()

    def enter(self) -> None:
        """Hide the panels, enlarge the type and fill the screen."""
        options = Qt.FindChildOption.FindDirectChildrenOnly
        docks = self._window.findChildren(QDockWidget, options=options)
        self._hidden = [dock for dock in docks if not dock.isHidden() and not dock.isFloating()]
        self._window.setUpdatesEnabled(False)
        try:
            for dock in self._hidden:
                dock.hide()
            self._font = QApplication.font()
            larger = QFont(self._font)
            larger.setPointSizeF(TYPE_SCALE * self._font.pointSizeF())
            self._set_font(larger)
            self._window.showFullScreen()
        finally:
            self._window.setUpdatesEnabled(True)

    def leave(self) -> None:
        """Return to the window as it was."""
        if self._font is None:
            return
        self._window.setUpdatesEnabled(False)
        try:
            self._set_font(self._font)
            self._font = None
            self._window.showNormal()
            for dock in self._hidden:
                dock.show()
            self._hidden = []
        finally:
            self._window.setUpdatesEnabled(True)

    def _set_font(self, font: QFont) -> None:
        """Change the font of plots, popups and widgets; a style sheet keeps widgets from following."""
        QApplication.setFont(font)
        self._window.setFont(font)
