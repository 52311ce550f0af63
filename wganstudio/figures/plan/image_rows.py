"""Strips: generated images, and beside each the data images that take its mass, with bars for how much."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from wganstudio.figures.plane import Float, Range, Table
from wganstudio.figures.samples.gallery import colored, columns, scale_of

BAR = (213, 94, 0, 255)
TROUGH = (128, 128, 128, 90)


@dataclass(frozen=True, eq=False)
class Strips:
    """A row an image, in two blocks side by side; lengths are in pixels of the images."""

    sources: Float
    """[k, D]."""
    partners: Float
    """[k, m, D], the first takes the most."""
    shares: Float
    """[k, m]."""
    pixels: NDArray[np.uint8]
    """All of them as one image, red, green, blue and opacity [h, w, 4], the lowest row first."""
    corners: Float
    """The lower left corner of every image [k, m + 1, 2], the source's first."""
    size: tuple[int, int]
    """Width and height of each, with its bar."""
    rows: tuple[tuple[float, str], ...] = ()

    @classmethod
    def of(cls, sources: Float, partners: Float, shares: Float, shape: tuple[int, int, int]) -> Self:
        """Images of `shape`, channels, height and width."""
        _, high, wide = shape
        scale = scale_of(partners)
        gap, bar = max(1, wide // 8), max(1, high // 10)
        tall = high + bar + 1
        lines = -(-len(sources) // 2)
        block = (partners.shape[1] + 1) * (wide + gap) + 2 * gap
        across = min(2, len(sources)) * block + 2 * gap
        ground = np.zeros((lines * (tall + gap), across, 4), np.uint8)
        corners = np.empty((len(sources), partners.shape[1] + 1, 2))
        for number, source in enumerate(sources):
            second, line = divmod(number, lines)
            bottom = (lines - 1 - line) * (tall + gap)
            for place, image in enumerate((source, *partners[number])):
                left = second * (block + 2 * gap) + place * (wide + gap) + (2 * gap if place else 0)
                corners[number, place] = left, bottom
                ground[bottom + bar + 1 : bottom + tall, left : left + wide] = colored(image, shape, scale)[
                    ::-1
                ]
                if place:
                    ground[bottom : bottom + bar, left : left + wide] = TROUGH
                    filled = max(1, round(wide * float(shares[number, place - 1])))
                    ground[bottom : bottom + bar, left : left + filled] = BAR
        return cls(sources, partners, shares, ground, corners, (wide, tall))

    @property
    def x_range(self) -> Range:
        """All that there is, across, with a margin."""
        width = self.pixels.shape[1]
        return -0.02 * width, 1.02 * width

    @property
    def y_range(self) -> Range:
        """All that there is, upwards, with a margin."""
        height, margin = self.pixels.shape[0], 0.02 * self.pixels.shape[1]
        return -margin, height + margin

    def at(self, x: float, y: float) -> tuple[int, int] | None:
        """Which image is at a place: the row, and its number there, 0 for the source."""
        inside = ((self.corners <= (x, y)) & (self.corners + self.size > (x, y))).all(axis=2)
        found = np.argwhere(inside)
        return (int(found[0, 0]), int(found[0, 1])) if len(found) else None

    def told(self, place: tuple[int, int]) -> str:
        """One line on an image."""
        row, number = place
        if number == 0:
            taken = self.shares[row].sum()
            return f"image {row + 1}: {taken:.0%} of its mass goes to the images beside it"
        share, away = self.shares[row, number - 1], self.partners[row, number - 1] - self.sources[row]
        return f"takes {share:.1%} of the mass of image {row + 1}, {np.linalg.norm(away):.4g} from it"

    @property
    def words(self) -> str:
        """What is drawn, for a caption."""
        return (
            f"{len(self.sources)} points of Q as images, beside each the {self.shares.shape[1]} data images "
            "that take most of its mass; the bars are their shares."
        )

    def tables(self) -> dict[str, Table]:
        """The shares, and the images pixel by pixel."""
        count, partners = self.shares.shape
        number = np.repeat(np.arange(1, count + 1), partners)
        flat = self.partners.reshape(count * partners, -1)
        return {
            "": {"image": number, "share": self.shares.ravel()} | columns(flat),
            "sources": {"image": np.arange(1, count + 1)} | columns(self.sources),
        }
