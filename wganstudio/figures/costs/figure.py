"""Costs: gap and value over the steps beside the truths, with what each number's error is."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar, Self

import numpy as np

from wganstudio.figures.flow import suboptimality
from wganstudio.figures.map_diagnostics import looseness, numbers_at
from wganstudio.figures.plane import Float, Range, Table, limits, padded, settings_text
from wganstudio.session import RunRecord
from wganstudio.truths import Quantity, Truth
from wganstudio.truths.certificate import NAMES, QUANTITIES

WIDTH = 2
"""Standard errors on either side of a curve."""
COMPARED: dict[str, tuple[Quantity, ...]] = {"value": ("congested",), "gap": ("gap-limit", "w1", "transport")}
"""What each estimate tends to; the gap is also what is often taken for W1."""


@dataclass(frozen=True, eq=False)
class CostCurve:
    """One estimate over the steps, each point with its standard error."""

    name: str
    steps: Float
    values: Float
    errors: Float

    @property
    def label(self) -> str:
        """What the legend says."""
        return f"{self.name} ± {WIDTH} SE"

    @property
    def lower(self) -> Float:
        """The band's lower edge."""
        return self.values - WIDTH * self.errors

    @property
    def upper(self) -> Float:
        """The band's upper edge."""
        return self.values + WIDTH * self.errors

    @property
    def columns(self) -> dict[str, Float]:
        """What a table holds of it, besides the steps."""
        return {self.name: self.values, f"{self.name}_se": self.errors}


@dataclass(frozen=True, eq=False)
class CostBounds:
    """The true cost over the steps as a generator moves Q: bounds, no value between them is better known."""

    name: ClassVar[str] = "true"
    label: ClassVar[str] = "true cost, between bounds"

    steps: Float
    lower: Float
    upper: Float

    @property
    def values(self) -> Float:
        """Halfway between the bounds."""
        return (self.lower + self.upper) / 2

    @property
    def columns(self) -> dict[str, Float]:
        """What a table holds of it, besides the steps."""
        return {"true_lower": self.lower, "true_upper": self.upper}


@dataclass(frozen=True)
class Estimate:
    """One number with its standard error at a step."""

    name: str
    step: int
    value: float
    error: float
    final: bool
    """On the many fresh samples of the end, not a point of the curve."""


@dataclass(frozen=True, eq=False)
class Costs:
    """Gap and value over the steps; the truths as bands between their bounds."""

    name: ClassVar[str] = "costs"

    curves: tuple[CostCurve | CostBounds, ...]
    bands: tuple[Truth, ...]
    finals: tuple[Estimate, ...]
    remarks: tuple[str, ...]
    """The newest estimates against the truths, in words."""
    gradient: dict[str, float]
    """cos, l2, cos_published, l2_published, newest, where the true gradient is known; uvp, cos_map, uvp_back,
    cos_back where the true map is."""
    warning: str
    """Whether the conjugate behind the gap is loose, in words."""
    missing: str
    """Why there are no truths, if so."""
    title: str
    caption: str
    x_range: Range
    y_range: Range

    @classmethod
    def of(cls, record: RunRecord) -> Self | None:
        """What a run has to show by now; None before its first number."""
        known = tuple(curve for name in ("gap", "value") if len((curve := _curve(record, name)).steps))
        between = CostBounds(*record.curve("true_lower"), record.curve("true_upper")[1])
        curves: tuple[CostCurve | CostBounds, ...] = (*known, between) if len(between.steps) else known
        bands = tuple(record.truths[quantity] for quantity in QUANTITIES if quantity in record.truths)
        finals = _finals(record)
        if not (curves or bands or finals):
            return None
        return cls(
            curves=curves,
            bands=bands,
            finals=finals,
            remarks=(
                *(_remark(estimate, record.truths) for estimate in finals or _newest(known)),
                *_suboptimality(record),
                *_likeness(record),
            ),
            gradient=_gradient(record),
            warning=looseness(numbers_at(record)),
            missing="" if len(between.steps) else record.truth_missing,
            title="Critic gap and value over training",
            caption=_caption(record, finals),
            x_range=(0.0, float(max([1, *(c.steps[-1] for c in curves), *(f.step for f in finals)]))),
            y_range=_cost_range(curves, bands, finals),
        )

    @property
    def low(self) -> bool:
        """Whether the curves end in the lower half, as a generator's do: the legend then stands above."""
        ends = [curve.values[-1] for curve in self.curves]
        return bool(ends) and float(np.mean(ends)) < sum(self.y_range) / 2

    def tables(self) -> dict[str, Table]:
        """The curves, the truths and the final estimates."""
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
        return {name: columns for name, columns in tables.items() if len(next(iter(columns.values())))}


def judged(gradient: dict[str, float]) -> str:
    """How near grad u, or a map, is to the true one, in words; empty where that is not known."""
    said = []
    if "cos" in gradient:
        exact, published = (
            f"cos {gradient[f'cos{suffix}']:.3f}, L2 {gradient[f'l2{suffix}']:.3f}"
            for suffix in ("", "_published")
        )
        said.append(f"∇u against the truth: {exact} (published metric: {published})")
    maps = [
        f"{gradient[name]:.3g} % ({words})"
        for name, words in (("uvp", "P to Q"), ("uvp_back", "Q to P"))
        if name in gradient
    ]
    if maps:
        said.append(f"maps: unexplained {', '.join(maps)}")
    return "; ".join(said)


def band_label(truth: Truth) -> str:
    """A truth in a few characters: its value, or its bounds where they are apart."""
    name = NAMES[truth.quantity]
    if truth.upper - truth.lower <= 1e-3 * abs(truth.value):
        return f"{name} {truth.value:.5g}"
    return f"{name} in [{truth.lower:.4g}, {truth.upper:.4g}]"


def certificate(truth: Truth) -> str:
    """A truth with its bounds, method, law and time, in words."""
    return (
        f"{NAMES[truth.quantity]} = {truth.value:.6g} in [{truth.lower:.6g}, {truth.upper:.6g}]: "
        f"{truth.method}; of {truth.law}; {truth.seconds:.2g} s"
    )


def with_error(value: float, error: float) -> str:
    """A number with its standard error, to the digits that the error leaves."""
    if not (np.isfinite(error) and error > 0):
        return f"{value:.5g}"
    digits = max(0, -int(np.floor(np.log10(error))) + (1 if f"{error:e}"[0] == "1" else 0))
    return f"{value:.{min(digits, 9)}f} ± {error:.{min(digits, 9)}f}"


def label_places(bands: Sequence[Truth], y_range: Range, distance: float) -> list[float | None]:
    """Where the labels stand: on their bands' upper edges or as high as is in sight, none on another.

    None for a band out of sight.
    """
    low, high = y_range
    seen = [index for index, band in enumerate(bands) if band.lower < high and band.upper > low]
    places = apart([bands[index].upper for index in seen], distance, high - distance)
    known = dict(zip(seen, places, strict=True))
    return [known.get(index) for index in range(len(bands))]


def apart(places: list[float], distance: float, top: float = np.inf) -> list[float]:
    """The places moved up just so far that any two are `distance` apart, or down again to end below the top;
    their order stays."""
    moved = list(places)
    order = sorted(range(len(places)), key=places.__getitem__)
    for below, above in pairwise(order):
        moved[above] = max(moved[above], moved[below] + distance)
    for index in reversed(order):
        moved[index] = min(moved[index], top)
        top = moved[index] - distance
    return moved


def _curve(record: RunRecord, name: str) -> CostCurve:
    steps, values = record.curve(name)
    error_steps, errors = record.curve(f"{name}_se")
    if len(error_steps) != len(steps):
        known = dict(zip(error_steps, errors, strict=True))
        errors = np.array([known.get(step, np.nan) for step in steps])
    return CostCurve(name, steps, values, errors)


def _finals(record: RunRecord) -> tuple[Estimate, ...]:
    if record.ended is None:
        return ()
    known = record.ended.estimates
    return tuple(
        Estimate(name, record.ended.step, known[name], known.get(f"{name}_se", float("nan")), True)
        for name in ("gap", "value")
        if name in known
    )


def _newest(curves: tuple[CostCurve, ...]) -> tuple[Estimate, ...]:
    return tuple(
        Estimate(c.name, int(c.steps[-1]), float(c.values[-1]), float(c.errors[-1]), False) for c in curves
    )


def _gradient(record: RunRecord) -> dict[str, float]:
    if record.ended is not None:
        return record.ended.gradient
    names = "cos", "l2", "cos_published", "l2_published", "uvp", "cos_map", "uvp_back", "cos_back"
    newest = {name: record.last(name) for name in names}
    return {name: value for name, value in newest.items() if value is not None}


def _remark(estimate: Estimate, truths: dict[Quantity, Truth]) -> str:
    number = f"{estimate.name} {with_error(estimate.value, estimate.error)}"
    known = [truths[quantity] for quantity in COMPARED[estimate.name] if quantity in truths]
    against = ", ".join(_against(estimate, truth) for truth in known)
    return f"{number}: {against}" if against else number


def _suboptimality(record: RunRecord) -> tuple[str, ...]:
    """How much of the congested cost the critic leaves: what bounds the error of its momentum."""
    found = suboptimality(record)
    if found is None:
        return ()
    bracket = (found.upper - found.lower) / 2
    bounds = f", ± {bracket:.1g} by the bounds of the cost" if bracket > 0.1 * found.error else ""
    return (f"suboptimality {with_error(found.value, found.error)}: congested cost minus value{bounds}",)


def _likeness(record: RunRecord) -> tuple[str, ...]:
    """How near what a generator makes is to data held out, and how much of it that covers."""
    known = {} if record.ended is None else record.ended.estimates
    names = ("true_lower", "true_upper", "precision", "recall", "modes", "near")
    found = {name: value for name in names if (value := known.get(name, record.last(name))) is not None}
    if "true_lower" not in found:
        return ()
    parts = [f"true cost to held-out data between {found['true_lower']:.4g} and {found['true_upper']:.4g}"]
    if "precision" in found:
        parts.append(f"precision {found['precision']:.2f}, recall {found['recall']:.2f}")
    if "modes" in found:
        parts.append(f"{found['modes']:.0f} modes covered, {found['near']:.0%} of samples near one")
    return ("; ".join(parts),)


def _against(estimate: Estimate, truth: Truth) -> str:
    name = NAMES[truth.quantity]
    name = name if name.startswith("W") else f"the {name[0].lower()}{name[1:]}"
    if truth.upper - truth.lower <= 0.01 * abs(truth.value):
        bound, what = truth.value, name
    elif truth.lower <= estimate.value <= truth.upper:
        return f"between the bounds of {name}"
    else:
        above = estimate.value > truth.upper
        bound, what = (
            (truth.upper, f"the upper bound of {name}")
            if above
            else (truth.lower, f"the lower bound of {name}")
        )
    if bound == 0:
        return f"{estimate.value:+.3g} from {what}"
    share = 100 * (estimate.value - bound) / abs(bound)
    amount = (
        f"{abs(share):.0f}"
        if abs(share) >= 9.95
        else f"{abs(share):.1f}"
        if abs(share) >= 0.05
        else "less than 0.1"
    )
    text = f"{amount} % {'above' if share > 0 else 'below'} {what}"
    return text + (" (within 2 SE)" if abs(estimate.value - bound) <= WIDTH * estimate.error else "")


def _cost_range(
    curves: tuple[CostCurve | CostBounds, ...], bands: tuple[Truth, ...], finals: tuple[Estimate, ...]
) -> Range:
    """Holds the truths and where the curves settle; of early values those not far away."""
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
    low, high = limits(np.asarray(settled, float))
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
    parts += [f"{certificate(truth)}." for truth in record.truths.values()]
    return " ".join([*parts, settings_text(record)])
