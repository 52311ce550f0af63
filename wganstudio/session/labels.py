"""RunLabels: the user's marks on a run, stored in the session beside its events."""

import sqlite3
from typing import Annotated, Any, NamedTuple

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from wganstudio.plain_text import printable

MAX_TAG, MAX_TAGS, MAX_NOTE = 100, 100, 20_000
"""Bounds in characters, and the number of tags."""


class RunLabels(BaseModel):
    """Tags, note, star, color and trash of a run. Equal labels are equal values."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    tags: Annotated[tuple[Annotated[str, Field(max_length=MAX_TAG)], ...], Field(max_length=MAX_TAGS)] = ()
    note: Annotated[str, Field(max_length=MAX_NOTE)] = ""
    starred: bool = False
    color: Annotated[int, Field(ge=0)] | None = None
    """Index of the run's color in the palette; by default it follows from the number of the run."""
    trashed: bool = False
    """The run is in the trash: it is kept in the session but not listed."""
    trashed_at: AwareDatetime | None = None
    """The time at which the run was moved to the trash, where that is known."""

    def with_changes(self, **changes: Any) -> "RunLabels":
        """Return the labels with other values; ValueError for a value that is not allowed."""
        return RunLabels.model_validate(self.model_dump() | changes)


class RunMarks(NamedTuple):
    """All that the user may change about a recorded run."""

    name: str
    """The name as it is stored; empty if the user has given none."""
    labels: RunLabels


def read_labels(body: dict[str, Any]) -> RunLabels:
    """Return the labels of a stored mapping; ValueError if it is none."""
    return RunLabels.model_validate(printable(body, MAX_NOTE))


def write_labels(database: sqlite3.Connection, run: int, labels: RunLabels) -> None:
    """Store the labels of a run within the transaction of the caller."""
    database.execute("DELETE FROM run_labels WHERE run = ?", (run,))
    if labels != RunLabels():
        database.execute(
            "INSERT INTO run_labels (run, body) VALUES (?, ?)",
            (run, labels.model_dump_json(exclude_defaults=True)),
        )
