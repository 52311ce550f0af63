"""Settings: what the window remembers. Nothing that stands in the file can keep the window from opening."""

import logging
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QByteArray, QSettings

from wganstudio.gui import paths

T = TypeVar("T")

MAX_RECENT = 10
VERSION = 1
"""Raised when the docks change so much that a remembered layout no longer fits."""


class Settings:
    """Typed look-ups with defaults; a damaged file is put aside and everything starts at its default."""

    def __init__(self) -> None:
        self._store = self._open()

    def get(self, key: str, default: T) -> T:
        """The remembered value, or the default where there is none of the default's type."""
        try:
            value = self._store.value(key)
            if isinstance(default, bool):  # INI files hold texts
                value = {"true": True, "false": False}.get(str(value).lower())
            return value if isinstance(value, type(default)) else default
        except Exception as error:
            logging.getLogger(__name__).warning("The setting %r was left out: %s", key, error)
            return default

    def put(self, key: str, value: object) -> None:
        """Remember a value."""
        self._store.setValue(key, value)

    def bytes(self, key: str) -> QByteArray:
        """A remembered layout, empty if there is none."""
        return self.get(f"layout{VERSION}/{key}", QByteArray())

    def put_bytes(self, key: str, value: QByteArray) -> None:
        """Remember a layout."""
        self._store.setValue(f"layout{VERSION}/{key}", value)

    @property
    def recent(self) -> list[Path]:
        """The files last opened or saved, the newest first."""
        texts = self.get("recent", "").split("\n")
        return [Path(text) for text in texts if text][:MAX_RECENT]

    def add_recent(self, path: Path) -> None:
        """Put a file at the head of the recent ones."""
        path = path.resolve()
        others = [other for other in self.recent if other != path]
        self.put("recent", "\n".join(map(str, [path, *others][:MAX_RECENT])))

    def save(self) -> None:
        """Write now what is remembered."""
        self._store.sync()

    def _open(self) -> QSettings:
        try:
            file = paths.config() / "window.ini"
            store = QSettings(str(file), QSettings.Format.IniFormat)
            store.allKeys()
            if store.status() == QSettings.Status.FormatError:
                file.replace(file.with_suffix(".damaged.ini"))
                store = QSettings(str(file), QSettings.Format.IniFormat)
            return store
        except OSError as error:  # no home to write to: remember nothing
            logging.getLogger(__name__).warning("Settings will not be kept: %s", error)
            return QSettings("", QSettings.Format.IniFormat)
