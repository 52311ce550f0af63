"""Application: the QApplication with its names, splash screen and the files that the system opens with it."""

import sys
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication, QSplashScreen

from wganstudio.gui.garbage import GarbageCollector
from wganstudio.gui.theme import app_icon

SPLASH_SIZE = 256


class Application(QApplication):
    """The application singleton."""

    file_wanted = Signal(object)
    """The path of a double-clicked file on macOS; other systems pass it on the command line."""

    def __init__(self) -> None:
        super().__init__(sys.argv[:1])
        self.setApplicationName("wganstudio")
        self.setApplicationDisplayName("WGAN Studio")
        self.setDesktopFileName("wganstudio")
        self.setWindowIcon(app_icon())
        self.files: list[Path] = []
        """The files wanted so far, also before a window existed."""
        self.splash: QSplashScreen | None = None
        self._collector = GarbageCollector()

    def show_splash(self) -> None:
        """Show the splash screen until the window is open."""
        self.splash = QSplashScreen(app_icon().pixmap(SPLASH_SIZE, SPLASH_SIZE))
        below = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom
        self.splash.showMessage("WGAN Studio is starting\u2026", below, Qt.GlobalColor.white)
        self.splash.show()
        self.processEvents()

    def event(self, event: QEvent) -> bool:
        """Pass on the files that the system wants opened."""
        if isinstance(event, QFileOpenEvent) and event.file():
            self.files.append(Path(event.file()))
            self.file_wanted.emit(self.files[-1])
            return True
        return super().event(event)
