"""|grad u| at samples of sigma, for D > 2: its mean over the cells of the plane, and sigma at each sample."""

from dataclasses import dataclass, replace

import numpy as np

from wganstudio.figures.grid import PlaneGrid
from wganstudio.figures.types import Float

CELLS = 24
"""Cells along the longer side of the plane."""


@dataclass(frozen=True, eq=False)
class SampledNorms:
    """|grad u| at samples of sigma, on the plane onto which they are projected."""

    grid: PlaneGrid
    """The centers of the cells."""
    mean: Float
    """Mean of |grad u| in each cell; NaN where no sample lies."""
    counts: Float
    """Number of samples in each cell."""
    sigma: Float
    """The marginal of sigma at the projection of each sample on the plane, [k]."""
    norms: Float
    """|grad u| at these samples, [k]."""

    def at(self, x: float, y: float) -> tuple[float, int]:
        """Return the mean and the number of samples of the cell that contains a point of the plane."""
        row, column = int(_nearest(self.grid.y, np.array(y))), int(_nearest(self.grid.x, np.array(x)))
        return float(self.mean[row, column]), int(self.counts[row, column])


@dataclass(frozen=True)
class SampledReadout:
    """The samples of sigma about one point of the plane."""

    x: tuple[float, ...]
    """The coordinates that are drawn."""
    point: str
    """The coordinates of the experiment."""
    slope: float
    """Mean of |grad u| over the samples of the cell; NaN without any."""
    count: int
    sigma: float

    @property
    def text(self) -> str:
        """One line of text."""
        samples = "sample" if self.count == 1 else "samples"
        mean = f"mean |∇u| = {self.slope:.3f} ({self.count} {samples})" if self.count else "no sample of σ"
        return f"x = {self.point}    {mean}    σ (marginal) = {self.sigma:.3g}"


def sampled_norms(grid: PlaneGrid, sigma: Float, points: Float, norms: Float) -> SampledNorms:
    """Return the norms [k] at points [k, 2] of the plane, with the field sigma on the grid."""
    cells = _cells(grid)
    left, right, bottom, top = grid.extent
    shape, box = (len(cells.y), len(cells.x)), ((bottom, top), (left, right))
    across, up = points.T.astype(float)
    counts, total = (
        np.histogram2d(up, across, shape, box, weights=weights)[0] for weights in (None, norms.astype(float))
    )
    mean = np.divide(total, counts, out=np.full(shape, np.nan), where=counts > 0)
    inside = (across >= left) & (across <= right) & (up >= bottom) & (up <= top)
    return SampledNorms(
        grid=cells,
        mean=mean,
        counts=counts,
        sigma=sigma[_nearest(grid.y, up[inside]), _nearest(grid.x, across[inside])],
        norms=norms[inside],
    )


def _cells(grid: PlaneGrid) -> PlaneGrid:
    """Return cells of nearly equal sides that cover the plane."""
    left, right, bottom, top = grid.extent
    side = max(right - left, top - bottom) / CELLS
    x, y = (_centers(low, high, side) for low, high in ((left, right), (bottom, top)))
    return replace(grid, x=x, y=y)


def _centers(low: float, high: float, side: float) -> Float:
    count = max(2, round((high - low) / side))
    return low + (np.arange(count) + 0.5) * (high - low) / count


def _nearest(ticks: Float, at: Float) -> Float:
    spacing = float(ticks[-1] - ticks[0]) / (len(ticks) - 1)
    return np.clip(np.round((at - float(ticks[0])) / spacing), 0, len(ticks) - 1).astype(int)
