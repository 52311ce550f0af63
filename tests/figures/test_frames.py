"""Frames hold the arrays of their topics under the topics' names, and figures may read any other topic."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest

from figure_records.snapshots import snapshot
from wganstudio.export import export
from wganstudio.figures import figure_of, register_figure, unregister_figure
from wganstudio.figures.base import StepFigure
from wganstudio.figures.frames import (
    MAP_TOPICS,
    MERGED_TOPICS,
    NoSuchStep,
    plane_frame,
    recorded_frames,
    snapshot_at,
)
from wganstudio.figures.grid import PlaneGrid, coordinate_text, with_offset
from wganstudio.session import Document, RunRecord
from wganstudio.training.topics import ArraySpec, Topic, forget_topic, register_topic, topics

MEANS = {1: 0.5, 100: 2.0}
"""Arrays of the dummy topic by step."""


@dataclass(frozen=True, eq=False)
class Means(StepFigure):
    """A figure of a topic that only a plugin knows."""

    name: ClassVar[str] = "dummy_means"
    position: ClassVar[int] = 500
    means: np.ndarray

    @classmethod
    def from_record(cls, record, step=None, among=()):
        means = snapshot_at(record, "dummy-means", step)
        if means is None:
            return None
        return cls(title="Means", caption=record.name, step=means.step, means=means.arrays["means"])

    def tables(self):
        return {"": {"mean": self.means}}


@pytest.fixture
def dummy_topic():
    register_topic(Topic("dummy-means", {"means": ArraySpec(("n",))}))
    register_figure(Means)
    yield
    unregister_figure(Means)
    forget_topic("dummy-means")


def test_every_topic_of_the_frame_is_in_it():
    assert {*MERGED_TOPICS, *MAP_TOPICS.values()} == {name for name, one in topics().items() if one.frame}
    names = [name for topic in MERGED_TOPICS for name in topics()[topic].arrays]
    assert len(names) == len(set(names)), "no name is that of two arrays"


def test_a_frame_holds_the_arrays_of_its_topics(make_atomic, make_mapped):
    record = make_atomic([[-1.0, 0.0], [1.0, 0.0]], [[0.2, 0.5]])
    frame = plane_frame(record, 1)
    assert frame.step == 1 and not frame.newest and plane_frame(record).newest and not frame.maps
    for topic in set(MERGED_TOPICS) - {"sigma-samples"}:
        for name, array in record.snapshot(topic, 1).arrays.items():
            assert frame[name] is frame.arrays[name] is array
    assert frame["sigma"] is record.snapshot("plane").arrays["sigma"] and "sigma" not in frame
    record = make_mapped(2)
    frame = plane_frame(record)
    assert {to: dict(arrays) for to, arrays in frame.maps.items()} == {
        to: record.snapshot(f"map-to-{to}").arrays for to in "qp"
    }
    assert "ends" not in frame


def test_the_newest_frame_may_be_live(make_making):
    record = make_making(2)
    copy = RunRecord(1, record.experiment)
    copy.apply(record.snapshot("plane"))
    assert plane_frame(copy) is None and recorded_frames(copy) == []
    for topic in ("generated", "critic"):
        copy.apply(record.snapshot(topic, 100))
    for topic in ("generated", "critic"):
        assert plane_frame(copy).step == 100, "a frame is complete when its critic has arrived"
        copy.apply(record.snapshot(topic, 200).model_copy(update={"step": 150, "recorded": False}))
    newest = plane_frame(copy)
    assert newest.step == 150 and newest.newest and plane_frame(copy, 150).newest
    assert newest["samples_q"] is record.snapshot("generated", 200).arrays["samples_q"]
    assert [frame.step for frame in recorded_frames(copy)] == [100] and not plane_frame(copy, 100).newest
    with pytest.raises(NoSuchStep, match="step 200; recorded steps: 100"):
        plane_frame(copy, 200)


@pytest.mark.usefixtures("dummy_topic")
def test_a_figure_reads_a_registered_topic_of_a_record(make_events, plane_record, tmp_path):
    assert figure_of(plane_record, "dummy_means") is None
    document = Document.create(tmp_path / "means.wgs")
    run = document.add_run(plane_record.experiment)
    for event in make_events(2, until=100, points=16):
        document.append(run, event)
        if event.name == "critic" and event.step in MEANS:
            document.append(run, snapshot("dummy-means", {"means": [MEANS[event.step]]}, event.step))
    document.close()
    again = Document.open(tmp_path / "means.wgs")
    (record,) = again.records()
    assert record.recorded_steps("dummy-means") == list(MEANS)
    assert "dummy-means" in record.frame_at(100) and "dummy-means" not in record.frame_at(50)
    for step, mean in MEANS.items():
        (path,) = export(record, tmp_path / str(step), ["csv"], figures=["dummy_means"], step=step)
        assert path.read_text().split() == ["mean", str(mean)]
    assert figure_of(record, "dummy_means").step == 100
    with pytest.raises(NoSuchStep, match="recorded steps: 1, 100"):
        figure_of(record, "dummy_means", 50)
    again.close()


@pytest.mark.parametrize(
    ("value", "size", "text"),
    [
        (0.12345, 2.0, "0.123"),
        (12.345, 2.0, "12.3"),
        (-8.5, 1.0, "-8.5"),
        (1_700_000_191.25, 400.0, "1700000191"),
        (500_000.2134, 0.9, "500000.213"),
        (-5_412_345.678, 0.01, "-5412345.67800"),
        (0.0, 1.0, "0"),
        (5.0, 0.0, "5"),
    ],
)
def test_coordinates_have_digits_that_resolve_the_plane(value: float, size: float, text: str) -> None:
    assert float(coordinate_text(value, size)) == float(text)


@pytest.mark.parametrize(
    ("offset", "label"),
    [(0.0, "t [s]"), (1.7e9, "t [s] - 1,700,000,000"), (-2_500.5, "t [s] + 2,500.5"), (0.1, "t [s] - 0.1")],
)
def test_labels_name_the_offset(offset: float, label: str) -> None:
    assert with_offset("t [s]", offset) == label


def test_coordinates_of_the_experiment_are_float64_only_where_there_is_an_offset() -> None:
    x, y = np.arange(3, dtype=np.float32), np.arange(2, dtype=np.float32)
    plain, moved = PlaneGrid(x, y, ("a", "b"), 2), PlaneGrid(x, y, ("a", "b"), 2, (1e9, 0.0))
    assert plain.columns()["x"].dtype == np.float32
    columns = moved.columns()
    assert columns["x"].tolist() == [1e9, 1e9 + 1, 1e9 + 2] * 2 and columns["y"].dtype == np.float32
    assert moved.point_text(1.0, 0.5) == "(1000000001, 0.5)" and plain.point_text(1.0, 0.5) == "(1, 0.5)"
