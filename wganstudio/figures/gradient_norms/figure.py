"""Gradient norms: the distribution of |grad u| over P, Q and sigma, with bounds of the Lipschitz constant."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

import numpy as np

from wganstudio.experiment.value_texts import counted
from wganstudio.figures.base import StepFigure
from wganstudio.figures.captions import settings_text
from wganstudio.figures.frames import gradient_norms_at
from wganstudio.figures.overlay import NO_OVERLAY, Overlay, OverlayCurve, overlay_of
from wganstudio.figures.ranges import round_up
from wganstudio.figures.registry import register_figure
from wganstudio.figures.types import Float, Range, Table
from wganstudio.session import RunRecord
from wganstudio.training.events import Lipschitz, Snapshot

DISTRIBUTIONS = {"p": "P", "q": "Q", "sigma": "σ"}
BOUNDS = {"empirical": ("≥", "pairs"), "largest_slope": ("≥", "|∇u|"), "certified": ("≤", "certified")}
X_LABEL, Y_LABEL = "|∇u|", "density"
MAX_EXTENSION = 1.6
"""Factor by which the axis extends beyond the samples to show a certified bound."""


@dataclass(frozen=True, eq=False)
class NormHistogram:
    """|grad u| under one distribution: the share of its samples in each bin, and their density."""

    distribution: str
    shares: Float
    density: Float
    """Density in all bins except the last, which is unbounded."""

    @property
    def label(self) -> str:
        """The entry of the legend."""
        return DISTRIBUTIONS[self.distribution]


@dataclass(frozen=True)
class LipschitzBound:
    """A bound of the Lipschitz constant."""

    name: str
    value: float

    @property
    def text(self) -> str:
        """The direction, value and source of the bound."""
        sign, source = BOUNDS[self.name]
        return f"{sign} {self.value:.4g} ({source})"


@register_figure
@dataclass(frozen=True, eq=False)
class GradientNorms(StepFigure):
    """Histograms of |grad u| at samples of P, Q and sigma, and bounds of the Lipschitz constant."""

    name: ClassVar[str] = "gradient_norms"
    position: ClassVar[int] = 50
    several: ClassVar[bool] = True
    formerly: ClassVar[str] = "slope"

    edges: Float
    """Edges of the bins; the last is infinite."""
    histograms: tuple[NormHistogram, ...]
    bounds: tuple[LipschitzBound, ...]
    logarithmic: bool
    """True for a logarithmic axis of densities."""
    summary_lines: tuple[str, ...]
    x_range: Range
    y_range: Range
    overlay: Overlay = NO_OVERLAY
    """The histograms of further runs, over the lower edges of the bins."""
    hidden: frozenset[str] = frozenset()
    """The distributions and the runs whose histograms are hidden."""

    @classmethod
    def from_records(
        cls,
        records: Sequence[RunRecord],
        step: int | None = None,
        among: Sequence[RunRecord] = (),
        **options: Any,
    ) -> Self | None:
        """Build the figure of the main run, with the histograms of the others at the same step.

        Of a run that has nothing at the step, its last histogram before that is shown.
        """
        figure = cls.from_record(records[0], step, among, **options)
        if figure is None:
            return None
        edges = figure.edges

        def read(record: RunRecord, name: str) -> tuple[Float, Float]:
            norms = _norms_until(record, step)
            if norms is None or not np.array_equal(norms.arrays["edges"], edges):
                return np.empty(0), np.empty(0)
            return edges[:-2], _histogram(name, norms, edges).density

        overlay = overlay_of(records, tuple(DISTRIBUTIONS), read)
        if overlay.main is not None:
            caption = f"{overlay.caption} {figure.caption}"
            figure = replace(figure, overlay=overlay, caption=caption)
        densities = [one.density for one in figure.shown_histograms]
        densities += [curve.values for curve in figure.shown_overlay]
        return replace(figure, y_range=_density_range(densities, figure.logarithmic)) if densities else figure

    @classmethod
    def from_record(
        cls,
        record: RunRecord,
        step: int | None = None,
        among: Sequence[RunRecord] = (),
        *,
        logarithmic: bool = False,
        hidden: Collection[str] = (),
    ) -> Self | None:
        """Build the figure at a recorded step, by default the newest; None where none were measured."""
        norms = gradient_norms_at(record, step)
        if norms is None:
            return None
        edges = np.asarray(norms.arrays["edges"], float)
        histograms = tuple(_histogram(name, norms, edges) for name in DISTRIBUTIONS)
        lipschitz = norms.attributes_as(Lipschitz)
        right = round_up(max(lipschitz.largest_slope, lipschitz.empirical, 1.9) * 1.05)
        certified = lipschitz.certified
        if certified is not None and right < certified <= MAX_EXTENSION * right:
            right = 1.05 * certified
        return cls(
            step=norms.step,
            edges=edges,
            histograms=histograms,
            bounds=_bounds(lipschitz),
            logarithmic=logarithmic,
            hidden=frozenset(hidden),
            summary_lines=(lipschitz_text(lipschitz), _above_one(edges, histograms)),
            title=f"Gradient norms under P, Q and σ after {counted(norms.step, 'step')}",
            caption=_caption(record, lipschitz),
            x_range=(0.0, right),
            y_range=_density_range([one.density for one in histograms], logarithmic),
        )

    @property
    def shown_histograms(self) -> tuple[NormHistogram, ...]:
        """The histograms of the main run that are not hidden."""
        main = self.overlay.main
        names = set() if main is None else {main.name}
        return tuple(h for h in self.histograms if self.hidden.isdisjoint({h.distribution, *names}))

    @property
    def shown_overlay(self) -> tuple[OverlayCurve, ...]:
        """The histograms of further runs that are not hidden."""
        return tuple(c for c in self.overlay.curves if self.hidden.isdisjoint((c.quantity, c.mark.name)))

    @property
    def finite_edges(self) -> Float:
        """The edges of the bins that have a density."""
        return self.edges[:-1]

    @property
    def floor(self) -> float:
        """The height at which an empty bin is drawn: 0, or below the visible range of a logarithmic axis."""
        return 1e-3 * self.y_range[0] if self.logarithmic else 0.0

    def bin(self, norm: float) -> Range:
        """Return the bin that contains a norm of 0 or more."""
        index = self._index(norm)
        return float(self.edges[index]), float(self.edges[index + 1])

    def readout(self, norm: float, tolerance: float = 0.0) -> str | None:
        """Return the shares in the bin of a norm, and the bounds close to it; None below 0."""
        if norm < 0:
            return None
        index, (low, high) = self._index(norm), self.bin(norm)
        shares = ", ".join(f"{one.label} {100 * one.shares[index]:.1f} %" for one in self.histograms)
        bounds = [bound.text for bound in self.bounds if abs(bound.value - norm) <= tolerance]
        return "; ".join([f"|∇u| {low:.3g} to {high:.3g}: {shares}", *bounds])

    def _index(self, norm: float) -> int:
        return int(np.searchsorted(self.edges, norm, side="right")) - 1

    def tables(self) -> dict[str, Table]:
        """Return the histograms bin by bin, and the bounds."""
        table: Table = {"low": self.edges[:-1], "high": self.edges[1:]}
        for one in self.shown_histograms:
            table[f"{one.distribution}_share"] = one.shares
        names, values = zip(*((bound.name, bound.value) for bound in self.bounds), strict=True)
        bounds: Table = {"bound": np.array(names), "value": np.array(values)}
        others = replace(self.overlay, curves=self.shown_overlay).tables("low")
        return {"": table, "lipschitz": bounds} | others


def lipschitz_text(lipschitz: Lipschitz) -> str:
    """Return the bounds of the Lipschitz constant in words."""
    above = (
        "the architecture certifies no upper bound"
        if lipschitz.certified is None
        else f"at most {lipschitz.certified:.4g}, certified by the architecture"
    )
    return (
        f"Lipschitz constant: at least {lipschitz.largest_slope:.4g} (largest |∇u| at a sample) and "
        f"{lipschitz.empirical:.4g} (pairs of samples of P and Q); {above}"
    )


def _bounds(lipschitz: Lipschitz) -> tuple[LipschitzBound, ...]:
    return tuple(
        LipschitzBound(name, value) for name in BOUNDS if (value := getattr(lipschitz, name)) is not None
    )


def _histogram(name: str, norms: Snapshot, edges: Float) -> NormHistogram:
    shares = np.asarray(norms.arrays[name], float)
    return NormHistogram(name, shares, shares[:-1] / np.diff(edges[:-1]))


def _norms_until(record: RunRecord, step: int | None) -> Snapshot | None:
    """Return the newest gradient norms, or the last ones up to a step; None where there are none."""
    newest = record.snapshot("gradient-norms")
    if step is None or newest is None or newest.step <= step:
        return newest
    earlier = [one for one in record.recorded_steps("gradient-norms") if one <= step]
    return record.snapshot("gradient-norms", earlier[-1]) if earlier else None


def _density_range(histograms: Sequence[Float], logarithmic: bool) -> Range:
    densities = np.concatenate(histograms)
    top = float(densities.max()) or 1.0
    least = float(densities[densities > 0].min(initial=top))
    return (0.5 * least, 2.0 * top) if logarithmic else (0.0, 1.08 * top)


def _above_one(edges: Float, histograms: tuple[NormHistogram, ...]) -> str:
    """Return the share of each distribution above the bin that contains 1."""
    first = int(np.searchsorted(edges, 1.0, side="right"))
    shares = ", ".join(f"{one.label} {100 * one.shares[first:].sum():.1f} %" for one in histograms)
    return f"share with |∇u| > {edges[first]:.3g}: {shares}"


def _caption(record: RunRecord, lipschitz: Lipschitz) -> str:
    return (
        f"{record.name}. Histograms of the gradient norm of the critic at samples of P, of Q and of σ; "
        f"red: |∇u| = 1. {lipschitz_text(lipschitz)}. {settings_text(record)}"
    )
