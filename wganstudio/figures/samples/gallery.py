"""Gallery of generated images, each above the nearest training image."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from wganstudio.figures.types import Float, Range, Table

GENERATED, NEAREST = "generated", "nearest"


@dataclass(frozen=True, eq=False)
class Gallery:
    """Images in rows on a transparent backcanvas; lengths are in pixels of the images."""

    generated: Float
    """Generated images [k, D]."""
    nearest: Float | None
    """The training image nearest to each [k, D]; None where P has no training images."""
    distances: Float
    """Distance of each to that image [k]; empty where there is none."""
    pixels: NDArray[np.uint8]
    """The composed image in red, green, blue and opacity [h, w, 4], the lowest row first."""
    rows: tuple[tuple[float, str], ...]
    """Height of the middle and name of each row."""
    corners: Float
    """Lower left corner of each image with its neighbor [k, 2]."""
    size: tuple[int, int]
    """Width and height of each image with its neighbor."""

    @classmethod
    def from_images(cls, generated: Float, nearest: Float | None, shape: tuple[int, int, int]) -> Self:
        """Compose images of `shape`: channels, height and width."""
        _, high, wide = shape
        scale = gray_range(generated if nearest is None else nearest)
        gap = max(1, wide // 8)
        columns = 9 if nearest is None else 12
        kinds = [(GENERATED, generated)] if nearest is None else [(GENERATED, generated), (NEAREST, nearest)]
        lines = -(-len(generated) // columns)
        each = len(kinds) * (high + gap) + (gap if nearest is not None else 0)  # pairs are further apart
        canvas = np.zeros((lines * each, min(columns, len(generated)) * (wide + gap), 4), np.uint8)
        corners, rows = np.empty((len(generated), 2)), []
        for line in range(lines):
            top = (lines - line) * each
            for place, (name, images) in enumerate(kinds):
                bottom = top - (place + 1) * (high + gap) + gap
                rows.append((bottom + high / 2, name))
                for column, image in enumerate(images[line * columns : (line + 1) * columns]):
                    left = column * (wide + gap)
                    canvas[bottom : bottom + high, left : left + wide] = to_rgba(image, shape, scale)[::-1]
                    corners[line * columns + column] = left, bottom
        low = int(corners[:, 1].min())  # nothing below the last row, nor right of the last column
        corners[:, 1] -= low
        rows = [(middle - low, name) for middle, name in rows]
        distances = np.empty(0) if nearest is None else np.linalg.norm(generated - nearest, axis=1)
        size = wide, len(kinds) * (high + gap) - gap
        return cls(generated, nearest, distances, canvas[low:, :-gap], tuple(rows), corners, size)

    @property
    def extent(self) -> tuple[Range, Range]:
        """Horizontal and vertical range of the whole image, with a margin."""
        height, width = self.pixels.shape[:2]
        margin = 0.02 * width
        return (-margin, width + margin), (-margin, height + margin)

    def pick(self, x: float, y: float) -> int | None:
        """Return the image at (x, y), or the one whose neighbor is there; None outside."""
        inside = ((self.corners <= (x, y)) & (self.corners + self.size > (x, y))).all(axis=1)
        return int(np.argmax(inside)) if inside.any() else None

    def describe(self, number: int) -> str:
        """Return one line of text on an image."""
        distance = (
            f":  {self.distances[number]:.4g} from the nearest training image" if len(self.distances) else ""
        )
        return f"image {number + 1}{distance}"

    @property
    def summary(self) -> str:
        """Distances to the nearest training images in words."""
        if not len(self.distances):
            return "P has no training images to compare with"
        least, median = self.distances.min(), np.median(self.distances)
        return f"to the nearest training image: least {least:.3g}, median {median:.3g}"

    @property
    def caption_text(self) -> str:
        """Description of the drawing for a caption."""
        if self.nearest is None:
            return f"{len(self.generated)} generated images."
        return f"{len(self.generated)} generated images, each above the nearest training image."

    def tables(self) -> dict[str, Table]:
        """Return the images pixel by pixel, and their neighbors."""
        number = np.arange(1, len(self.generated) + 1)
        table: Table = {"image": number}
        if self.nearest is None:
            return {"": table | coordinate_columns(self.generated)}
        table["distance"] = self.distances
        return {
            "": table | coordinate_columns(self.generated),
            NEAREST: {"image": number} | coordinate_columns(self.nearest),
        }


def gray_range(data: Float) -> Range:
    """Return the values of black and white: -1 (0 for non-negative data) and 1, or the range of the data."""
    least, most = float(data.min()), float(data.max())
    return min(0.0 if 0 <= least < most else -1.0, least), max(1.0, most)


def to_rgba(image: Float, shape: tuple[int, int, int], scale: Range) -> NDArray[np.uint8]:
    """Return an image in red, green, blue and opacity [h, w, 4]; gray unless it has three channels."""
    low, high = scale
    shade = np.round(255 * np.clip((image.reshape(shape) - low) / (high - low), 0, 1))
    rgb = shade if len(shade) == 3 else np.repeat(shade[:1], 3, axis=0)
    opaque = np.full((1, *shape[1:]), 255.0)
    return np.moveaxis(np.concatenate((rgb, opaque)), 0, -1).astype(np.uint8)


def coordinate_columns(points: Float) -> Table:
    """Return the coordinates of points, one column each."""
    return {f"x{k + 1}": column for k, column in enumerate(points.T)}
