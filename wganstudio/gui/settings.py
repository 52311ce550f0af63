"""Settings: remembered values of the window. No content of the file can keep the window from opening."""

import json
import logging
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QByteArray, QSettings

from wganstudio import folders

T = TypeVar("T")

MAX_RECENT = 10
VERSION = 2
"""Raised when the docks change so much that a remembered layout no longer fits."""


class Settings:
    """Typed look-ups with defaults; a damaged file is moved away and everything has its default."""

    def __init__(self) -> None:
        self.problem = ""
        """Why the settings are not remembered; empty if they are."""
        self._store = self._open()

    def get(self, key: str, default: T) -> T:
        """Return the remembered value, or the default if there is none of the same type."""
        try:
            value = self._store.value(key)
            if isinstance(default, bool):  # INI files hold strings
                value = {"true": True, "false": False}.get(str(value).lower())
            return value if isinstance(value, type(default)) else default
        except Exception as error:
            logging.getLogger(__name__).warning("The setting %r was ignored: %s", key, error)
            return default

    def put(self, key: str, value: object) -> None:
        """Remember a value."""
        self._store.setValue(key, value)

    def mapping(self, key: str) -> dict[str, Any]:
        """Return remembered named values; empty if there are none that can be read."""
        try:
            values = json.loads(self.get(key, "{}"))
        except ValueError:
            return {}
        return values if isinstance(values, dict) else {}

    def put_mapping(self, key: str, values: dict[str, Any]) -> None:
        """Remember named values; none forgets the key."""
        if values:
            self.put(key, json.dumps(values))
        else:
            self._store.remove(key)

    def bytes(self, key: str) -> QByteArray:
        """Return a remembered layout, empty if there is none."""
        return self.get(f"layout{VERSION}/{key}", QByteArray())

    def put_bytes(self, key: str, value: QByteArray) -> None:
        """Remember a layout."""
        self._store.setValue(f"layout{VERSION}/{key}", value)

    def remove(self, key: str) -> None:
        """Forget a remembered layout."""
        self._store.remove(f"layout{VERSION}/{key}")

    @property
    def recent(self) -> list[Path]:
        """The recently opened or saved files, newest first."""
        texts = self.get("recent", "").split("\n")
        return [Path(text) for text in texts if text][:MAX_RECENT]

    def add_recent(self, path: Path) -> None:
        """Add a file to the recent ones."""
        path = path.resolve()
        others = [other for other in self.recent if other != path]
        self.put("recent", "\n".join(map(str, [path, *others][:MAX_RECENT])))

    def save(self) -> None:
        """Write the settings to their file; log once if that fails."""
        self._store.sync()
        if self._store.status() != QSettings.Status.NoError and not self.problem:
            self.problem = f"Settings cannot be saved: {self._store.fileName()} cannot be written."
            logging.getLogger(__name__).warning("%s", self.problem)

    def _open(self) -> QSettings:
        try:
            folder = folders.config()
            file = folder / "window.ini"
            store = QSettings(str(file), QSettings.Format.IniFormat)
            store.allKeys()
            if store.status() == QSettings.Status.FormatError:
                file.replace(file.with_suffix(".damaged.ini"))
                store = QSettings(str(file), QSettings.Format.IniFormat)
        except OSError as error:  # there is no folder, or its damaged file cannot be moved
            self.problem = f"Settings cannot be saved: {error.strerror or error}."
            return QSettings("", QSettings.Format.IniFormat)
        if not store.isWritable() or not folders.is_writable(folder):
            self.problem = f"Settings cannot be saved: {folder} is not writable."
        return store
