"""MainWindow: form, views, runs, log and the run's controls in one window."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QAction, QCloseEvent, QPaintEvent
from PySide6.QtWidgets import QLabel, QMainWindow, QVBoxLayout, QWidget

from wganstudio.experiment import BadExperiment, Experiment
from wganstudio.gui import layout
from wganstudio.gui.actions import make_actions, make_menus, make_toolbar
from wganstudio.gui.controllers.exporter import Exporter
from wganstudio.gui.controllers.file_actions import FileActions
from wganstudio.gui.controllers.open_session import OpenSession
from wganstudio.gui.controllers.run_controller import RunController
from wganstudio.gui.controllers.run_queue import RunQueue
from wganstudio.gui.controllers.run_selection import RunSelection
from wganstudio.gui.controllers.run_worker import Process, run_process
from wganstudio.gui.controllers.sigma_painter import SigmaPainter
from wganstudio.gui.dialogs.dialogs import AboutDialog, HelpDialog
from wganstudio.gui.form.form import ExperimentForm
from wganstudio.gui.settings import Settings
from wganstudio.gui.theme import Theme, app_icon, recolor_icons, set_icon
from wganstudio.gui.views.area import ViewArea
from wganstudio.gui.widgets.banner import Banner
from wganstudio.gui.widgets.docks import Dock
from wganstudio.gui.widgets.log import LogPanel
from wganstudio.gui.widgets.progress import RunProgress
from wganstudio.gui.widgets.run_list import RunList, describe
from wganstudio.session.document import SessionError
from wganstudio.training.events import TERMINAL, Ended, Event, Failed, TruthFound, TruthMissing
from wganstudio.truths.certificate import NAMES, Truth

if TYPE_CHECKING:
    from wganstudio.gui.dialogs.suites import SuitesDialog


class MainWindow(QMainWindow):
    """One session, one form, one run at a time."""

    def __init__(self, theme: Theme, settings: Settings, make: Callable[[], Process] = run_process) -> None:
        super().__init__()
        self.theme = theme
        self.settings = settings
        self.desk = OpenSession()
        self.control = RunController(make)
        self.exporter = Exporter(settings)
        self._help: HelpDialog | None = None
        self._suites: SuitesDialog | None = None
        self._may_close = self._in_close = False

        self.setWindowIcon(app_icon())
        self.setDockNestingEnabled(True)
        self._build()
        self.shown = RunSelection(self)
        self.filing = FileActions(self)
        self.sweeping = RunQueue(self)
        self.painting = SigmaPainter(self)
        self.actions_ = make_actions(self)
        self.actions_[theme.mode].setChecked(True)
        self._menus = make_menus(self, self.actions_)
        self._menus["@recent"].aboutToShow.connect(self._fill_recent)
        self._fill_recent()
        for dock in (self.form_dock, self.runs_dock, self.log_dock):
            self._menus["@docks"].addAction(dock.toggleViewAction())
        self._menus["@docks"].addSeparator()
        self.toolbar = make_toolbar(self, self.actions_)
        self.toolbar.addWidget(self.progress)
        self._connect()
        layout.restore(self)
        self._session_changed()
        self.show_state()

    def _build(self) -> None:
        self.banner = Banner()
        self.area = ViewArea(self.desk.records)
        self.form = ExperimentForm()
        self.runs = RunList()
        self.log = LogPanel()
        self.progress = RunProgress()
        self.status = QLabel()
        self.status.setContentsMargins(8, 0, 0, 0)
        self.status.setProperty("role", "dim")
        self.statusBar().addPermanentWidget(self.status)
        center = QWidget()
        column = QVBoxLayout(center)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.banner)
        column.addWidget(self.area, 1)
        self.setCentralWidget(center)
        self.form_dock = Dock("form", "Experiment", self.form)
        self.runs_dock = Dock("runs", "Runs", self.runs)
        self.log_dock = Dock("log", "Log", self.log)
        for corner, area in (
            (Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea),
            (Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea),
        ):
            self.setCorner(corner, area)

    def _connect(self) -> None:
        self.theme.changed.connect(self._theme_changed)
        self.desk.changed.connect(self._session_changed)
        self.desk.trouble.connect(self.fault)
        self.control.said.connect(self._said)
        self.control.read.connect(self._draw)
        self.control.changed.connect(self.show_state)
        self.control.trouble.connect(self.fault)
        self.exporter.said.connect(self.note)
        self.exporter.failed.connect(self.fault)

    # -- messages

    @Slot(str)
    @Slot(str, str)
    def note(self, message: str, detail: str = "") -> None:
        """Write something into the log."""
        self.log.add(message, detail)

    @Slot(str)
    @Slot(str, str)
    def fault(self, message: str, detail: str = "") -> None:
        """Say what went wrong, in the banner and in the log."""
        self.banner.say(message, detail=detail, fault=True)
        self.log.add(message, detail, "error")

    # -- the run

    def experiment_of_form(self) -> Experiment | None:
        """The form's experiment; if it is none, the form says why and goes there."""
        try:
            return self.form.experiment()
        except BadExperiment as error:
            self.form_dock.show()
            first = self.form.focus_problem() or error.problems[0]
            others = "\n".join(map(str, error.problems)) if len(error.problems) > 1 else ""
            self.fault(f"This experiment cannot run yet: {first}.", others)
            return None

    @Slot()
    def start_run(self) -> bool:
        """Start what the form describes; whether it was started."""
        experiment = self.experiment_of_form()
        if experiment is None or self.control.busy or self.desk.following:
            return False
        return self.begin(experiment)

    def begin(self, experiment: Experiment) -> bool:
        """Start a run of the session; whether it was started."""
        try:
            run = self.desk.add_run(experiment)
        except SessionError as error:
            self.fault(str(error))
            return False
        self.banner.put_away()
        self.runs.choose(run)
        self.control.start(run, experiment)
        return True

    @Slot()
    def pause_or_resume(self) -> None:
        """Pause what runs, resume what is paused."""
        self.control.pause_or_resume()

    @Slot()
    def take_steps(self) -> None:
        """Take as many steps as the action says; begins a run if none is under way."""
        count = self._argument()
        if self.control.busy or self.start_run():
            self.control.step(count)

    @Slot()
    def stop_run(self) -> None:
        """End the run and keep it; what waited for its turn is given up."""
        self.sweeping.give_up()
        self.control.stop()

    @Slot(int, object)
    def _said(self, run: int, event: Event) -> None:
        record = self.desk.record(run)
        if record is None:
            return
        self.desk.append(run, event)
        if isinstance(event, TERMINAL):
            QTimer.singleShot(0, self.sweeping.advance)
        match event:
            case Ended():
                self.note(f"\u201c{record.name}\u201d {', '.join(describe(record).split(chr(10)))}.")
            case Failed():
                self.fault(event.message, event.detail)
            case TruthMissing():
                self.log.add(event.message, level="warning")
            case TruthFound():
                self.note(_in_words(event.truth))

    @Slot()
    def _draw(self) -> None:
        self.control.watch(self.area.live_topics)
        self.area.refresh()
        self.runs.refresh(self.desk.records())
        self._show_progress()

    def session_grew(self) -> None:
        """A followed session has more to show."""
        self._session_changed()
        self._draw()

    # -- the session

    @Slot()
    def _session_changed(self) -> None:
        desk = self.desk
        suffix = " (following, read-only)" if desk.following else ""
        self.setWindowTitle(f"{desk.title}{suffix}[*] \u2013 WGAN Studio")
        self.setWindowModified(desk.modified)
        self.runs.show_records(desk.records())
        self.shown.choose(self.runs.current)

    # -- the look of things

    @Slot()
    def show_state(self) -> None:
        """Let actions and words follow what is under way."""
        control, free = self.control, not self.desk.following
        act = self.actions_
        act["run"].setEnabled(free and not control.busy)
        act["pause"].setEnabled(control.busy and not control.stopping)
        act["pause"].setText("&Resume" if control.paused else "&Pause")
        act["pause"].setIconText("Resume" if control.paused else "Pause")
        set_icon(act["pause"], "resume" if control.paused else "pause")
        act["stop"].setEnabled(control.busy and not control.stopping)
        for name in ("sweep", "systems"):
            act[name].setEnabled(free and not control.busy)
        for name in ("step-1", "step-10", "step-100"):
            act[name].setEnabled(free and not control.stopping)
        for name in ("use-settings", "export"):
            act[name].setEnabled(self.shown.record is not None)
        act["rename"].setEnabled(self.shown.record is not None and free)
        act["delete"].setEnabled(self.shown.over and free)
        self.status.setText(self._status())
        self._show_progress()

    def _status(self) -> str:
        if self.desk.following:
            return "following a session that another program writes"
        if self.control.stopping:
            return "stopping; computing the final estimates\u2026"
        if not self.control.warm:
            return "preparing the trainer\u2026" + (" the run begins by itself" if self.control.busy else "")
        if self.control.busy:
            waiting = f"; {self.sweeping.waiting} more runs wait" if self.sweeping.waiting else ""
            return ("paused" if self.control.paused else "training") + waiting
        return "ready"

    def _show_progress(self) -> None:
        run = self.control.run
        record = (None if run is None else self.desk.record(run)) or self.shown.record
        word = ""
        if record is not None and record.run == run:
            if record.state == "waiting":
                word = "starting\u2026" if self.control.warm else "preparing the trainer\u2026"
            elif self.control.stopping or record.step >= record.steps:
                word = "final estimates\u2026"
            elif self.control.paused:
                word = "paused"
        self.progress.show_record(record, word)

    @Slot()
    def choose_theme(self) -> None:
        """Change to the theme that the action names."""
        self.theme.choose(self._argument())
        self.settings.put("theme", self.theme.mode)

    @Slot(bool)
    def _theme_changed(self, dark: bool) -> None:
        self.area.set_dark(dark)
        self.log.redraw()

    @Slot()
    def reset_layout(self) -> None:
        """Put every panel and view back in its place."""
        layout.reset(self)

    def furnish(self) -> None:
        """Make the views, once; it comes after the first paint because their import takes longest."""
        if self.area.views:
            return
        from wganstudio.gui.views.registry import registered_views

        self.area.create_views(registered_views(), self.theme.dark)
        self.area.restore(self.settings.bytes("views"))
        self._menus["@docks"].addActions(self.area.toggle_actions())
        for view in self.area.views.values():
            view.addAction(self.actions_["export"])
        recolor_icons(self.area, self.theme.colors)
        self.area.set_record(self.shown.record)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The first one has the views made."""
        super().paintEvent(event)
        if not self.area.views:
            QTimer.singleShot(0, self.furnish)

    def _argument(self) -> Any:
        action = self.sender()
        assert isinstance(action, QAction)
        return action.data()

    # -- help

    @Slot()
    def show_help(self) -> None:
        """Show the help page that the action names."""
        if self._help is None:
            self._help = HelpDialog(self)
        self._help.show_page(self._argument())

    @Slot()
    def show_suites(self) -> None:
        """Show the matrix of many runs."""
        from wganstudio.gui.dialogs.suites import SuitesDialog

        if self._suites is None:
            self._suites = SuitesDialog(self)
        self._suites.show()
        self._suites.raise_()

    @Slot()
    def show_about(self) -> None:
        """Show name and versions."""
        dialog = AboutDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    @Slot()
    def _fill_recent(self) -> None:
        self.filing.fill_recent(self._menus["@recent"])

    # -- closing

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about the run and the session, then end everything in bounded time."""
        if not self._may_close:
            self._in_close = True
            self.filing.leave(self._let_close)
            self._in_close = False
        if not self._may_close:
            event.ignore()
            return
        layout.remember(self)
        if self._suites is not None:
            self._suites.close()
        self.control.close()
        self.exporter.close()
        self.desk.close()
        event.accept()

    def _let_close(self) -> None:
        self._may_close = True
        if not self._in_close:
            self.close()


def _in_words(t: Truth) -> str:
    bounds = f"[{t.lower:.5g}, {t.upper:.5g}]"
    return f"{NAMES[t.quantity]} = {t.value:.5g} in {bounds}, {t.method} ({t.seconds:.2g} s)"
