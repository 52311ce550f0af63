"""A session document stores the events of runs, and refuses other files."""

import sqlite3
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wganstudio.experiment import preset, read
from wganstudio.session import Document, RunRecord, SessionError, reader
from wganstudio.training import events
from wganstudio.training.declarations.frames import PlaneAttributes
from wganstudio.training.declarations.gradient_norms import Lipschitz
from wganstudio.training.declarations.truths import FlowAttributes
from wganstudio.truths import Truth

EXPERIMENT = read(preset("first-look").settings)
rng = np.random.default_rng(0)


PLANE = {
    "origin": np.zeros(2),
    "axes": np.eye(2),
    "x": np.arange(5.0),
    "y": np.arange(4.0),
    "sigma": rng.random((4, 5)),
    "samples_p": rng.random((7, 2)),
    "samples_q": rng.random((7, 2)),
}


LIPSCHITZ = Lipschitz(empirical=0.9, largest_slope=1.1, certified=None)


def arrays(*names: str) -> events.Arrays:
    return {name: rng.normal(size=(4, 5)).astype(np.float32) for name in names}


def shares() -> events.Arrays:
    edges = np.append(np.linspace(0, 3, 4), np.inf).astype(np.float32)
    return {"edges": edges} | {
        distribution: rng.random(4).astype(np.float32) for distribution in ("p", "q", "sigma")
    }


def plane() -> events.Snapshot:
    attributes = PlaneAttributes(labels=("a", "b"), sigma_method="invented")
    return events.Snapshot(topic="plane", arrays=PLANE, recorded=True, attributes=attributes)


def critic(step: int, *, recorded: bool = False) -> events.Snapshot:
    fields = arrays("u", "gradient_norm")
    return events.Snapshot(topic="critic", step=step, arrays=fields, recorded=recorded)


def gradient_norms(step: int, *, recorded: bool = False) -> events.Snapshot:
    return events.Snapshot(
        topic="gradient-norms", step=step, arrays=shares(), attributes=LIPSCHITZ, recorded=recorded
    )


def flow(columns: int = 5, axes: int = 2) -> events.Snapshot:
    fields = {name: np.zeros((4, columns), np.float32) for name in ("sigma", "potential", "potential_norm")}
    momentum = {"momentum": np.zeros((axes, 4, columns), np.float32)}
    attributes = FlowAttributes(penalty=1.0, congestion_cost=2.5)
    return events.Snapshot(topic="flow", arrays=fields | momentum, attributes=attributes, recorded=True)


def story() -> list[events.Event]:
    truth = Truth(quantity="w1", value=1.25, lower=1.2, upper=1.3, method="m", law="l", seconds=0.1)
    return [
        events.Started(experiment=EXPERIMENT.settings(), environment={"torch": "2"}, steps=20),
        plane(),
        events.Metrics(step=0, values={"gap": 0.1 + 0.2, "gap_se": 1e-17}),
        critic(1, recorded=True),
        gradient_norms(1, recorded=True),
        critic(2),
        gradient_norms(2),
        events.Progress(step=2, steps=20, rate=10.0, eta=1.8),
        events.TruthFound(truth=truth),
        flow(),
        events.Checkpoint(step=2, arrays=arrays("w")),
        events.Paused(step=2),
        events.Resumed(step=2),
        events.Checkpoint(step=20, arrays=arrays("w")),
        events.Ended(
            step=20,
            reason="done",
            seconds=3.0,
            estimates={"gap": 1.0, "gap_se": 0.1},
            gradient={},
            lipschitz=LIPSCHITZ,
        ),
    ]


def written(path: Path) -> tuple[Document, int]:
    document = Document.create(path)
    run = document.add_run(EXPERIMENT)
    for event in story():
        document.append(run, event)
    return document, run


def assert_same(ours: RunRecord, theirs: RunRecord) -> None:
    assert (ours.state, ours.step, ours.experiment) == (theirs.state, theirs.step, theirs.experiment)
    assert (
        ours.truths == theirs.truths and ours.ended == theirs.ended and ours.environment == theirs.environment
    )
    for name in ("gap", "gap_se"):
        for a, b in zip(ours.curve(name), theirs.curve(name), strict=True):
            np.testing.assert_array_equal(a, b)
    pairs = [(ours.checkpoint, theirs.checkpoint)]
    for topic in ("plane", "critic", "gradient-norms", "flow"):
        assert ours.recorded_steps(topic) == theirs.recorded_steps(topic) != []
        for step in ours.recorded_steps(topic):
            one, other = ours.snapshot(topic, step), theirs.snapshot(topic, step)
            assert one is not None and other is not None and one.attributes == other.attributes
            pairs.append((one, other))
    for one, other in pairs:
        assert one is not None and other is not None and set(one.arrays) == set(other.arrays)
        for name, array in one.arrays.items():
            assert array.dtype == other.arrays[name].dtype
            np.testing.assert_array_equal(array, other.arrays[name])


def test_a_reopened_document_holds_the_same_records(tmp_path: Path) -> None:
    document, _ = written(tmp_path / "a.wgs")
    (record,) = document.records()
    document.close()
    again = Document.open(tmp_path / "a.wgs")
    assert_same(again.records()[0], record)
    newest, norms = record.snapshot("critic"), record.snapshot("gradient-norms", 1)
    assert record.state == "ended" and newest is not None and newest.step == 2 and norms is not None
    assert again.records()[0].recorded_steps("critic") == [1], "live frames are not stored"
    assert again.records()[0].ended.lipschitz == norms.attributes == LIPSCHITZ
    again.close()


def test_a_flow_that_does_not_match_the_plane_is_refused() -> None:
    for first, second in ((plane(), flow(columns=6)), (flow(columns=6), plane())):
        record = RunRecord(1, EXPERIMENT)
        record.apply(first)
        with pytest.raises(ValueError, match="do not match the plane"):
            record.apply(second)
    with pytest.raises(ValueError, match="do not match the plane"):
        flow(axes=1)
    record = RunRecord(1, EXPERIMENT)
    record.apply(events.FlowMissing(message="no penalty"))
    assert record.snapshot("flow") is None and record.flow_missing == "no penalty"


def test_only_the_newest_checkpoint_stays(tmp_path: Path) -> None:
    document, _ = written(tmp_path / "a.wgs")
    document.close()
    with sqlite3.connect(tmp_path / "a.wgs") as database:
        assert database.execute("SELECT step FROM event WHERE kind = 'checkpoint'").fetchall() == [(20,)]
    database.close()


def test_a_growing_document_can_be_followed(tmp_path: Path) -> None:
    document = Document.create(tmp_path / "a.wgs")
    reader = Document.open(tmp_path / "a.wgs")
    assert not reader.follow() and reader.records() == []
    run = document.add_run(EXPERIMENT)
    for event in story():
        document.append(run, event)
        if not events.is_coalescible(event):
            assert reader.follow()
    assert not reader.follow()
    assert_same(reader.records()[0], document.records()[0])
    reader.close()
    document.close()


def test_save_as_copies_all_and_replaces_only_when_done(tmp_path: Path) -> None:
    document, _ = written(tmp_path / "a.wgs")
    target = tmp_path / "b.wgs"
    target.write_text("old")
    document.save_as(target)
    copy = Document.open(target)
    assert_same(copy.records()[0], document.records()[0])
    with pytest.raises(SessionError, match="cannot be written"):
        document.save_as(tmp_path / "nowhere" / "c.wgs")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.wgs", "a.wgs.lock", "b.wgs"]
    copy.close()
    document.close()


def test_runs_can_be_renamed_and_deleted(tmp_path: Path) -> None:
    document, run = written(tmp_path / "a.wgs")
    other = document.add_run(EXPERIMENT, "second")
    document.rename(run, "mine")
    assert [r.name for r in document.records()] == ["mine", "second"]
    document.delete(run)
    document.close()
    again = Document.open(tmp_path / "a.wgs")
    assert [(r.run, r.name) for r in again.records()] == [(other, "second")]
    again.close()


def test_a_full_disk_is_reported_and_loses_nothing_in_memory(tmp_path: Path) -> None:
    document = Document.create(tmp_path / "a.wgs")
    run = document.add_run(EXPERIMENT)
    pages = document._file.database.execute("PRAGMA page_count").fetchone()[0]
    document._file.database.execute(
        f"PRAGMA max_page_count = {pages + 1}"
    )  # SQLite answers as on a full disk
    fields = dict.fromkeys(("u", "gradient_norm"), np.zeros((200, 200), np.float32))
    big = events.Snapshot(topic="critic", step=1, recorded=True, arrays=fields)
    with pytest.raises(SessionError, match=r"The disk is full: .*make room"):
        document.append(run, big)
    assert document.records()[0].snapshot("critic", 1) is big
    document.close()


# Files that are no sessions


def refused(path: Path) -> str:
    with pytest.raises(SessionError) as caught:
        Document.open(path)
    text = str(caught.value)
    assert path.name in text and "\n" not in text
    return text


def test_files_that_are_no_sessions(tmp_path: Path) -> None:
    assert "There is no session" in refused(tmp_path / "missing.wgs")
    for name, content in (
        ("text.wgs", b"hello, this is text"),
        ("empty.wgs", b""),
        ("half.wgs", b"SQLite format 3\0" + b"x" * 90),
    ):
        (tmp_path / name).write_bytes(content)
        refused(tmp_path / name)
    other = sqlite3.connect(tmp_path / "other.wgs")
    other.execute("CREATE TABLE run (id)")
    other.commit()
    other.close()
    assert "not a WGAN Studio session" in refused(tmp_path / "other.wgs")


@pytest.mark.parametrize(
    "attack",
    [
        "CREATE TRIGGER t AFTER INSERT ON event BEGIN DELETE FROM run; END",
        "CREATE VIEW v AS SELECT * FROM run",
        "CREATE TABLE more (x)",
        "DROP TABLE event",
        'UPDATE event SET body = \'{"kind": "ended"}\'',
        "UPDATE event SET body = 'not json'",
        "UPDATE event SET arrays = x'00'",
        "UPDATE event SET arrays = x'ffffffffffffff7f7b7d' WHERE kind = 'critic'",
        "UPDATE event SET arrays = (SELECT arrays FROM event WHERE kind = 'plane') WHERE kind = 'critic'",
        "UPDATE event SET body = json_set(body, '$.recorded', 7) WHERE kind = 'critic'",
        "UPDATE event SET body = json_set(body, '$.attributes', NULL) WHERE kind = 'flow'",
        "UPDATE event SET body = json_set(body, '$.topic', 7) WHERE kind = 'flow'",
        "UPDATE event SET run = 7",
        "UPDATE run SET experiment = '[]'",
        'UPDATE run SET experiment = \'{"pair": {"kind": "os.system"}}\'',
        "UPDATE event SET body = json_set(body, '$.step', -5)",
        "PRAGMA user_version = 99",
    ],
)
def test_hostile_documents_get_one_sentence(tmp_path: Path, attack: str) -> None:
    document, _ = written(tmp_path / "a.wgs")
    document.close()
    database = sqlite3.connect(tmp_path / "a.wgs")
    database.execute(attack)
    database.commit()
    database.close()
    refused(tmp_path / "a.wgs")


def test_an_entry_larger_than_allowed_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document, _ = written(tmp_path / "a.wgs")
    document.close()
    database = sqlite3.connect(tmp_path / "a.wgs")
    database.execute("UPDATE event SET arrays = zeroblob(5000000) WHERE kind = 'plane'")
    database.commit()
    database.close()
    monkeypatch.setattr("wganstudio.session.database.MAX_ENTRY", 1_000_000)
    assert "too large" in refused(tmp_path / "a.wgs")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_flipped_bytes_never_do_more_than_be_refused(tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "flipped.wgs"
    path.unlink(missing_ok=True)
    document, _ = written(path)
    document.close()
    raw = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(raw)
    try:
        Document.open(path).close()
    except SessionError as error:
        assert "\n" not in str(error)


def test_a_session_remembers_its_suite(tmp_path: Path) -> None:
    document, _ = written(tmp_path / "a.wgs")
    assert document.suite == ""
    document.begin_suite("the plan")
    document.save_as(tmp_path / "b.wgs")
    document.close()
    for name in ("a", "b"):
        again = Document.open(tmp_path / f"{name}.wgs")
        assert again.suite == "the plan"
        again.close()


def test_a_session_of_version_1_still_opens_and_has_no_suite(tmp_path: Path) -> None:
    document, _ = written(tmp_path / "a.wgs")
    document.close()
    with sqlite3.connect(tmp_path / "a.wgs") as database:
        database.execute("DROP TABLE suite")
        database.execute("PRAGMA user_version = 1")
        database.execute("DELETE FROM event WHERE kind IN ('flow', 'gradient-norms')")
        database.execute("UPDATE event SET body = json_remove(body, '$.lipschitz') WHERE kind = 'ended'")
    database.close()
    again = Document.open(tmp_path / "a.wgs")
    assert again.suite == "" and len(again.records()) == 1
    (record,) = again.records()
    assert record.snapshot("gradient-norms") is None
    assert record.ended is not None and record.ended.lipschitz is None
    assert record.snapshot("flow") is None and record.flow_missing == ""
    again.close()


def test_a_statement_that_is_no_sql_is_quoted_on_one_line(tmp_path: Path) -> None:
    Document.create(tmp_path / "torn.wgs").close()
    content = (tmp_path / "torn.wgs").read_bytes()
    (tmp_path / "torn.wgs").write_bytes(content.replace(b"TABLE training_st", b'TABLE training"st'))
    with pytest.raises(SessionError, match="is damaged") as error:
        Document.open(tmp_path / "torn.wgs")
    assert "\n" not in str(error.value)


def test_the_reading_of_many_runs_can_be_ended_before_their_events(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = Document.create(tmp_path / "many.wgs")
    document.add_run(read(preset("first-look").settings))
    document.close()
    monkeypatch.setattr(reader, "_CHUNK", 1)

    def end(fraction: float) -> None:
        raise KeyError("ended")

    with pytest.raises(KeyError, match="ended"):
        Document.open(document.path, progress=end)
