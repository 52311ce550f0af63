"""Gallery: images that a generator makes, each above the training image that is nearest to it."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from wganstudio.figures.plane import Float, Range, Table

MADE, NEAREST = "made", "nearest"


@dataclass(frozen=True, eq=False)
class Gallery:
    """Images in rows, on a ground that shows through between them; lengths are in pixels of theirs."""

    made: Float
    """What the generator makes [k, D]."""
    nearest: Float | None
    """Of the training images the nearest to each [k, D]; None where P has no images to name."""
    distances: Float
    """From each to that one [k]; none where there is none."""
    pixels: NDArray[np.uint8]
    """All of them as one image, red, green, blue and opacity [h, w, 4], the lowest row first."""
    rows: tuple[tuple[float, str], ...]
    """Where the middle of each row is, and what it shows."""
    corners: Float
    """The lower left corner of each image, its neighbor with it [k, 2]."""
    size: tuple[int, int]
    """Width and height of each, its neighbor with it."""

    @classmethod
    def of(cls, made: Float, nearest: Float | None, shape: tuple[int, int, int]) -> Self:
        """Images of `shape`, channels, height and width."""
        _, high, wide = shape
        scale = scale_of(made if nearest is None else nearest)
        gap = max(1, wide // 8)
        columns = 9 if nearest is None else 12
        kinds = [(MADE, made)] if nearest is None else [(MADE, made), (NEAREST, nearest)]
        lines = -(-len(made) // columns)
        each = len(kinds) * (high + gap) + (gap if nearest is not None else 0)  # pairs stand further apart
        ground = np.zeros((lines * each, min(columns, len(made)) * (wide + gap), 4), np.uint8)
        corners, rows = np.empty((len(made), 2)), []
        for line in range(lines):
            top = (lines - line) * each
            for place, (name, images) in enumerate(kinds):
                bottom = top - (place + 1) * (high + gap) + gap
                rows.append((bottom + high / 2, name))
                for column, image in enumerate(images[line * columns : (line + 1) * columns]):
                    left = column * (wide + gap)
                    ground[bottom : bottom + high, left : left + wide] = colored(image, shape, scale)[::-1]
                    corners[line * columns + column] = left, bottom
        low = int(corners[:, 1].min())  # nothing below the last row, nor right of the last column
        corners[:, 1] -= low
        rows = [(middle - low, name) for middle, name in rows]
        distances = np.empty(0) if nearest is None else np.linalg.norm(made - nearest, axis=1)
        size = wide, len(kinds) * (high + gap) - gap
        return cls(made, nearest, distances, ground[low:, :-gap], tuple(rows), corners, size)

    @property
    def extent(self) -> tuple[Range, Range]:
        """All that there is, across and upwards, with a margin."""
        height, width = self.pixels.shape[:2]
        margin = 0.02 * width
        return (-margin, width + margin), (-margin, height + margin)

    def at(self, x: float, y: float) -> int | None:
        """Which image is at a place, or whose neighbor."""
        inside = ((self.corners <= (x, y)) & (self.corners + self.size > (x, y))).all(axis=1)
        return int(np.argmax(inside)) if inside.any() else None

    def told(self, number: int) -> str:
        """One line on an image."""
        near = f"{self.distances[number]:.4g} from the nearest training image" if len(self.distances) else ""
        return f"image {number + 1}" + (f":  {near}" if near else "")

    @property
    def remark(self) -> str:
        """How near they are to what the generator was trained on."""
        if not len(self.distances):
            return "P names no training images to compare with"
        least, median = self.distances.min(), np.median(self.distances)
        return f"to the nearest training image: least {least:.3g}, median {median:.3g}"

    @property
    def words(self) -> str:
        """What is drawn, for a caption."""
        if self.nearest is None:
            return f"{len(self.made)} images that the generator makes."
        return (
            f"{len(self.made)} images that the generator makes, below each the training image nearest to it."
        )

    def tables(self) -> dict[str, Table]:
        """The images, pixel by pixel, and their neighbors."""
        number = np.arange(1, len(self.made) + 1)
        table: Table = {"image": number}
        if self.nearest is None:
            return {"": table | columns(self.made)}
        table["distance"] = self.distances
        return {"": table | columns(self.made), NEAREST: {"image": number} | columns(self.nearest)}


def scale_of(data: Float) -> Range:
    """What is black and what white: -1, or of data without negative numbers 0, and 1; or what lies beyond."""
    least, most = float(data.min()), float(data.max())
    return min(0.0 if 0 <= least < most else -1.0, least), max(1.0, most)


def colored(image: Float, shape: tuple[int, int, int], scale: Range) -> NDArray[np.uint8]:
    """One image as red, green, blue and opacity [h, w, 4]; gray unless there are three channels."""
    low, high = scale
    shade = np.round(255 * np.clip((image.reshape(shape) - low) / (high - low), 0, 1))
    rgb = shade if len(shade) == 3 else np.repeat(shade[:1], 3, axis=0)
    opaque = np.full((1, *shape[1:]), 255.0)
    return np.moveaxis(np.concatenate((rgb, opaque)), 0, -1).astype(np.uint8)


def columns(points: Float) -> Table:
    """Their numbers, one column a coordinate."""
    return {f"x{k + 1}": column for k, column in enumerate(points.T)}
