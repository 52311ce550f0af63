"""The app: options of the command line, theme, window, and what happens right after it is shown."""

import argparse
import sys
from pathlib import Path

from PySide6.QtCore import QTimer

from wganstudio.experiment import BadExperiment, preset
from wganstudio.gui.application import Application
from wganstudio.gui.settings import Settings
from wganstudio.gui.theme import Mode, Theme
from wganstudio.gui.window import MainWindow

BAD_INPUT = 2
PREPARE_MS = 50
"""The trainer is prepared this long after the window is shown: first the window."""


def open_window(app: Application, argv: list[str] | None = None) -> int:
    """Open the window and return the app's exit code."""
    options = _parser().parse_args(sys.argv[1:] if argv is None else argv)
    if options.preset:
        try:
            preset(options.preset)
        except BadExperiment as error:
            print(f"wganstudio: {error}", file=sys.stderr)
            return BAD_INPUT
    if options.self_test:
        from wganstudio.gui.selftest import self_test

        return self_test(app)
    settings = Settings()
    theme = Theme(app, _mode(settings.get("theme", "system")))
    window = MainWindow(theme, settings)
    if options.preset:
        window.form.load_preset(options.preset)
    window.show()
    if app.splash is not None:
        app.splash.finish(window)
    app.file_wanted.connect(window.filing.open_path)
    QTimer.singleShot(0, window.filing.offer_left_behind)
    QTimer.singleShot(PREPARE_MS, window.control.prepare)
    for file in (*app.files, options.file):
        if file:
            window.filing.open_path(file)
    if options.run:
        QTimer.singleShot(PREPARE_MS, window.start_run)
    return app.exec()


def _mode(text: str) -> Mode:
    return text if text in ("light", "dark") else "system"  # type: ignore[return-value]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="wganstudio", description="Open the window.")
    parser.add_argument("--preset", metavar="NAME", help="the experiment to put into the form")
    parser.add_argument("--run", action="store_true", help="run it at once")
    parser.add_argument(
        "--self-test",
        action="store_true",
        help="see that this installation works: window, training, session, figures; then end",
    )
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE.wgs|FILE.toml", help="what to open")
    return parser
