"""Notes: what a process says about itself, line by line; those before a kill stay."""

import json
import os
import time
from pathlib import Path
from typing import Any

NAME = "notes.jsonl"


class Notes:
    """The notes of this process; each is written by one call of the system."""

    def __init__(self, folder: Path) -> None:
        self._file = os.open(folder / NAME, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def add(self, note: str, **details: Any) -> None:
        """Write a note and the time."""
        line = json.dumps({"note": note, "time": time.time(), **details}) + "\n"
        os.write(self._file, line.encode())


class Reader:
    """The notes of another process, as far as they have come."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._position = 0
        self.notes: list[dict[str, Any]] = []

    def update(self) -> list[dict[str, Any]]:
        """Read what was added, and return all notes."""
        if self._path.exists():
            with self._path.open("rb") as file:
                file.seek(self._position)
                *lines, _ = file.read().split(b"\n")
            for line in lines:
                self._position += len(line) + 1
                self.notes.append(json.loads(line))
        return self.notes

    def has(self, note: str) -> bool:
        """Return True if there is such a note."""
        return any(one["note"] == note for one in self.notes)

    def of(self, note: str) -> list[dict[str, Any]]:
        """Return the notes of a name, oldest first."""
        return [one for one in self.notes if one["note"] == note]
