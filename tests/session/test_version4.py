"""Sessions of version 4, written by the program of that time, hold the same arrays and numbers today."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load

from wganstudio.session import Document, RunRecord
from wganstudio.session.database import VERSION
from wganstudio.training.events import Metrics, Snapshot

Row = tuple[str, dict[str, Any], dict[str, np.ndarray]]
FILES = Path(__file__).parents[1] / "data" / "version4"
NAMES = sorted(path.name for path in FILES.glob("*.wgs"))
MAP_NAMES = {"way": "distance", "true": "true_ends", "missed": "error"}
FRAME_NAMES = {
    "u": ("critic", "u"),
    "slope": ("critic", "gradient_norm"),
    "gradient": ("critic", "gradient"),
    "samples_q": ("generated", "samples_q"),
    "sigma": ("generated", "sigma"),
    "made": ("generated", "generated"),
    "nearest": ("generated", "nearest"),
    "sources": ("plan", "sources"),
    "partners": ("plan", "partners"),
    "shares": ("plan", "shares"),
    "breadth": ("plan", "effective_count"),
    **{name: ("atoms", name) for name in ("atoms", "weights", "psi", "scale")},
    **{
        f"{name}_{to}": (f"map-to-{to}", MAP_NAMES.get(name, name))
        for to in ("q", "p")
        for name in ("starts", "ends", "way", "true", "missed", "grid", "line")
    },
}
TOPICS = {"scene": "plane", "slopes": "gradient-norms", "promises": "theory-checks", "flow": "flow"}
OTHER_FIELDS = {"regulariser": "regularizer", "toll": "congestion_cost", "strength": "epsilon"}
COMMON = {"kind", "step", "keep"}
"""Fields of events that are not attributes of snapshots."""
OTHER_NAMES = {"potential_slope": "potential_norm", "strengths": "epsilons"}


@pytest.fixture(params=NAMES)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of a session of version 4."""
    return Path(shutil.copy(FILES / request.param, tmp_path))


def rows(path: Path, run: int | None = None) -> list[Row]:
    """Return kind, body and arrays of the events of a run, by default of all runs."""
    database = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    try:
        events = database.execute("SELECT run, kind, body, arrays FROM event ORDER BY id").fetchall()
    finally:
        database.close()
    return [
        (kind, json.loads(body), load(blob) if blob else {})
        for event_run, kind, body, blob in events
        if run in (None, event_run)
    ]


def events_of(document: Document, path: Path) -> Iterator[tuple[RunRecord, Row]]:
    """Return the events of all runs of a session, each with the record of its run."""
    for record in document.records():
        for row in rows(path, record.run):
            yield record, row


def test_there_are_files() -> None:
    assert NAMES == [
        "composite.wgs",
        "convex.wgs",
        "lp.wgs",
        "regularised.wgs",
        "semi-discrete.wgs",
        "suite.wgs",
    ]
    known = {name for path in NAMES for _, _, arrays in rows(FILES / path) for name in arrays}
    assert {"made", "nearest"}.isdisjoint(known) and {"u", "partners", "psi", "ends_p", "strengths"} <= known


def test_every_array_and_number_is_read_as_it_was_written(old: Path) -> None:
    before = old.read_bytes()
    document = Document.open(old)
    compared = 0
    for record, (kind, body, arrays) in events_of(document, old):
        for name, array in arrays.items():
            if kind == "checkpoint":
                assert record.checkpoint is not None
                ours = record.checkpoint.arrays[name]
            else:
                topic, new = (
                    FRAME_NAMES[name] if kind == "fields" else (TOPICS[kind], OTHER_NAMES.get(name, name))
                )
                snapshot = record.snapshot(topic, body["step"])
                assert snapshot is not None and snapshot.recorded
                ours = snapshot.arrays[new]
            assert ours.dtype == array.dtype
            np.testing.assert_array_equal(ours, array)
            compared += 1
        if kind == "scalars":
            for name, value in body["values"].items():
                steps, values = record.curve(name)
                assert value in values[steps == body["step"]]
        if kind == "ended":
            assert record.ended is not None
            assert (record.ended.estimates, record.ended.gradient) == (body["estimates"], body["gradient"])
            assert record.ended.flow.get("weighted_l2") == body["flow"].get("bounded")
        if kind == "promises":
            checks = record.snapshot("theory-checks", body["step"])
            assert checks is not None
            names = {"regulariser": "regularizer", "strength": "epsilon", "exact": "exact", "slope": "slope"}
            for name, new in names.items():
                assert getattr(checks.attributes, new) == body[name]
    document.close()
    assert compared > 30 and old.read_bytes() == before, "reading never writes"


def test_every_attribute_is_read_as_it_was_written(old: Path) -> None:
    document = Document.open(old)
    compared = 0
    for record, (kind, body, _) in events_of(document, old):
        if kind not in TOPICS:
            continue
        snapshot = record.snapshot(TOPICS[kind], body["step"])
        assert snapshot is not None and snapshot.attributes is not None and snapshot.step == body["step"]
        values = {OTHER_FIELDS.get(name, name): value for name, value in body.items() if name not in COMMON}
        values |= values.pop("lipschitz", {})
        assert json.loads(snapshot.attributes.model_dump_json(exclude_unset=True)) == values
        assert snapshot.recorded == body.get("keep", True)
        compared += 1
    document.close()
    assert compared > 2


def test_the_newest_snapshots_are_those_recorded_last(old: Path) -> None:
    document = Document.open(old)
    for record in document.records():
        for topic in ("critic", "gradient-norms"):
            assert record.snapshot(topic) is record.snapshot(topic, record.recorded_steps(topic)[-1])
        written = [body["step"] for kind, body, _ in rows(old, record.run) if kind == "fields"]
        assert record.recorded_steps("critic") == sorted(written)
    document.close()


def test_what_is_appended_makes_the_file_one_of_today(old: Path) -> None:
    document = Document.open(old, read_only=False)
    record = document.records()[0]
    assert version(old) == 4, "opening alone changes nothing"
    steps = record.recorded_steps("critic")
    newest = record.snapshot("critic")
    assert newest is not None
    document.append(record.run, newest.model_copy(update={"step": 99}))
    document.append(record.run, Metrics(step=99, values={"gap": 1.5}))
    document.close()
    assert version(old) == VERSION == 8
    again = Document.open(old)
    record = again.records()[0]
    assert record.recorded_steps("critic") == [*steps, 99] and record.last("gap") == 1.5
    shown = record.snapshot("critic")
    assert isinstance(shown, Snapshot) and shown.step == 99
    np.testing.assert_array_equal(shown.arrays["u"], newest.arrays["u"])
    assert {kind for kind, _, _ in rows(old)} >= {"fields", "critic", "scalars", "metrics"}
    again.close()


def version(path: Path) -> int:
    database = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    try:
        return int(database.execute("PRAGMA user_version").fetchone()[0])
    finally:
        database.close()
