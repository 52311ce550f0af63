"""View: what every live view shares. A view draws from a RunRecord and never touches a trainer."""

from collections.abc import Callable, Hashable, Sequence
from typing import Any, ClassVar

import pyqtgraph as pg
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction, QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QStackedLayout, QVBoxLayout, QWidget

from wganstudio.figures import Figure, zoomed
from wganstudio.figures.style import DARK, LIGHT, Palette
from wganstudio.figures.types import Range
from wganstudio.gui.widgets.docks import in_sight
from wganstudio.session import RunRecord


class View(QWidget):
    """A live picture of one run.

    The window calls `refresh` on its timer; what has not changed costs nothing, nor does a view out of sight.
    `figure` gives exactly what is drawn, for export. Actions that the window adds show on a right click.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    invitation: ClassVar[str]
    beside: ClassVar[str] = ""
    """The view whose place it shares at first, as a tab; none: a place of its own."""
    draws: ClassVar[frozenset[str]] = frozenset()
    """The kinds of live events (`training.events.LIVE`) that it draws."""

    box: pg.ViewBox
    """Of its plot, where it has one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.record: RunRecord | None = None
        self.session: Callable[[], Sequence[RunRecord]] = tuple
        """All runs of the session, for a view that compares them."""
        self.palette_: Palette = LIGHT
        self.following = True
        """Whether the ranges follow the data; no longer once the user has zoomed."""
        self._drawn: Figure | None = None
        self._version = -1
        self._key: Hashable = None
        self.message = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self.message.setMargin(24)
        self.canvas = pg.GraphicsLayoutWidget()
        self.canvas.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)  # the event goes on to the view
        self.canvas.setMinimumSize(160, 80)
        self.canvas.ci.setContentsMargins(4, 4, 4, 4)
        self.body = QWidget()
        self.column = QVBoxLayout(self.body)
        self.column.setContentsMargins(6, 4, 6, 4)
        self.column.setSpacing(3)
        self.column.addWidget(self.canvas, 1)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.message)
        self._stack.addWidget(self.body)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self._add_action("Copy picture", self.copy_picture)
        self._add_action("Show the whole picture", self.reset_zoom)
        self.canvas.scene().sigMouseMoved.connect(self._mouse_moved)

    def set_record(self, record: RunRecord | None) -> None:
        """Show another run, or none."""
        self.record = record
        self._version = -1
        self._key = None
        self.following = True
        self.refresh()

    def refresh(self) -> None:
        """Draw what has changed since the last time."""
        version = self._now()
        if not in_sight(self) or (version == self._version and version >= 0):
            return
        self._version = version
        key = self._state(self.record) if self.record is not None else None
        if self.record is None or key != self._key:
            self._key = key
            self._redraw()

    def figure(self) -> Figure | None:
        """What is drawn, in the ranges shown; None while there is nothing."""
        figure = self._derive(self.record) if self.record is not None else None
        if figure is None or self.following or self._drawn is None:
            return figure
        return zoomed(figure, self._ranges())

    def set_dark(self, dark: bool) -> None:
        """Change the theme."""
        self.palette_ = DARK if dark else LIGHT
        self.canvas.setBackground(self.palette_.background)
        self._restyle()

    @Slot()
    def copy_picture(self) -> None:
        """Put the picture on the clipboard."""
        QGuiApplication.clipboard().setPixmap(self.body.grab())

    @Slot()
    def reset_zoom(self) -> None:
        """Let the ranges follow the data again."""
        self.following = True
        if self._drawn is not None:
            self._show_ranges(self._drawn)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up on what was not drawn while out of sight."""
        super().showEvent(event)
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Forget the cursor."""
        super().hideEvent(event)
        self._leave()

    def leaveEvent(self, event: Any) -> None:
        """Forget the cursor."""
        super().leaveEvent(event)
        self._leave()

    def _redraw(self) -> None:
        figure = self._derive(self.record) if self.record is not None else None
        self._drawn = figure
        self.message.setText(self._message())
        self._stack.setCurrentWidget(self.message if figure is None else self.body)
        if figure is not None:
            self._draw(figure)
            if self.following:
                self._show_ranges(figure)

    def _message(self) -> str:
        record = self.record
        if record is None:
            return self.invitation
        if record.failed is not None:
            return f"The run failed before its first picture: {record.failed.message}"
        if record.over:
            return "No pictures of this run were kept; a suite keeps them where its file says so."
        return "Waiting for the first picture…"

    def _add_action(self, text: str, slot: Any) -> None:
        action = QAction(text, self)
        action.triggered.connect(slot)
        self.addAction(action)

    def _watch_zoom(self, box: pg.ViewBox) -> None:
        box.sigRangeChangedManually.connect(self._zoomed_by_hand)

    @Slot(object)
    def _zoomed_by_hand(self, _: object) -> None:
        self.following = False

    @Slot(object)
    def _mouse_moved(self, place: object) -> None:
        if self._drawn is not None and self._stack.currentWidget() is self.body:
            self._hover(place)

    def _now(self) -> int:
        """Grows with whatever the view shows; -1 where there is nothing."""
        return -1 if self.record is None else self.record.version

    # What a view defines.

    def _state(self, record: RunRecord) -> Hashable:
        """What the picture depends on: nothing is drawn anew while it stays the same."""
        raise NotImplementedError

    def _derive(self, record: RunRecord) -> Figure | None:
        raise NotImplementedError

    def _draw(self, figure: Any) -> None:
        raise NotImplementedError

    # The two below are those of a view with one plot, whose box is `box`.

    def _show_ranges(self, figure: Any) -> None:
        self.box.setRange(xRange=figure.x_range, yRange=figure.y_range, padding=0)

    def _ranges(self) -> dict[str, Range]:
        x, y = self.box.viewRange()
        return {"x": tuple(x), "y": tuple(y)}

    def _restyle(self) -> None:
        raise NotImplementedError

    def _hover(self, place: Any) -> None:
        """The mouse is at a place of the canvas."""

    def _leave(self) -> None:
        """The mouse is gone."""


def clipped(shown: Range, whole: Range) -> Range:
    """The part of a range within the whole; all of it where they do not meet."""
    low, high = max(shown[0], whole[0]), min(shown[1], whole[1])
    return (low, high) if low < high else shown
