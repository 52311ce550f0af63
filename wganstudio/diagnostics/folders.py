"""Folders of the program on this computer."""

import os
from pathlib import Path

import platformdirs
import psutil

HOME = "WGANSTUDIO_HOME"
"""Environment variable: one folder for all others, for portable installations and tests."""


def choose(name: str, default: Path) -> Path:
    """Return the folder of a name in HOME, or where that is not set the default of this system.

    Raises
    ------
    OSError
        If the user has no home folder.
    """
    home = os.environ.get(HOME)
    folder = Path(home) / name if home else default
    if not home and not folder.is_absolute():  # "~" could not be replaced
        raise OSError("This user has no home folder")
    return folder


def logs() -> Path:
    """Return the folder of the logs, which need not exist; OSError if the user has no home folder."""
    return choose("logs", platformdirs.user_log_path("wganstudio", appauthor=False))


def is_over(pid: int) -> bool:
    """Return True if no process has this id; False for a number that is none."""
    try:
        return not psutil.pid_exists(pid)
    except OverflowError:
        return False
