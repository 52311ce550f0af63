"""Opening a session of a stranger executes nothing and ends soon, whatever SQLite finds in the file."""

import json
import sqlite3
import struct
import time
from pathlib import Path

import pytest

from wganstudio.experiment import preset, read
from wganstudio.session import Document, SessionError, reader, untrusted
from wganstudio.session import database as session_database
from wganstudio.training.events import Metrics

EXPERIMENT = read(preset("first-look").settings)
EVENT = (
    "id INTEGER PRIMARY KEY AUTOINCREMENT, run INTEGER NOT NULL, kind TEXT NOT NULL, step INTEGER NOT NULL"
)
WRITABLE = "PRAGMA writable_schema = ON; "
SLOW = "hex(zeroblob(200000000)) LIKE '%a%b'"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    session = Document.create(tmp_path / "a.wgs")
    session.append(session.add_run(EXPERIMENT), Metrics(step=0, values={"gap": 0.5}))
    session.close()
    return tmp_path / "a.wgs"


def execute(path: Path, *scripts: str) -> None:
    database = sqlite3.connect(path)
    for script in scripts:
        database.executescript(script)
    database.close()


def refused(path: Path, *, read_only: bool = True) -> str:
    """The sentence with which a session is refused, at once."""
    start = time.perf_counter()
    with pytest.raises(SessionError) as caught:
        Document.open(path, read_only=read_only)
    assert time.perf_counter() - start < 5
    assert "\n" not in str(caught.value) and path.name in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    "script",
    [
        f"DROP TABLE event; CREATE TABLE event ({EVENT}, arrays BLOB, body TEXT AS ({SLOW}) VIRTUAL);",
        f"DROP TABLE event; CREATE TABLE event ({EVENT}, arrays BLOB AS ({SLOW}) STORED, body TEXT);",
        f"DROP TABLE event; CREATE TABLE event ({EVENT}, body TEXT CHECK ({SLOW}), arrays BLOB);",
        f"DROP TABLE event; CREATE TABLE event ({EVENT}, body TEXT DEFAULT (randomblob(9)), arrays BLOB);",
        "DROP TABLE event; CREATE TABLE event (id INTEGER, run, kind, step, body, arrays);",
        "DROP TABLE run; CREATE TABLE run (id INTEGER PRIMARY KEY, name, experiment) WITHOUT ROWID;",
        "DROP TABLE suite; CREATE TABLE suite (body TEXT NOT NULL COLLATE NOCASE);",
        "ALTER TABLE run ADD COLUMN more TEXT;",
        f"DROP TABLE suite; CREATE VIEW suite AS SELECT {SLOW} AS body;",
        "DROP TABLE event; CREATE VIEW event AS SELECT 1 AS id, 1 AS run, '' AS body, NULL AS arrays;",
        "DROP TABLE suite; CREATE VIRTUAL TABLE suite USING fts5(body);",
        "CREATE TEMP TABLE x (y); CREATE TRIGGER t AFTER UPDATE ON run BEGIN DELETE FROM event; END;",
        f"DROP INDEX event_run; CREATE INDEX event_run ON event (run, ({SLOW}));",
        f"DROP INDEX event_run; CREATE INDEX event_run ON event (run, kind) WHERE {SLOW};",
        "DROP INDEX event_run; CREATE UNIQUE INDEX event_run ON event (run);",
        "CREATE INDEX other ON suite (body);",
        "CREATE TABLE suite2 (body TEXT);",
        WRITABLE + "UPDATE sqlite_master SET sql = 'CREATE TABLE run (id)' WHERE name = 'run';",
        WRITABLE + "UPDATE sqlite_master SET sql = '' WHERE name = 'run';",
    ],
)
@pytest.mark.parametrize("read_only", [True, False])
def test_any_other_schema_is_refused_before_a_row_is_read(path: Path, script: str, read_only: bool) -> None:
    execute(path, script)
    assert "damaged" in refused(path, read_only=read_only)


@pytest.mark.parametrize("depth", [10_000, 100_000])
@pytest.mark.parametrize(
    ("statement", "opening", "closing"),
    [
        ("UPDATE event SET body = ?", "[", "]"),
        ("UPDATE event SET body = ?", '{"kind":', "}"),
        ("UPDATE run SET experiment = ?", '{"pair":', "}"),
        ("UPDATE run SET experiment = ?", '{"pair":{"kind":"gaussians","mean_q":' + "[", "]"),
    ],
)
def test_deep_json_is_refused(path: Path, statement: str, opening: str, closing: str, depth: int) -> None:
    with sqlite3.connect(path) as database:
        database.execute(statement, (opening * depth + "1" + closing * depth,))
    database.close()
    assert "cannot be understood" in refused(path)


@pytest.mark.parametrize(
    "body",
    [
        '{"kind":"metrics","step":' + "9" * 5000 + ',"values":{}}',
        '{"kind":"metrics","step":0,"values":{"gap":' + "9" * 400 + "}}",
        json.dumps({"kind": "metrics", "step": 0, "values": {"x" * (1 << 24): 1.0}}),
        '{"kind":"metrics","step":0,"values":{"gap":[1e999]}}',
        '{"kind":"snapshot","topic":["plane"],"step":0}',
        "null",
        "7",
    ],
    ids=lambda body: body[:40],
)
def test_numbers_and_texts_out_of_bounds_are_refused(path: Path, body: str) -> None:
    with sqlite3.connect(path) as database:
        database.execute("UPDATE event SET body = ?", (body,))
    database.close()
    assert "cannot be understood" in refused(path)


@pytest.mark.parametrize("table", ["event", "run"])
def test_a_tree_whose_pages_repeat_ends(path: Path, table: str) -> None:
    with sqlite3.connect(path) as database:
        for _ in range(400):
            database.execute("INSERT INTO run (experiment) SELECT experiment FROM run LIMIT 1")
            database.execute(
                "INSERT INTO event (run, kind, step, body) SELECT run, kind, step, body FROM event LIMIT 1"
            )
        root, size = (
            database.execute(query).fetchone()[0]
            for query in (f"SELECT rootpage FROM sqlite_master WHERE name = '{table}'", "PRAGMA page_size")
        )
    database.close()
    raw = bytearray(path.read_bytes())
    start = (root - 1) * size
    assert raw[start] == 5, "the root is an interior page"
    (cells,) = struct.unpack_from(">H", raw, start + 3)
    offsets = struct.unpack_from(f">{cells}H", raw, start + 12)
    for offset in offsets:
        raw[start + offset : start + offset + 4] = raw[start + offsets[0] : start + offsets[0] + 4]
    path.write_bytes(raw)
    assert "damaged" in refused(path)


def test_statements_that_take_too_long_are_interrupted(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = sqlite3.connect(path)
    endless = "WITH RECURSIVE n(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n) SELECT count(*) FROM n"
    start = time.perf_counter()
    with pytest.raises(sqlite3.OperationalError, match="interrupted"), untrusted.bounded(database, 0.1):
        database.execute(endless).fetchone()
    assert time.perf_counter() - start < 2
    with untrusted.bounded(database, 60):
        assert database.execute("SELECT count(*) FROM run").fetchone() == (1,)
    database.close()

    monkeypatch.setattr(session_database, "version", lambda opened: opened.execute(endless).fetchone())
    monkeypatch.setattr(session_database, "bounded", lambda opened: untrusted.bounded(opened, 0.1))
    with pytest.raises(SessionError, match="takes too long to read"):
        Document.open(path)


def test_a_session_with_too_many_runs_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with sqlite3.connect(path) as database:
        for _ in range(9):
            database.execute("INSERT INTO run (experiment) SELECT experiment FROM run LIMIT 1")
    database.close()
    assert len(Document.open(path).records()) == 10
    monkeypatch.setattr(reader, "MAX_RUNS", 9)
    assert "more than 9 runs" in refused(path)


def test_nothing_outside_the_schema_is_trusted(path: Path) -> None:
    opened = Document.open(path, read_only=False)
    assert opened._file.database.execute("PRAGMA trusted_schema").fetchone() == (0,)
    assert opened._file.database.execute("PRAGMA cell_size_check").fetchone() == (1,)
    opened.close()
