"""The application: command-line options, theme, window, and what happens right after it is shown."""

import argparse
import sys
from functools import partial
from pathlib import Path
from typing import NoReturn

from PySide6.QtCore import QThreadPool, QTimer

from wganstudio import folders
from wganstudio.experiment import BadExperiment, preset
from wganstudio.gui.application import Application
from wganstudio.gui.controllers.quit_signals import QuitSignals
from wganstudio.gui.display_check import report_startup_error
from wganstudio.gui.leftovers import sweep
from wganstudio.gui.settings import Settings
from wganstudio.gui.theme import Mode, Theme
from wganstudio.gui.window import MainWindow
from wganstudio.gui.window_errors import WindowErrors

BAD_INPUT = 2
PREPARE_MS = 50
"""The delay after which the trainer is prepared: the window comes first."""


def open_window(app: Application, argv: list[str] | None = None) -> int:
    """Open the window and return the app's exit code."""
    options = _parser().parse_args(sys.argv[1:] if argv is None else argv)
    if options.preset:
        try:
            preset(options.preset)
        except BadExperiment as error:
            report_startup_error(str(error))
            return BAD_INPUT
    if options.self_test:
        from wganstudio.gui.selftest import self_test

        return self_test(app)
    errors = WindowErrors()
    errors.install()
    try:
        return _show_window(app, options, errors)
    finally:
        errors.remove()
        folders.remove_substitutes()


def _show_window(app: Application, options: argparse.Namespace, errors: WindowErrors) -> int:
    signals = QuitSignals()
    settings = Settings()
    theme = Theme(app, _mode(settings.get("theme", "system")))
    window = MainWindow(theme, settings)
    if options.preset:
        window.form.load_preset(options.preset)
        window.undo.clear()
    window.show()
    if app.splash is not None:
        app.splash.finish(window)
    errors.show_in(window.notifier)
    signals.received.connect(window.quit_unasked)
    app.file_wanted.connect(window.file_actions.open_path)
    QThreadPool.globalInstance().start(sweep)
    # each by a timer of its own, so that the others go on after an error
    for file in app.files:
        QTimer.singleShot(0, partial(window.file_actions.open_path, file))
    if options.file:
        show = window.file_actions.follow_path if options.follow else window.file_actions.open_path
        QTimer.singleShot(0, partial(show, options.file))
    QTimer.singleShot(0, partial(window.reporter.report_start, settings))
    QTimer.singleShot(0, window.recovery.offer)
    QTimer.singleShot(0, window.queue_control.restore)
    if not (app.files or options.file or options.preset or options.run):
        QTimer.singleShot(0, window.welcome)
    QTimer.singleShot(PREPARE_MS, window.run_controller.prepare)
    if options.run:
        QTimer.singleShot(PREPARE_MS, window.run_starter.start_form)
    code = app.exec()
    signals.close()
    return code


def _mode(text: str) -> Mode:
    return text if text in ("light", "dark") else "system"  # type: ignore[return-value]


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Report wrong arguments also where there is no terminal."""
        report_startup_error(message)
        self.exit(BAD_INPUT)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="wganstudio", description="Open the window.")
    parser.add_argument("--preset", metavar="NAME", help="load this preset into the form")
    parser.add_argument("--run", action="store_true", help="start the run at once")
    parser.add_argument(
        "--self-test",
        action="store_true",
        help="check this installation (window, training, session, figures) and exit",
    )
    parser.add_argument("--follow", action="store_true", help="follow the session, which stays unchanged")
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE.wgs|FILE.toml", help="the file to open")
    return parser
