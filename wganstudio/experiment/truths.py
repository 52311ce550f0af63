"""Options of the built-in truths: how the reference costs are computed."""

from typing import ClassVar, Literal

from wganstudio.experiment.options import TruthOptions, option
from wganstudio.experiment.registry import register
from wganstudio.experiment.sizes import TRANSPORT, PairSize

PER_CELL = 400
"""Size of a grid: float32 numbers for each cell."""
CELLS_IN_A_SECOND = 132
"""Cells along a side of the finest grid that one second allows; the time is quadratic in them."""


class SampleTruthOptions(TruthOptions):
    """Bounds from exact discrete transport between samples."""

    samples: int = option(
        1024,
        "Samples",
        "Points of each distribution in one exact discrete transport; more give tighter bounds.",
        ge=16,
        le=16384,
        unit="points",
    )
    repeats: int = option(8, "Repeats", "Independent draws the bounds are averaged over.", ge=2, le=1000)
    confidence: float = option(
        3.0,
        "Confidence",
        "Standard errors added on either side of what is estimated from samples.",
        gt=0,
        le=10,
        unit="standard errors",
    )
    seed: int = option(0, "Seed", "Seed of the samples the truth is computed from.", ge=0, le=2**31 - 1)
    size_fields: ClassVar[tuple[str, ...]] = ("samples",)

    def size(self, pair: PairSize) -> int:
        """Return the size of an exact transport between the samples, and of fresh ones."""
        return TRANSPORT * self.samples**2 + 8 * self.samples * pair.dim * 4


class GridOptions(TruthOptions):
    """Resolution and stopping rule of the grid of the plane."""

    tolerance: float = option(
        0.001,
        "Tolerance",
        "Width of the bracket of the congested cost, relative to it, at which the grid is fine enough; "
        "20 times that of the gap limit's.",
        gt=0,
        le=0.5,
    )
    cells: int = option(
        512,
        "Cells",
        "Cells of the finest grid along its longer side; 256 take seconds, 1024 a minute and 3 GB.",
        ge=16,
        le=2048,
        unit="cells",
    )
    seconds: float = option(
        20.0,
        "Time limit",
        "Start no finer grid that would finish later.",
        gt=0,
        le=86400,
        unit="s",
    )
    size_fields: ClassVar[tuple[str, ...]] = ("cells",)

    def size(self, pair: PairSize) -> int:
        """Return the size of the finest grid that the time allows; there are grids in the plane only."""
        return PER_CELL * min(self.cells, int(CELLS_IN_A_SECOND * self.seconds**0.5)) ** 2 * (pair.dim == 2)


@register
class BestAvailableOptions(SampleTruthOptions, GridOptions):
    """The best available method: plan or closed form, in the plane a certified grid, otherwise samples."""

    title: ClassVar[str] = "Best available"
    summary: ClassVar[str] = (
        "A known plan or a closed form where there is one, in the plane brackets from a certified grid, "
        "otherwise bounds from samples."
    )
    implementation: ClassVar[str] = "wganstudio.truths.best:BestAvailable"

    kind: Literal["best"] = "best"
    size_fields: ClassVar[tuple[str, ...]] = ("samples", "cells")

    def size(self, pair: PairSize) -> int:
        """Return the size of the largest of the methods."""
        return max(SampleTruthOptions.size(self, pair), GridOptions.size(self, pair))


@register
class FromSamplesOptions(SampleTruthOptions):
    """Bounds from samples, even where more is known."""

    title: ClassVar[str] = "Bounds from samples"
    summary: ClassVar[str] = "Upper and lower bound of W1 from exact discrete transport between samples."
    implementation: ClassVar[str] = "wganstudio.truths.samples:SampleTruth"

    kind: Literal["samples"] = "samples"


@register
class GridTruthOptions(GridOptions):
    """Certified congested transport in the plane, even where more is known (arXiv 2109.00528, Theorem 1)."""

    title: ClassVar[str] = "Certified grid"
    summary: ClassVar[str] = (
        "All three costs in the plane, bracketed by a potential and a flow on a grid that is refined."
    )
    source: ClassVar[str] = "Milne, Nachman, arXiv 2109.00528"
    implementation: ClassVar[str] = "wganstudio.truths.grid.reference:GridTruth"

    kind: Literal["grid"] = "grid"
