"""MainWindow: form, views, runs, log and the controls of the run in one window."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QPoint, Qt, QTimer, Slot
from PySide6.QtGui import QCloseEvent, QPaintEvent
from PySide6.QtWidgets import QMainWindow, QMenu, QVBoxLayout, QWidget

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
from wganstudio.gui.controllers.exporter import Exporter
from wganstudio.gui.controllers.file_actions import FileActions
from wganstudio.gui.controllers.form_reader import FormReader
from wganstudio.gui.controllers.hang_watch import HangWatch
from wganstudio.gui.controllers.open_session import OpenSession
from wganstudio.gui.controllers.recovery import Recovery
from wganstudio.gui.controllers.reporter import Reporter
from wganstudio.gui.controllers.run_continuer import RunContinuer
from wganstudio.gui.controllers.run_controller import RunController
from wganstudio.gui.controllers.run_queue import RunQueue
from wganstudio.gui.controllers.run_reports import RunReports, progress_text, status_text
from wganstudio.gui.controllers.run_selection import RunSelection
from wganstudio.gui.controllers.run_starter import RunStarter
from wganstudio.gui.controllers.run_worker import Process, run_process
from wganstudio.gui.controllers.session_exit import SessionExit
from wganstudio.gui.controllers.session_follower import SessionFollower
from wganstudio.gui.controllers.session_opener import SessionOpener
from wganstudio.gui.controllers.session_saver import SessionSaver
from wganstudio.gui.controllers.sigma_painter import SigmaPainter
from wganstudio.gui.controllers.sweep_slider import SweepSlider
from wganstudio.gui.controllers.sweep_starter import SweepStarter
from wganstudio.gui.form.form import ExperimentForm
from wganstudio.gui.layout import WindowLayout
from wganstudio.gui.notifier import LogHandler, Notifier
from wganstudio.gui.settings import Settings
from wganstudio.gui.theme import Mode, Theme, app_icon, recolor_icons
from wganstudio.gui.views.area import ViewArea
from wganstudio.gui.widgets.banner import Banner
from wganstudio.gui.widgets.docks import Dock
from wganstudio.gui.widgets.file_drop import FileDropFilter
from wganstudio.gui.widgets.log import LogPanel
from wganstudio.gui.widgets.plain_text import Label
from wganstudio.gui.widgets.progress import RunProgress
from wganstudio.gui.widgets.run_list import RunList
from wganstudio.gui.window_actions import window_actions
from wganstudio.session.record import RunRecord
from wganstudio.training.signals import SIGNAL_EXIT


class MainWindow(QMainWindow):
    """One session, one form, one run at a time."""

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
        self._make_controllers(make_process)
        self._make_actions()
        self._connect()
        self.layout_ = WindowLayout(self, self.docks, self.area, settings)
        self.layout_.restore()
        self._session_changed()

    # -- construction

    def _make_widgets(self) -> None:
        self.banner = Banner()
        self.area = ViewArea(self.session.records)
        self.form = ExperimentForm()
        self.runs = RunList()
        self.log = LogPanel()
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
        column.addWidget(self.area, 1)
        self.setCentralWidget(center)
        docks = (
            Dock("form", "Experiment", self.form, "left"),
            Dock("runs", "Runs", self.runs, "right"),
            Dock("log", "Log", self.log, "bottom"),
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
        self.reader = reader = FormReader(form, notifier)
        self.run_starter = RunStarter(reader, session, controller, notifier)
        self.hang_watch = HangWatch(controller, notifier)
        self.run_queue = RunQueue(reader, self.run_starter, notifier, self)
        self.run_selection = RunSelection(session, controller, self.runs, form, notifier)
        self.sweep_slider = SweepSlider(session, self.run_selection, self.runs, self.area)
        self.column.insertWidget(1, self.sweep_slider.bar)
        self.sweep_starter = SweepStarter(reader, self.run_queue, self)
        self.run_continuer = RunContinuer(self.run_selection, self.run_starter, self)
        self.reports = RunReports(session, controller, notifier)
        self.saver = SessionSaver(session, settings, notifier, self)
        self.exit = SessionExit(session, controller, self.run_queue, self.saver, notifier, self)
        self.opener = opener = SessionOpener(session, settings, notifier, self)
        self.file_actions = FileActions(session, opener, self.exit, form, reader, settings, notifier, self)
        self.follower = SessionFollower(session, opener, self.saver, self.exit, notifier)
        self.recovery = Recovery(opener, self.exit, notifier)
        self.data_import = DataImport(form, settings, notifier, self)
        self.sigma_painter = SigmaPainter(form, reader, settings, notifier, self)
        self.exporter = Exporter(settings, notifier, self)
        self.dialogs = DialogActions(self)
        self.reporter = Reporter(self.run_selection, form, notifier, self)

    def _make_actions(self) -> None:
        self.actions_ = make_actions(window_actions(self), self)
        self.actions_[self.theme.mode].setChecked(True)
        self._menus = make_menus(self, self.actions_)
        self._menus["@recent"].aboutToShow.connect(self._fill_recent)
        self._fill_recent()
        for dock in self.docks.values():
            self._menus["@docks"].addAction(dock.toggleViewAction())
        self._menus["@docks"].addSeparator()
        self.toolbar = make_toolbar(self, self.actions_)
        self.toolbar.addWidget(self.progress)

    def _connect(self) -> None:
        self.theme.changed.connect(self._theme_changed)
        self.session.changed.connect(self._session_changed)
        self.session.error_occurred.connect(self.notifier.show_error)
        self.session.written_again.connect(self.notifier.log)
        self.run_controller.updated.connect(self._draw)
        self.run_controller.status_changed.connect(self.show_state)
        self.run_controller.run_finished.connect(self.run_queue.start_next)
        self.run_controller.error_occurred.connect(self.notifier.show_error)
        self.reader.form_wanted.connect(self.docks["form"].show)
        self.data_import.form_wanted.connect(self.docks["form"].show)
        self.run_starter.started.connect(self.runs.choose)
        self.reports.refused.connect(self.run_starter.offer_to_run_anyway)
        self.run_queue.view_wanted.connect(self._raise_view)
        self.run_selection.records_changed.connect(self._show_records)
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
        self.area.set_records(records)
        self.show_state()

    @Slot()
    def _draw(self) -> None:
        self.run_controller.watch(self.area.live_topics)
        self.area.refresh()
        self.runs.refresh(self.session.records())
        self._show_progress()

    @Slot()
    def show_state(self) -> None:
        """Update the actions and the status text."""
        state = WindowState(
            status=self.run_controller.status,
            read_only=self.session.following,
            selected=self.run_selection.record is not None,
            selected_over=self.run_selection.over,
            queued=self.run_queue.waiting,
        )
        show_state(self.actions_, state)
        self.status.setText(status_text(state))
        self._show_progress()

    def _show_progress(self) -> None:
        controller = self.run_controller
        active = controller.record if controller.run is not None else None
        text = progress_text(active, controller.status) if active is not None else ""
        self.progress.show_record(active or self.run_selection.record, text)

    @Slot(str)
    def _raise_view(self, name: str) -> None:
        self.area.docks[name].show()
        self.area.docks[name].raise_()

    @Slot(QPoint)
    def _show_run_menu(self, position: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        fill_menu(menu, RUN_MENU, self.actions_)
        menu.popup(position)

    @Slot()
    def _fill_recent(self) -> None:
        self.file_actions.fill_recent(self._menus["@recent"])

    @Slot(bool)
    def _theme_changed(self, dark: bool) -> None:
        self.area.set_dark(dark)
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
        recolor_icons(self.area, self.theme.colors)
        self.area.set_records(self.run_selection.records)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Create the views after the first paint."""
        super().paintEvent(event)
        if not self.area.views:
            QTimer.singleShot(0, self.create_views)

    # -- actions of the window itself

    @Slot()
    def stop_run(self) -> None:
        """End the run, keep it, and cancel the queued ones."""
        self.run_queue.clear()
        self.run_controller.stop()

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
        self.layout_.save()
        self.dialogs.close()
        self.hang_watch.close()
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
