"""Nothing that was recorded is lost: full disks, killed writers, older versions, and files that go away."""

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from session_model import EXPERIMENT, contents, event, leftovers, started
from wganstudio.session import Document, SessionError, SessionLocked, file_stamp, memory_guard, writer
from wganstudio.session.database import VERSION, version

OLD = sorted((Path(__file__).parents[1] / "data" / "version4").glob("*.wgs"))[0]
KILLED = """
import os, sqlite3, sys
from pathlib import Path
from wganstudio.session import Document
sys.path[:0] = [sys.argv[2]]
from session_model import event
document = Document.open(Path(sys.argv[1]), read_only=False, program="run")
database = document._file.database
database.execute("PRAGMA cache_size = 1")
database.execute("BEGIN IMMEDIATE")
database.execute("UPDATE event SET body = body || ' '")
database.execute("UPDATE event SET arrays = zeroblob(200000)")
os._exit(9)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    document = Document.create(tmp_path / "a.wgs")
    run = document.add_run(EXPERIMENT)
    for one in (started(), *(event("critic", step) for step in range(1, 40)), event("state", 40)):
        document.append(run, one)
    document.close()
    return tmp_path / "a.wgs"


@pytest.fixture
def killed(path: Path) -> Path:
    """A session whose writer was killed while it wrote."""
    support = Path(__file__).parents[1] / "support"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    code = subprocess.run([sys.executable, "-c", KILLED, str(path), str(support)], env=environment).returncode
    assert code == 9 and Path(f"{path}-journal").stat().st_size > 512
    return path


@pytest.mark.process
def test_a_killed_session_opens_and_its_run_shows_as_crashed(killed: Path) -> None:
    document = Document.open(killed)
    (record,) = document.records()
    assert record.state == "crashed" and record.over and len(record.recorded_steps("critic")) == 39
    document.close()
    document = Document.open(killed, read_only=False)
    assert document.records()[0].state == "crashed"
    document.resume(1)
    document.append(1, started())
    assert document.records()[0].state == "running"
    document.close()
    assert os.listdir(killed.parent) == ["a.wgs"]


@pytest.mark.process
def test_a_killed_session_opens_where_nothing_can_be_written(
    killed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> None:
        if path == killed:
            raise SessionError("a folder that cannot be written")
        roll_back(path)

    from wganstudio.session import database

    roll_back = database.roll_back
    monkeypatch.setattr(database, "roll_back", refuse)
    before = {file.name: file.read_bytes() for file in killed.parent.iterdir()}
    document = Document.open(killed)
    assert len(document.records()[0].recorded_steps("critic")) == 39
    document.close()
    assert {file.name: file.read_bytes() for file in killed.parent.iterdir()} == before


@pytest.mark.process
def test_saving_over_a_killed_session_keeps_the_new_one(killed: Path, tmp_path: Path) -> None:
    document = Document.create(tmp_path / "new.wgs")
    document.add_run(EXPERIMENT, "mine")
    document.save_as(killed)
    document.close()
    assert leftovers(tmp_path) == []
    for read_only in (True, False):
        again = Document.open(killed, read_only=read_only)
        assert [record.name for record in again.records()] == ["mine"]
        again.close()


def test_what_a_full_disk_refused_is_saved_elsewhere_and_written_later(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "RETRY_SECONDS", 0.0)
    document = Document.open(path, read_only=False)
    database = document._file.database
    (pages,) = database.execute("PRAGMA page_count").fetchone()
    database.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(SessionError, match="The disk is full"):
        for step in range(100, 2_000):
            document.append(1, event("metrics", step))
    for later in range(step + 1, step + 300):  # said once
        document.append(1, event("metrics", later))
    assert document.incomplete
    expected = contents(document.records()[0], state=False)
    document.save_as(path.with_name("b.wgs"))
    copy = Document.open(path.with_name("b.wgs"))
    assert contents(copy.records()[0], state=False) == expected
    copy.close()
    database.execute("PRAGMA max_page_count = 1000000")
    document.append(1, event("ended", later + 1))
    assert not document.incomplete
    expected = contents(document.records()[0])
    document.close()
    assert contents(Document.open(path).records()[0]) == expected


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps the files that a program has opened")
@pytest.mark.parametrize("how", ["deleted", "moved", "replaced", "overwritten"])
def test_a_file_that_goes_away_is_told_and_loses_nothing(path: Path, tmp_path: Path, how: str) -> None:
    document = Document.open(path, read_only=False)
    match how:
        case "deleted":
            path.unlink()
        case "moved":
            path.rename(tmp_path / "elsewhere.wgs")
        case "replaced":
            shutil.copy(OLD, tmp_path / "other.wgs")
            (tmp_path / "other.wgs").replace(path)
        case "overwritten":
            shutil.copyfile(OLD, path)
    with pytest.raises(SessionError, match="was moved, replaced or deleted while it was being written; save"):
        document.append(1, event("metrics", 50))
    document.append(1, event("metrics", 51))
    document.save_as(tmp_path / "b.wgs")
    expected = contents(document.records()[0], state=False)
    document.close()
    assert contents(Document.open(tmp_path / "b.wgs").records()[0], state=False) == expected


def test_another_writer_is_not_saved_over(path: Path, tmp_path: Path) -> None:
    other = Document.create(tmp_path / "b.wgs", "window")
    document = Document.open(path, read_only=False, program="run")
    with pytest.raises(SessionLocked, match=r"a\.wgs is being written by `wganstudio run` of"):
        other.save_as(path)
    document.close()
    other.save_as(path)
    other.close()
    assert Document.open(path).records() == []


def test_reading_an_older_version_changes_nothing(tmp_path: Path) -> None:
    old = tmp_path / "old.wgs"
    shutil.copy(OLD, old)
    before, stamp = old.read_bytes(), file_stamp(old)
    Document.open(old).close()
    Document.open(old, read_only=False).close()
    Document.working_copy(old, tmp_path / "work.wgs").close()
    assert old.read_bytes() == before and file_stamp(old) == stamp
    assert sorted(os.listdir(tmp_path)) == ["old.wgs", "work.wgs"]


def test_the_first_write_keeps_the_older_version(tmp_path: Path) -> None:
    old, kept = tmp_path / "old.wgs", tmp_path / "old.version4.wgs"
    shutil.copy(OLD, old)
    document = Document.open(old, read_only=False)
    document.add_run(EXPERIMENT)
    document.add_run(EXPERIMENT)
    document.close()
    assert kept.read_bytes() == OLD.read_bytes()
    shutil.copy(sorted(OLD.parent.glob("*.wgs"))[1], old)  # another one, which is saved over
    document = Document.create(tmp_path / "new.wgs")
    document.save_as(old)
    document.close()
    assert kept.read_bytes() == OLD.read_bytes() and (tmp_path / "old.version4-2.wgs").exists()


def test_a_newer_version_is_refused_and_not_touched(path: Path) -> None:
    database = sqlite3.connect(path)
    database.execute(f"PRAGMA user_version = {VERSION + 1}")
    database.close()
    before = path.read_bytes()
    for read_only in (True, False):
        with pytest.raises(SessionError, match="was saved by a newer WGAN Studio; update the program"):
            Document.open(path, read_only=read_only)
    assert path.read_bytes() == before and os.listdir(path.parent) == ["a.wgs"]


def test_a_working_copy_is_of_today_and_tells_its_progress(tmp_path: Path) -> None:
    fractions: list[float] = []
    document = Document.working_copy(OLD, tmp_path / "work.wgs", progress=fractions.append)
    assert version(document._file.database) == VERSION and not document.read_only
    assert fractions == sorted(fractions) and fractions[-1] == pytest.approx(1.0)
    document.close()

    def stop(_: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Document.working_copy(OLD, tmp_path / "other.wgs", progress=stop)
    assert os.listdir(tmp_path) == ["work.wgs"]


def test_who_follows_sees_a_run_crash(path: Path) -> None:
    document = Document.open(path, read_only=False)
    document.resume(1)
    document.append(1, started())
    reader = Document.open(path)
    (record,) = reader.records()
    assert record.state == "running" and not reader.follow()
    document.close()  # without an end of the run
    before = record.version
    assert reader.follow() and record.state == "crashed" and record.version > before
    assert not reader.follow()
    reader.close()


def test_a_session_without_room_in_memory_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_guard, "_LOOK_EVERY", 1_000)
    monkeypatch.setattr(memory_guard, "available_memory", lambda: 1 << 20)
    with pytest.raises(SessionError, match="close other programs, or open it on a larger machine"):
        Document.open(path)


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_save_that_fails_leaves_the_old_file(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    before = path.read_bytes()
    document = Document.create(tmp_path / "new.wgs")

    def fail(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, call, fail)
    with pytest.raises(SessionError, match="cannot be written"):
        document.save_as(path)
    monkeypatch.undo()
    document.close()
    assert path.read_bytes() == before and leftovers(tmp_path) == []
