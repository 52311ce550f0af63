"""The flow inside cells from the mean of P - Q to its density: its mean and greatest length are known."""

from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class InnerFlowCost(NamedTuple):
    """Bounds of what the inner flow c adds to a flow w.

    To INT |w|, to INT |w|^2 / sigma, and how much the latter exceeds the true value at most.
    """

    length: float
    congestion: float
    excess: float


@dataclass(frozen=True)
class InnerFlow:
    """A flow c inside each cell [N, M], with no flux through its sides and P - Q less its mean as divergence.

    It goes along x to the mean over y, then along y. Where the density varies by r over a cell of side a,
    neither part is longer than a r / 4; the mean of c is minus the first moment of P - Q about the middle.
    """

    along_x: Floats
    along_y: Floats
    """Means over the cells."""
    longest: Floats
    """Bound of |c|."""

    @classmethod
    def from_masses(cls, corners: Floats, variation: Floats, step: float) -> Self:
        """Return the flow for corner masses [N, M, 2, 2] of P - Q and the range [N, M] of its density."""
        along_x, along_y = (
            -(part[:, :, 1] - part[:, :, 0]) / (2 * step)
            for part in (corners.sum(axis=3), corners.sum(axis=2))
        )
        return cls(along_x, along_y, np.sqrt(0.125) * step * variation)

    def cost(
        self, at_low: tuple[Floats, Floats], at_high: tuple[Floats, Floats], sigma: Floats, area: float
    ) -> InnerFlowCost:
        """Return the cost beside a flow w, each of whose components is linear in its own coordinate.

        Parameters
        ----------
        at_low, at_high : pairs of arrays [N, M]
            w at the lower and at the upper corner of each cell.
        sigma : array [N, M]
        area : float
            Area of a cell.
        """
        middle = [(a + b) / 2 for a, b in zip(at_low, at_high, strict=True)]
        swing = np.hypot(*((b - a) / 2 for a, b in zip(at_low, at_high, strict=True)))
        size, most = np.hypot(*middle), self.longest
        along = (
            middle[0] * self.along_x + middle[1] * self.along_y
        )  # INT w . c over a cell is this in the middle
        least = size - swing
        steady = least > 2 * most
        divisor = np.where(steady, least, 1.0)
        # |w + c| <= |w| + w . c / |w| + |c|^2 / (2 |w|)
        straight = along / np.where(steady, size, 1.0) + most * (2 * swing + most / 2) / divisor
        length = np.where(steady, np.minimum(straight, most), most)
        over = np.divide(area, sigma, out=np.zeros_like(sigma), where=(sigma > 0) & (most > 0))
        congestion = (2 * along + 2 * swing * most + most**2) * over
        return InnerFlowCost(
            float(length.sum()) * area,
            float(congestion.sum()),
            float(((4 * swing * most + 2 * most**2) * over).sum()),
        )
