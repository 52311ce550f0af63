"""Costs: gap and value over a run beside the truths, with their errors."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

import numpy as np

from wganstudio.figures.costs.curves import (
    WIDTH,
    CostBounds,
    CostCurve,
    Estimate,
    cost_curves,
    final_estimates,
    newest_estimates,
)
from wganstudio.figures.costs.texts import (
    band_label,
    costs_caption,
    estimate_summary,
    generator_lines,
    gradient_metrics,
    missing_truths_text,
    suboptimality_lines,
    warnings_while_training,
)
from wganstudio.figures.curve_settings import DEFAULT_SETTINGS, XAxis, changed_settings
from wganstudio.figures.curves import CurveFigure, log_range, notes_on_axes, settings_caption, x_range_of
from wganstudio.figures.overlay import distinct_truths, overlay_of
from wganstudio.figures.ranges import finite_range, padded
from wganstudio.figures.registry import register_figure
from wganstudio.figures.tracing import Tracing
from wganstudio.figures.types import Float, Range, Table
from wganstudio.session import RunRecord
from wganstudio.truths import Truth
from wganstudio.truths.certificate import QUANTITIES

NEAR = 6.0
"""Distance from the later values, in spans of these, up to which early ones are in the range."""


@register_figure
@dataclass(frozen=True, eq=False)
class Costs(CurveFigure):
    """Gap and value over the run; the truths as bands between their bounds."""

    name: ClassVar[str] = "costs"
    several: ClassVar[bool] = True
    position: ClassVar[int] = 110

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
        tracing = Tracing.of(records, changed_settings(DEFAULT_SETTINGS, **options))
        figure = cls._of_run(records[0], tracing)
        overlay = overlay_of(records, ("gap", "value"), tracing=tracing)
        if figure is None or overlay.main is None:
            return figure and figure._with_axes(tracing)
        bands, owners = distinct_truths(records)
        caption = f"{overlay.caption} {figure.caption}"
        figure = replace(figure, overlay=overlay, bands=bands, owners=owners, caption=caption)
        return figure._with_axes(tracing)

    @classmethod
    def from_record(
        cls,
        record: RunRecord,
        step: int | None = None,
        among: Sequence[RunRecord] = (),
        *,
        x: XAxis = "steps",
        log_x: bool = False,
        log_y: bool = False,
        smoothing: float = 0.0,
        hidden: Collection[str] = (),
    ) -> Self | None:
        """Build the figure of a run; None before its first number."""
        options = {"x": x, "log_x": log_x, "log_y": log_y, "smoothing": smoothing, "hidden": hidden}
        return cls.from_records([record], step, among, **options)

    @classmethod
    def _of_run(cls, record: RunRecord, tracing: Tracing) -> Self | None:
        """Build the figure of a run without ranges."""
        curves = cost_curves(record, tracing)
        bands = tuple(record.truths[quantity] for quantity in QUANTITIES if quantity in record.truths)
        finals = final_estimates(record, tracing)
        if not (curves or bands or finals):
            return None
        stages = tracing.stages(record)
        return cls(
            curves=curves,
            bands=bands,
            finals=finals,
            summary_lines=(
                *(estimate_summary(one, record.truths) for one in finals or newest_estimates(curves)),
                *suboptimality_lines(record),
                *generator_lines(record),
            ),
            gradient=gradient_metrics(record),
            warnings=record.warnings if record.ended else warnings_while_training(record),
            missing="" if any(curve.name == "true" for curve in curves) else missing_truths_text(record),
            title="Critic gap and value over training",
            caption=costs_caption(record, finals, settings_caption(tracing.settings, stages)),
            settings=tracing.settings,
            abscissa=tracing.abscissa(record),
            stages=stages,
            x_range=(0.0, 1.0),
            y_range=(0.0, 1.0),
        )

    def _with_axes(self, tracing: Tracing) -> Self:
        """Return the figure with the ranges of what it shows, and with notes on what its axes leave out."""
        settings = self.settings
        curves = self.shown_lines
        places = [curve.x for curve in curves if len(curve.x)]
        ends = [one.x for one in self.shown_finals]
        ends += [float(x[-1]) for x in places]
        if settings.log_x:
            ends += [float(x[x > 0][0]) for x in places if (x > 0).any()]
        notes = tuple(filter(None, (tracing.note,)))
        return replace(
            self,
            notes=notes + notes_on_axes(curves, settings),
            x_range=x_range_of(ends, log=settings.log_x),
            y_range=self._log_range() if settings.log_y else self._linear_range(),
        )

    @property
    def run_curves(self) -> Sequence[CostCurve | CostBounds]:
        """The curves of the main run, hidden ones as well."""
        return self.curves

    @property
    def shown_bands(self) -> tuple[Truth, ...]:
        """The truths that are not hidden."""
        return tuple(band for band in self.bands if self.settings.shows(band.quantity))

    @property
    def shown_finals(self) -> tuple[Estimate, ...]:
        """The final estimates that are not hidden."""
        return tuple(final for final in self.finals if self.shows(final.name))

    def band_text(self, index: int) -> str:
        """Return the label of a truth, with its runs where the runs have different ones."""
        owner = self.owners[index] if self.owners else ""
        return f"{band_label(self.bands[index])} ({owner})" if owner else band_label(self.bands[index])

    def tables(self) -> dict[str, Table]:
        """Return the shown curves, the truths, the final estimates, and the curves of further runs."""
        curves = [curve for curve in self.curves if self.shows(curve.name)]
        steps = np.unique(np.concatenate([np.empty(0), *(curve.steps for curve in curves)]))
        table: Table = {"step": steps.astype(int)}
        if self.abscissa.axis != "steps":
            table[self.abscissa.axis] = self.abscissa.at(steps)
        for curve in curves:
            at = np.searchsorted(steps, curve.steps)
            for column, values in curve.columns.items():
                table[column] = np.full(len(steps), np.nan)
                table[column][at] = values
        truths = [band.model_dump() for band in self.shown_bands]
        tables = {
            "": table,
            "truths": {key: np.array([t[key] for t in truths]) for key in Truth.model_fields},
        }
        if self.shown_finals:
            keys = ("name", "step", "value", "error")
            tables["final"] = {
                key: np.array([getattr(one, key) for one in self.shown_finals]) for key in keys
            }
        if self.gradient:
            metrics, numbers = zip(*self.gradient.items(), strict=True)
            tables["gradient"] = {"metric": np.array(metrics), "value": np.array(numbers)}
        tables |= replace(self.overlay, curves=self.shown_overlay).tables()
        return {name: columns for name, columns in tables.items() if len(next(iter(columns.values())))}

    def _linear_range(self) -> Range:
        """Return a range with the truths, the second half of the curves, and early values close to them."""
        curves = [curve for curve in self.curves if self.shows(curve.name)]
        settled: list[Float] = [
            np.array([edge for band in self.shown_bands for edge in (band.lower, band.upper)], float)
        ]
        settled += [
            final.value + WIDTH * np.nan_to_num(final.error) * np.array([-1.0, 1.0])
            for final in self.shown_finals
        ]
        early: list[Float] = [np.empty(0)]
        for curve in (*curves, *self.shown_overlay):
            half = len(curve.values) // 2
            for edge in (curve.lower, curve.upper):
                settled.append(np.nan_to_num(edge[half:], nan=curve.values[-1]))
            early.append(curve.values[:half])
        low, high = finite_range(np.concatenate(settled))
        before = np.concatenate(early)
        room = NEAR * (high - low)
        near = before[(low - room <= before) & (before <= high + room)]
        return padded(float(near.min(initial=low)), float(near.max(initial=high)))

    def _log_range(self) -> Range:
        values: list[Float] = [curve.values for curve in self.shown_lines]
        values += [np.array([band.lower, band.upper]) for band in self.shown_bands]
        values += [np.array([final.value]) for final in self.shown_finals]
        return log_range(values)
