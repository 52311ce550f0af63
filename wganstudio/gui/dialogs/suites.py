"""SuitesDialog: runs a suite and shows the matrix of its results.

A child process runs the suite and sends typed events. The matrix is read from the session that it writes, so
that a suite of another program can be watched in the same way.
"""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, QTimer, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QTableWidget,
    QVBoxLayout,
    QWidget,
)

from wganstudio.experiment import BadExperiment, Options, option
from wganstudio.experiment.files import user_path
from wganstudio.gui.controllers.suite_runner import SuiteRunner
from wganstudio.gui.dialogs.progress import Canceled, run_with_progress
from wganstudio.gui.dialogs.suite_cells import table_item
from wganstudio.gui.dialogs.suite_summary import (
    AllowsCode,
    SecondsOf,
    SuiteSummary,
    no_code,
    unknown_seconds,
)
from wganstudio.gui.form.field_box import FieldBox
from wganstudio.gui.widgets.plain_text import Label
from wganstudio.gui.widgets.progress import clock
from wganstudio.plain_text import one_line
from wganstudio.session.document import Document, SessionError
from wganstudio.suites import SuiteError, SuiteResults, SuiteTable, applicable_tables, suite_table
from wganstudio.suites.events import (
    RunEvent,
    RunFinished,
    RunLost,
    RunSilent,
    RunStarted,
    SuiteFinished,
    SuiteStarted,
)
from wganstudio.suites.plan import Cell
from wganstudio.suites.process import SuiteMessage, SuiteRequest, SuiteStopped
from wganstudio.suites.running import suite_files
from wganstudio.training.events import Progress, TruthMissing
from wganstudio.training.metric_registry import metric

REFRESH_MS = 1000
"""The period in which a session that another program writes is read again."""


class WorkerOptions(Options):
    """The processes that run a suite."""

    workers: int = option(1, "Processes", "Runs that are trained at the same time.", ge=1, le=64)


class SuitesDialog(QDialog):
    """Chooses a suite, runs it, and shows its matrix as it fills."""

    def __init__(
        self, parent: QWidget, seconds_of: SecondsOf = unknown_seconds, allows_code: AllowsCode = no_code
    ) -> None:
        super().__init__(parent)
        self._allows_code = allows_code
        self.setWindowTitle("Suites")
        self.summary = SuiteSummary(seconds_of)
        self.resize(900, 560)
        self.document: Document | None = None
        self.file = QComboBox(editable=True)
        self.file.addItems(list(suite_files()))
        self.file.setToolTip("Name of a listed suite, or path of a TOML file")
        self.out = QLineEdit(str(Path.home() / f"{self.file.currentText()}.wgs"))
        self.pairs = QLineEdit()
        self.pairs.setPlaceholderText("Only for suites that use the published pairs")
        self.workers = FieldBox(WorkerOptions, "workers", 1)
        self.quantity = QComboBox()
        self.quantity.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.quantity.setAccessibleName("Table")
        self.quantity.setEnabled(False)
        self.quantity.setToolTip("The tables that the session has numbers for")
        self._offered: list[str] = []
        self._chosen = False
        self.run = QPushButton("Run")
        self.stop = QPushButton("Stop")
        self.show_button = QPushButton("Show results")
        self.show_button.setToolTip("Show the results in the session without running anything")
        self.matrix = QTableWidget()
        self.matrix.setAccessibleName("Results")
        self.matrix.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.bar = QProgressBar()
        self.message = Label(wordWrap=True)
        self.message.setMinimumWidth(1)
        self._build_layout()
        self._progress: dict[Cell, Progress] = {}
        self._runner = SuiteRunner()
        self._runner.received.connect(self._on_received)
        self._runner.finished.connect(self._on_finished)
        self._timer = QTimer(self, interval=REFRESH_MS)
        self._timer.timeout.connect(self.refresh)
        self.file.currentTextChanged.connect(self._file_changed)
        self.quantity.currentIndexChanged.connect(self._choose_table)
        self.run.clicked.connect(self.start)
        self.workers.changed.connect(self._show_state)
        for line in (self.out, self.pairs):
            line.textChanged.connect(self._show_summary)
        self.stop.clicked.connect(self.stop_suite)
        self.show_button.clicked.connect(self.show_session)
        self._show_state()

    def _build_layout(self) -> None:
        grid = QGridLayout()
        for row, (title, editor, choose) in enumerate(
            (
                ("Suite", self.file, self._choose_file),
                ("Session", self.out, self._choose_out),
                ("Folder of published pairs", self.pairs, self._choose_pairs),
            )
        ):
            editor.setAccessibleName(title)
            button = QPushButton("Choose\u2026")
            button.setAccessibleName(f"Choose {title}")
            button.clicked.connect(choose)
            grid.addWidget(Label(title), row, 0)
            grid.addWidget(editor, row, 1)
            grid.addWidget(button, row, 2)
        buttons = QHBoxLayout()
        for widget in (Label("Processes"), self.workers, self.run, self.stop, self.show_button):
            buttons.addWidget(widget)
        buttons.addStretch(1)
        buttons.addWidget(Label("Table"))
        buttons.addWidget(self.quantity)
        column = QVBoxLayout(self)
        column.addLayout(grid)
        column.addWidget(self.summary)
        column.addLayout(buttons)
        column.addWidget(self.matrix, 1)
        column.addWidget(self.bar)
        column.addWidget(self.message)

    @property
    def running(self) -> bool:
        """True if this dialog runs a suite."""
        return self._runner.running

    @Slot()
    def start(self) -> None:
        """Run the suite, or resume the one in its session, after a question if it runs code of the user's."""
        facts = self.summary.facts
        if facts is not None and not self._allows_code(facts.code):
            self.message.setText("The suite was not started.")
            return
        self._close_document()
        self._timer.stop()
        self._progress = {}
        request = SuiteRequest(
            suite=self.file.currentText(),
            session=self._path(),
            workers=self.workers.value(),
            pairs=user_path(self.pairs.text()) if self.pairs.text() else None,
        )
        self.message.setText("Starting\u2026")
        try:
            self._runner.start(request)
        except OSError as error:
            self.message.setText(f"The suite cannot be started: {error}.")
        self._show_state()

    @Slot()
    def stop_suite(self) -> None:
        """Ask the suite to stop; it keeps the finished runs, and Run resumes it."""
        self.message.setText("Stopping\u2026")
        self._runner.stop()

    @Slot()
    def show_session(self) -> None:
        """Show the matrix of a session, which another program may be writing."""
        self._close_document()
        self._timer.stop()
        self.message.clear()
        path = self._path()
        if path.exists() and not self._open(path):
            return
        self._timer.start()
        self.refresh()

    def _open(self, path: Path) -> bool:
        """Open a session, with its progress where that takes long; return whether it was opened."""

        def read(progress: Callable[[float], None]) -> Document:
            return Document.open(path, progress=progress)

        try:
            run_with_progress(self, f"Opening {one_line(path.name, 60)}\u2026", read, self._adopt)
        except Canceled:
            return False
        except SessionError as error:
            self.message.setText(str(error))
            return False
        return True

    def _adopt(self, document: Document) -> None:
        self._close_document()
        self.document = document

    @Slot()
    def refresh(self) -> None:
        """Read the session and show its results."""
        path = self._path()
        if not path.exists() and (self.running or not self._timer.isActive()):
            return
        try:
            if self.document is None:
                self.document = Document.open(path)
            self.document.follow()
            results = SuiteResults(self.document)
            self._offer_tables(applicable_tables(results))
            table = suite_table(results, self.quantity.currentData() or "cost")
        except (BadExperiment, SessionError, SuiteError) as error:
            if not self.running:
                self._timer.stop()
                self.message.setText(str(error))
            return
        self._show(table)

    def _offer_tables(self, names: list[str]) -> None:
        """Offer these tables; the one that the user chose stays, otherwise the first is shown."""
        if names == self._offered:
            return
        chosen, self._offered = self.quantity.currentData() if self._chosen else None, names
        with QSignalBlocker(self.quantity):
            self.quantity.clear()
            for name in names:
                self.quantity.addItem(metric(name).title, name)
            self.quantity.setCurrentIndex(max(0, self.quantity.findData(chosen)))
        self.quantity.setEnabled(bool(names))

    @Slot()
    def _choose_table(self) -> None:
        self._chosen = True
        self.refresh()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop the suite; its session keeps the finished runs."""
        self._runner.close()
        self.summary.close_reading()
        self._timer.stop()
        self._close_document()
        self._show_state()
        super().closeEvent(event)

    def _show(self, table: SuiteTable) -> None:
        shape = len(table.solvers), len(table.pairs)
        if (self.matrix.rowCount(), self.matrix.columnCount()) != shape:
            self.matrix.setRowCount(shape[0])
            self.matrix.setColumnCount(shape[1])
        self.matrix.setVerticalHeaderLabels(table.solvers)
        self.matrix.setHorizontalHeaderLabels(table.pairs)
        for row, solver in enumerate(table.solvers):
            for column, pair in enumerate(table.pairs):
                entry = table.entry(solver, pair)
                self.matrix.setItem(row, column, table_item(entry, table))
        self.matrix.resizeColumnsToContents()
        self.bar.setRange(0, max(table.runs, 1))
        self.bar.setValue(table.finished)
        self.bar.setFormat(f"{table.finished} of {table.runs} runs finished")

    @Slot(object)
    def _on_received(self, message: SuiteMessage) -> None:
        match message:
            case SuiteStarted() | RunStarted() | RunFinished() | SuiteFinished():
                self.refresh()
            case RunEvent(event=Progress() as progress):
                self._progress[message.cell] = progress
        if isinstance(message, RunFinished):
            self._progress.pop(message.cell, None)
        if text := self._describe(message):
            self.message.setText(text)

    @Slot()
    def _on_finished(self) -> None:
        self.refresh()
        self._show_state()

    def _describe(self, message: SuiteMessage) -> str:
        """Return the status line after a message, or "" where it does not change."""
        match message:
            case SuiteStarted():
                return f"{message.title}: {message.runs} runs, {message.finished} of them finished"
            case RunLost():
                consequence = "it is tried again" if message.again else "it is given up"
                return f"{message.cell.name} lost its worker ({message.why}); {consequence}."
            case RunSilent():
                return f"{message.cell.name}: {message.message} It is replaced after a minute."
            case RunEvent(event=Progress()):
                return "; ".join(
                    f"{cell.name} {_percent(progress)} %, {clock(progress.eta)} left"
                    for cell, progress in self._progress.items()
                )
            case RunEvent(event=TruthMissing(failed=True) as missing):
                return f"{message.cell.pair}: {missing.message}"
            case SuiteFinished():
                failed = f"; {message.failed} failed" if message.failed else ""
                return f"{message.finished} runs finished{failed}."
            case SuiteStopped():
                return message.message or "Stopped. Run resumes the suite."
            case _:
                return ""

    @Slot(str)
    def _file_changed(self, text: str) -> None:
        self.out.setText(str(Path(self.out.text()).with_name(f"{Path(text).stem or 'suite'}.wgs")))
        self._show_summary()

    def _path(self) -> Path:
        return user_path(self.out.text())

    @Slot()
    def _show_state(self) -> None:
        self.run.setEnabled(not self.running and self.workers.valid)
        self.show_button.setEnabled(not self.running)
        self.stop.setEnabled(self.running)
        for editor in (self.file, self.out, self.pairs, self.workers):
            editor.setEnabled(not self.running)
        self._show_summary()

    @Slot()
    def _show_summary(self) -> None:
        """Say what the suite is, how long it takes and where it writes."""
        pairs = user_path(self.pairs.text()) if self.pairs.text() else None
        self.summary.show_suite(self.file.currentText(), pairs)
        self.summary.show_place(self._path(), self.workers.value())

    def _close_document(self) -> None:
        if self.document is not None:
            self.document.close()
            self.document = None

    @Slot()
    def _choose_file(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "Suite", "", "Suite (*.toml)")
        if chosen:
            self.file.setCurrentText(chosen)

    @Slot()
    def _choose_out(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self,
            "Session of the suite",
            self.out.text(),
            "Session (*.wgs)",
            options=QFileDialog.Option.DontConfirmOverwrite,
        )
        if chosen:
            self.out.setText(chosen)

    @Slot()
    def _choose_pairs(self) -> None:
        if chosen := QFileDialog.getExistingDirectory(self, "Folder of published pairs", self.pairs.text()):
            self.pairs.setText(chosen)


def _percent(progress: Progress) -> int:
    return 100 * progress.step // max(progress.steps, 1)
