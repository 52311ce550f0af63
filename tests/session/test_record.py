"""The record of a run keeps frames whole and finds snapshots by topic and step."""

import numpy as np
import pytest

from wganstudio.experiment import read
from wganstudio.session import RunRecord
from wganstudio.session.record_copy import events_of_record
from wganstudio.training.events import Metrics, Snapshot


def critic(step: int, value: float, *, recorded: bool = False, points: int = 3) -> Snapshot:
    arrays = {"u": np.full(points, float(value)), "gradient_norm": np.ones(points)}
    return Snapshot(topic="critic", step=step, recorded=recorded, arrays=arrays)


def generated(step: int, value: float, *, recorded: bool = False) -> Snapshot:
    arrays = {"samples_q": np.full((2, 1), float(value))}
    return Snapshot(topic="generated", step=step, recorded=recorded, arrays=arrays)


def shown(record: RunRecord, topic: str, array: str) -> float | None:
    snapshot = record.snapshot(topic)
    return None if snapshot is None else float(snapshot.arrays[array].flat[0])


def test_the_newest_frame_is_replaced_as_a_whole() -> None:
    record = RunRecord(1, read({}))
    record.apply(generated(10, 1.0))
    assert record.snapshot("generated") is None, "its critic has not arrived"
    record.apply(critic(10, 1.0))
    record.apply(generated(20, 2.0))
    assert shown(record, "critic", "u") == shown(record, "generated", "samples_q") == 1.0
    record.apply(critic(20, 2.0))
    assert shown(record, "critic", "u") == shown(record, "generated", "samples_q") == 2.0
    record.apply(critic(30, 3.0))
    assert shown(record, "critic", "u") == 3.0 and record.snapshot("generated") is None


def test_parts_of_a_lost_frame_are_never_shown() -> None:
    record = RunRecord(1, read({}))
    record.apply(generated(10, 1.0))
    record.apply(critic(20, 2.0))
    assert record.snapshot("generated") is None and shown(record, "critic", "u") == 2.0


def test_an_older_frame_does_not_replace_a_newer_one() -> None:
    record = RunRecord(1, read({}))
    record.apply(critic(20, 2.0))
    record.apply(critic(10, 1.0, recorded=True))
    assert shown(record, "critic", "u") == 2.0 and record.recorded_steps("critic") == [10]


def test_recorded_snapshots_are_found_by_step() -> None:
    record = RunRecord(1, read({}))
    for step in (5, 1, 2):
        recorded = step != 2
        record.apply(generated(step, step, recorded=recorded))
        record.apply(critic(step, step, recorded=recorded))
    assert record.recorded_steps("critic") == record.recorded_steps("generated") == [1, 5]
    assert record.recorded_steps("plan") == [] and record.frame_at(2) == {}
    frame = record.frame_at(1)
    assert set(frame) == {"critic", "generated"} and frame["critic"] is record.snapshot("critic", 1)
    assert record.snapshot("critic", 2) is None


def test_snapshots_of_another_plane_are_refused_and_not_added() -> None:
    record = RunRecord(1, read({}))
    axis = {"origin": np.zeros(1), "axes": np.ones((1, 1)), "x": np.arange(3.0), "y": np.empty(0)}
    samples = {"samples_p": np.zeros((2, 1)), "samples_q": np.zeros((2, 1)), "sigma": np.ones(3)}
    attributes = {"labels": ("x",), "sigma_method": "exact"}
    record.apply(Snapshot(topic="plane", arrays=axis | samples, attributes=attributes, recorded=True))
    with pytest.raises(ValueError, match="critic: arrays do not match the plane"):
        record.apply(critic(1, 1.0, points=4))
    assert record.snapshot("critic") is None
    record.apply(critic(1, 1.0))


def test_the_curves_have_their_times_and_samples_and_a_copy_has_them_too() -> None:
    record = RunRecord(1, read({}))
    record.apply(Metrics(step=0, values={"gap": 1.0}))  # as in a session of an older version
    for step in (10, 20):
        record.apply(Metrics(step=step, values={"gap": 1.0}, seconds=step / 4, samples=64 * step))
    copy = RunRecord(1, read({}))
    for event in events_of_record(record):
        copy.apply(event)
    for one in (record, copy):
        assert [array.tolist() for array in one.effort("seconds")] == [[10, 20], [2.5, 5.0]]
        assert [array.tolist() for array in one.effort("samples")] == [[10, 20], [640, 1280]]
    assert [len(array) for array in RunRecord(2, read({})).effort("seconds")] == [0, 0]
