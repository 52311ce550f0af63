"""Sizes of networks and of what a run does with them, from the options alone: in float32 numbers."""

import itertools
import math
from dataclasses import dataclass

KERNEL = 4
"""Rows and columns of the kernels of all convolutions."""
CHUNK = 1 << 11
"""Points at a time in estimates from many samples."""
TABLE = 1 << 24
"""Entries of the largest table of costs between samples and data points."""
TRANSPORT = 14
"""Size of an exact transport: float32 numbers for each pair of points."""


@dataclass(frozen=True)
class NetworkSize:
    """The size of a network."""

    weights: int
    """Trained numbers."""
    units: int
    """Numbers that a pass keeps for each point, so that it can be differentiated."""
    shared: int = 0
    """Numbers that a pass keeps whatever the number of points, such as transformed weights."""

    def passes(self, points: int, times: float = 1.0) -> int:
        """Return the numbers that `times` passes of as many points keep together."""
        return int(times * (points * self.units + self.shared))


@dataclass(frozen=True)
class PairSize:
    """The size of a pair."""

    dim: int
    rows: int | None = None
    """Rows of data; None for distributions that are not data."""


@dataclass(frozen=True)
class Workload:
    """The networks that a solver trains, and the number of points in a step."""

    critic: NetworkSize
    pair: PairSize
    batch: int
    final_samples: int
    images: bool = False
    """The critic is made of convolutions."""

    @property
    def dim(self) -> int:
        """Dimension of the points."""
        return self.pair.dim


def perceptron(*widths: int, kept: float = 1.0) -> NetworkSize:
    """Return the size of fully connected layers; `kept` numbers stay for each unit of a pass."""
    pairs = list(itertools.pairwise(widths))
    return NetworkSize(sum((a + 1) * b for a, b in pairs), int(widths[0] + kept * sum(widths[1:])))


def halving_convolutions(
    dim: int, channels: int | None, width: int, depth: int | None, kept: float = 1.0
) -> NetworkSize:
    """Return the size of convolutions that halve an image, each twice as wide as the one before."""
    channels, side = image_shape(dim, channels)
    depth = halvings(side, depth)
    maps = [channels, *(width << k for k in range(depth))]
    weights = sum(KERNEL * KERNEL * a * b for a, b in itertools.pairwise(maps))
    units = sum((width << k) * (side >> k + 1) ** 2 for k in range(depth))
    return NetworkSize(weights + maps[-1] * (side >> depth) ** 2, int(dim + kept * units))


def u_net(dim: int, width: int, depth: int) -> NetworkSize:
    """Return the size of a network that halves an image and doubles it again."""
    channels, side = image_shape(dim, None)
    depth = halvings(side, depth)
    weights, units, above = (width + channels) * channels * 9, 3 * dim, channels
    for k in range(depth):
        here, up = width << k, width << max(k - 1, 0)
        weights += KERNEL**2 * (above * here + 2 * here * up)
        units += here * (side >> k + 1) ** 2 + 3 * up * (side >> k) ** 2
        above = here
    return NetworkSize(weights, units)


def table_size(points: int, others: int, dim: int) -> int:
    """Return the size of the costs between points and others, in tables of bounded size."""
    return 4 * min(points * others, max(TABLE, others)) + 2 * (points + others) * dim


def image_shape(dim: int, channels: int | None) -> tuple[int, int]:
    """Return the channels and the rows of a square image of D values, or of the smallest that holds them."""
    if channels is None:
        channels = 1 if math.isqrt(dim) ** 2 == dim or dim % 3 else 3
    return channels, max(2, math.isqrt(dim // channels))


def halvings(side: int, depth: int | None) -> int:
    """Return how often an image is halved: as given, otherwise until it is less than 8 pixels wide."""
    most = side.bit_length() - 1
    return min(depth or max(1, (side // 4).bit_length() - 1), most)
