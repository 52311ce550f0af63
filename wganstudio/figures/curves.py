"""Curves: what figures with curves over a run have in common, and what is read from them at a place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from wganstudio.comparison.numbers import with_error
from wganstudio.figures.abscissa import STEPS, Abscissa
from wganstudio.figures.base import RunFigure
from wganstudio.figures.curve_settings import DEFAULT_SETTINGS, CurveSettings
from wganstudio.figures.overlay import DASHES, NO_OVERLAY, Dash, Overlay, OverlayCurve
from wganstudio.figures.types import Float, Range

LOG_MARGIN = 1.15
"""Factor of the margin of a logarithmic axis on either side."""


@dataclass(frozen=True, eq=False)
class RunCurve:
    """A quantity of one run over the steps."""

    name: str
    steps: Float
    x: Float
    """Places of the steps on the horizontal axis."""
    values: Float
    smooth: Float | None
    """The smoothed values; None without smoothing."""

    @property
    def label(self) -> str:
        """The entry of the legend."""
        return self.name

    def text_at(self, index: int) -> str:
        """Return name and value of a point in words."""
        return f"{self.label} {self.values[index]:.4g}"

    def reading_at(self, index: int) -> str:
        """Return name, value and smoothed value of a point in words."""
        return self.text_at(index) + smooth_text(self.smooth, index)


@dataclass(frozen=True)
class ReadPoint:
    """One curve at the pointed step."""

    name: str
    color: int | None
    """Index of the color of its run; None for the only run, whose curves have colors of their own."""
    y: float
    text: str


@dataclass(frozen=True)
class CurveReading:
    """All shown curves at one place of the horizontal axis."""

    x: float
    title: str
    points: tuple[ReadPoint, ...]
    step: int | None = None
    """The step at the place, for curves over a run."""

    @property
    def text(self) -> str:
        """The reading as lines of text."""
        return "\n".join([self.title, *(point.text for point in self.points)])


@dataclass(frozen=True, eq=False, kw_only=True)
class CurveFigure(RunFigure):
    """A figure of curves over a run."""

    settings: CurveSettings = DEFAULT_SETTINGS
    abscissa: Abscissa = STEPS
    """Places of the steps of the main run on the horizontal axis."""
    notes: tuple[str, ...] = ()
    """Sentences on what the axes cannot show."""
    stages: Float
    """Places at which the next map of a composite generator begins."""
    overlay: Overlay = NO_OVERLAY
    """The curves of further runs."""
    x_range: Range
    y_range: Range

    @property
    def run_curves(self) -> Sequence[RunCurve]:
        """The curves of the main run, hidden ones as well."""
        raise NotImplementedError

    @property
    def x_label(self) -> str:
        """The label of the horizontal axis."""
        return self.abscissa.axis

    def dash(self, name: str) -> Dash:
        """Return the line style of a quantity: without color, too, curves that coincide can be told apart."""
        if self.overlay.main is not None:
            return self.overlay.dash(name)
        names = [curve.name for curve in self.run_curves]
        return DASHES[names.index(name) % len(DASHES)] if name in names else DASHES[0]

    def shows(self, name: str) -> bool:
        """Return True if a quantity of the main run is shown."""
        main = self.overlay.main
        return self.settings.shows(name, *(() if main is None else (main.name,)))

    @property
    def shown_curves(self) -> tuple[RunCurve, ...]:
        """The curves of the main run that are not hidden."""
        return tuple(curve for curve in self.run_curves if self.shows(curve.name))

    @property
    def shown_overlay(self) -> tuple[OverlayCurve, ...]:
        """The curves of further runs that are not hidden."""
        return tuple(c for c in self.overlay.curves if self.settings.shows(c.quantity, c.mark.name))

    @property
    def shown_lines(self) -> tuple[RunCurve | OverlayCurve, ...]:
        """All curves that are not hidden."""
        return *self.shown_curves, *self.shown_overlay

    def read(self, place: float) -> CurveReading | None:
        """Return all shown curves at the recorded step that is nearest to a place on the axis."""
        curves = [curve for curve in self.shown_curves if len(curve.x)]
        others = [curve for curve in self.shown_overlay if len(curve.x)]
        places = [float(curve.x[nearest(curve.x, place)]) for curve in curves or others]
        if not places:
            return None
        x = min(places, key=lambda one: abs(one - place))
        step = round(self.abscissa.step_at(x))
        unit = {"seconds": f", {x:,.3g} s", "samples": f", {x:,.0f} samples"}.get(self.abscissa.axis, "")
        points = [*self._read_main(curves, x), *_read_others(others, x)]
        return CurveReading(x, f"Step {step:,}{unit}", tuple(points), step)

    def _read_main(self, curves: Sequence[RunCurve], x: float) -> Iterator[ReadPoint]:
        main = self.overlay.main
        before = "" if main is None else f"{main.label}: "
        for curve in curves:
            at = nearest(curve.x, x)
            text = before + curve.reading_at(at)
            yield ReadPoint(curve.name, main.color if main else None, float(curve.values[at]), text)


def nearest(x: Float, place: float) -> int:
    """Return the index of the one of ascending places that is nearest to a place."""
    right = int(np.clip(np.searchsorted(x, place), 1, max(1, len(x) - 1)))
    if len(x) == 1:
        return 0
    return right if x[right] - place < place - x[right - 1] else right - 1


def smooth_text(smooth: Float | None, index: int) -> str:
    """Return the smoothed value of a point in words; empty without smoothing."""
    return "" if smooth is None else f", smoothed {smooth[index]:.4g}"


def x_range_of(places: Sequence[float], *, log: bool) -> Range:
    """Return the range of the horizontal axis for the places of curves, from 0 unless it is logarithmic."""
    last = max(places, default=1.0)
    if not log:
        return 0.0, last if last > 0 else 1.0
    first = min((place for place in places if place > 0), default=1.0)
    return first / LOG_MARGIN, max(last, 2 * first) * LOG_MARGIN


def log_range(values: Sequence[Float]) -> Range:
    """Return a range of a logarithmic axis with all positive values."""
    together = np.concatenate([np.empty(0), *values])
    positive = together[np.isfinite(together) & (together > 0)]
    if not len(positive):
        return 0.1, 10.0
    low, high = float(positive.min()), float(positive.max())
    return (low / LOG_MARGIN, high * LOG_MARGIN) if high > 1.01 * low else (low / 2, high * 2)


def notes_on_axes(curves: Sequence[RunCurve | OverlayCurve], settings: CurveSettings) -> tuple[str, ...]:
    """Return sentences on the points that logarithmic axes leave out."""
    notes = []
    for is_log, axis, arrays in (
        (settings.log_x, "horizontal", [curve.x for curve in curves]),
        (settings.log_y, "vertical", [curve.values for curve in curves]),
    ):
        count = sum(int((array <= 0).sum()) for array in arrays) if is_log else 0
        if count:
            points = "1 point that is" if count == 1 else f"{count:,} points that are"
            notes.append(f"The logarithmic {axis} axis leaves out {points} not positive.")
    return tuple(notes)


def settings_caption(settings: CurveSettings, stages: Float) -> str:
    """Return sentences for a caption about smoothing and stages; empty without them."""
    parts = []
    if settings.smoothing > 0:
        parts.append(
            f"Smoothed by a debiased exponential average (weight {settings.smoothing:g} over one interval "
            "between points); faint: as measured."
        )
    if len(stages):
        parts.append("Dotted vertical lines: a new map begins.")
    return " ".join(parts)


def _read_others(curves: Sequence[OverlayCurve], x: float) -> Iterator[ReadPoint]:
    for curve in curves:
        at = nearest(curve.x, x)
        error = curve.errors[at] if curve.has_band else curve.run_errors[at]
        number = with_error(float(curve.values[at]), float(error))
        text = f"{curve.mark.label}: {curve.quantity} {number}{smooth_text(curve.smooth, at)}"
        yield ReadPoint(curve.quantity, curve.mark.color, float(curve.values[at]), text)
