"""WindowParts: the widgets and controllers of the window. Each gets here what it uses."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from wganstudio.gui.controllers.background_job import BackgroundJobs
from wganstudio.gui.controllers.code_consent import CodeConsent
from wganstudio.gui.controllers.comparison_starter import ComparisonStarter
from wganstudio.gui.controllers.current_view import CurrentView
from wganstudio.gui.controllers.data_import import DataImport
from wganstudio.gui.controllers.dialog_actions import DialogActions
from wganstudio.gui.controllers.distribution_drawer import DistributionDrawer
from wganstudio.gui.controllers.editor_undo import EditorUndo
from wganstudio.gui.controllers.exporter import Exporter
from wganstudio.gui.controllers.file_actions import FileActions
from wganstudio.gui.controllers.form_reader import FormReader
from wganstudio.gui.controllers.full_screen import FullScreen
from wganstudio.gui.controllers.hang_watch import HangWatch
from wganstudio.gui.controllers.key_guard import KeyGuard
from wganstudio.gui.controllers.linked_zoom import LinkedZoom
from wganstudio.gui.controllers.log_drawer import LogDrawer
from wganstudio.gui.controllers.map_styles import MapStyles
from wganstudio.gui.controllers.named_layouts import NamedLayouts
from wganstudio.gui.controllers.open_session import OpenSession
from wganstudio.gui.controllers.panes import Panes
from wganstudio.gui.controllers.preset_gallery import PresetGallery
from wganstudio.gui.controllers.publisher import Publisher
from wganstudio.gui.controllers.queue_control import QueueControl, remembered_slots
from wganstudio.gui.controllers.recovery import Recovery
from wganstudio.gui.controllers.reporter import Reporter
from wganstudio.gui.controllers.run_continuer import RunContinuer
from wganstudio.gui.controllers.run_controller import RunController
from wganstudio.gui.controllers.run_follower import RunFollower
from wganstudio.gui.controllers.run_inspection import RunInspection
from wganstudio.gui.controllers.run_labeler import RunLabeler
from wganstudio.gui.controllers.run_namer import RunNamer
from wganstudio.gui.controllers.run_process import Process
from wganstudio.gui.controllers.run_reports import RunReports
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
from wganstudio.gui.controllers.trash import Trash
from wganstudio.gui.controllers.undo import Undo
from wganstudio.gui.controllers.view_copier import ViewCopier
from wganstudio.gui.controllers.view_opener import ViewOpener
from wganstudio.gui.controllers.waiting_runs import WaitingRuns
from wganstudio.gui.form.form import ExperimentForm
from wganstudio.gui.inspector.inspector import Inspector
from wganstudio.gui.layout import WindowLayout
from wganstudio.gui.notifier import LogHandler, Notifier
from wganstudio.gui.settings import Settings
from wganstudio.gui.text_roles import set_role
from wganstudio.gui.theme import Theme, app_icon
from wganstudio.gui.views.area import ViewArea
from wganstudio.gui.views.choice import ViewChoice
from wganstudio.gui.widgets.banner import Banner
from wganstudio.gui.widgets.docks import Dock
from wganstudio.gui.widgets.history import History
from wganstudio.gui.widgets.log import LogPanel
from wganstudio.gui.widgets.plain_text import Label
from wganstudio.gui.widgets.progress import RunProgress
from wganstudio.gui.widgets.queue_panel import QueuePanel
from wganstudio.gui.widgets.runs.table import RunTable
from wganstudio.gui.widgets.time_bar import TimeBar


class WindowParts(QMainWindow):
    """The window without its actions and connections."""

    def __init__(self, theme: Theme, settings: Settings, make_process: Callable[[], Process]) -> None:
        super().__init__()
        self.theme = theme
        self.settings = settings
        self.setWindowIcon(app_icon())
        self.setDockNestingEnabled(True)
        self.session = OpenSession()
        self._make_widgets()
        self.layout_ = WindowLayout(self, self.docks, self.area, settings)
        self._make_controllers(make_process)

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
        set_role(self.status, "dim")
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
        self.code_consent = CodeConsent(settings, notifier, self)
        self.run_starter = RunStarter(
            reader, session, controller, self.waiting, notifier, self.code_consent.allows
        )
        self.hang_watch = HangWatch(controller, notifier)
        self.comparison_starter = ComparisonStarter(reader, self.run_starter, notifier, self)
        self.undo = undo = Undo(session, form, controller, notifier)
        self.history.setStack(undo.stack)
        EditorUndo(undo, form, self)
        self.trash = Trash(session, undo, notifier, self)
        self.run_selection = RunSelection(session, controller, self.runs, form, undo)
        self.run_labeler = RunLabeler(session, self.run_selection, undo, notifier, self)
        self.run_inspection = RunInspection(self.inspector, self.run_selection, controller, form, self)
        self.sweep_slider = SweepSlider(session, self.run_selection, self.runs, self.area)
        self.column.insertWidget(1, self.sweep_slider.bar)
        self.shown_step = ShownStep(self.time_bar)
        self.key_guard = KeyGuard(self, self.time_bar)
        self.run_continuer = RunContinuer(self.run_selection, session, controller, self.run_starter, self)
        self.run_follower = RunFollower(self.run_selection, controller, self.runs)
        self.run_times = RunTimes(session, controller, settings)
        self.form.estimate_time = self.run_times.estimate
        self.queue.describe = self.run_times.needs
        self.comparison_starter.estimate = self.run_times.seconds
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
        self.jobs = BackgroundJobs(notifier, self)
        self.statusBar().insertPermanentWidget(0, self.jobs.progress)
        self.publisher = Publisher(
            self.run_selection, session, self.runs, self.jobs, settings, notifier, self.code_consent, self
        )
        self.dialogs = DialogActions(self)
        self.dialogs.seconds_of = self.run_times.seconds
        self.dialogs.allows_code = self.code_consent.allows_code
        self.map_styles = MapStyles(self.area, settings)
        self.linked_zoom = LinkedZoom(self.area, settings)
        self.view_choice = ViewChoice(self.area, form, settings, session.records)
        self.drawer = DistributionDrawer(form, self.run_starter, settings, notifier, self)
        self.gallery = PresetGallery(self.pages, form, self.run_starter, settings)
        self.reporter = Reporter(self.run_selection, form, notifier, self)
        self.panes = Panes(self, self.area)
        self.layouts = NamedLayouts(self.layout_, settings, notifier, self)
        self.full_screen = FullScreen(self, self.theme)
        self.current_view = CurrentView(self.area)
        self.view_copier = ViewCopier(self.current_view, session, notifier)
        self.view_opener = ViewOpener(self.current_view, self.area, self.full_screen, notifier)
        self.log_drawer = LogDrawer(self.docks["log"], self.log_handler, self.statusBar())
