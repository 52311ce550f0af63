"""The training states of a session: the newest two of each run, outside the recorded stream."""

import json
import sqlite3
from typing import NamedTuple

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from wganstudio.training.events import TrainingState

KEPT = 2
"""States of a run that are kept: if the newest is damaged, the one before it serves."""
TABLE = """
CREATE TABLE training_state (
    id INTEGER PRIMARY KEY AUTOINCREMENT, run INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
    event INTEGER NOT NULL, step INTEGER NOT NULL, body TEXT NOT NULL, arrays BLOB NOT NULL
);
"""


class SavedState(NamedTuple):
    """A state, and where in the recorded stream it was made."""

    number: int
    state: TrainingState
    event: int
    """The last entry of the session that was recorded before the state."""


class TrainingStates:
    """The table of states; a session of an older version gets it at its first write."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def add(self, run: int, state: TrainingState, after: int) -> None:
        """Add a state of a run, made after an entry, in place of the last but one of the run.

        One that SQLite cannot hold is left out.
        """
        blob = save({name: np.asarray(array, order="C") for name, array in state.arrays.items()})
        if len(blob) > self._database.getlimit(sqlite3.SQLITE_LIMIT_LENGTH):
            return
        self.keep_newest(run, KEPT - 1)  # before the insertion, which then fills the pages that became free
        self._database.execute(
            "INSERT INTO training_state (run, event, step, body, arrays) VALUES (?, ?, ?, ?, ?)",
            (run, after, state.step, state.body, blob),
        )

    def keep_newest(self, run: int, count: int) -> None:
        """Remove all but the newest states of a run."""
        self._database.execute(
            "DELETE FROM training_state WHERE run = ? AND id NOT IN "
            "(SELECT id FROM training_state WHERE run = ? ORDER BY id DESC LIMIT ?)",
            (run, run, count),
        )

    def newest(self, run: int) -> SavedState | None:
        """Return the newest state of a run that is whole; None if there is none."""
        if not self._exists():
            return None
        rows = self._database.execute(
            "SELECT id, event, step, body, arrays FROM training_state WHERE run = ? ORDER BY id DESC", (run,)
        )
        for number, event, step, body, blob in rows:
            try:
                json.loads(body)
                state = TrainingState(step=step, body=body, arrays=load(blob))
            except (SafetensorError, ValueError, TypeError, LookupError, RecursionError):
                continue
            return SavedState(number, state, event)
        return None

    def remove_after(self, run: int, number: int) -> None:
        """Remove the states of a run that are newer than one of them."""
        self._database.execute("DELETE FROM training_state WHERE run = ? AND id > ?", (run, number))

    def _exists(self) -> bool:
        rows = self._database.execute("SELECT 1 FROM sqlite_master WHERE name = 'training_state'")
        return rows.fetchone() is not None
