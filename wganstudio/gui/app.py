"""The application: options of the command line, theme, window, and what happens right after it is shown."""

import argparse
import os
import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from wganstudio.experiment import BadExperiment, preset
from wganstudio.gui.settings import Settings
from wganstudio.gui.theme import Mode, Theme, app_icon
from wganstudio.gui.window import MainWindow

BAD_INPUT = 2
PREPARE_MS = 50
"""The trainer is prepared this long after the window is shown: first the window."""


def main(argv: list[str] | None = None) -> int:
    """Open the window and return the app's exit code."""
    options = _parser().parse_args(sys.argv[1:] if argv is None else argv)
    if no_display():
        print(
            "wganstudio: there is no display; run in the terminal: wganstudio run first-look", file=sys.stderr
        )
        return BAD_INPUT
    if options.preset:
        try:
            preset(options.preset)
        except BadExperiment as error:
            print(f"wganstudio: {error}", file=sys.stderr)
            return BAD_INPUT
    app = _application()
    settings = Settings()
    theme = Theme(app, _mode(settings.get("theme", "system")))
    window = MainWindow(theme, settings)
    if options.preset:
        window.form.load_preset(options.preset)
    window.show()
    QTimer.singleShot(0, window.filing.offer_left_behind)
    QTimer.singleShot(PREPARE_MS, window.control.prepare)
    if options.file:
        window.filing.open_path(options.file)
    if options.run:
        QTimer.singleShot(PREPARE_MS, window.start_run)
    return app.exec()


def no_display() -> bool:
    """Whether Qt would find no screen to draw on, and end the process without a word of ours."""
    displays = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return sys.platform.startswith("linux") and not any(os.environ.get(name) for name in displays)


def _application() -> QApplication:
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("wganstudio")
    app.setApplicationDisplayName("WGAN Studio")
    app.setDesktopFileName("wganstudio")
    app.setWindowIcon(app_icon())
    return app


def _mode(text: str) -> Mode:
    return text if text in ("light", "dark") else "system"  # type: ignore[return-value]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="wganstudio", description="Open the window.")
    parser.add_argument("--preset", metavar="NAME", help="the experiment to put into the form")
    parser.add_argument("--run", action="store_true", help="run it at once")
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE.wgs|FILE.toml", help="what to open")
    return parser
