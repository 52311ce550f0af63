"""MemoryGuard: refuses a session that does not fit into memory, before and while it is read."""

import sqlite3
from pathlib import Path

from wganstudio.session.errors import SessionError
from wganstudio.session.untrusted import bounded
from wganstudio.training.memory import available_memory, size_text

PER_CHARACTER = 40
"""Bytes that one character of numbers can become: of lists of empty dictionaries, for instance."""
PER_RUN = 16_000
"""Bytes of the record of a run without events."""
PER_ENTRY = 3_000
"""Bytes of an entry with arrays, besides them."""
RESERVE = 1 << 27
"""Bytes that stay free."""
_LOOK_EVERY = 1 << 26
"""Bytes that entries may take between two looks at the memory."""


class MemoryGuard:
    """Watches the memory while the entries of a file are read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._unseen = 0

    def require_room(self, database: sqlite3.Connection) -> None:
        """Raise SessionError if the arrays of a file, which memory holds once, do not fit."""
        with bounded(database):
            (needed,) = database.execute("SELECT coalesce(sum(length(arrays)), 0) FROM event").fetchone()
        if needed > _LOOK_EVERY and needed + RESERVE > (free := available_memory()):
            raise self._refusal(f"{size_text(needed)} of memory, and {size_text(free)} are free")

    def count(self, body: str, blob: bytes | None) -> None:
        """Note an entry that was read; SessionError if there is hardly any memory left."""
        self._unseen += PER_CHARACTER * len(body) + PER_ENTRY + (len(blob) if blob else 0)
        if self._unseen > _LOOK_EVERY:
            self._unseen = 0
            if (free := available_memory()) < RESERVE:
                raise self._refusal(f"more memory than the {size_text(free)} that are left")

    def _refusal(self, need: str) -> SessionError:
        return SessionError(
            f"{self._path} needs {need}; close other programs, or open it on a larger machine."
        )
