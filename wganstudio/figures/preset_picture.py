"""PresetPicture: a small picture of a preset's run, as bytes that are drawn in the colors of any theme."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from wganstudio.figures.frames import PlaneFrame, recorded_frames
from wganstudio.figures.types import Float
from wganstudio.session import RunRecord

FRAMES = 8
SAMPLES = 160
LONGER_SIDE = 40
"""Points of the critic on the longer side of the plane."""
COLUMNS = 6
"""Images in each row."""

Bytes = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class PresetPicture:
    """Frames of a run: the critic with samples of P and Q, or rows of images.

    Positions are given in 255ths of the plane, x to the right and y upward.
    """

    critic: Bytes
    """The critic [F, h, w], from its lowest value in the frame, 0, to its highest, 255; h = 1 on the line;
    [F, 0, 0] where images are shown."""
    p: Bytes
    """Samples of P [n, 2]."""
    q: Bytes
    """Samples of Q [F, n, 2], or [1, n, 2] where Q stays."""
    images: Bytes
    """Gray images [F, h, w], the upper row of P, the lower one of Q; [F, 0, 0] where there are none."""
    aspect: Float
    """Width of the plane by its height [1]."""

    @property
    def frames(self) -> int:
        """The number of frames."""
        return len(self.critic)

    @classmethod
    def from_record(cls, record: RunRecord, images: tuple[Float, Float] | None = None) -> Self:
        """Return the picture of a finished run; `images` are samples of P and Q [n, D] where they are images.

        Images of Q that a generator makes are those of the frames.
        """
        frames = _thinned(recorded_frames(record))
        last = frames[-1]
        nothing = np.zeros((len(frames), 0, 0), np.uint8)
        if images is not None and last.image_shape is not None:
            montages = [_montage(images[0], f.arrays.get("generated", images[1]), last) for f in frames]
            none = np.zeros((0, 2), np.uint8)
            return cls(nothing, none, none[None], np.stack(montages), np.ones(1))
        left, right, bottom, top = last.grid.extent
        low, size = np.array([left, bottom]), np.array([right - left, top - bottom])
        moved = [frame["samples_q"] for frame in frames if "samples_q" in frame]
        p, *q = (_positions(samples, low, size) for samples in (last.plane["samples_p"], *moved))
        q = q or [_positions(last.plane["samples_q"], low, size)]
        critic = np.stack([_gray(_coarse(frame["u"])) for frame in frames])
        return cls(critic, p, np.stack(q), nothing, np.array([size[0] / size[1]]))

    def save(self, path: Path) -> None:
        """Write the arrays to a file."""
        np.savez_compressed(path, **{field.name: getattr(self, field.name) for field in fields(self)})

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the arrays from a file."""
        with np.load(path, allow_pickle=False) as arrays:
            return cls(**{field.name: arrays[field.name] for field in fields(cls)})


def _thinned(frames: Sequence[PlaneFrame]) -> list[PlaneFrame]:
    """Return at most FRAMES frames, the last one among them."""
    chosen = np.unique(np.linspace(0, len(frames) - 1, min(FRAMES, len(frames))).round().astype(int))
    return [frames[at] for at in chosen]


def _coarse(field: Float) -> Float:
    """Return every k-th value of a field, [1, w] on the line."""
    field = np.atleast_2d(field)
    step = -(-max(field.shape) // LONGER_SIDE)
    return field[::step, ::step]


def _gray(values: Float) -> Bytes:
    low, high = float(values.min()), float(values.max())
    return np.round((values - low) / (high - low or 1) * 255).astype(np.uint8)


def _positions(samples: Float, low: Float, size: Float) -> Bytes:
    """Return samples [n, K] in 255ths of the plane; on the line the second coordinate is 0."""
    samples = np.asarray(samples, float)[:SAMPLES]
    plane = np.zeros((len(samples), 2))
    plane[:, : samples.shape[1]] = (samples - low[: samples.shape[1]]) / size[: samples.shape[1]]
    return np.round(np.clip(plane, 0, 1) * 255).astype(np.uint8)


def _montage(p: Float, q: Float, frame: PlaneFrame) -> Bytes:
    """Return a row of images of P above one of images of Q, with a gap between all."""
    shape = frame.image_shape
    assert shape is not None
    low, high = float(p.min()), float(p.max())
    rows = []
    for images in (p, q):
        gray = np.clip((images[:COLUMNS] - low) / (high - low or 1), 0, 1).reshape(-1, *shape).mean(axis=1)
        rows.append(np.concatenate([np.pad(one, 1) for one in gray], axis=1))
    return np.round(np.concatenate(rows) * 255).astype(np.uint8)
