"""The user's marks on runs: stored, copied, followed, and read from strangers with care."""

import sqlite3
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wganstudio.experiment import preset, read
from wganstudio.session import Document, RunLabels, SessionError
from wganstudio.session.labels import read_labels

EXPERIMENT = read(preset("first-look").settings)
MARKED = RunLabels(tags=("good", "paper"), note="two\nlines", starred=True, color=3)
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=20)


@given(st.builds(RunLabels, tags=st.tuples(TEXTS, TEXTS), note=TEXTS, starred=st.booleans()))
def test_labels_survive_being_stored(labels):
    assert read_labels(labels.model_dump(mode="json", exclude_defaults=True)) == labels


def test_labels_are_kept_by_the_file_its_copy_and_the_restored_record(tmp_path):
    path, copy = tmp_path / "a.wgs", tmp_path / "b.wgs"
    with closing(Document.create(path)) as document:
        run = document.add_run(EXPERIMENT)
        document.set_labels(run, MARKED)
        document.save_as(copy)
        document.records()[0].restart([])
        assert document.records()[0].labels == MARKED
    for file in (path, copy):
        with closing(Document.open(file)) as document:
            assert document.records()[0].labels == MARKED


def test_labels_are_kept_where_the_file_is_replaced_under_the_program(tmp_path):
    path, copy = tmp_path / "a.wgs", tmp_path / "b.wgs"
    with closing(Document.create(path)) as document:
        run = document.add_run(EXPERIMENT)
        document.set_labels(run, MARKED)
        with closing(sqlite3.connect(path)) as other, other:
            other.execute("DELETE FROM run")  # against the lock
        document.save_as(copy)
    with closing(Document.open(copy)) as document:
        assert document.records()[0].labels == MARKED


def test_runs_in_the_trash_are_kept_but_not_listed(tmp_path):
    path = tmp_path / "a.wgs"
    with closing(Document.create(path)) as document:
        first, second = document.add_run(EXPERIMENT), document.add_run(EXPERIMENT)
        document.set_labels(first, RunLabels(trashed=True))
    with closing(Document.open(path, read_only=False)) as document:
        assert [record.run for record in document.records()] == [second]
        assert [record.run for record in document.trash()] == [first]
        document.set_labels(first, RunLabels())
        assert [record.run for record in document.records()] == [first, second]
        document.set_labels(first, MARKED)
        document.delete(first)
        assert [record.run for record in document.records()] == [second] and document.trash() == []
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT count(*) FROM run_labels").fetchone() == (0,)


def test_a_reader_follows_the_labels(tmp_path):
    path = tmp_path / "a.wgs"
    with closing(Document.create(path)) as document:
        run = document.add_run(EXPERIMENT)
        with closing(Document.open(path)) as reader:
            assert not reader.follow()
            document.set_labels(run, MARKED)
            assert reader.follow() and reader.records()[0].labels == MARKED
            assert not reader.follow()
            document.set_labels(run, RunLabels())
            assert reader.follow() and reader.records()[0].labels == RunLabels()


@pytest.mark.parametrize(
    "body", ["[]", "{", '{"tags": 3}', '{"note": ["a"]}', '{"color": -1}', '{"tags": ["' + "a" * 500 + '"]}']
)
def test_labels_that_no_version_has_written_are_refused(tmp_path, body):
    path = tmp_path / "a.wgs"
    with closing(Document.create(path)) as document:
        document.add_run(EXPERIMENT)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("INSERT INTO run_labels VALUES (1, ?)", (body,))
    with pytest.raises(SessionError, match="labels of run 1"):
        Document.open(path)
