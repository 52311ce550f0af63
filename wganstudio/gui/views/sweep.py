"""SweepView: any result of the runs that differ in a field; for lambda also the excess over W1."""

from collections.abc import Hashable, Sequence
from html import escape
from typing import Any, ClassVar, Self

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QSignalBlocker, Qt, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from wganstudio.experiment import Experiment
from wganstudio.figures import Figure
from wganstudio.figures.families import SEED, field_families
from wganstudio.figures.field_sweep.figure import FieldSweep
from wganstudio.figures.field_sweep.results import results_of
from wganstudio.figures.request import FigureRequest
from wganstudio.figures.sweep.figure import PENALTY_NAMES, Sweep
from wganstudio.figures.types import Range
from wganstudio.gui.views.base import Area, SameObject, View
from wganstudio.gui.views.chosen_axes import ChosenAxes
from wganstudio.gui.views.plot_items import SummaryLabel
from wganstudio.gui.views.registry import register_view
from wganstudio.gui.views.sweep_panels import INCOMPLETE, FieldPanel, LambdaPanel
from wganstudio.gui.widgets.plain_text import tooltip
from wganstudio.session import RunRecord

EXCESS = "excess"
"""The choice of the excess over W1 instead of a result."""


@register_view
class SweepView(View):
    """A plot over the swept field, and above it the choice of the field and of what is shown."""

    name: ClassVar[str] = "sweep"
    title: ClassVar[str] = "Sweep"
    area: ClassVar[Area] = "bottom"
    position: ClassVar[int] = 70
    empty_text: ClassVar[str] = (
        "Choose Run > Sweep… to train the experiment with several values of a field. "
        "This view shows the results over that field."
    )

    @classmethod
    def applies_to(cls, experiment: Experiment, among: Sequence[Experiment] = ()) -> bool:
        """Return True if other runs have another lambda, or differ in another single field."""
        return any(figure.applies_to(experiment, among) for figure in (Sweep, FieldSweep))

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = QComboBox()
        self.field.setAccessibleName("Field of the horizontal axis")
        self.field.setToolTip("The field in which the runs differ")
        self.result = QComboBox()
        self.result.setAccessibleName("Result of the vertical axis")
        self.result.setToolTip("The final estimate or metric to show")
        self._chosen: set[QComboBox] = set()
        """The boxes in which the user has chosen an entry."""
        for box in (self.field, self.result):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(10)
            box.activated.connect(self._choice_changed)
        self.axes = ChosenAxes(self)
        self.axes.changed.connect(self._axes_chosen)
        bar = QHBoxLayout()
        bar.setSpacing(6)
        bar.addWidget(self.result, 2)
        bar.addWidget(self.field, 1)
        bar.addWidget(self.axes.bar)
        self.column.insertLayout(0, bar)
        self.panel: LambdaPanel | FieldPanel | None = None
        self.summary = SummaryLabel()
        self.summary.setTextFormat(Qt.TextFormat.RichText)
        self.column.addWidget(self.summary)
        self.set_dark(False)

    @property
    def boxes(self) -> tuple[pg.ViewBox, ...]:
        """The view box of the plot, once it is drawn."""
        return () if self.panel is None else (self.panel.box,)

    def _version(self) -> int:
        return sum(record.version + 1 for record in self.session_records()) if self.record is not None else -1

    def _cache_key(self, record: RunRecord) -> Hashable:
        return tuple(
            (other.run, other.name, other.state, *map(SameObject, other.truths.values()))
            for other in self.session_records()
        )

    def _build_figure(self, record: RunRecord) -> Figure | None:
        excess = Sweep.from_record(record, among=self.session_records())
        self._offer(record, excess is not None)
        return super()._build_figure(record)

    def request(self, record: RunRecord) -> FigureRequest:
        """Return what the plot of the chosen result over the chosen field is built from."""
        choices = self.axes.choices
        options: dict[str, Any] = {
            "log_x": choices.log_x,
            "log_y": choices.log_y,
            "hidden": tuple(sorted(choices.hidden)),
        }
        if self.result.currentData() == EXCESS:
            return FigureRequest(Sweep.name, (record,), options=options)
        path, result = (str(box.currentData() or "") for box in (self.field, self.result))
        options = {"path": path, "result": result} | options
        return FigureRequest(FieldSweep.name, (record,), options=options)

    def copy_settings(self, other: Self) -> None:
        """Take over the field and the result, once they are offered, and the axes."""
        self.axes.choices = other.axes.choices
        self._chosen = {self.field, self.result}
        for mine, theirs in ((self.field, other.field), (self.result, other.result)):
            mine.addItem(theirs.currentText(), theirs.currentData())

    def _offer(self, record: RunRecord, has_excess: bool) -> None:
        """Offer the fields in which runs differ, and the results that they have; the choices stay."""
        families = field_families(record, self.session_records())
        fields = [(family.title if family.path != SEED else "seed", family.path) for family in families]
        members = [one for family in families for one in family.records]
        results = [(result.title, result.key) for result in results_of(members)]
        if has_excess:
            results.insert(0, ("value − W₁", EXCESS))
        for box, entries in ((self.field, fields), (self.result, results)):
            if entries == [(box.itemText(row), box.itemData(row)) for row in range(box.count())]:
                continue
            kept = box.currentData() if box in self._chosen else None  # by default the first entry
            with QSignalBlocker(box):
                box.clear()
                for text, data in entries:
                    box.addItem(text, data)
                box.setCurrentIndex(max(0, box.findData(kept)))
        self.field.setEnabled(self.result.currentData() != EXCESS)

    @Slot()
    def _choice_changed(self) -> None:
        box = self.sender()
        if isinstance(box, QComboBox):
            self._chosen.add(box)
        self.axes.forget()
        self._axes_chosen()

    @Slot()
    def _axes_chosen(self) -> None:
        self.auto_range = True
        self._redraw()

    def _message(self) -> str:
        return self.empty_text

    def _draw(self, figure: Sweep | FieldSweep) -> None:
        kind: type[LambdaPanel | FieldPanel] = LambdaPanel if isinstance(figure, Sweep) else FieldPanel
        if not isinstance(self.panel, kind):
            self.canvas.clear()
            self.panel = kind(self.canvas)
            self.panel.legend.clicked.connect(self._toggle)
            self._connect_zoom(self.panel.box)
            self.panel.box.sigResized.connect(self._place_legend)
        is_numeric = not isinstance(figure, FieldSweep) or figure.numeric
        self.axes.show(figure.logarithmic, figure.entries, numeric=is_numeric)
        self.panel.draw(figure)
        self._restyle()

    @Slot(str)
    def _toggle(self, key: str) -> None:
        if key != INCOMPLETE:
            self.axes.bar.toggle(key)

    @Slot()
    def _place_legend(self) -> None:
        if self.panel is not None:
            self.panel.place_legend()

    def _show_ranges(self, figure: Sweep | FieldSweep) -> None:
        if self.panel is not None:
            x, y = self.panel.scales.positions(figure.x_range, figure.y_range)
            self.panel.box.setRange(xRange=x, yRange=y, padding=0)
            self.panel.place_legend()

    def _ranges(self) -> dict[str, Range]:
        if self.panel is None:
            return {}
        x, y = self.panel.scales.ranges(*self.panel.box.viewRange())
        return {"x": x, "y": y}

    def _on_hover(self, position: Any) -> None:
        if self.panel is not None:
            self.panel.point_at(QPointF(position))

    def _clear_hover(self) -> None:
        if self.panel is not None:
            self.panel.crosshair.clear()

    def _restyle(self) -> None:
        if self.panel is None:
            return
        self.panel.set_palette(self.palette_)
        if isinstance(self.drawn, Sweep):
            self.summary.setText(self._lambda_summary(self.drawn))
        elif isinstance(self.drawn, FieldSweep):
            self.summary.setText("; ".join(map(escape, self.drawn.summary_lines)))
        if isinstance(self.drawn, Sweep | FieldSweep):
            self.summary.setToolTip(tooltip("\n".join(self.drawn.summary_lines)))

    def _lambda_summary(self, figure: Sweep) -> str:
        colors = {curve.kind: self.palette_.penalty(curve.kind) for curve in figure.series}
        slopes = [
            f'<span style="color:{colors.get(kind, self.palette_.truth)}">■</span> '
            f"{escape(f'{PENALTY_NAMES.get(kind, kind)}: {fit.text}')}"
            for kind, fit in figure.fits
            if kind in colors or len(figure.truths.penalties) > 1
        ]
        dashed = ["dashed: slope -1"] if len(figure.slope_line[0]) else []
        return "; ".join([*slopes, *dashed, *map(escape, figure.notes)])
