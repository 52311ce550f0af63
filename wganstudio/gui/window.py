"""MainWindow: form, views, runs, log and the controls of the run in one window."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QPoint, Qt, QTimer, Slot
from PySide6.QtGui import QCloseEvent, QPaintEvent
from PySide6.QtWidgets import QMainWindow, QMenu, QStackedWidget, QVBoxLayout, QWidget

from wganstudio.gui.actions import (
    RUN_MENU,
    WindowState,
    fill_menu,
    make_actions,
    make_menus,
    make_toolbar,
    show_state,
)
from wganstudio.gui.controllers.data_import import DataImport
from wganstudio.gui.controllers.dialog_actions import DialogActions
from wganstudio.gui.controllers.distribution_drawer import DistributionDrawer
from wganstudio.gui.controllers.editor_undo import EditorUndo
from wganstudio.gui.controllers.exporter import Exporter
from wganstudio.gui.controllers.file_actions import FileActions
from wganstudio.gui.controllers.form_reader import FormReader
from wganstudio.gui.controllers.hang_watch import HangWatch
from wganstudio.gui.controllers.key_guard import KeyGuard
from wganstudio.gui.controllers.open_session import OpenSession
from wganstudio.gui.controllers.preset_gallery import PresetGallery
from wganstudio.gui.controllers.queue_control import QueueControl, remembered_slots
from wganstudio.gui.controllers.recovery import Recovery
from wganstudio.gui.controllers.reporter import Reporter
from wganstudio.gui.controllers.run_continuer import RunContinuer
from wganstudio.gui.controllers.run_controller import RunController
from wganstudio.gui.controllers.run_follower import RunFollower
from wganstudio.gui.controllers.run_inspection import RunInspection
from wganstudio.gui.controllers.run_labeler import RunLabeler
from wganstudio.gui.controllers.run_namer import RunNamer
from wganstudio.gui.controllers.run_process import Process, run_process
from wganstudio.gui.controllers.run_queue import RunQueue
from wganstudio.gui.controllers.run_reports import RunReports, progress_text, status_text
from wganstudio.gui.controllers.run_selection import RunSelection
from wganstudio.gui.controllers.run_starter import RunStarter
from wganstudio.gui.controllers.run_times import RunTimes
from wganstudio.gui.controllers.session_exit import SessionExit
from wganstudio.gui.controllers.session_follower import SessionFollower
from wganstudio.gui.controllers.session_opener import SessionOpener
from wganstudio.gui.controllers.session_saver import SessionSaver
from wganstudio.gui.controllers.shown_step import ShownStep
from wganstudio.gui.controllers.sigma_painter import SigmaPainter
from wganstudio.gui.controllers.sweep_slider import SweepSlider
from wganstudio.gui.controllers.sweep_starter import SweepStarter
from wganstudio.gui.controllers.trash import Trash
from wganstudio.gui.controllers.undo import Undo
from wganstudio.gui.controllers.waiting_runs import WaitingRuns
from wganstudio.gui.form.form import ExperimentForm
from wganstudio.gui.inspector.inspector import Inspector
from wganstudio.gui.layout import WindowLayout
from wganstudio.gui.notifier import LogHandler, Notifier
from wganstudio.gui.settings import Settings
from wganstudio.gui.theme import Mode, Theme, app_icon, recolor_icons
from wganstudio.gui.tour.tour import Tour
from wganstudio.gui.views.area import ViewArea
from wganstudio.gui.views.choice import ViewChoice
from wganstudio.gui.widgets.banner import Banner
from wganstudio.gui.widgets.docks import Dock
from wganstudio.gui.widgets.file_drop import FileDropFilter
from wganstudio.gui.widgets.history import History
from wganstudio.gui.widgets.log import LogPanel
from wganstudio.gui.widgets.plain_text import Label
from wganstudio.gui.widgets.progress import RunProgress
from wganstudio.gui.widgets.queue_panel import QueuePanel
from wganstudio.gui.widgets.runs.table import RunTable
from wganstudio.gui.widgets.time_bar import TimeBar
from wganstudio.gui.window_actions import window_actions
from wganstudio.gui.workplace.actions import workplace_actions
from wganstudio.gui.workplace.full_screen import FullScreen
from wganstudio.gui.workplace.layouts import NamedLayouts
from wganstudio.gui.workplace.log_drawer import LogDrawer
from wganstudio.gui.workplace.palette import Palette
from wganstudio.gui.workplace.panes import Panes
from wganstudio.session.record import RunRecord
from wganstudio.training.signals import SIGNAL_EXIT


class MainWindow(QMainWindow):
    """One session, one form, several runs."""

    def __init__(
        self, theme: Theme, settings: Settings, make_process: Callable[[], Process] = run_process
    ) -> None:
        super().__init__()
        self.theme = theme
        self.settings = settings
        self._may_close = self._closing = self._unasked = False
        self.setWindowIcon(app_icon())
        self.setDockNestingEnabled(True)
        self.session = OpenSession()
        self._make_widgets()
        self.layout_ = WindowLayout(self, self.docks, self.area, settings)
        self._make_controllers(make_process)
        self._make_actions()
        self._connect()
        self.runs.set_dark(self.theme.dark)
        self.layout_.restore()
        self.tour = Tour(self)
        self._session_changed()

    # -- construction

    def _make_widgets(self) -> None:
        self.banner = Banner()
        self.area = ViewArea(self.session.records)
        self.time_bar = TimeBar()
        self.form = ExperimentForm()
        self.runs = RunTable(self.settings)
        self.inspector = Inspector()
        self.history = History()
        self.log = LogPanel()
        self.waiting = WaitingRuns()
        self.queue = QueuePanel(self.waiting, remembered_slots(self.settings))
        self.progress = RunProgress()
        self.status = Label()
        self.status.setContentsMargins(8, 0, 0, 0)
        self.status.setProperty("role", "dim")
        self.statusBar().addPermanentWidget(self.status)
        center = QWidget()
        self.column = column = QVBoxLayout(center)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.banner)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.area)
        column.addWidget(self.pages, 1)
        column.addWidget(self.time_bar)
        self.setCentralWidget(center)
        docks = (
            Dock("form", "Experiment", self.form, "left", help_link="first-steps#the-form"),
            Dock("inspector", "Run", self.inspector, "left"),
            Dock("runs", "Runs", self.runs, "right"),
            Dock("queue", "Queue", self.queue, "right", shown=False),
            Dock("history", "History", self.history, "right", shown=False),
            Dock("log", "Log", self.log, "bottom", shown=False),
        )
        self.docks = {dock.objectName(): dock for dock in docks}
        self.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea)
        self.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)

    def _make_controllers(self, make_process: Callable[[], Process]) -> None:
        session, form, settings = self.session, self.form, self.settings
        self.log_handler = LogHandler()
        self.log_handler.record_logged.connect(self.log.add)
        self.log_handler.install()
        self.notifier = notifier = Notifier(self.banner)
        self.run_controller = controller = RunController(session, make_process)
        self.run_namer = RunNamer(form, session)
        self.reader = reader = FormReader(form, self.run_namer, notifier)
        self.run_starter = RunStarter(reader, session, controller, self.waiting, notifier)
        self.hang_watch = HangWatch(controller, notifier)
        self.run_queue = RunQueue(reader, self.run_starter, notifier, self)
        self.undo = undo = Undo(session, form, controller, notifier)
        self.history.setStack(undo.stack)
        EditorUndo(undo, form, self)
        self.trash = Trash(session, undo, notifier, self)
        self.run_selection = RunSelection(session, controller, self.runs, form, undo)
        self.run_labeler = RunLabeler(session, self.run_selection, undo, notifier, self)
        self.run_inspection = RunInspection(self.inspector, self.run_selection, controller, form, self)
        self.sweep_slider = SweepSlider(session, self.run_selection, self.runs, self.area)
        self.column.insertWidget(1, self.sweep_slider.bar)
        self.sweep_starter = SweepStarter(reader, self.run_queue, self)
        self.shown_step = ShownStep(self.time_bar)
        self.key_guard = KeyGuard(self, self.time_bar)
        self.run_continuer = RunContinuer(self.run_selection, session, controller, self.run_starter, self)
        self.run_follower = RunFollower(self.run_selection, controller, self.runs)
        self.run_times = RunTimes(session, controller, settings)
        self.form.estimate_time = self.run_times.estimate
        self.queue.describe = self.run_times.needs
        self.sweep_starter.estimate = self.run_times.seconds
        self.queue_control = QueueControl(
            self.waiting, controller, self.queue, self.docks["queue"], settings, notifier
        )
        self.reports = RunReports(session, controller, notifier)
        self.saver = SessionSaver(session, settings, notifier, self)
        self.exit = SessionExit(session, controller, self.waiting, self.saver, notifier, self)
        self.opener = opener = SessionOpener(session, settings, notifier, self)
        self.file_actions = FileActions(session, opener, self.exit, form, reader, settings, notifier, self)
        self.follower = SessionFollower(session, opener, self.saver, self.exit, notifier)
        self.recovery = Recovery(opener, self.exit, notifier)
        self.data_import = DataImport(form, settings, notifier, self)
        self.sigma_painter = SigmaPainter(form, reader, settings, notifier, self)
        self.exporter = Exporter(settings, notifier, self)
        self.statusBar().insertPermanentWidget(0, self.exporter.progress)
        self.dialogs = DialogActions(self)
        self.view_choice = ViewChoice(self.area, form, settings, session.records)
        self.drawer = DistributionDrawer(form, self.run_starter, settings, notifier, self)
        self.gallery = PresetGallery(self.pages, form, self.run_starter, settings)
        self.reporter = Reporter(self.run_selection, form, notifier, self)
        self.panes = Panes(self, self.area)
        self.palette_ = Palette(self)
        self.layouts = NamedLayouts(self.layout_, settings, notifier, self)
        self.full_screen = FullScreen(self, self.theme)
        self.log_drawer = LogDrawer(self.docks["log"], self.log_handler, self.statusBar())

    def _make_actions(self) -> None:
        self.actions_ = make_actions((*window_actions(self), *workplace_actions(self)), self)
        self.actions_[self.theme.mode].setChecked(True)
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
        self.run_queue.view_wanted.connect(self.view_choice.want)
        self.run_selection.records_changed.connect(self._show_records)
        self.run_selection.records_changed.connect(self.view_choice.set_records)
        self.session.changed.connect(self.view_choice.update)
        self.shown_step.changed.connect(self._show_step)
        self.shown_step.offer_changed.connect(self.show_state)
        self.area.step_wanted.connect(self.shown_step.show_step)
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
        self._menus["@docks"].addActions(self.area.toggle_actions())
        for view in self.area.views.values():
            view.addAction(self.actions_["export"])
        for dock in self.area.docks.values():
            dock.help_wanted.connect(self.dialogs.show_help)
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
        if self.run_selection.record is not None:
            self.exporter.export(self.run_selection.record, self.area.views)

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
