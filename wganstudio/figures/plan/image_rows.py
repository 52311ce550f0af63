"""Rows of images: a generated image and the data images that receive its mass, with bars for the shares."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from wganstudio.experiment.value_texts import counted
from wganstudio.figures.samples.gallery import coordinate_columns, gray_range, to_rgba
from wganstudio.figures.types import Float, Range, Table

BAR = (213, 94, 0, 255)
BAR_BACKGROUND = (128, 128, 128, 90)


@dataclass(frozen=True, eq=False)
class ImageRows:
    """One row per generated image, in two blocks side by side; lengths are in pixels of the images."""

    sources: Float
    """Generated images [k, D]."""
    partners: Float
    """Data images [k, m, D]; the first receives the most."""
    shares: Float
    """Shares [k, m] of the mass."""
    pixels: NDArray[np.uint8]
    """The composed image in red, green, blue and opacity [h, w, 4], the lowest row first."""
    corners: Float
    """Lower left corners of the images [k, m + 1, 2], that of the source first."""
    size: tuple[int, int]
    """Width and height of each image with its bar."""
    rows: tuple[tuple[float, str], ...] = ()

    @classmethod
    def from_images(cls, sources: Float, partners: Float, shares: Float, shape: tuple[int, int, int]) -> Self:
        """Compose images of `shape`: channels, height and width."""
        _, high, wide = shape
        scale = gray_range(partners)
        gap, bar = max(1, wide // 8), max(1, high // 10)
        tall = high + bar + 1
        lines = -(-len(sources) // 2)
        block = (partners.shape[1] + 1) * (wide + gap) + 2 * gap
        across = min(2, len(sources)) * block + 2 * gap
        canvas = np.zeros((lines * (tall + gap), across, 4), np.uint8)
        corners = np.empty((len(sources), partners.shape[1] + 1, 2))
        for number, source in enumerate(sources):
            second, line = divmod(number, lines)
            bottom = (lines - 1 - line) * (tall + gap)
            for place, image in enumerate((source, *partners[number])):
                left = second * (block + 2 * gap) + place * (wide + gap) + (2 * gap if place else 0)
                corners[number, place] = left, bottom
                canvas[bottom + bar + 1 : bottom + tall, left : left + wide] = to_rgba(image, shape, scale)[
                    ::-1
                ]
                if place:
                    canvas[bottom : bottom + bar, left : left + wide] = BAR_BACKGROUND
                    filled = max(1, round(wide * float(shares[number, place - 1])))
                    canvas[bottom : bottom + bar, left : left + filled] = BAR
        return cls(sources, partners, shares, canvas, corners, (wide, tall))

    @property
    def x_range(self) -> Range:
        """Horizontal range of the whole image, with a margin."""
        width = self.pixels.shape[1]
        return -0.02 * width, 1.02 * width

    @property
    def y_range(self) -> Range:
        """Vertical range of the whole image, with a margin."""
        height, margin = self.pixels.shape[0], 0.02 * self.pixels.shape[1]
        return -margin, height + margin

    def pick(self, x: float, y: float) -> tuple[int, int] | None:
        """Return row and column of the image at (x, y), column 0 for the source; None outside."""
        inside = ((self.corners <= (x, y)) & (self.corners + self.size > (x, y))).all(axis=2)
        places = np.argwhere(inside)
        return (int(places[0, 0]), int(places[0, 1])) if len(places) else None

    def describe(self, place: tuple[int, int]) -> str:
        """Return one line of text on an image."""
        row, number = place
        if number == 0:
            total = self.shares[row].sum()
            return f"image {row + 1}: {total:.0%} of its mass goes to the images beside it"
        share, displacement = self.shares[row, number - 1], self.partners[row, number - 1] - self.sources[row]
        distance = np.linalg.norm(displacement)
        return f"receives {share:.1%} of the mass of image {row + 1}, at distance {distance:.4g}"

    @property
    def caption_text(self) -> str:
        """Description of the drawing for a caption."""
        return (
            f"{counted(len(self.sources), 'point')} of Q as images, each beside the {self.shares.shape[1]} "
            "data images that receive most of its mass; bars: their shares."
        )

    def tables(self) -> dict[str, Table]:
        """Return the shares, and the images pixel by pixel."""
        count, partners = self.shares.shape
        number = np.repeat(np.arange(1, count + 1), partners)
        flat = self.partners.reshape(count * partners, -1)
        return {
            "": {"image": number, "share": self.shares.ravel()} | coordinate_columns(flat),
            "sources": {"image": np.arange(1, count + 1)} | coordinate_columns(self.sources),
        }
