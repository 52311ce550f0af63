"""SweepView: any result of the runs that differ in a field; for lambda also the excess over W1."""

from collections.abc import Hashable, Sequence
from html import escape
from typing import ClassVar, Self

import pyqtgraph as pg
from PySide6.QtCore import QSignalBlocker, Qt, Slot
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
from wganstudio.gui.views.plot_items import SummaryLabel
from wganstudio.gui.views.registry import register_view
from wganstudio.gui.views.sweep_panels import FieldPanel, LambdaPanel, shown_range
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
        bar = QHBoxLayout()
        bar.setSpacing(10)
        bar.addWidget(self.result, 2)
        bar.addWidget(self.field, 1)
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
        return excess if self.result.currentData() == EXCESS else super()._build_figure(record)

    def request(self, record: RunRecord) -> FigureRequest:
        """Return what the plot of the chosen result over the chosen field is built from."""
        if self.result.currentData() == EXCESS:
            return FigureRequest(Sweep.name, (record,))
        path, result = (str(box.currentData() or "") for box in (self.field, self.result))
        return FigureRequest(FieldSweep.name, (record,), options={"path": path, "result": result})

    def copy_settings(self, other: Self) -> None:
        """Take over the field and the result, once they are offered."""
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
        self.auto_range = True
        self._redraw()

    def _message(self) -> str:
        return self.empty_text

    def _draw(self, figure: Sweep | FieldSweep) -> None:
        if isinstance(figure, Sweep):
            if not isinstance(self.panel, LambdaPanel):
                self._use(LambdaPanel(self._cleared()))
            assert isinstance(self.panel, LambdaPanel)
            self.panel.draw(figure)
        else:
            if not isinstance(self.panel, FieldPanel) or self.panel.logarithmic != figure.logarithmic:
                self._use(FieldPanel(self._cleared(), figure.logarithmic))
            assert isinstance(self.panel, FieldPanel)
            self.panel.draw(figure)
        self._restyle()

    def _cleared(self) -> pg.GraphicsLayoutWidget:
        self.canvas.clear()
        return self.canvas

    def _use(self, panel: LambdaPanel | FieldPanel) -> None:
        self.panel = panel
        self._connect_zoom(panel.box)
        panel.box.sigResized.connect(self._place_legend)

    @Slot()
    def _place_legend(self, *_: object) -> None:
        if self.panel is not None:
            self.panel.place_legend()

    def _logarithmic(self) -> tuple[bool, bool]:
        return self.panel.logarithmic if isinstance(self.panel, FieldPanel) else (True, True)

    def _show_ranges(self, figure: Sweep | FieldSweep) -> None:
        if self.panel is not None:
            x, y = map(shown_range, (figure.x_range, figure.y_range), self._logarithmic())
            self.panel.box.setRange(xRange=x, yRange=y, padding=0)
            self.panel.place_legend()

    def _ranges(self) -> dict[str, Range]:
        if self.panel is None:
            return {}
        shown = zip("xy", self.panel.box.viewRange(), self._logarithmic(), strict=True)
        return {
            axis: (float(10.0**low), float(10.0**high)) if log else (float(low), float(high))
            for axis, (low, high), log in shown
        }

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
