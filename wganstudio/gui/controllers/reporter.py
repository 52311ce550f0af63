"""Reporter: shows reports of problems for the user to copy; nothing is ever sent."""

from PySide6.QtCore import QObject, Qt, Slot, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from wganstudio import folders
from wganstudio.diagnostics.crash import Crash, collect
from wganstudio.diagnostics.report import report
from wganstudio.experiment import BadExperiment, to_toml
from wganstudio.gui.controllers.run_selection import RunSelection
from wganstudio.gui.dialogs.text import TextDialog
from wganstudio.gui.form.form import ExperimentForm
from wganstudio.gui.notifier import Notifier
from wganstudio.gui.settings import Settings

READ_FIRST = (
    "Read this report before you copy it. Your name, home folder and the folders of your files are left out; "
    "nothing is sent by itself."
)
MAX_LOG = 100_000
"""Characters of a log that are shown."""
CRASHED = "WGAN Studio ended unexpectedly last time."


class Reporter(QObject):
    """Copy report in the Help menu and on errors, and what is to be said at the start."""

    def __init__(
        self, selection: RunSelection, form: ExperimentForm, notifier: Notifier, parent: QWidget
    ) -> None:
        super().__init__()
        self._selection = selection
        self._form = form
        self._notifier = notifier
        self._parent = parent
        self._crash: Crash | None = None
        notifier.report_wanted.connect(self.report_error)

    @Slot()
    def show_report(self) -> None:
        """Show a report, with the error of the selected run if it failed."""
        record = self._selection.record
        failed = record.failed if record is not None else None
        self.report_error(*((failed.message, failed.detail) if failed is not None else ("", "")))

    @Slot(str, str)
    def report_error(self, message: str, detail: str) -> None:
        """Show a report of an error."""
        text = report(message, detail, experiment=self._experiment(), display=self._display())
        self._show("Report", READ_FIRST, text)

    @Slot()
    def report_start(self, settings: Settings) -> None:
        """Say what went wrong last time, and what cannot be written."""
        crashes = collect()
        if crashes:
            self._crash = crashes[-1]
            offers = (("Copy report\u2026", self.report_crash), ("Show log", self.show_crash_log))
            self._notifier.warn(CRASHED, f"{self._crash.log}\n{self._crash.trace}")
            self._notifier.offer(CRASHED, offers)
        if settings.problem:
            self._notifier.warn(settings.problem)
        if folder := folders.unwritable_state():
            self._notifier.show_warning(
                f"Unsaved sessions cannot be kept safe: {folder} is not writable; save often."
            )

    @Slot()
    def report_crash(self) -> None:
        """Show a report of the process that ended unexpectedly."""
        if self._crash is not None:
            self.report_error(CRASHED, self._crash.trace)

    @Slot()
    def show_crash_log(self) -> None:
        """Show the log of the process that ended unexpectedly."""
        if self._crash is not None:
            text = self._crash.log.read_text(encoding="utf-8", errors="replace")
            sentence = f"The end of {self._crash.log}. Unlike a report, it holds names and folders."
            self._show("Log", sentence, text[-MAX_LOG:])

    def _show(self, title: str, sentence: str, text: str) -> None:
        dialog = TextDialog(self._parent, title, sentence, text)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _experiment(self) -> str:
        """Return the experiment of the selected run, or that of the form, as TOML."""
        try:
            record = self._selection.record
            return to_toml(record.experiment if record is not None else self._form.experiment())
        except BadExperiment as error:
            return f"The form holds none that can run: {error}"

    def _display(self) -> dict[str, str]:
        screen = self._parent.screen()
        size = screen.size()
        return {
            "Qt": f"{qVersion()} on {QGuiApplication.platformName()}",
            "Display": f"{size.width()} x {size.height()} at {100 * screen.devicePixelRatio():.0f} %",
        }
