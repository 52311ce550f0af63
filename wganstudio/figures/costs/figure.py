"""Costs: gap and value over the steps beside the truths, with their errors."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

import numpy as np

from wganstudio.comparison.metrics import COMPARED
from wganstudio.comparison.numbers import with_error
from wganstudio.experiment import GroundCost
from wganstudio.figures.base import RunFigure
from wganstudio.figures.captions import settings_text
from wganstudio.figures.flow import suboptimality
from wganstudio.figures.map_diagnostics import metrics_at
from wganstudio.figures.overlay import NO_OVERLAY, Overlay, OverlayCurve, distinct_truths, overlay_of
from wganstudio.figures.ranges import finite_range, padded
from wganstudio.figures.registry import register_figure
from wganstudio.figures.types import Float, Range, Table
from wganstudio.session import RunRecord
from wganstudio.training.outcome import conjugate_warning
from wganstudio.truths import Quantity, Truth
from wganstudio.truths.certificate import NAMES, QUANTITIES

WIDTH = 2
"""Standard errors on either side of a curve."""


@dataclass(frozen=True, eq=False)
class CostCurve:
    """One estimate over the steps, each point with its standard error."""

    name: str
    steps: Float
    values: Float
    errors: Float

    @property
    def label(self) -> str:
        """The entry of the legend."""
        return f"{self.name} ± {WIDTH} SE"

    @property
    def lower(self) -> Float:
        """The lower edge of the band."""
        return self.values - WIDTH * self.errors

    @property
    def upper(self) -> Float:
        """The upper edge of the band."""
        return self.values + WIDTH * self.errors

    @property
    def columns(self) -> dict[str, Float]:
        """Columns of a table, besides the steps."""
        return {self.name: self.values, f"{self.name}_se": self.errors}


@dataclass(frozen=True, eq=False)
class CostBounds:
    """Bounds of the true cost over the steps, as a generator moves Q."""

    name: ClassVar[str] = "true"
    label: ClassVar[str] = "bounds of the true cost"

    steps: Float
    lower: Float
    upper: Float

    @property
    def values(self) -> Float:
        """The mean of the bounds."""
        return (self.lower + self.upper) / 2

    @property
    def columns(self) -> dict[str, Float]:
        """Columns of a table, besides the steps."""
        return {"true_lower": self.lower, "true_upper": self.upper}


@dataclass(frozen=True)
class Estimate:
    """One number with its standard error at a step."""

    name: str
    step: int
    value: float
    error: float
    final: bool
    """True for the final estimate on many fresh samples, False for a point of the curve."""


@register_figure
@dataclass(frozen=True, eq=False)
class Costs(RunFigure):
    """Gap and value over the steps; the truths as bands between their bounds."""

    name: ClassVar[str] = "costs"
    position: ClassVar[int] = 110
    several: ClassVar[bool] = True

    curves: tuple[CostCurve | CostBounds, ...]
    bands: tuple[Truth, ...]
    finals: tuple[Estimate, ...]
    summary_lines: tuple[str, ...]
    """The newest estimates compared with the truths."""
    gradient: dict[str, float]
    """cos, l2, cos_published, l2_published, newest, where the true gradient is known; uvp, cos_map, uvp_back,
    cos_back where the true map is."""
    warnings: tuple[str, ...]
    """Signs that the run has not reached its optimum; before its end, that the conjugate is loose."""
    missing: str
    """The reason why there are no truths, if so."""
    x_range: Range
    y_range: Range
    overlay: Overlay = NO_OVERLAY
    """The curves of further runs."""
    owners: tuple[str, ...] = ()
    """For each band the runs that it is for, where the runs have different truths."""

    @classmethod
    def from_records(
        cls,
        records: Sequence[RunRecord],
        step: int | None = None,
        among: Sequence[RunRecord] = (),
        **options: Any,
    ) -> Self | None:
        """Build the figure of the main run, with the curves and the distinct truths of the others."""
        figure = cls.from_record(records[0], step, among, **options)
        overlay = overlay_of(records, ("gap", "value"))
        if figure is None or overlay.main is None:
            return figure
        bands, owners = distinct_truths(records)
        last = max((curve.steps[-1] for curve in overlay.curves), default=0.0)
        return replace(
            figure,
            overlay=overlay,
            bands=bands,
            owners=owners,
            caption=f"{overlay.caption} {figure.caption}",
            x_range=(0.0, max(figure.x_range[1], float(last))),
            y_range=_cost_range((*figure.curves, *overlay.curves), bands, figure.finals),
        )

    @classmethod
    def from_record(
        cls,
        record: RunRecord,
        step: int | None = None,
        among: Sequence[RunRecord] = (),
    ) -> Self | None:
        """Build the figure of a run; None before its first number."""
        estimates = tuple(curve for name in ("gap", "value") if len((curve := _curve(record, name)).steps))
        bounds = CostBounds(*record.curve("true_lower"), record.curve("true_upper")[1])
        curves: tuple[CostCurve | CostBounds, ...] = (*estimates, bounds) if len(bounds.steps) else estimates
        bands = tuple(record.truths[quantity] for quantity in QUANTITIES if quantity in record.truths)
        finals = _finals(record)
        if not (curves or bands or finals):
            return None
        return cls(
            curves=curves,
            bands=bands,
            finals=finals,
            summary_lines=(
                *(_summary(estimate, record.truths) for estimate in finals or _newest(estimates)),
                *_suboptimality(record),
                *_generator_metrics(record),
            ),
            gradient=_gradient(record),
            warnings=record.warnings if record.ended else _while_training(record),
            missing="" if len(bounds.steps) else _missing(record),
            title="Critic gap and value over training",
            caption=_caption(record, finals),
            x_range=(0.0, float(max([1, *(c.steps[-1] for c in curves), *(f.step for f in finals)]))),
            y_range=_cost_range(curves, bands, finals),
        )

    @property
    def ends_low(self) -> bool:
        """True where the curves end in the lower half, as with a generator; the legend is then at the top."""
        ends = [curve.values[-1] for curve in self.curves]
        return bool(ends) and float(np.mean(ends)) < sum(self.y_range) / 2

    def band_text(self, index: int) -> str:
        """Return the label of a truth, with its runs where the runs have different ones."""
        owner = self.owners[index] if self.owners else ""
        return f"{band_label(self.bands[index])} ({owner})" if owner else band_label(self.bands[index])

    def tables(self) -> dict[str, Table]:
        """Return the curves, the truths, the final estimates, and the curves of further runs."""
        steps = np.unique(np.concatenate([np.empty(0), *(curve.steps for curve in self.curves)]))
        table: Table = {"step": steps.astype(int)}
        for curve in self.curves:
            at = np.searchsorted(steps, curve.steps)
            for column, values in curve.columns.items():
                table[column] = np.full(len(steps), np.nan)
                table[column][at] = values
        truths = [band.model_dump() for band in self.bands]
        tables = {
            "": table,
            "truths": {key: np.array([t[key] for t in truths]) for key in Truth.model_fields},
        }
        if self.finals:
            keys = ("name", "step", "value", "error")
            tables["final"] = {key: np.array([getattr(final, key) for final in self.finals]) for key in keys}
        if self.gradient:
            metrics, numbers = zip(*self.gradient.items(), strict=True)
            tables["gradient"] = {"metric": np.array(metrics), "value": np.array(numbers)}
        tables |= self.overlay.tables()
        return {name: columns for name, columns in tables.items() if len(next(iter(columns.values())))}


def accuracy_text(gradient: dict[str, float]) -> str:
    """Return the accuracy of grad u or of the maps in words; empty where the truth is not known."""
    parts = []
    if "cos" in gradient:
        exact, published = (
            f"cos {gradient[f'cos{suffix}']:.3f}, L2 {gradient[f'l2{suffix}']:.3f}"
            for suffix in ("", "_published")
        )
        parts.append(f"∇u compared with the truth: {exact} (published metric: {published})")
    maps = [
        f"{gradient[name]:.3g} % ({direction})"
        for name, direction in (("uvp", "P to Q"), ("uvp_back", "Q to P"))
        if name in gradient
    ]
    if maps:
        parts.append(f"L2-UVP of the maps: {', '.join(maps)}")
    return "; ".join(parts)


def cost_name(quantity: Quantity, ground: GroundCost | None) -> str:
    """Return the name of a cost: that of the quantity, or of the transport at a ground cost."""
    return NAMES[quantity] if ground is None else ground.description


def band_label(truth: Truth) -> str:
    """Return a short label of a truth: its value, or its bounds where they differ."""
    name = NAMES[truth.quantity]
    if truth.upper - truth.lower <= 1e-3 * abs(truth.value):
        return f"{name} {truth.value:.5g}"
    return f"{name} in [{truth.lower:.4g}, {truth.upper:.4g}]"


def certificate_text(truth: Truth) -> str:
    """Return a truth with its bounds, method, distributions and time in words."""
    return (
        f"{NAMES[truth.quantity]} = {truth.value:.6g} in [{truth.lower:.6g}, {truth.upper:.6g}]: "
        f"{truth.method}; for {truth.law}; {truth.seconds:.2g} s"
    )


def _while_training(record: RunRecord) -> tuple[str, ...]:
    return tuple(filter(None, (conjugate_warning(metrics_at(record)),)))


def _missing(record: RunRecord) -> str:
    """Return the reason why there are no truths, or no more of them."""
    if record.ended is None or record.truth_missing or record.truths:
        return record.truth_missing
    return (
        "they are still being computed, or the session was closed before. To get them, train a run with "
        "these settings again, or use the command wganstudio truth."
    )


def _curve(record: RunRecord, name: str) -> CostCurve:
    steps, values = record.curve(name)
    error_steps, errors = record.curve(f"{name}_se")
    if len(error_steps) != len(steps):
        by_step = dict(zip(error_steps, errors, strict=True))
        errors = np.array([by_step.get(step, np.nan) for step in steps])
    return CostCurve(name, steps, values, errors)


def _finals(record: RunRecord) -> tuple[Estimate, ...]:
    if record.ended is None:
        return ()
    estimates = record.ended.estimates
    return tuple(
        Estimate(name, record.ended.step, estimates[name], estimates.get(f"{name}_se", float("nan")), True)
        for name in ("gap", "value")
        if name in estimates
    )


def _newest(curves: tuple[CostCurve, ...]) -> tuple[Estimate, ...]:
    return tuple(
        Estimate(c.name, int(c.steps[-1]), float(c.values[-1]), float(c.errors[-1]), False) for c in curves
    )


def _gradient(record: RunRecord) -> dict[str, float]:
    if record.ended is not None and record.has_estimates:
        return record.ended.gradient
    names = "cos", "l2", "cos_published", "l2_published", "uvp", "cos_map", "uvp_back", "cos_back"
    newest = {name: record.last(name) for name in names}
    return {name: value for name, value in newest.items() if value is not None}


def _summary(estimate: Estimate, truths: dict[Quantity, Truth]) -> str:
    number = f"{estimate.name} {with_error(estimate.value, estimate.error)}"
    references = [truths[quantity] for quantity in COMPARED[estimate.name] if quantity in truths]
    comparison = ", ".join(_comparison(estimate, truth) for truth in references)
    return f"{number}: {comparison}" if comparison else number


def _suboptimality(record: RunRecord) -> tuple[str, ...]:
    """Return the suboptimality of the critic in words; it bounds the error of its momentum."""
    gap = suboptimality(record)
    if gap is None:
        return ()
    bracket = (gap.upper - gap.lower) / 2
    bounds = f", ± {bracket:.1g} from the bounds of the cost" if bracket > 0.1 * gap.error else ""
    estimate = with_error(gap.value, gap.error)
    return (f"suboptimality {estimate}: optimization gap, congested cost minus value{bounds}",)


def _generator_metrics(record: RunRecord) -> tuple[str, ...]:
    """Return distance to and coverage of the held-out data by generated samples, in words."""
    estimates = {} if record.ended is None else record.ended.estimates
    names = ("true_lower", "true_upper", "precision", "recall", "modes", "near")
    metrics = {name: value for name in names if (value := estimates.get(name, record.last(name))) is not None}
    if "true_lower" not in metrics:
        return ()
    parts = [
        f"true cost to held-out data between {metrics['true_lower']:.4g} and {metrics['true_upper']:.4g}"
    ]
    if "precision" in metrics:
        parts.append(f"precision {metrics['precision']:.2f}, recall {metrics['recall']:.2f}")
    if "modes" in metrics:
        parts.append(
            f"{metrics['modes']:.0f} modes covered, {100 * metrics['near']:.0f} % of samples near a mode"
        )
    return ("; ".join(parts),)


def _comparison(estimate: Estimate, truth: Truth) -> str:
    name = NAMES[truth.quantity]
    name = name if name.startswith("W") else f"the {name[0].lower()}{name[1:]}"
    if truth.upper - truth.lower <= 0.01 * abs(truth.value):
        bound, reference = truth.value, name
    elif truth.lower <= estimate.value <= truth.upper:
        return f"between the bounds of {name}"
    else:
        above = estimate.value > truth.upper
        bound, reference = (
            (truth.upper, f"the upper bound of {name}")
            if above
            else (truth.lower, f"the lower bound of {name}")
        )
    if bound == 0:
        return f"{estimate.value:+.3g} from {reference}"
    share = 100 * (estimate.value - bound) / abs(bound)
    amount = (
        f"{abs(share):.0f}"
        if abs(share) >= 9.95
        else f"{abs(share):.1f}"
        if abs(share) >= 0.05
        else "less than 0.1"
    )
    text = f"{amount} % {'above' if share > 0 else 'below'} {reference}"
    return text + (" (within 2 SE)" if abs(estimate.value - bound) <= WIDTH * estimate.error else "")


def _cost_range(
    curves: Sequence[CostCurve | CostBounds | OverlayCurve],
    bands: tuple[Truth, ...],
    finals: tuple[Estimate, ...],
) -> Range:
    """Return a range with the truths and the second half of the curves, and early values close to them."""
    settled: list[float] = [bound for band in bands for bound in (band.lower, band.upper)]
    settled += [
        final.value + sign * np.nan_to_num(final.error) for final in finals for sign in (-WIDTH, WIDTH)
    ]
    early: list[float] = []
    for curve in curves:
        half = len(curve.values) // 2
        late = slice(half, None)
        settled += list(np.nan_to_num(curve.lower[late], nan=curve.values[-1]))
        settled += list(np.nan_to_num(curve.upper[late], nan=curve.values[-1]))
        early += list(curve.values[:half])
    low, high = finite_range(np.asarray(settled, float))
    span = high - low
    early = [value for value in early if low - span <= value <= high + span]
    return padded(min([low, *early]), max([high, *early]))


def _caption(record: RunRecord, finals: tuple[Estimate, ...]) -> str:
    parts = [
        f"{record.name}.",
        f"Curves: critic gap and value on fresh samples, shaded: ± {WIDTH} standard errors (SE).",
    ]
    if finals:
        samples = record.experiment.evaluation.final_samples
        parts.append(f"Points with bars: the final estimates on {samples:,} fresh samples, ± {WIDTH} SE.")
    parts += [f"{certificate_text(truth)}." for truth in record.truths.values()]
    parts += record.warnings
    return " ".join([*parts, settings_text(record)])
