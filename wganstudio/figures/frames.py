"""Access to the arrays of a record: the plane, the frames on it, and other recorded observables."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from wganstudio.figures.grid import PlaneGrid
from wganstudio.figures.types import Float
from wganstudio.session import RunRecord
from wganstudio.training.declarations.frames import PlaneAttributes
from wganstudio.training.events import Snapshot

MERGED_TOPICS = ("critic", "atoms", "plan", "generated", "sigma-samples")
"""Topics of the frame whose arrays have distinct names."""
MAP_TOPICS = {"q": "map-to-q", "p": "map-to-p"}
"""Topics of the frame by the target distribution of the map; their arrays have the same names."""


class NoSuchStep(ValueError):
    """No frame is recorded at the requested step."""


@dataclass(frozen=True, eq=False)
class PlaneFrame:
    """The arrays of one step on the plane; those that a generator moves come before those of the plane."""

    step: int
    grid: PlaneGrid
    sigma_method: str
    plane: Mapping[str, Float]
    """Arrays that hold for the whole run."""
    arrays: Mapping[str, Float]
    """Arrays of this step: those of `MERGED_TOPICS`, under the names that the topics declare."""
    maps: Mapping[str, Mapping[str, Float]]
    """Arrays of the maps at this step, by target distribution: q or p."""
    newest: bool
    """True for the newest frame of the record."""
    is_marginal: bool
    """True where sigma is its marginal on the plane, for D > 2; False for its values there."""

    def __contains__(self, name: str) -> bool:
        """Return True where the step has an array of that name."""
        return name in self.arrays

    def __getitem__(self, name: str) -> Float:
        """Return an array of the step, or else of the plane."""
        return self.arrays[name] if name in self.arrays else self.plane[name]

    @property
    def image_shape(self) -> tuple[int, int, int] | None:
        """Channels, height and width where samples are images."""
        if "image" not in self.plane:
            return None
        channels, height, width = map(int, self.plane["image"])
        return channels, height, width


def plane_frame(record: RunRecord, step: int | None = None) -> PlaneFrame | None:
    """Return the newest frame of a run, or the one recorded at a step; None before the first frame.

    Raises
    ------
    NoSuchStep
        If no frame is recorded at the step; the message lists the recorded steps.
    """
    plane, critic = record.snapshot("plane"), snapshot_at(record, "critic", step)
    return None if plane is None or critic is None else _plane_frame(record, plane, critic)


def recorded_frames(record: RunRecord) -> list[PlaneFrame]:
    """Return the recorded frames of a run, by step."""
    plane = record.snapshot("plane")
    if plane is None:
        return []
    critics = [record.frame_at(step)["critic"] for step in record.recorded_steps("critic")]
    return [_plane_frame(record, plane, critic) for critic in critics]


def gradient_norms_at(record: RunRecord, step: int | None = None) -> Snapshot | None:
    """Return the newest gradient norms of a run, or those at a step; None where none were measured."""
    if record.snapshot("gradient-norms") is None:
        return None
    return snapshot_at(record, "gradient-norms", step)


def last_snapshot(record: RunRecord, topic: str, step: int | None = None) -> Snapshot | None:
    """Return the last recorded snapshot of a topic up to a step (default: the newest); None without any."""
    steps = [one for one in record.recorded_steps(topic) if step is None or one <= step]
    return record.snapshot(topic, steps[-1]) if steps else None


def plane_grid(record: RunRecord) -> PlaneGrid | None:
    """Return the grid of the plane of a run; None before it is laid."""
    plane = record.snapshot("plane")
    return None if plane is None else _grid(plane)


def snapshot_at(record: RunRecord, topic: str, step: int | None) -> Snapshot | None:
    """Return the newest snapshot of a topic, or the one at a step; raise NoSuchStep if there is none."""
    newest = record.snapshot(topic)
    if step is None or (newest is not None and newest.step == step):
        return newest
    recorded = record.snapshot(topic, step)
    if recorded is None:
        steps = ", ".join(f"{one:,}" for one in record.recorded_steps(topic)) or "none"
        raise NoSuchStep(f"{record.name!r} has no recorded frame at step {step:,}; recorded steps: {steps}.")
    return recorded


def _plane_frame(record: RunRecord, plane: Snapshot, critic: Snapshot) -> PlaneFrame:
    """Return the frame that a critic completes, the newest or a recorded one."""
    newest = critic is record.snapshot("critic")
    topics = (*MERGED_TOPICS, *MAP_TOPICS.values())
    frame = {topic: record.snapshot(topic) for topic in topics} if newest else record.frame_at(critic.step)
    arrays = {topic: one.arrays for topic, one in frame.items() if one is not None}
    grid = _grid(plane)
    return PlaneFrame(
        step=critic.step,
        grid=grid,
        sigma_method=plane.attributes_as(PlaneAttributes).sigma_method,
        plane=plane.arrays,
        arrays={name: one for topic in MERGED_TOPICS for name, one in arrays.get(topic, {}).items()},
        maps={to: arrays[topic] for to, topic in MAP_TOPICS.items() if topic in arrays},
        newest=newest,
        is_marginal=grid.dim > 2 and record.experiment.sigma.name() == "segments",
    )


def _grid(plane: Snapshot) -> PlaneGrid:
    arrays, attributes = plane.arrays, plane.attributes_as(PlaneAttributes)
    y = arrays["y"] if len(arrays["axes"]) == 2 else np.empty(0, np.float32)
    return PlaneGrid(arrays["x"], y, attributes.labels, len(arrays["origin"]), attributes.offsets)
