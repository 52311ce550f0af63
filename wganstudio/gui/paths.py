"""Where the window keeps its settings and the sessions that are being worked on."""

import os
from pathlib import Path

import platformdirs

HOME = "WGANSTUDIO_HOME"
"""Environment variable: one folder for both, for a portable installation or a test."""


def config() -> Path:
    """The folder of the settings."""
    return _made("config", platformdirs.user_config_path("wganstudio", appauthor=False))


def state() -> Path:
    """The folder of the sessions that are being worked on, saved or not."""
    return _made("sessions", platformdirs.user_state_path("wganstudio", appauthor=False) / "sessions")


def _made(name: str, usual: Path) -> Path:
    home = os.environ.get(HOME)
    folder = Path(home) / name if home else usual
    folder.mkdir(parents=True, exist_ok=True)
    return folder
