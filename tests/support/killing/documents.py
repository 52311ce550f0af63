"""Checks of a session whose writer was killed."""

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from killing.notes import Reader
from wganstudio.session import Document, SessionError
from wganstudio.training.events import TIMING_FIELDS

UNRECORDED = ("progress", "training-state", "started")
"""Events that are not compared: they are not rows of the recorded stream, or name the process."""
OVER = ("ended", "stopped", "failed")


@dataclass
class Findings:
    """The findings in the files of one kill."""

    read_only: bool = True
    read_write: bool = True
    faults: list[str] = field(default_factory=list)

    def demand(self, holds: bool, fault: str) -> None:
        """Note a fault unless something holds."""
        if not holds:
            self.faults.append(fault)


def check_openings(path: Path, findings: Findings, scratch: Path) -> None:
    """Open a session read-only, a copy of it with its journal read-write, and check the database."""
    for file in path.parent.glob(f"{path.name}*"):
        if not file.name.endswith(".lock"):
            shutil.copy(file, scratch)
    copy = scratch / path.name
    for file, read_only in ((path, True), (copy, False)):
        try:
            Document.open(file, read_only=read_only).close()
        except SessionError as error:
            findings.faults.append(f"{'read-only' if read_only else 'read-write'}: {error}")
            if read_only:
                findings.read_only = False
            else:
                findings.read_write = False
    for file in (path, copy):
        integrity = _integrity(file)
        findings.demand(integrity == "ok", f"integrity of {file.name}: {integrity}")


def check_acknowledged(
    path: Path, notes: list[dict[str, Any]], findings: Findings, *, in_suite: bool = False
) -> None:
    """Look for every event that the killed process had recorded; suites drop states of ended runs."""
    by_run: dict[int, list[dict[str, Any]]] = {}
    for note in notes:
        if note["note"] == "event" and Path(note["file"]).name == path.name:
            if note["kind"] == "started":
                by_run[note["run"]] = []
            by_run.setdefault(note["run"], []).append(note)
    rows = _rows(path, "SELECT run, kind, step FROM event")
    states = _rows(path, "SELECT run, max(step) FROM training_state GROUP BY run")
    for run, events in by_run.items():
        checkpoints = [event for event in events if event["kind"] == "checkpoint"]
        for event in events:
            row = (run, event["kind"], event["step"])
            if event["kind"] == "training-state" or event in checkpoints[:-1]:
                continue
            if event in checkpoints:
                is_there = any(r[:2] == row[:2] and r[2] >= row[2] for r in rows)
            else:
                is_there = row in rows
            findings.demand(is_there, f"lost: {row}")
        steps = [event["step"] for event in events if event["kind"] == "training-state"]
        newest = dict(states).get(run, -1)  # type: ignore[arg-type]
        dropped = in_suite and any(event["kind"] in ("ended", "failed") for event in events)
        if steps and newest < steps[-1] and not dropped:
            findings.faults.append(f"lost: the state of step {steps[-1]}")


def check_states(path: Path, findings: Findings) -> None:
    """Every run that is not over has crashed, as nobody writes the session any more."""
    document = Document.open(path)
    document.close()
    for record in document.records():
        expected = (*OVER, "crashed")
        findings.demand(record.state in expected, f"run {record.run} is shown as {record.state}")


def lost_seconds(reader: Reader, killed_at: float) -> float | None:
    """Return the seconds of training that came after the newest state; None if no run trained."""
    known: float | None = None
    for note in reader.of("event"):
        if note["time"] > killed_at:  # the process goes on without the children that were killed
            break
        if note["kind"] in ("started", "training-state"):
            known = note["time"]
        elif note["kind"] in ("ended", "failed"):
            known = None
    return None if known is None else killed_at - known


def contents(path: Path, run: int) -> list[tuple[str, int, str]]:
    """Return kind, step and hash of each recorded event of a run, without what depends on the clock."""
    rows = _rows(path, f"SELECT kind, step, body, arrays FROM event WHERE run = {run}")
    hashes = []
    for kind, step, body, arrays in rows:
        if kind not in UNRECORDED:
            text = json.dumps(untimed(json.loads(body)), sort_keys=True)
            hashes.append((kind, step, hashlib.sha256(text.encode() + (arrays or b"")).hexdigest()))
    return sorted(hashes)


def version_of(path: Path) -> int:
    """Return the version of a session's tables."""
    return int(_rows(path, "PRAGMA user_version")[0][0])


def untimed(value: Any) -> Any:
    """Return a value of JSON without fields that depend on the clock."""
    if isinstance(value, dict):
        return {name: untimed(one) for name, one in value.items() if name not in TIMING_FIELDS}
    return [untimed(one) for one in value] if isinstance(value, list) else value


def difference(ours: Iterable[object], theirs: Iterable[object]) -> str:
    """Return the first entries in which two lists differ; empty if they are equal."""
    left, right = set(ours), set(theirs)
    return "" if left == right else f"{sorted(map(str, left ^ right))[:4]}"


def _rows(path: Path, query: str) -> list[tuple[Any, ...]]:
    database = sqlite3.connect(path)
    try:
        return database.execute(query).fetchall()
    except sqlite3.OperationalError:  # a session of an older version, or one without tables
        return []
    finally:
        database.close()


def _integrity(path: Path) -> str:
    database = sqlite3.connect(path)
    try:
        return str(database.execute("PRAGMA integrity_check(1)").fetchone()[0])
    except sqlite3.DatabaseError as error:
        return str(error)
    finally:
        database.close()
