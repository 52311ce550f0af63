"""Leftovers of killed processes: temporary files, and files beside sessions that are gone."""

from contextlib import suppress

from wganstudio import folders, temporary
from wganstudio.session.leftovers import remove_leftovers


def sweep() -> None:
    """Remove it, off the window's thread."""
    temporary.sweep()
    with suppress(OSError):
        remove_leftovers(folders.state())
