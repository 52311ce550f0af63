"""Slope: how |grad u| is spread over P, Q and sigma, between the bounds of the Lipschitz constant."""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from wganstudio.figures.plane import Float, Range, Table, kept_at, round_up, settings_text
from wganstudio.session import RunRecord
from wganstudio.training.events import Lipschitz, Slopes

LAWS = {"p": "P", "q": "Q", "sigma": "σ"}
BOUNDS = {"empirical": ("≥", "pairs"), "largest_slope": ("≥", "|∇u|"), "certified": ("≤", "certified")}
X_LABEL, Y_LABEL = "|∇u|", "density"
FAR = 1.6
"""So many times as far as the samples reach, a certified bound is still drawn; beyond it is only named."""


@dataclass(frozen=True, eq=False)
class NormHistogram:
    """|grad u| under one law: the share of its samples in each bin, and their density."""

    law: str
    shares: Float
    density: Float
    """Of the bins but the last, which has no end."""

    @property
    def label(self) -> str:
        """What the legend says."""
        return LAWS[self.law]


@dataclass(frozen=True)
class Mark:
    """A bound of the Lipschitz constant."""

    name: str
    value: float

    @property
    def text(self) -> str:
        """Which side it bounds, and where it is from."""
        sign, source = BOUNDS[self.name]
        return f"{sign} {self.value:.4g} ({source})"


@dataclass(frozen=True, eq=False)
class GradientNorms:
    """Histograms of |grad u| at samples of P, Q and sigma, and what bounds the Lipschitz constant."""

    name: ClassVar[str] = "slope"

    step: int
    edges: Float
    """Of the bins; the last is infinite."""
    spreads: tuple[NormHistogram, ...]
    marks: tuple[Mark, ...]
    logarithmic: bool
    """Whether the densities are."""
    remarks: tuple[str, ...]
    title: str
    caption: str
    x_range: Range
    y_range: Range

    @classmethod
    def of(cls, record: RunRecord, step: int | None = None, *, logarithmic: bool = False) -> Self | None:
        """What a run shows at a kept step, by default the newest; None where no slopes were measured."""
        of_before = record.slopes is None
        slopes = None if of_before else kept_at(record, step, record.slopes, record.kept_slopes)
        if slopes is None:
            return None
        edges = np.asarray(slopes.arrays["edges"], float)
        spreads = tuple(_spread(law, slopes, edges) for law in LAWS)
        known = slopes.lipschitz
        reach = round_up(max(known.largest_slope, known.empirical, 1.9) * 1.05)
        if known.certified is not None and reach < known.certified <= FAR * reach:
            reach = 1.05 * known.certified
        return cls(
            step=slopes.step,
            edges=edges,
            spreads=spreads,
            marks=_marks(known),
            logarithmic=logarithmic,
            remarks=(bounded(known), _above(edges, spreads)),
            title=f"|∇u| under P, Q and σ after {slopes.step:,} steps",
            caption=_caption(record, known),
            x_range=(0.0, reach),
            y_range=_heights(spreads, logarithmic),
        )

    @property
    def steps(self) -> Float:
        """The edges between which there is a density."""
        return self.edges[:-1]

    @property
    def floor(self) -> float:
        """What an empty bin is drawn at: 0, or on a logarithmic axis far out of sight."""
        return 1e-3 * self.y_range[0] if self.logarithmic else 0.0

    def bin(self, slope: float) -> Range:
        """The bin in which a slope of 0 or more lies."""
        index = self._index(slope)
        return float(self.edges[index]), float(self.edges[index + 1])

    def readout(self, slope: float, near: float = 0.0) -> str | None:
        """The shares of the bin in which a slope lies, and the bounds that are near; None for no slope."""
        if slope < 0:
            return None
        index, (low, high) = self._index(slope), self.bin(slope)
        parts = [f"|∇u| {low:.3g} to {high:.3g}:"]
        parts += [f"{one.label} {100 * one.shares[index]:.1f} %" for one in self.spreads]
        parts += [mark.text for mark in self.marks if abs(mark.value - slope) <= near]
        return "   ".join(parts)

    def _index(self, slope: float) -> int:
        return int(np.searchsorted(self.edges, slope, side="right")) - 1

    def tables(self) -> dict[str, Table]:
        """The histograms bin by bin, and the bounds."""
        table: Table = {"low": self.edges[:-1], "high": self.edges[1:]}
        for one in self.spreads:
            table[f"{one.law}_share"] = one.shares
        names, values = zip(*((mark.name, mark.value) for mark in self.marks), strict=True)
        return {"": table, "lipschitz": {"bound": np.array(names), "value": np.array(values)}}


def bounded(known: Lipschitz) -> str:
    """What is known of the Lipschitz constant, in words."""
    above = (
        "the architecture certifies no upper bound"
        if known.certified is None
        else f"at most {known.certified:.4g}, certified by the architecture"
    )
    return (
        f"Lipschitz constant: at least {known.largest_slope:.4g} (largest |∇u| at a sample) and "
        f"{known.empirical:.4g} (pairs of samples of P and Q); {above}"
    )


def _marks(known: Lipschitz) -> tuple[Mark, ...]:
    return tuple(Mark(name, value) for name in BOUNDS if (value := getattr(known, name)) is not None)


def _spread(law: str, slopes: Slopes, edges: Float) -> NormHistogram:
    shares = np.asarray(slopes.arrays[law], float)
    return NormHistogram(law, shares, shares[:-1] / np.diff(edges[:-1]))


def _heights(spreads: tuple[NormHistogram, ...], logarithmic: bool) -> Range:
    densities = np.concatenate([one.density for one in spreads])
    top = float(densities.max()) or 1.0
    least = float(densities[densities > 0].min(initial=top))
    return (0.5 * least, 2.0 * top) if logarithmic else (0.0, 1.08 * top)


def _above(edges: Float, spreads: tuple[NormHistogram, ...]) -> str:
    """The share of each law that is steeper than the bin that holds 1."""
    first = int(np.searchsorted(edges, 1.0, side="right"))
    shares = ", ".join(f"{one.label} {100 * one.shares[first:].sum():.1f} %" for one in spreads)
    return f"steeper than {edges[first]:.3g}: {shares}"


def _caption(record: RunRecord, known: Lipschitz) -> str:
    return (
        f"{record.name}. Histograms of the length of the critic's gradient at samples of P, of Q and of σ; "
        f"red: |∇u| = 1. {bounded(known)}. {settings_text(record)}"
    )
