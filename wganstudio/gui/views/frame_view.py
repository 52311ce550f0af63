"""FramedView: a view of one picture of a run, the newest or one of those kept."""

from collections.abc import Hashable
from typing import ClassVar

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from wganstudio.gui.views.base import View
from wganstudio.gui.views.plot_items import FrameBar, Pictures
from wganstudio.session import RunRecord


class FrameView(View):
    """A view with a bar that chooses the picture, and a line that reads out what the mouse points at.

    The subclass puts `frames` where it belongs.
    """

    draws: ClassVar[frozenset[str]] = frozenset({"critic"})
    hint: ClassVar[str]
    """What the line says while the mouse is elsewhere."""
    wide = True
    """Whether its panels stand beside each other."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.frames = FrameBar()
        self.frames.changed.connect(self._chosen)
        self.readout = QLabel(self.hint)
        self.readout.setTextFormat(Qt.TextFormat.PlainText)
        self.readout.setMinimumWidth(1)  # a long reading must not widen the dock
        self.column.addWidget(self.readout)

    def _read_out_lines(self, count: int) -> None:
        """Keep so many lines free for a long reading: else the picture would shrink under the mouse."""
        self.readout.setWordWrap(True)
        self.readout.setFixedHeight(count * self.readout.fontMetrics().lineSpacing() + 2)
        self.readout.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)

    def _has_room(self) -> bool:
        """Whether its panels have room beside each other."""
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the panels beside or below each other, as there is room."""
        super().resizeEvent(event)
        if self.wide != self._has_room():
            self.wide = not self.wide
            if self._drawn is not None:
                self._draw(self._drawn)
                if self.following:
                    self._show_ranges(self._drawn)

    def set_record(self, record: RunRecord | None) -> None:
        """Show another run, or none."""
        self._follow(record, newest=True)
        super().set_record(record)

    def _pictures(self, record: RunRecord) -> Pictures:
        """Those that the bar offers."""
        return Pictures(record.frame, record.frames)

    def _follow(self, record: RunRecord | None, newest: bool = False) -> None:
        pictures = Pictures() if record is None else self._pictures(record)
        self.frames.follow(pictures, record is not None and record.over, newest)

    @Slot()
    def _chosen(self) -> None:
        if self.record is not None:
            self._key = self._state(self.record)
            self._redraw()

    def _state(self, record: RunRecord) -> Hashable:
        self._follow(record)
        flow = id(record.flow), record.flow_missing, record.truth_missing
        return id(record.scene), id(record.frame), self.frames.step, record.state, flow
