"""FrameView: a view of one frame of a run, the newest or a recorded one, beside those of other runs."""

from collections.abc import Sequence
from typing import Any, ClassVar, Self

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from wganstudio.figures import Figure, StepFigure
from wganstudio.figures.color_scales import ScaleSettings
from wganstudio.figures.comparison import limits_of, same_scales
from wganstudio.figures.line_profile.figure import MapFields
from wganstudio.figures.style import DARK
from wganstudio.figures.types import Range
from wganstudio.gui.views.base import View
from wganstudio.gui.views.compare_bar import CompareBar
from wganstudio.gui.views.compared_view import ComparedView
from wganstudio.gui.views.maps.tools import MapTools
from wganstudio.gui.views.pane import LETTERS
from wganstudio.gui.views.side_by_side import SideBySide
from wganstudio.gui.widgets.docks import in_sight


class FrameView(ComparedView):
    """A view of the frame at the shown step, with a readout of the position under the mouse.

    The subclass adds `step_note` to its layout, and texts on the plot of each run by `pane.add_text`.
    """

    topics: ClassVar[frozenset[str]] = frozenset({"critic"})
    wide = True
    """True while the panels are side by side."""
    place_pointed = Signal(object)
    """Emitted with the view while the mouse moves in it or leaves it, not while it follows another plot."""
    zoomed = Signal(object, object)
    """Emitted with the view and the ranges of x and y that the user has zoomed to on the plane."""
    zoom_reset = Signal(object)
    """Emitted with the view when its ranges follow the data again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pane.resized.connect(self._pane_resized)
        self.comparison = SideBySide(self)
        self.compare_bar = CompareBar()
        self.compare_bar.hide()
        self.compare_bar.changed.connect(self._choice_changed)
        self.compare_bar.lock.toggled.connect(self._lock_toggled)
        self.tools = MapTools(self)
        self.addActions(self.tools.actions())
        self.tool_actions = (*self.tools.actions(), self.compare_bar.lock)
        self.addAction(self.compare_bar.lock)
        self.column.addWidget(self.compare_bar)
        self.stage.addWidget(self.comparison.area, 1)
        self.column.addLayout(self.stage, 1)
        self._main_view: FrameView = self
        """The view with the controls, for a view whose pane stands beside it; else the view itself."""
        self._follows = False
        """True while the view reads a place that another plot points at."""

    # -- one run

    def _fits_wide(self) -> bool:
        """Return True if the panels fit side by side."""
        return True

    @Slot()
    def _pane_resized(self) -> None:
        """Fold the texts, and arrange the panels side by side or one below the other."""
        self.folding.fit()
        if self.wide != self._fits_wide():
            self.wide = not self.wide
            if self.drawn is not None:
                self._show(self.drawn)
        elif self.drawn is not None and self.auto_range and self.comparison.several:
            self._show_ranges(self.drawn)  # a locked aspect ratio has changed them at the former size

    def set_step(self, step: int | None) -> None:
        """Show another step of all runs; None: the newest frame."""
        for view in self.comparison.views[1:] if self._is_main else ():
            view.set_step(step)
        super().set_step(step)

    @Slot()
    def _settings_changed(self) -> None:
        for view in self.comparison.views:
            view.copy_settings(self)
            view._raw_key = None
        for view in self.comparison.views:
            if view.record is not None:
                view._drawn_key = view._cache_key(view.record)
                view._redraw()

    def named_tools(self) -> dict[str, QAction]:
        """Return the tools of the map, by name."""
        return self.tools.named()

    def further_sources(self) -> dict[str, Any]:
        """Return the cut and the probes, as far as they are drawn."""
        return dict(self.tools.figure_sources())

    def drawn_fields(self) -> Sequence[MapFields]:
        """Return the fields of the first map of each run that is shown; none where it has no plane."""
        shown = [(view.record, view.drawn) for view in self.comparison.shown_by_choice()]
        fields = [
            MapFields(record=record, step=figure.step, fields=figure.plane_fields())
            for record, figure in shown
            if record is not None and isinstance(figure, StepFigure)
        ]
        return [one for one in fields if one.fields]

    def show_point(self, place: QPointF | None) -> None:
        """Read the plots at a place of the plane that another plot points at; None: at none."""
        boxes = self.plane_boxes if self.plane_grid is not None else ()
        self._follows = True
        try:
            if place is None or not boxes:
                self.leave()
            else:
                grid = self.plane_grid
                is_line = grid is not None and grid.is_line
                if is_line:
                    place = QPointF(place.x(), boxes[0].viewRect().center().y())
                self.hover(place.x(), place.y(), plot=list(self.boxes).index(boxes[0]))
                self.mirror.show(boxes[0], place, line=is_line)
        finally:
            self._follows = False

    def show_part(self, x: Range, y: Range) -> None:
        """Zoom to a part of the plane, in all panes; over a line the vertical range stays."""
        boxes, grid = self.plane_boxes, self.plane_grid
        if not boxes or grid is None:
            return
        self.auto_range = False
        boxes[0].setRange(xRange=x, yRange=None if grid.is_line else y, padding=0)
        self.comparison.zoom(self)

    def _show(self, figure: Figure) -> None:
        super()._show(figure)
        self.tools.refresh()
        if not self._is_main:
            self._main_view.tools.cut.refresh()

    @property
    def scale_settings(self) -> ScaleSettings:
        """The changes of the user to the color scales of all runs."""
        return self.comparison.scales

    def scales_changed(self) -> None:
        """Draw the figures again after the user has changed the color scales."""
        self.comparison.redraw()
        self._main_view.compare_bar.show_lock(self.scale_settings.is_locked)

    # -- several runs

    @property
    def shared_limits(self) -> bool:
        """True if several runs are shown, or the scales are locked."""
        return self.comparison.several or self.scale_settings.is_locked

    def view_at(self, widget: QWidget) -> View:
        """Return the view of the run whose pane holds a widget."""
        return next((view for view in self.comparison.views[1:] if view.isAncestorOf(widget)), self)

    def share_actions(self, actions: Sequence[QAction]) -> None:
        """Add actions of the window to the context menus of all panes."""
        super().share_actions(actions)
        for view in self.comparison.views[1:] if self._is_main else ():
            view.share_actions(actions)

    def show_adjusted(self) -> None:
        """Draw the figure again if the common scales or ranges have changed."""
        if self._raw is None or self.drawn is None:
            return
        figure = self.comparison.adjusted(self, self._raw)
        if not same_scales(figure, self.drawn):
            self.drawn = figure
            self._show(figure)

    def new_partner(self) -> Self:
        """Return a further view of this class, of which only the pane is shown beside that of this one."""
        view = type(self)()
        view.comparison = self.comparison
        view.setParent(self.comparison.area)
        view._become_pane_of(self)
        return view

    def _become_pane_of(self, main: Self) -> None:
        """Show the pane alone; the other view has the controls."""
        self._main_view = main
        self.body.setParent(self)
        self.body.hide()
        self.body = self.pane
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self._stack.addWidget(self.pane)
        for action in self.tool_actions:
            self.removeAction(action)
        self.addActions(list(main.tool_actions))
        self.share_actions(main.shared_actions)
        self.pointed.connect(main.pointed)
        self.set_dark(main.palette_ is DARK)
        self.set_step(main.shown_step)
        self.copy_settings(main)

    def chosen_runs(self, count: int) -> list[int]:
        """Return the indices of those of several runs that the user wants to see."""
        return self.compare_bar.chosen(count)

    def refresh(self) -> None:
        """Draw the figures that have changed, if the view is visible."""
        self._place_runs()
        super().refresh()
        for view in self.comparison.views[1:] if self._is_main else ():
            if view.has_had_its_turn:
                view.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Draw a further run after the main one, so that the window answers in between."""
        if self._is_main:
            super().showEvent(event)
        else:
            QWidget.showEvent(self, event)
            QTimer.singleShot(0, self, self.refresh)

    def set_dark(self, dark: bool) -> None:
        """Change the theme."""
        super().set_dark(dark)
        for view in self.comparison.views[1:] if self._is_main else ():
            view.set_dark(dark)
        self.tools.set_dark()
        self._update_title()

    def set_locked(self, on: bool) -> None:
        """Keep the present color scales whatever is shown, or let them follow the data."""
        self.compare_bar.lock.setChecked(on)

    @Slot()
    def reset_zoom(self) -> None:
        """Let the ranges follow the data again, in all panes."""
        super().reset_zoom()
        self.comparison.reset_zoom(self)
        if self._is_main:
            self.zoom_reset.emit(self)

    def leave(self) -> None:
        """Remove the readouts and the highlights."""
        super().leave()
        self.comparison.leave(self)
        self.mirror.clear()
        if not self._follows:
            self.place_pointed.emit(self)

    def hasHeightForWidth(self) -> bool:
        """Return False, as that of the pane."""
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the panes where they have the most room."""
        super().resizeEvent(event)
        self._place_runs()
        self.comparison.arrange()

    @property
    def _is_main(self) -> bool:
        return self.comparison.main is self

    def _place_runs(self) -> None:
        if self._is_main and in_sight(self) and self.comparison.set_others(self.others):
            self._update_bar()
            self._update_title()

    def _update_bar(self) -> None:
        shown, selected = len(self.comparison.views), 1 + len(self.others)
        note = f"{shown} of {selected} selected runs" if shown < selected else ""
        self.compare_bar.offer(shown, note, self._further_choices() if shown > 1 else ())

    def _further_choices(self) -> Sequence[str]:
        """Return what can be shown of two runs besides each of them."""
        return ()

    def _make_figure(self) -> Figure | None:
        raw = self.raw_figure()
        return None if raw is None else self.comparison.adjusted(self, raw)

    def _redraw(self) -> None:
        super()._redraw()
        self.compare_bar.lock.setVisible(self.drawn is not None and bool(limits_of(self.drawn)))
        self.tools.scales.action.setVisible(bool(self.tools.scales.scales()))
        is_missing = self.drawn is None and self._is_main and self.comparison.several
        if is_missing:
            self._stack.setCurrentWidget(self.body)
        self.pane.set_message(self._message() if is_missing else "")
        if self._is_main and self.comparison.several:
            self._update_bar()
        self._update_title()
        self.comparison.follow(self)

    def _update_title(self) -> None:
        text = self._pane_title() if self.record is not None and self.comparison.several else ""
        color = self.palette_.foreground if self.record is None else self.palette_.run_color(self.record)
        self.pane.set_title(text, color)
        self.folding.crowded = self.comparison.several
        self.folding.fit()

    def _pane_title(self) -> str:
        assert self.record is not None
        step = f", step {self.drawn.step:,}" if isinstance(self.drawn, StepFigure) else ""
        return f"{LETTERS[self.comparison.views.index(self)]}: {self.record.name}{step}"

    @Slot()
    def _choice_changed(self) -> None:
        self.comparison.arrange()
        self._settings_changed()

    @Slot(bool)
    def _lock_toggled(self, on: bool) -> None:
        self.comparison.lock(on)

    @Slot(object)
    def _on_manual_zoom(self, box: object) -> None:
        super()._on_manual_zoom(box)
        self.comparison.zoom(self)
        if isinstance(box, pg.ViewBox) and box in self.plane_boxes and self.plane_grid is not None:
            x, y = box.viewRange()
            self._main_view.zoomed.emit(self._main_view, (tuple(x), tuple(y)))

    @Slot(object)
    def _mouse_moved(self, position: object) -> None:
        super()._mouse_moved(position)
        self.mirror.clear()
        if self.comparison.several:
            self.comparison.point(self, self._pointer)
        if not self._follows:
            self.place_pointed.emit(self)

    def _version(self) -> int:
        records = [view.record for view in self.comparison.views] if self._is_main else [self.record]
        return -1 if self.record is None else sum(one.version for one in records if one is not None)
