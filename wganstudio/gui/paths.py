"""Folders of the settings and of the open sessions."""

import os
from pathlib import Path

import platformdirs

HOME = "WGANSTUDIO_HOME"
"""Environment variable: one folder for both, for portable installations and tests."""


def config() -> Path:
    """Return the folder of the settings."""
    return _ensure_folder("config", platformdirs.user_config_path("wganstudio", appauthor=False))


def state() -> Path:
    """Return the folder of the working files of open sessions."""
    return _ensure_folder(
        "sessions", platformdirs.user_state_path("wganstudio", appauthor=False) / "sessions"
    )


def _ensure_folder(name: str, default: Path) -> Path:
    home = os.environ.get(HOME)
    folder = Path(home) / name if home else default
    folder.mkdir(parents=True, exist_ok=True)
    return folder
