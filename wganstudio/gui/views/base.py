"""View: the base of all live views. A view draws from a RunRecord and never touches a trainer."""

from collections.abc import Callable, Hashable, Sequence
from typing import Any, ClassVar, Literal, Self

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal, Slot
from PySide6.QtGui import QAction, QHideEvent, QPixmap, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from wganstudio.experiment import Experiment
from wganstudio.figures import Figure, figure_classes, zoomed
from wganstudio.figures.overlay import MAX_RUNS
from wganstudio.figures.request import FigureRequest
from wganstudio.figures.style import DARK, LIGHT, Palette
from wganstudio.figures.types import Range
from wganstudio.gui.help_pages import anchor, has_section
from wganstudio.gui.views.folding import Folding
from wganstudio.gui.views.manual_zoom import ManualZoom
from wganstudio.gui.views.plot_canvas import PlotCanvas
from wganstudio.gui.widgets.docks import in_sight
from wganstudio.gui.widgets.plain_text import Label
from wganstudio.session import RunRecord

Area = Literal["main", "right", "bottom", "bottom-right"]
AREAS: tuple[Area, ...] = ("main", "right", "bottom", "bottom-right")
"""Areas of the default layout. The views of one area share it as tabs."""


class SameObject:
    """A part of a cache key that is equal for one and the same object only.

    It keeps the object alive, so that its identity is not that of a later object, as `id()` may be.
    """

    def __init__(self, value: object) -> None:
        self._value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SameObject) and self._value is other._value

    def __hash__(self) -> int:
        return id(self._value)


class View(QWidget):
    """A live figure of one run.

    The window calls `refresh` on its timer. A view draws only if its data have changed and it is visible.
    `figure` returns exactly what is drawn, for export. The context menu shows the actions of the widget.

    A subclass defines `name`, `title`, `empty_text` and the methods `_cache_key`, `_draw` and `_restyle`, and
    `options` where the user chooses what its figure shows. A view with one plot sets `box`; a view with
    several overrides `boxes`, `_show_ranges` and `_ranges`.
    """

    name: ClassVar[str]
    """The name of its figure."""
    title: ClassVar[str]
    empty_text: ClassVar[str]
    """Text that is shown while no run is selected."""
    data_name: ClassVar[str] = "frame"
    """One item of its data, in messages."""
    missing_text: ClassVar[str] = (
        "This run has no recorded frames. A suite records frames only if its file requests them."
    )
    """Text that is shown for a finished run without data."""
    help_link: ClassVar[str] = ""
    """Address of its section in the help; by default that of its title in "Reading the views"."""
    area: ClassVar[Area] = "main"
    """Area of the default layout."""
    position: ClassVar[int] = 1000
    """Position in the View menu and among the tabs of its area; the first view of an area is in front."""
    topics: ClassVar[frozenset[str]] = frozenset()
    """Kinds of live events that it draws."""

    tool_actions: Sequence[QAction] = ()
    """Actions of the menu in its title bar."""
    box: pg.ViewBox
    """View box of its plot, for a view with one plot."""

    redrawn = Signal()
    """Emitted after the figure has been drawn."""
    figures_wanted = Signal(object)
    """Emitted with the sources of the figures that the user wants to export, by name."""
    step_wanted = Signal(float)
    """Emitted with the step that the user asks all views to show."""
    pointed = Signal(QWidget)
    """Emitted with the view whose context menu is about to open."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.record: RunRecord | None = None
        """The main run of the selection."""
        self.others: tuple[RunRecord, ...] = ()
        """The further selected runs."""
        self.session_records: Callable[[], Sequence[RunRecord]] = tuple
        """Returns all runs of the session, for a view that compares them."""
        self.shown_step: int | None = None
        """The step that all views show; None: the newest frame."""
        self.palette_: Palette = LIGHT
        self.auto_range = True
        """True while the ranges follow the data; zooming sets it to False."""
        self.drawn: Figure | None = None
        """The figure that was drawn last."""
        self._drawn_version = -1
        self._drawn_key: Hashable = None
        self._pointer: QPointF | None = None
        """The position of the mouse in the scene; None outside."""
        self.shared_actions: Sequence[QAction] = ()
        """Actions of the window in its context menu."""
        self.message = Label()
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.message.setWordWrap(True)
        self.message.setMargin(24)
        self.canvas = PlotCanvas()
        self.canvas.setAccessibleName(self.title)
        self.canvas.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)  # the view shows the menu
        self.canvas.setMinimumSize(160, 80)
        self.canvas.ci.setContentsMargins(4, 4, 4, 4)
        self.body = QWidget()
        self.column = QVBoxLayout(self.body)
        self.column.setContentsMargins(6, 4, 6, 4)
        self.column.setSpacing(3)
        self.column.addWidget(self.canvas, 1)
        self.folding = Folding(self, self.canvas, self.column, self)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.message)
        self._stack.addWidget(self.body)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self._add_action("Reset zoom", self.reset_zoom)
        self.canvas.scene().sigMouseMoved.connect(self._mouse_moved)

    @classmethod
    def help_address(cls) -> str:
        """Return the address of its section in the help; empty if there is none, as for a plugin."""
        link = cls.help_link or f"reading-the-views#{anchor(cls.title)}"
        return link if has_section(link) else ""

    @classmethod
    def applies_to(cls, experiment: Experiment, among: Sequence[Experiment] = ()) -> bool:
        """Return False if the view stays empty for every run of an experiment, as its figure tells.

        `among` are the experiments of the session's runs.
        """
        figure = figure_classes().get(cls.name)
        return figure is None or figure.applies_to(experiment, among)

    @property
    def boxes(self) -> Sequence[pg.ViewBox]:
        """The view boxes of its plots that answer the mouse."""
        return (self.box,)

    def set_records(self, records: Sequence[RunRecord]) -> None:
        """Show other runs, the main one first, or none."""
        self.record, self.others = (records[0], tuple(records[1:])) if records else (None, ())
        self._drawn_version = -1
        self._drawn_key = None
        self.auto_range = True
        self.refresh()

    def set_step(self, step: int | None) -> None:
        """Show another step; None: the newest frame."""
        if step != self.shown_step:
            self.shown_step = step
            self._drawn_version = -1
            self._show_step()
            self.refresh()

    @property
    def selected(self) -> tuple[RunRecord, ...]:
        """The selected runs, the main one first."""
        return () if self.record is None else (self.record, *self.others)

    def is_in_sight(self) -> bool:
        """Return True if any part of the view can be seen."""
        return in_sight(self)

    @property
    def overlay_key(self) -> Hashable:
        """The state of the further runs that are drawn over the main one."""
        drawn = self.selected[:MAX_RUNS]
        marks = tuple((one.name, one.labels.color) for one in drawn) if len(drawn) > 1 else ()
        return marks, tuple((SameObject(one), one.version) for one in drawn[1:]), len(self.others)

    def refresh(self) -> None:
        """Draw the figure if it has changed and the view is visible."""
        version = self._version()
        if not in_sight(self) or (version == self._drawn_version and version >= 0):
            return
        self._drawn_version = version
        key = self._cache_key(self.record) if self.record is not None else None
        if self.record is None or key != self._drawn_key:
            self._drawn_key = key
            self._redraw()

    def figure(self) -> Figure | None:
        """Return the figure in the ranges shown; None if there is nothing to draw."""
        figure = self._make_figure()
        if figure is None or self.auto_range or self.drawn is None:
            return figure
        return zoomed(figure, self._ranges())

    def request(self, record: RunRecord) -> FigureRequest:
        """Return what the figure of a run is built from, in its own ranges and scales."""
        return FigureRequest(self.name, (record, *self.others), options=self.options())

    @property
    def shared_limits(self) -> bool:
        """True if the figure has ranges and scales in common with others, or locked ones."""
        return False

    def view_at(self, widget: QWidget) -> "View":
        """Return the view that shows the run at a widget inside: this one, or that of a further run."""
        return self

    def share_actions(self, actions: Sequence[QAction]) -> None:
        """Add actions of the window to the context menu."""
        self.shared_actions = [*self.shared_actions, *actions]
        self.addActions(actions)

    def recorded_steps(self) -> tuple[int, ...]:
        """Return the steps at which the figure can be drawn; none for a figure of all steps."""
        return ()

    def hover(self, x: float, y: float, *, plot: int = 0) -> None:
        """Point at a position of a plot, as the mouse does.

        Parameters
        ----------
        x, y
            Coordinates on the axes of the plot. On a logarithmic axis they are log10 of the quantity.
        plot
            Index of the plot in `boxes`; nothing happens before the view has it.
        """
        if plot < len(self.boxes):
            self._mouse_moved(self.boxes[plot].mapViewToScene(QPointF(x, y)))

    def leave(self) -> None:
        """Remove the readout and the highlight, as if the mouse left the view."""
        self._pointer = None
        self._clear_hover()
        self.folding.show_texts()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the texts where there is little height."""
        super().resizeEvent(event)
        self.folding.fit()

    def set_dark(self, dark: bool) -> None:
        """Change the theme."""
        self.palette_ = DARK if dark else LIGHT
        self.canvas.setBackground(self.palette_.background)
        self._restyle()

    def view_settings(self) -> dict[str, Any]:
        """Return what the window remembers of the choices in the view, as JSON values."""
        return {}

    def restore_settings(self, values: dict[str, Any]) -> None:
        """Take over remembered choices, as far as they are valid."""

    def set_locked(self, on: bool) -> None:
        """Keep the present color scales whatever is shown, or let them follow; for views that have any."""

    def named_tools(self) -> dict[str, QAction]:
        """Return the tools that actions of the window use, by name."""
        return {}

    def further_sources(self) -> dict[str, Any]:
        """Return what has further figures to export, by name; as a FigureSource each."""
        return {}

    def picture(self) -> QPixmap:
        """Return the picture as it is drawn."""
        return self.body.grab()

    @Slot()
    def reset_zoom(self) -> None:
        """Let the ranges follow the data again."""
        self.auto_range = True
        if self.drawn is not None:
            self._show_ranges(self.drawn)

    def event(self, event: QEvent) -> bool:
        """Announce the context menu."""
        if event.type() == QEvent.Type.ContextMenu:
            self.pointed.emit(self)
        return super().event(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Draw the changes since the view was last visible."""
        super().showEvent(event)
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Clear the readout."""
        super().hideEvent(event)
        self.leave()

    def leaveEvent(self, event: QEvent) -> None:
        """Clear the readout."""
        super().leaveEvent(event)
        self.leave()

    def _make_figure(self) -> Figure | None:
        """Return the figure to draw, in its own ranges; None if there is nothing to draw."""
        return self._build_figure(self.record) if self.record is not None else None

    def _redraw(self) -> None:
        figure = self._make_figure()
        self.drawn = figure
        self.message.setText(self._message())
        self._stack.setCurrentWidget(self.message if figure is None else self.body)
        if figure is not None:
            self._show(figure)
            self.canvas.setAccessibleDescription(figure.caption)
            self.folding.fit()
        else:
            self._clear_hover()
        self.redrawn.emit()

    def _show(self, figure: Figure) -> None:
        """Draw a figure in its ranges, and read it at the mouse: a readout belongs to what is drawn."""
        self._draw(figure)
        if self.auto_range:
            self._show_ranges(figure)
        if self._pointer is None:
            self._clear_hover()
        else:
            self._on_hover(self._pointer)

    def _message(self) -> str:
        record = self.record
        if record is None:
            return self.empty_text
        if record.failed is not None:
            return f"The run failed before its first {self.data_name}: {record.failed.message}"
        if record.over:
            return self.missing_text
        return f"Waiting for the first {self.data_name}…"

    def _add_action(self, text: str, slot: Callable[[], None]) -> None:
        action = QAction(text, self)
        action.triggered.connect(slot)
        self.addAction(action)

    def _connect_zoom(self, box: pg.ViewBox) -> None:
        ManualZoom(box).zoomed.connect(self._on_manual_zoom)

    @Slot(object)
    def _on_manual_zoom(self, _: object) -> None:
        self.auto_range = False

    @Slot(object)
    def _mouse_moved(self, position: object) -> None:
        self._pointer = QPointF(position) if isinstance(position, QPointF) else None
        if self.drawn is not None and self._pointer is not None and self._stack.currentWidget() is self.body:
            self._on_hover(self._pointer)
            self.folding.show_texts()

    def _version(self) -> int:
        """Return a number that grows with the data of the view; -1 if there are none."""
        return -1 if self.record is None else sum(one.version for one in self.selected[:MAX_RUNS])

    # Subclasses define the methods below.

    def _cache_key(self, record: RunRecord) -> Hashable:
        """Return the state that the figure depends on; the view is redrawn only if it changes."""
        raise NotImplementedError

    def _draw(self, figure: Any) -> None:
        raise NotImplementedError

    def _restyle(self) -> None:
        raise NotImplementedError

    # The defaults below suit a view of the figure of its name, with one plot.

    def options(self) -> dict[str, Any]:
        """Return the options of the figure as the user has chosen them."""
        return {}

    def copy_settings(self, other: Self) -> None:
        """Take over what the user has chosen in another view of this class, without drawing."""

    def _build_figure(self, record: RunRecord) -> Figure | None:
        return self.request(record).build(self.session_records())

    def _show_ranges(self, figure: Any) -> None:
        self.box.setRange(xRange=figure.x_range, yRange=figure.y_range, padding=0)

    def _ranges(self) -> dict[str, Range]:
        x, y = self.box.viewRange()
        return {"x": tuple(x), "y": tuple(y)}

    def _show_step(self) -> None:
        """Respond to another shown step, other than by drawing another figure."""

    def _on_hover(self, position: Any) -> None:
        """Respond to the mouse at a position of the scene."""

    def _clear_hover(self) -> None:
        """Remove the readout and the highlight."""


def clip_range(shown: Range, whole: Range) -> Range:
    """Return the part of a range within the whole; the range itself if they do not intersect."""
    low, high = max(shown[0], whole[0]), min(shown[1], whole[1])
    return (low, high) if low < high else shown
