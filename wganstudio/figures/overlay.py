"""Overlay: the curves of further runs over those of the main one, and means over seeds with bands."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np

from wganstudio.comparison.seeds import group_by_seed, mean_curve, one_per_seed
from wganstudio.figures.curve_settings import CurveSettings
from wganstudio.figures.style import run_color
from wganstudio.figures.tracing import Tracing
from wganstudio.figures.types import Float, Table
from wganstudio.session import RunRecord
from wganstudio.truths import Quantity, Truth
from wganstudio.truths.certificate import QUANTITIES

MAX_RUNS = 30
"""Runs that are drawn over one another; more of them could not be told apart."""
WIDTH = 2
"""Standard errors on either side of a mean over seeds."""
MAX_NAME = 28
"""Characters of a name in a legend."""
Dash = Literal["solid", "dashed", "dotted", "dashdot"]
DASHES: tuple[Dash, ...] = get_args(Dash)
"""Styles of the quantities of one run, in their order."""

PLAIN = Tracing(CurveSettings())
"""Over steps, without smoothing."""
Curve = tuple[Float, Float]
ReadCurve = Callable[[RunRecord, str], Curve]


@dataclass(frozen=True)
class RunMark:
    """How a run, or a group of runs, is told from the others: by its color and its name."""

    color: int
    name: str

    @property
    def label(self) -> str:
        """The name, elided."""
        return self.name if len(self.name) <= MAX_NAME else f"{self.name[: MAX_NAME - 1]}\u2026"


@dataclass(frozen=True, eq=False)
class OverlayCurve:
    """One quantity of another run over the steps, or its mean over the seeds of a group with a band."""

    quantity: str
    mark: RunMark
    runs: tuple[int, ...]
    steps: Float
    values: Float
    errors: Float
    """Standard errors over the seeds; NaN for a single run."""
    x: Float
    """Places of the steps on the horizontal axis."""
    smooth: Float | None
    """The smoothed values; None without smoothing."""
    run_errors: Float
    """Standard errors of the values of a single run; NaN where there are none."""

    @property
    def lower(self) -> Float:
        """The lower edge of the band; the curve itself where there is none."""
        return self.values - WIDTH * np.nan_to_num(self.errors)

    @property
    def upper(self) -> Float:
        """The upper edge of the band; the curve itself where there is none."""
        return self.values + WIDTH * np.nan_to_num(self.errors)

    @property
    def has_band(self) -> bool:
        """True for a mean over several seeds."""
        return bool(np.isfinite(self.errors).any())


@dataclass(frozen=True, eq=False)
class Overlay:
    """The runs drawn beside the main one; empty if one run is selected."""

    main: RunMark | None = None
    """The mark of the main run; None if it is the only one, and has the colors of its quantities."""
    curves: tuple[OverlayCurve, ...] = ()
    notes: tuple[str, ...] = ()
    """Sentences about what is drawn."""
    quantities: tuple[str, ...] = field(default=())
    """The quantities in the order of their line styles."""

    def dash(self, quantity: str) -> Dash:
        """Return the line style of a quantity: one of `DASHES`."""
        if quantity not in self.quantities:
            return DASHES[0]
        return DASHES[self.quantities.index(quantity) % len(DASHES)]

    @property
    def marks(self) -> tuple[RunMark, ...]:
        """The runs and groups in the legend, the main run first."""
        main = () if self.main is None else (self.main,)
        return tuple(dict.fromkeys((*main, *(curve.mark for curve in self.curves))))

    @property
    def caption(self) -> str:
        """Sentences that say what is drawn, for a caption."""
        if self.main is None:
            return ""
        names = ", ".join(mark.name for mark in self.marks[1:])
        styles = ", ".join(f"{self.dash(name)}: {name}" for name in self.quantities)
        return " ".join([f"{self.main.name} with {names or 'no other run'}; {styles}.", *self.notes])

    def tables(self, abscissa: str = "step") -> dict[str, Table]:
        """Return the curves of the other runs as one long table; empty without any."""
        if not self.curves:
            return {}
        repeated = [(curve, len(curve.steps)) for curve in self.curves]
        columns: Table = {
            "run": np.concatenate([[" ".join(map(str, c.runs))] * n for c, n in repeated]),
            "name": np.concatenate([[c.mark.name] * n for c, n in repeated]),
            "quantity": np.concatenate([[c.quantity] * n for c, n in repeated]),
            abscissa: np.concatenate([c.steps for c, _ in repeated]),
            "value": np.concatenate([c.values for c, _ in repeated]),
            "se": np.concatenate([c.errors for c, _ in repeated]),
        }
        if abscissa == "step":
            columns["step"] = columns["step"].astype(int)
        return {"others": columns}


NO_OVERLAY = Overlay()
"""That of a single run."""


def overlay_of(
    records: Sequence[RunRecord],
    names: Sequence[str],
    read: ReadCurve = RunRecord.curve,
    tracing: Tracing = PLAIN,
) -> Overlay:
    """Return the curves of the selected runs beside the first one.

    Runs that differ only in the seed are drawn as their mean; the main run is part of the mean of its group
    and is drawn by itself as well.

    Parameters
    ----------
    records
        The selected runs, the main one first.
    names
        The quantities, as names of curves.
    read
        Returns steps and values of a curve of a run.
    tracing
        The horizontal axis and the smoothing.
    """
    shown = records[:MAX_RUNS]
    if len(shown) < 2:
        return NO_OVERLAY
    curves: list[OverlayCurve] = []
    taken, has_mean = {run_color(shown[0])}, False
    for group in group_by_seed(shown):
        members = one_per_seed(group)
        if len(members) == 1 and shown[0] in group:
            members = tuple(one for one in group if one is not shown[0])[:1]
        if not members:
            continue
        mark = _group_mark(members, shown[0], taken)
        taken.add(mark.color)
        for name in names:
            curve = _overlay_curve(members, mark, name, read, tracing)
            if curve is not None:
                curves.append(curve)
                has_mean = has_mean or len(curve.runs) > 1
    notes = [f"Bands: mean ± {WIDTH} SE over the seeds of a group."] if has_mean else []
    notes += [limit_text(len(records))] if len(records) > MAX_RUNS else []
    present = [
        name for name in names if len(read(shown[0], name)[0]) or any(c.quantity == name for c in curves)
    ]
    return Overlay(mark_of(shown[0]), tuple(curves), tuple(notes), tuple(present))


def mark_of(record: RunRecord) -> RunMark:
    """Return the mark of a run."""
    return RunMark(run_color(record), record.name)


def _group_mark(members: Sequence[RunRecord], main: RunRecord, taken: Collection[int]) -> RunMark:
    """Return the mark of one run; of several seeds in the color of one of them, if possible in a new one."""
    others = [one for one in members if one is not main]
    if len(members) == 1:
        return mark_of(others[0])
    colors = [run_color(one) for one in others]
    color = next((color for color in colors if color not in taken), colors[0])
    return RunMark(color, f"mean of {len(members)} seeds: {members[0].name}")


def limit_text(count: int) -> str:
    """Return the sentence about selected runs that are not drawn."""
    return f"Showing {MAX_RUNS} of {count:,} selected runs."


def distinct_truths(records: Sequence[RunRecord]) -> tuple[tuple[Truth, ...], tuple[str, ...]]:
    """Return each truth of the runs once, and for each the names of its runs; empty where that is clear.

    Two truths are the same if they have the same quantity, value and bounds.
    """
    runs: dict[tuple[Quantity, float, float, float], tuple[Truth, list[RunRecord]]] = {}
    for quantity in QUANTITIES:
        for record in records[:MAX_RUNS]:
            if truth := record.truths.get(quantity):
                key = truth.quantity, truth.value, truth.lower, truth.upper
                runs.setdefault(key, (truth, []))[1].append(record)
    counts = [truth.quantity for truth, _ in runs.values()]
    owners = [_owners(ones) if counts.count(truth.quantity) > 1 else "" for truth, ones in runs.values()]
    return tuple(truth for truth, _ in runs.values()), tuple(owners)


def _owners(records: Sequence[RunRecord]) -> str:
    more = len(records) - 1
    label = mark_of(records[0]).label
    return f"{label} and {more} more" if more else label


def _overlay_curve(
    members: Sequence[RunRecord], mark: RunMark, name: str, read: ReadCurve, tracing: Tracing
) -> OverlayCurve | None:
    """Return the curve of one run, or the mean of several; None where there is none."""
    present = [(one, curve) for one in members if len((curve := read(one, name))[0])]
    if not present:
        return None
    records, curves = [one for one, _ in present], [curve for _, curve in present]
    mean = mean_curve(curves)
    if not len(mean.steps):
        return None
    return OverlayCurve(
        name,
        mark,
        tuple(one.run for one in records),
        mean.steps,
        mean.values,
        mean.errors,
        x=tracing.places(records, mean.steps),
        smooth=tracing.smooth(records[0], mean.steps, mean.values),
        run_errors=standard_errors(records[0], name, mean.steps),
    )


def standard_errors(record: RunRecord, name: str, steps: Float) -> Float:
    """Return the recorded standard errors of a quantity of a run at steps; NaN where there are none."""
    own, errors = record.curve(f"{name}_se")
    if np.array_equal(own, steps):
        return errors
    by_step = dict(zip(own, errors, strict=True))
    return np.array([by_step.get(step, np.nan) for step in steps])
