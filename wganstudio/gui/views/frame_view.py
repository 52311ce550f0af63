"""FrameView: a view of one frame of a run, the newest or a recorded one."""

from collections.abc import Hashable, Sequence
from typing import ClassVar

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from wganstudio.gui.views.base import SameObject, View
from wganstudio.gui.views.plot_items import FrameBar, FrameSteps
from wganstudio.gui.widgets.plain_text import Label
from wganstudio.session import RunRecord


class FrameView(View):
    """A view with a slider that chooses the frame, and a readout of the position under the mouse.

    The subclass adds `frame_bar` to its layout.
    """

    topics: ClassVar[frozenset[str]] = frozenset({"critic"})
    hint: ClassVar[str]
    """Text of the readout while the mouse is elsewhere."""
    readout_lines: ClassVar[int] = 2
    """Lines reserved for the readout, so that the plot does not shrink under the mouse."""
    wide = True
    """True while the panels are side by side."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.frame_bar = FrameBar()
        self.frame_bar.changed.connect(self._settings_changed)
        self.readout = Label(self.hint)
        self.readout.setMinimumWidth(1)  # a long readout must not widen the dock
        self.readout.setWordWrap(True)
        self.readout.setFixedHeight(self.readout_lines * self.readout.fontMetrics().lineSpacing() + 2)
        self.readout.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.column.addWidget(self.readout)

    def _fits_wide(self) -> bool:
        """Return True if the panels fit side by side."""
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the panels side by side or one below the other."""
        super().resizeEvent(event)
        if self.wide != self._fits_wide():
            self.wide = not self.wide
            if self.drawn is not None:
                self._show(self.drawn)

    def set_records(self, records: Sequence[RunRecord]) -> None:
        """Show other runs, or none."""
        self._update_frame_bar(records[0] if records else None, newest=True)
        super().set_records(records)

    def _frame_steps(self, record: RunRecord) -> FrameSteps:
        """Return the steps that the slider offers."""
        newest = record.snapshot("critic")
        return FrameSteps(None if newest is None else newest.step, tuple(record.recorded_steps("critic")))

    def _update_frame_bar(self, record: RunRecord | None, newest: bool = False) -> None:
        steps = FrameSteps() if record is None else self._frame_steps(record)
        self.frame_bar.set_steps(steps, over=record is not None and record.over, newest=newest)

    @Slot()
    def _settings_changed(self) -> None:
        if self.record is not None:
            self._drawn_key = self._cache_key(self.record)
            self._redraw()

    def _cache_key(self, record: RunRecord) -> Hashable:
        self._update_frame_bar(record)
        snapshots = tuple(SameObject(record.snapshot(topic)) for topic in ("plane", "critic", "flow"))
        return snapshots, self.frame_bar.step, record.state, record.flow_missing, record.truth_missing
