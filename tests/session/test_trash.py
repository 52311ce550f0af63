"""Deleted runs: kept in the session, listed nowhere else, removed for good in parts, their space freed."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest

from session_model import EXPERIMENT, event, started
from wganstudio.cli import main
from wganstudio.session import Document, RunLabels, RunMarks, SessionError
from wganstudio.session.purge import run_bytes

TRASHED = RunLabels(trashed=True, trashed_at=datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC))


def fill(document, states=60):
    """Add a run with a state and a picture at every step."""
    run = document.add_run(EXPERIMENT)
    document.append(run, started())
    for step in range(1, states + 1):
        document.append(run, event("critic", step))
        document.append(run, event("state", step))
    document.append(run, event("ended", states))
    return run


def test_the_time_of_a_deletion_is_kept_by_the_file(tmp_path):
    path = tmp_path / "a.wgs"
    with closing(Document.create(path)) as document:
        document.set_labels(document.add_run(EXPERIMENT), TRASHED)
    with closing(Document.open(path)) as document:
        assert document.trash()[0].labels == TRASHED
        assert document.record(1) is document.trash()[0] and document.record(2) is None


def test_marks_of_several_runs_are_stored_all_or_none(tmp_path):
    with closing(Document.create(tmp_path / "a.wgs")) as document:
        first, second = document.add_run(EXPERIMENT), document.add_run(EXPERIMENT)
        marks = {first: RunMarks("one", TRASHED), second: RunMarks("two", RunLabels(starred=True))}
        document.set_marks(marks)
        assert [document.record(run).marks for run in (first, second)] == list(marks.values())
        wrong = {first: RunMarks("x", RunLabels()), second: RunMarks(b"\xff", object())}
        with pytest.raises(AttributeError):
            document.set_marks(wrong)
        assert [document.record(run).marks for run in (first, second)] == list(marks.values())
    with closing(Document.open(tmp_path / "a.wgs")) as document:
        assert document.record(first).marks == marks[first]


def test_a_run_is_removed_in_parts_from_its_end(tmp_path):
    path = tmp_path / "a.wgs"
    with closing(Document.create(path)) as document:
        run, other = fill(document), fill(document)
        sizes = document.sizes([run, other])
        assert sizes[run] == sizes[other] > 16_000, "two states of 8,000 bytes, and the pictures"
        left = [sizes[run]]
        while not document.delete_part(run, 3_000):
            left.append(document.sizes([run])[run])
        assert left == sorted(left, reverse=True) and len(set(left)) == len(left) > 5
        assert document.record(run) is None and document.sizes([run]) == {run: 0}
        assert document.sizes([other]) == {other: sizes[other]}


def test_what_is_left_when_the_program_ends_meanwhile_is_an_interrupted_run(tmp_path):
    path = tmp_path / "a.wgs"
    with closing(Document.create(path)) as document:
        run = fill(document)
        document.set_labels(run, TRASHED)
        for _ in range(3):
            assert not document.delete_part(run, 3_000)
    with closing(Document.open(path, read_only=False)) as document:
        (record,) = document.trash()
        assert record.state == "crashed" and 0 < len(record.recorded_steps("critic")) < 60


def test_a_saved_file_has_no_room_for_runs_that_were_removed(tmp_path):
    saved = tmp_path / "saved.wgs"
    with closing(Document.create(tmp_path / "own.wgs")) as document:
        runs = [fill(document, 200) for _ in range(4)]
        document.save_as(saved)
        full = saved.stat().st_size
        for run in runs[1:]:
            document.set_labels(run, TRASHED)
        document.save_as(saved)
        assert saved.stat().st_size >= full, "the trash is a part of the session"
        for run in runs[1:]:
            document.delete(run)
        document.save_as(saved)
        assert saved.stat().st_size < full / 3
        again = fill(document, 3)
        document.save_as(saved)
    with closing(sqlite3.connect(saved)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert run_bytes(database, again) > 0
    with closing(Document.open(saved, read_only=False)) as document:
        assert [record.run for record in document.records()] == [runs[0], again]
        assert document.records()[0].recorded_steps("critic") == list(range(1, 201))
        assert fill(document) == again + 1


def test_commands_of_the_terminal_do_not_see_the_trash(tmp_path, capfd):
    path = tmp_path / "a.wgs"
    with closing(Document.create(path)) as document:
        kept, deleted = fill(document, 2), fill(document, 2)
        document.set_labels(deleted, TRASHED)
        with pytest.raises(SessionError, match=f"no run 9; its runs: {kept}\\."):
            document.resume(9)
    assert main(["resume", str(path), "--run", str(deleted)]) == 2
    assert f"has no run {deleted}; choose one of {kept}." in capfd.readouterr().err
    assert main(["export", str(path), "--to", str(tmp_path / "out"), "--formats", "csv"]) == 0
    alone = {file.name for file in (tmp_path / "out").iterdir()}
    with closing(Document.open(path, read_only=False)) as document:
        document.set_labels(deleted, RunLabels())
    assert main(["export", str(path), "--to", str(tmp_path / "both"), "--formats", "csv"]) == 0
    assert alone and alone < {file.name for file in (tmp_path / "both").iterdir()}
    with closing(Document.open(path, read_only=False)) as document:
        document.set_labels(deleted, TRASHED)
    with closing(Document.open(path, read_only=False)) as document:
        document.set_labels(kept, TRASHED)
    capfd.readouterr()
    assert main(["export", str(path), "--to", str(tmp_path / "none")]) == 2
    assert "has no runs" in capfd.readouterr().err
