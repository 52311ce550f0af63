"""The window: the only room that knows Qt."""

from time import perf_counter

NOT_OPENED = 2
PATIENCE_SECONDS = 0.4
"""When Qt alone takes this long to load, the disk is cold, and a splash says that the app is coming."""


def main(argv: list[str] | None = None) -> int:
    """Open the app and return its exit code; 2 if there is no screen to open it on."""
    from wganstudio.gui import display_check

    if trouble := display_check.display_problem():
        display_check.report_startup_error(trouble)
        return NOT_OPENED
    begun = perf_counter()
    try:
        from wganstudio.gui.application import Application
    except ImportError as error:
        display_check.report_startup_error(
            f"the window needs PySide6 and its system libraries ({error}); install what is missing"
        )
        return NOT_OPENED
    app = Application()
    if perf_counter() - begun > PATIENCE_SECONDS:
        app.show_splash()
    from wganstudio.gui.app import open_window

    return open_window(app, argv)
