"""CellsView: the cells of the atoms, and the automatic gradient of the cost beside the true one."""

from collections.abc import Hashable, Sequence
from html import escape
from typing import Any, ClassVar, Self

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, QSignalBlocker, Qt
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from wganstudio.figures import Figure
from wganstudio.figures.cells.dual import dual_from_frame
from wganstudio.figures.cells.figure import ARROW_LABELS, DASHED, Cells
from wganstudio.figures.cells.gradients import MAX_SOLVED_ATOMS, epsilon_choices
from wganstudio.figures.frames import plane_frame
from wganstudio.figures.types import Range
from wganstudio.gui.views.base import Area, SameObject, clip_range
from wganstudio.gui.views.frame_view import FrameView
from wganstudio.gui.views.plot_items import (
    HIGHLIGHT_WIDTH,
    SummaryLabel,
    add_plot,
    set_axis_labels,
    theme_axes,
)
from wganstudio.gui.views.registry import register_view
from wganstudio.gui.widgets.plain_text import Label, tooltip
from wganstudio.session import RunRecord
from wganstudio.training.events import Snapshot

TRUE_ARROW_WIDTH = 4
"""Width in pixels of the arrows of the true gradient, wider than the automatic ones on top of them."""
GLYPHS = {"true": "\u2501", "automatic": "\u2501", "across_border": "\u2505"}


@register_view
class CellsView(FrameView):
    """Cells, atoms and samples, arrows of both gradients, and a slider for epsilon."""

    name: ClassVar[str] = "cells"
    title: ClassVar[str] = "Cells"
    area: ClassVar[Area] = "main"
    position: ClassVar[int] = 90
    empty_text: ClassVar[str] = (
        "Press Run with the semi-discrete solver to see the cells of its atoms and the gradients of the cost."
    )
    hint: ClassVar[str] = "Point at the plot to read which atom receives the mass."

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.epsilon_slider = QSlider(Qt.Orientation.Horizontal)
        self.epsilon_slider.setAccessibleName("Regularization epsilon")
        self.epsilon_slider.setMinimumWidth(50)
        self.epsilon_slider.valueChanged.connect(self._settings_changed)
        self.epsilon_label = Label()
        bar = QHBoxLayout()
        bar.setSpacing(10)
        bar.addWidget(self.epsilon_label)
        bar.addWidget(self.epsilon_slider, 1)
        bar.addWidget(self.step_note)
        self.column.insertLayout(0, bar)
        self.epsilons: list[float] = []
        self._run_epsilon: float | None = None
        self._offered_record: RunRecord | None = None
        self.plot = add_plot(self.canvas, row=0, col=0)
        self.box = self.plot.getViewBox()
        self.image = pg.ImageItem(axisOrder="row-major")
        self.borders = pg.PlotCurveItem(connect="finite", antialias=True)
        self.samples = pg.ScatterPlotItem(size=4, pxMode=True)
        self.atoms = pg.ScatterPlotItem(symbol="d", pxMode=True)
        self.highlight = pg.ScatterPlotItem(size=18, symbol="o", brush=None, pxMode=True)
        for item in (self.image, self.borders, self.samples, self.atoms, self.highlight):
            self.plot.addItem(item, ignoreBounds=True)
        self.arrows = {name: self.plot.plot(connect="finite", antialias=True) for name in ARROW_LABELS}
        self.summary = SummaryLabel()
        self.summary.setTextFormat(Qt.TextFormat.RichText)
        self.pane.add_text(self.summary)
        self._connect_zoom(self.box)
        self.set_dark(False)

    def _drawn_snapshot(self, record: RunRecord) -> SameObject:
        """Return the critic that is drawn, as a part of the cache key."""
        if self.shown_step is None:
            return SameObject(self._newest_critic(record))
        return super()._drawn_snapshot(record)

    def set_records(self, records: Sequence[RunRecord]) -> None:
        """Show other runs, or none."""
        self._offered_record = None
        super().set_records(records)

    def copy_settings(self, other: Self) -> None:
        """Take over epsilon, or the nearest one that is offered here, without drawing."""
        if not self.epsilons or not other.epsilons or self is other:
            return
        wanted = other.epsilons[other.epsilon_slider.value()]
        nearest = min(self.epsilons, key=lambda epsilon: abs(epsilon - wanted))
        with QSignalBlocker(self.epsilon_slider):
            self.epsilon_slider.setValue(self.epsilons.index(nearest))

    def _newest_critic(self, record: RunRecord) -> Snapshot | None:
        """Return the critic of the newest frame that is drawn.

        With many atoms, only recorded frames are drawn while the run continues: a live one takes too long.
        """
        critic, atoms = record.snapshot("critic"), record.snapshot("atoms")
        if record.state != "running" or atoms is None or len(atoms.arrays["atoms"]) <= MAX_SOLVED_ATOMS:
            return critic
        steps = record.recorded_steps("critic")
        return record.snapshot("critic", steps[-1]) if steps else None

    def step_of(self, record: RunRecord) -> int | None:
        """Return the step of a run to draw; None before the first frame."""
        step = super().step_of(record)
        newest = self._newest_critic(record) if step is None else None
        return step if newest is None else newest.step

    def _cache_key(self, record: RunRecord) -> Hashable:
        snapshots = SameObject(record.snapshot("plane")), self._drawn_snapshot(record)
        return snapshots, self.shown_step, record.state

    def _build_figure(self, record: RunRecord) -> Figure | None:
        self._update_epsilons(record)
        return super()._build_figure(record)

    def options(self) -> dict[str, Any]:
        """Return the epsilon of the slider; None for that of the run."""
        return {"epsilon": self._chosen_epsilon}

    @property
    def _chosen_epsilon(self) -> float | None:
        """The epsilon of the slider; None for that of the run."""
        value = self.epsilons[self.epsilon_slider.value()] if self.epsilons else self._run_epsilon
        return None if value == self._run_epsilon else value

    def _update_epsilons(self, record: RunRecord) -> None:
        """Offer the epsilon of the run and others around it, once the atoms of the run are known."""
        frame = plane_frame(record)
        dual = None if frame is None else dual_from_frame(frame.arrays, record.experiment.solver.ground)
        if dual is None or self._offered_record is record:
            return
        self._offered_record = record
        is_small = len(dual.psi) <= MAX_SOLVED_ATOMS
        self._run_epsilon = dual.epsilon
        self.epsilons = epsilon_choices(dual) if is_small else []
        self.epsilon_slider.blockSignals(True)
        self.epsilon_slider.setRange(0, max(len(self.epsilons) - 1, 0))
        self.epsilon_slider.setValue(self.epsilons.index(dual.epsilon) if is_small else 0)
        self.epsilon_slider.blockSignals(False)
        self.epsilon_slider.setEnabled(is_small)
        longest = max(
            (_epsilon_text(epsilon, dual.epsilon) for epsilon in self.epsilons), key=len, default=""
        )
        self.epsilon_label.setMinimumWidth(
            self.epsilon_label.fontMetrics().horizontalAdvance(longest)
        )  # keeps the slider in place
        self.epsilon_slider.setToolTip(
            "Recompute ψ for another ε and the Q of this frame. At the left end, ε = 0."
            if is_small
            else f"ψ can be recomputed for up to {MAX_SOLVED_ATOMS} atoms; this run has {len(dual.psi):,}."
        )

    def _message(self) -> str:
        record = self.record
        if record is None or record.snapshot("critic") is None:
            return super()._message()
        return (
            "Available only for semi-discrete transport in one or two dimensions, with at most 4,096 atoms."
        )

    def _draw(self, figure: Cells) -> None:
        run_epsilon = figure.run_epsilon if figure.resolved else None
        self.epsilon_label.setText(_epsilon_text(figure.dual.epsilon, run_epsilon))
        self.epsilon_label.setToolTip(tooltip(figure.summary_lines[0]))
        self.plot.setAspectLocked(not figure.grid.is_line and figure.grid.equal_aspect)
        self.plot.getAxis("left").setStyle(showValues=not figure.grid.is_line)
        set_axis_labels(
            self.plot, figure.grid.labels[0], "" if figure.grid.is_line else figure.grid.labels[1]
        )
        left, right = figure.grid.extent[:2]
        low, high = figure.vertical_extent
        self._color(figure)
        self.image.setRect(QRectF(left, low, right - left, high - low))
        self.borders.setData(*figure.borders.T)
        self.samples.setData(*figure.samples.T)
        self.atoms.setData(*figure.atoms.T, size=figure.marker_sizes)
        is_small = len(figure.atoms) <= MAX_SOLVED_ATOMS
        self.atoms.setPen(pg.mkPen(self.palette_.foreground) if is_small else pg.mkPen(None))
        for name, curve in self.arrows.items():
            curve.setData(*figure.arrows[name].T)
        self._update_summary(figure)

    def _update_summary(self, figure: Cells) -> None:
        palette = self.palette_
        distributions = (("\u25c6", palette.p, "P"), ("\u25cf", palette.q, "Q"))
        gradients = [
            (GLYPHS[name], palette.gradient(name), text)
            for name, text in ARROW_LABELS.items()
            if len(figure.arrows[name])
        ]
        entries = [
            f'<span style="color:{color}">{glyph}</span> {text}'
            for glyph, color, text in (*distributions, *gradients)
        ]
        entries.insert(len(distributions), "gradient:")
        self.summary.setText("<br>".join([" &nbsp;".join(entries), *map(escape, figure.summary_lines[1:])]))

    def _color(self, figure: Cells) -> None:
        self.image.setImage((255 * figure.image(self.palette_.cells)).astype(np.uint8), autoLevels=False)

    def _ranges(self) -> dict[str, Range]:
        if not isinstance(self.drawn, Cells):
            return {}
        x, y = self.box.viewRange()
        return {
            "x": clip_range(tuple(x), self.drawn.grid.extent[:2]),
            "y": clip_range(tuple(y), self.drawn.vertical_extent),
        }

    def _restyle(self) -> None:
        palette = self.palette_
        theme_axes(self.plot, palette)
        self.borders.setPen(pg.mkPen(palette.faint, width=1))
        self.samples.setBrush(pg.mkBrush(palette.q))
        self.samples.setPen(pg.mkPen(None))
        self.atoms.setBrush(pg.mkBrush(palette.p))
        self.highlight.setPen(pg.mkPen(palette.foreground, width=HIGHLIGHT_WIDTH))
        for name, curve in self.arrows.items():
            dashes = Qt.PenStyle.DotLine if name in DASHED else Qt.PenStyle.SolidLine
            curve.setPen(
                pg.mkPen(
                    palette.gradient(name),
                    width=TRUE_ARROW_WIDTH if name == "true" else HIGHLIGHT_WIDTH,
                    style=dashes,
                )
            )
        if isinstance(self.drawn, Cells):
            self._draw(self.drawn)

    def _on_hover(self, position: Any) -> None:
        if not isinstance(self.drawn, Cells) or not self.box.sceneBoundingRect().contains(position):
            return self._clear_hover()
        point = self.box.mapSceneToView(position)
        text = self.drawn.readout(point.x(), point.y())
        if text is None:
            return self._clear_hover()
        self.readout.setText(text)
        self.highlight.setData(pos=self.drawn.atoms[[self.drawn.cell_at(point.x(), point.y())]])

    def _clear_hover(self) -> None:
        self.readout.setText(self.hint)
        self.highlight.setData([], [])


def _epsilon_text(epsilon: float, run_epsilon: float | None) -> str:
    return f"ε = {epsilon:g}" + ("" if run_epsilon is None else f" (run: {run_epsilon:g})")
