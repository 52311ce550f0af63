"""Access to the arrays of a record: the plane, the frames on it, and other recorded observables."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from wganstudio.figures.grid import PlaneGrid
from wganstudio.figures.types import Float
from wganstudio.session import RunRecord
from wganstudio.training.events import Fields, Promises, Scene, Slopes

E = TypeVar("E", Fields, Slopes)


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
    """Arrays of this step."""
    newest: bool
    """True for the newest frame of the record."""

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
    frame = recorded_at(record, step, record.frame, record.frames)
    return None if record.scene is None or frame is None else _plane_frame(record, record.scene, frame)


def recorded_frames(record: RunRecord) -> list[PlaneFrame]:
    """Return the recorded frames of a run, by step."""
    if record.scene is None:
        return []
    return [_plane_frame(record, record.scene, record.frames[step]) for step in sorted(record.frames)]


def gradient_norms_at(record: RunRecord, step: int | None = None) -> Slopes | None:
    """Return the newest gradient norms of a run, or those at a step; None where none were measured."""
    if record.slopes is None:
        return None
    return recorded_at(record, step, record.slopes, record.kept_slopes)


def theory_checks_at(record: RunRecord, step: int | None = None) -> Promises | None:
    """Return the last theory checks up to a step (default: the newest); None without any."""
    steps = [one for one in record.promises if step is None or one <= step]
    return record.promises[max(steps)] if steps else None


def recorded_at(record: RunRecord, step: int | None, newest: E | None, recorded: Mapping[int, E]) -> E | None:
    """Return the newest event, or the one recorded at a step; raise NoSuchStep if there is none."""
    if step is None or (newest is not None and newest.step == step):
        return newest
    if step not in recorded:
        steps = ", ".join(f"{one:,}" for one in sorted(recorded)) or "none"
        raise NoSuchStep(f"{record.name!r} has no recorded frame at step {step:,}; recorded steps: {steps}.")
    return recorded[step]


def _plane_frame(record: RunRecord, scene: Scene, frame: Fields) -> PlaneFrame:
    plane = scene.arrays
    y = plane["y"] if len(plane["axes"]) == 2 else np.empty(0, np.float32)
    grid = PlaneGrid(plane["x"], y, scene.labels, len(plane["origin"]))
    newest = frame is record.frame
    return PlaneFrame(frame.step, grid, scene.sigma_method, plane, frame.arrays, newest)
