"""The window: the only room that knows Qt."""


def main(argv: list[str] | None = None) -> int:
    """Open the app and return its exit code."""
    from wganstudio.gui.app import main as open_app

    return open_app(argv)
