"""The window. No other package imports Qt."""

from time import perf_counter

NOT_OPENED = 2
SPLASH_SECONDS = 0.4
"""If the import of Qt alone takes longer, the disk is cold and a splash screen is shown."""


def main(argv: list[str] | None = None) -> int:
    """Open the application and return its exit code; 2 if there is no display."""
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
