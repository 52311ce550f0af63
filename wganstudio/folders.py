"""Folders of the program on this computer: of the settings, the logs, the open sessions and the plugins."""

import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import platformdirs

HOME = "WGANSTUDIO_HOME"
"""Environment variable: one folder for all others, for portable installations and tests."""
_PREFIX = "wganstudio-sessions-"
_substitutes: dict[str, Path] = {}
"""Temporary folders of this process, by the folder that each stands for."""


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


def config() -> Path:
    """Return the folder of the settings; OSError if it cannot be made."""
    folder = choose("config", platformdirs.user_config_path("wganstudio", appauthor=False))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def logs() -> Path:
    """Return the folder of the logs, which need not exist; OSError if the user has no home folder."""
    return choose("logs", platformdirs.user_log_path("wganstudio", appauthor=False))


def plugins() -> Path:
    """Return the folder of the plugins of an installed app; OSError if the user has no home folder."""
    return choose("plugins", platformdirs.user_data_path("wganstudio", appauthor=False) / "plugins")


def import_plugins_from_folder() -> None:
    """Let an installed app, which has no Python environment, find packages in the folder of its plugins.

    They come after the modules of the app, so that they cannot replace any.
    """
    with suppress(OSError):
        folder = str(plugins())
        if folder not in sys.path:
            sys.path.append(folder)


def state() -> Path:
    """Return the folder of the working files of open sessions; a temporary one where it is not writable."""
    obstacle = unwritable_state()
    return _substitute(obstacle) if obstacle else _state()


def unwritable_state() -> str:
    """Return the folder in which unsaved sessions should be kept, but cannot; empty if they can."""
    try:
        folder = _state()
    except OSError:
        return "the home folder"
    return "" if is_writable(folder) else str(folder)


def is_writable(folder: Path) -> bool:
    """Return True if files can be created in a folder, which is made if necessary."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def remove_substitutes() -> None:
    """Remove the temporary folders that hold no session."""
    for folder in _substitutes.values():
        with suppress(OSError):
            folder.rmdir()
    _substitutes.clear()


def _state() -> Path:
    default = platformdirs.user_state_path("wganstudio", appauthor=False) / "sessions"
    return choose("sessions", default)


def _substitute(folder: str) -> Path:
    if folder not in _substitutes or not _substitutes[folder].is_dir():
        try:
            _substitutes[folder] = next(_left_substitutes(), None) or Path(tempfile.mkdtemp(prefix=_PREFIX))
        except OSError as error:
            from wganstudio.session.errors import SessionError  # imports all of the session

            raise SessionError(
                f"There is no place for a session: neither {folder} nor the temporary folder is writable; "
                "make one of them writable."
            ) from error
    return _substitutes[folder]


def _left_substitutes() -> Iterator[Path]:
    """Yield the temporary folders of earlier windows: sessions that a crash has left are found again."""
    for folder in sorted(Path(tempfile.gettempdir()).glob(f"{_PREFIX}*")):
        status = folder.lstat()
        is_own = not hasattr(os, "getuid") or status.st_uid == os.getuid()
        if is_own and stat.S_ISDIR(status.st_mode) and is_writable(folder):
            yield folder
