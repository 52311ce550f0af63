"""The window. No other package imports Qt."""

import logging
import traceback
from time import perf_counter

FAILED, NOT_OPENED = 1, 2
"""Exit codes: an error before the window was open, and no display."""
SPLASH_SECONDS = 0.4
"""If the import of Qt alone takes longer, the disk is cold and a splash screen is shown."""


def main(argv: list[str] | None = None) -> int:
    """Open the application and return its exit code; 2 if there is no display."""
    from wganstudio.diagnostics.crash import tracing
    from wganstudio.diagnostics.log_file import current, recording
    from wganstudio.gui import display_check
    from wganstudio.training.failures import explain

    with recording("window"), tracing():
        try:
            return _open(argv)
        except Exception as error:
            logging.getLogger("wganstudio.gui").exception("The window cannot open.")
            log, sentence = current(), explain(error, "the start").rstrip(".")
            if log is None or log.failed:
                display_check.report_startup_error(sentence)
                traceback.print_exc()
            else:
                display_check.report_startup_error(f"{sentence}: {log.path}")
            return FAILED


def _open(argv: list[str] | None) -> int:
    from wganstudio.gui import display_check

    if problem := display_check.display_problem():
        display_check.report_startup_error(problem)
        return NOT_OPENED
    start = perf_counter()
    try:
        from wganstudio.gui.application import Application
    except ImportError as error:
        display_check.report_startup_error(
            f"the window needs PySide6 and its system libraries ({error}); install what is missing"
        )
        return NOT_OPENED
    app = Application()
    if perf_counter() - start > SPLASH_SECONDS:
        app.show_splash()
    from wganstudio.gui.app import open_window

    return open_window(app, argv)
