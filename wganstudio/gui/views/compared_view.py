"""ComparedView: a view of one run as SideBySide sees it, which places its pane beside those of other runs."""

from collections.abc import Hashable, Sequence
from typing import ClassVar, Self

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from wganstudio.figures import Figure
from wganstudio.gui.views.folding import Folding
from wganstudio.gui.views.maps.host import MapHost
from wganstudio.gui.views.mirrored_cursor import MirroredCursor
from wganstudio.gui.views.pane import Pane
from wganstudio.gui.widgets.plain_text import Label
from wganstudio.session import RunRecord


class ComparedView(MapHost):
    """A view whose plot and readout are in a pane, and whose figure has scales of its own."""

    hint: ClassVar[str]
    """Text of the readout while the mouse is elsewhere."""
    readout_lines: ClassVar[int] = 2
    """Lines reserved for the readout, so that the plot does not shrink under the mouse."""
    side_by_side: ClassVar[bool] = True
    """True if the view shows the further selected runs beside the main one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.readout = Label(self.hint)
        self.readout.setMinimumWidth(1)  # a long readout must not widen the dock
        self.readout.setWordWrap(True)
        self.readout.setFixedHeight(self.readout_lines * self.readout.fontMetrics().lineSpacing() + 2)
        self.readout.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.pane = Pane(self.canvas, self.readout)
        self.folding = Folding(self, self.canvas, self.pane.content, self.pane)
        self.mirror = MirroredCursor()
        self._raw: Figure | None = None
        """The figure of the run, in scales and ranges of its own."""
        self._raw_key: Hashable = None

    @property
    def linked_boxes(self) -> Sequence[pg.ViewBox]:
        """The view boxes that zoom together with those of the other runs."""
        return self.boxes

    def set_records(self, records: Sequence[RunRecord]) -> None:
        """Show other runs, or none."""
        self._raw = self._raw_key = None
        super().set_records(records)

    def raw_figure(self) -> Figure | None:
        """Return the figure of the run in scales of its own; it is built only if the data have changed."""
        if self.record is None:
            return None
        key = self._cache_key(self.record)
        if self._raw_key is None or key != self._raw_key:
            self._raw, self._raw_key = self._build_figure(self.record), key
        return self._raw

    def figure(self) -> Figure | None:
        """Return the figure in the ranges shown; None if there is nothing to draw."""
        self._raw_key = None
        return super().figure()

    @property
    def has_had_its_turn(self) -> bool:
        """True once the view has been drawn after the choice of its run, or has found nothing to draw."""
        return self._drawn_version >= 0

    # FrameView defines the methods below.

    def new_partner(self) -> Self:
        """Return a further view of this class, of which only the pane is shown beside that of this one."""
        raise NotImplementedError

    def chosen_runs(self, count: int) -> list[int]:
        """Return the indices of those of several runs that the user wants to see."""
        raise NotImplementedError

    def show_adjusted(self) -> None:
        """Draw the figure again if the common scales or ranges have changed."""
        raise NotImplementedError
