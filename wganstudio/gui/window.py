"""MainWindow: form, views, runs, log and the controls of the run in one window."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication, QPoint, Qt, QTimer, Slot
from PySide6.QtGui import QCloseEvent, QPaintEvent
from PySide6.QtWidgets import QMenu

from wganstudio.gui.actions import (
    RUN_MENU,
    WindowState,
    fill_menu,
    make_actions,
    make_menus,
    make_toolbar,
    show_state,
)
from wganstudio.gui.command_palette.palette import CommandPalette
from wganstudio.gui.controllers.run_process import Process, run_process
from wganstudio.gui.controllers.run_reports import progress_text, status_text
from wganstudio.gui.settings import Settings
from wganstudio.gui.theme import Mode, Theme, recolor_icons
from wganstudio.gui.tour.tour import Tour
from wganstudio.gui.widgets.file_drop import FileDropFilter
from wganstudio.gui.window_actions import window_actions
from wganstudio.gui.window_actions.current_view import IN_MENU
from wganstudio.gui.window_parts import WindowParts
from wganstudio.session.record import RunRecord
from wganstudio.training.signals import SIGNAL_EXIT


class MainWindow(WindowParts):
    """One session, one form, several runs."""

    def __init__(
        self, theme: Theme, settings: Settings, make_process: Callable[[], Process] = run_process
    ) -> None:
        super().__init__(theme, settings, make_process)
        self._may_close = self._closing = self._unasked = False
        self.palette_ = CommandPalette(self, self)
        self._make_actions()
        self._connect()
        self.runs.set_dark(self.theme.dark)
        self.layout_.restore()
        self.tour = Tour(self, self)
        self._session_changed()

    # -- construction

    def _make_actions(self) -> None:
        self.actions_ = make_actions(window_actions(self), self)
        self.actions_[self.theme.mode].setChecked(True)
        self.actions_["map-link"].setChecked(self.linked_zoom.is_on)
        self._menus = make_menus(self, self.actions_)
        self._menus["@recent"].aboutToShow.connect(self._fill_recent)
        self._fill_recent()
        self._menus["@layouts"].aboutToShow.connect(self._fill_layouts)
        self._fill_layouts()
        for dock in self.docks.values():
            dock.help_wanted.connect(self.dialogs.show_help)
            self._menus["@docks"].addAction(dock.toggleViewAction())
        self._menus["@docks"].addSeparator()
        buttons = {"use-settings": "Use settings", "compare-settings": "Compare\u2026"}
        self.inspector.add_actions((self.actions_[name], text) for name, text in buttons.items())
        self.docks["inspector"].visibilityChanged.connect(self.inspector.refresh)
        self.runs.addActions([self.actions_[name] for name in ("delete", "select-all")])
        self.toolbar = make_toolbar(self, self.actions_)
        self.toolbar.addWidget(self.progress)

    def _connect(self) -> None:
        self.theme.changed.connect(self._theme_changed, Qt.ConnectionType.QueuedConnection)
        self.session.changed.connect(self._session_changed)
        self.session.error_occurred.connect(self.notifier.show_error)
        self.session.written_again.connect(self.notifier.log)
        self.run_controller.updated.connect(self._draw)
        self.run_controller.status_changed.connect(self.show_state)
        self.waiting.changed.connect(self.show_state)
        self.run_times.changed.connect(self.form.show_time)
        self.run_times.changed.connect(self.queue.refresh)
        self.run_controller.error_occurred.connect(self.notifier.show_error)
        self.reader.form_wanted.connect(self.docks["form"].show)
        self.undo.changed.connect(self.show_state)
        self.undo.form_wanted.connect(self.docks["form"].reveal)
        self.undo.run_wanted.connect(self.runs.choose)
        self.run_starter.started.connect(self.run_follower.show)
        self.run_starter.advanced.connect(self.run_follower.follow)
        self.reports.refused.connect(self.run_starter.offer_to_run_anyway)
        self.comparison_starter.view_wanted.connect(self.view_choice.want)
        self.run_selection.records_changed.connect(self._show_records)
        self.run_selection.records_changed.connect(self.view_choice.set_records)
        self.session.changed.connect(self.view_choice.update)
        self.shown_step.changed.connect(self._show_step)
        self.shown_step.offer_changed.connect(self.show_state)
        self.area.step_wanted.connect(self.shown_step.show_step)
        self.area.help_wanted.connect(self.dialogs.show_help)
        self.area.figures_wanted.connect(self._export_sources)
        self.area.share_actions([self.actions_[name] for name in IN_MENU])
        self.gallery.data_wanted.connect(self.data_import.ask)
        for name in ("run", "step-1", "step-10", "step-100"):
            self.actions_[name].triggered.connect(self.gallery.close)
        self.gallery.draw_wanted.connect(self.drawer.ask)
        for source in (self.drawer, self.data_import):
            source.form_wanted.connect(self.docks["form"].show)
            source.form_wanted.connect(self.gallery.close)
        self.runs.labeled.connect(self.run_labeler.change)
        self.run_labeler.refused.connect(self.runs.model.write_anew)
        self.runs.menu_wanted.connect(self._show_run_menu)
        self.file_actions.data_opened.connect(self.data_import.show_file)
        self.follower.grew.connect(self._session_grew)
        FileDropFilter(self).dropped.connect(self.file_actions.open_path)

    # -- what is shown

    @Slot()
    def _session_changed(self) -> None:
        session = self.session
        suffix = " (read-only)" if session.following else ""
        self.setWindowTitle(f"{session.title}{suffix}[*] \u2013 WGAN Studio")
        self.setWindowModified(session.modified)
        self.runs.show_records(session.records())
        self.area.copies.update_pinned(session.records())
        self.runs.set_read_only(session.following)
        self.run_selection.choose(self.runs.selected)
        self.show_state()

    @Slot()
    def _session_grew(self) -> None:
        self._session_changed()
        self._draw()

    @Slot(object)
    def _show_records(self, records: tuple[RunRecord, ...]) -> None:
        self.shown_step.set_records(records)
        self.area.set_records(records)
        self.run_controller.show(records[0].run if records else None)
        self.show_state()

    @Slot(object)
    def _show_step(self, step: int | None) -> None:
        self.area.set_step(step)
        self.run_controller.watch(self.area.live_topics)

    @Slot()
    def _draw(self) -> None:
        self.run_controller.watch(self.area.live_topics)
        self.shown_step.refresh()
        self.area.refresh()
        self.runs.refresh(self.session.records())
        self._show_progress()

    @Slot()
    def show_state(self) -> None:
        """Update the actions and the status text."""
        state = self.state()
        show_state(self.actions_, state)
        self.status.setText(status_text(state))
        self._show_progress()

    def state(self) -> WindowState:
        """Return the facts that decide which actions are enabled."""
        record, controller = self.run_selection.record, self.run_controller
        return WindowState(
            status=controller.status,
            read_only=self.session.following,
            selected=record is not None,
            selected_over=self.run_selection.over,
            selected_finishing=record in controller.finishing,
            selected_lacks_estimates=record is not None and record.lacks_estimates,
            undo_text=self.undo.stack.undoText(),
            redo_text=self.undo.stack.redoText(),
            queued=len(self.waiting),
            held=self.waiting.held,
            has_frames=bool(self.shown_step.steps),
        )

    def _show_progress(self) -> None:
        controller, selected = self.run_controller, self.run_selection.record
        current = controller.record if controller.run is not None else None
        if selected is not None and controller.is_under_way(selected.run):
            current = selected
        stopping = current in controller.finishing
        text = "" if current is None else progress_text(current, controller.status, stopping=stopping)
        self.progress.show_record(current or selected, text)

    @Slot(QPoint)
    def _show_run_menu(self, position: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        fill_menu(menu, RUN_MENU, self.actions_)
        menu.popup(position)

    @Slot()
    def _fill_recent(self) -> None:
        self.file_actions.fill_recent(self._menus["@recent"])

    @Slot()
    def _fill_layouts(self) -> None:
        self.layouts.fill_menu(self._menus["@layouts"])

    @Slot(bool)
    def _theme_changed(self, dark: bool) -> None:
        self.area.set_dark(dark)
        self.runs.set_dark(dark)
        self.log.redraw()

    def create_views(self) -> None:
        """Create the views, once; after the first paint, because their import takes longest."""
        if self.area.views:
            return
        from wganstudio.gui.views.registry import registered_views

        self.area.create_views(registered_views(), self.theme.dark)
        self.layout_.restore_views()
        self.map_styles.restore()
        self.linked_zoom.restore()
        self._menus["@docks"].addActions(self.area.toggle_actions())
        recolor_icons(self.area, self.theme.colors)
        self.area.set_records(self.run_selection.records)
        self.view_choice.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Create the views after the first paint."""
        super().paintEvent(event)
        if not self.area.views:
            QTimer.singleShot(0, self.create_views)

    # -- actions of the window itself

    @Slot()
    def welcome(self) -> None:
        """Show the gallery, if the user wants it at start, and at the first start the tour."""
        if self.gallery.at_start:
            self.gallery.open()
        self.tour.offer()

    @Slot()
    def start_tour(self) -> None:
        """Begin the guided tour."""
        self.tour.start()

    @Slot()
    def stop_run(self) -> None:
        """End the run and keep it; those that wait go on."""
        self.run_controller.stop()

    @Slot()
    def stop_all(self) -> None:
        """End all runs and keep them, and remove those that wait."""
        self.queue_control.stop_all()

    @Slot()
    def export_figures(self) -> None:
        """Export figures of the selected run as the views show them."""
        self._export_sources(self.area.figure_sources())

    @Slot(object)
    def _export_sources(self, sources: dict[str, Any]) -> None:
        if self.run_selection.record is not None:
            self.exporter.export(self.run_selection.record, sources)

    def choose_theme(self, mode: Mode) -> None:
        """Change the theme and remember it."""
        self.theme.choose(mode)
        self.settings.put("theme", self.theme.mode)

    @Slot()
    def reset_layout(self) -> None:
        """Put every panel and view back in its place."""
        self.layout_.reset()
        self.view_choice.reset()

    # -- closing

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about run and session, then end everything in bounded time."""
        if not self._may_close:
            self._closing = True
            self.exit.leave(self._allow_close)
            self._closing = False
        if not self._may_close:
            event.ignore()
            return
        self.full_screen.leave()
        self.queue_control.close()
        self.layout_.save()
        self.tour.end()
        self.dialogs.close()
        self.trash.close()
        self.hang_watch.close()
        self.shown_step.close()
        self.run_controller.close()
        self.exporter.close()
        self.jobs.close()
        self.view_copier.close()
        self.follower.close()
        if self._unasked:
            self.session.leave()
        else:
            self.session.close()
        self.log_handler.remove()
        event.accept()

    @Slot(int)
    def quit_unasked(self, number: int) -> None:
        """End the application on a signal, without questions; the next start offers an unsaved session."""
        if not self._unasked:
            self._may_close = self._unasked = True
            self.close()
            QCoreApplication.exit(SIGNAL_EXIT + number)

    def _allow_close(self) -> None:
        self._may_close = True
        if not self._closing:
            self.close()
