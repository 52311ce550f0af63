"""Suites: a matrix of runs, filled in by a process of its own that this window only watches.

The process is `wganstudio suite run`; the matrix is read from the session that it writes, so that a suite
which another program fills can be watched in the same way.
"""

import math
import sys
from pathlib import Path

from PySide6.QtCore import QProcess, QTimer, Slot
from PySide6.QtGui import QCloseEvent, QColor
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from wganstudio import resources
from wganstudio.session.document import Document, SessionError
from wganstudio.suites import SuiteError, SuiteResults, SuiteTable, suite_table
from wganstudio.suites.table import TableEntry
from wganstudio.training.metric_registry import metrics

LOOK_MS = 1000
WAIT_MS = 5000


def program() -> list[str]:
    """The command that acts in the terminal: of the frozen app, or of this Python."""
    if not getattr(sys, "frozen", False):
        return [sys.executable, "-m", "wganstudio"]
    terminal = Path(sys.executable).with_name("wganstudio-terminal.exe")  # the other one has no stderr
    return [str(terminal if terminal.exists() else sys.executable)]


class SuitesDialog(QDialog):
    """Chooses a suite, runs it, and shows its matrix as it fills in."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Suites")
        self.resize(900, 560)
        self.document: Document | None = None
        self.file = QComboBox(editable=True)
        self.file.addItems(sorted(path.stem for path in resources.path("suites").glob("*.toml")))
        self.file.setToolTip("A shipped suite by name, or the path of a TOML file")
        self.out = QLineEdit(str(Path.home() / f"{self.file.currentText()}.wgs"))
        self.pairs = QLineEdit()
        self.pairs.setPlaceholderText("only for suites on the published pairs")
        self.workers = QSpinBox(minimum=1, maximum=64, value=1)
        self.quantity = QComboBox()
        for metric in metrics().values():
            self.quantity.addItem(metric.title, metric.name)
        self.run = QPushButton("Run")
        self.stop = QPushButton("Stop")
        self.look = QPushButton("Show")
        self.look.setToolTip("Show what the session holds, without running anything")
        self.matrix = QTableWidget()
        self.matrix.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.bar = QProgressBar()
        self.said = QLabel(wordWrap=True)
        self.said.setMinimumWidth(1)
        self._lay_out()
        self.process = QProcess(self)
        self.process.readyReadStandardError.connect(self._hear)
        self.process.finished.connect(self._ended)
        self.process.errorOccurred.connect(self._ended)
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.refresh)
        self.file.currentTextChanged.connect(self._file_changed)
        self.quantity.currentIndexChanged.connect(self.refresh)
        self.run.clicked.connect(self.start)
        self.stop.clicked.connect(self.end)
        self.look.clicked.connect(self.show_session)
        self._show_state()

    def _lay_out(self) -> None:
        grid = QGridLayout()
        for row, (title, editor, choose) in enumerate(
            (
                ("Suite", self.file, self._choose_file),
                ("Session to fill", self.out, self._choose_out),
                ("Folder of published pairs", self.pairs, self._choose_pairs),
            )
        ):
            button = QPushButton("Choose\u2026")
            button.clicked.connect(choose)
            grid.addWidget(QLabel(title), row, 0)
            grid.addWidget(editor, row, 1)
            grid.addWidget(button, row, 2)
        buttons = QHBoxLayout()
        for widget in (QLabel("Processes"), self.workers, self.run, self.stop, self.look):
            buttons.addWidget(widget)
        buttons.addStretch(1)
        buttons.addWidget(QLabel("Show"))
        buttons.addWidget(self.quantity)
        column = QVBoxLayout(self)
        column.addLayout(grid)
        column.addLayout(buttons)
        column.addWidget(self.matrix, 1)
        column.addWidget(self.bar)
        column.addWidget(self.said)

    @property
    def running(self) -> bool:
        """Whether this window's suite is under way."""
        return self.process.state() != QProcess.ProcessState.NotRunning

    @Slot()
    def start(self) -> None:
        """Run the suite, or go on with the one that its session holds."""
        self._put_away()
        out = Path(self.out.text()).expanduser()
        command = [*program(), "suite", "run", self.file.currentText(), "--out", str(out)]
        command += ["--workers", str(self.workers.value())]
        if out.exists():
            command.append("--resume")
        if self.pairs.text():
            command += ["--pairs", str(Path(self.pairs.text()).expanduser())]
        self.said.setText("starting\u2026")
        self.process.start(command[0], command[1:])
        self._timer.start()
        self._show_state()

    @Slot()
    def end(self) -> None:
        """Ask the suite to stop; it keeps what is finished, and Run goes on."""
        self.said.setText("stopping\u2026")
        self.process.terminate()

    @Slot()
    def show_session(self) -> None:
        """Show the matrix of a session, whoever fills it."""
        self._put_away()
        self._timer.start()
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Take in what the session holds by now."""
        path = Path(self.out.text()).expanduser()
        if self.running and not path.exists():
            return
        try:
            if self.document is None:
                self.document = Document.open(path)
            self.document.follow()
            found = suite_table(SuiteResults(self.document), self.quantity.currentData())
        except (SessionError, SuiteError) as error:
            if not self.running:
                self._timer.stop()
                self.said.setText(str(error))
            return
        self._show(found)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop the suite; what is finished stays in its session."""
        if self.running:
            self.end()
            if not self.process.waitForFinished(WAIT_MS):
                self.process.kill()
                self.process.waitForFinished(WAIT_MS)
        self._timer.stop()
        self._put_away()
        super().closeEvent(event)

    def _show(self, found: SuiteTable) -> None:
        shape = len(found.solvers), len(found.pairs)
        if (self.matrix.rowCount(), self.matrix.columnCount()) != shape:
            self.matrix.setRowCount(shape[0])
            self.matrix.setColumnCount(shape[1])
        self.matrix.setVerticalHeaderLabels(found.solvers)
        self.matrix.setHorizontalHeaderLabels(found.pairs)
        for row, solver in enumerate(found.solvers):
            for column, pair in enumerate(found.pairs):
                entry = found.entry(solver, pair)
                self.matrix.setItem(row, column, _item(entry, found))
        self.bar.setRange(0, max(found.runs, 1))
        self.bar.setValue(found.finished)
        self.bar.setFormat(f"{found.finished} of {found.runs} runs finished")

    @Slot()
    def _hear(self) -> None:
        text = bytes(self.process.readAllStandardError().data()).decode(errors="replace")
        lines = [line for line in text.replace("\r", "\n").splitlines() if line.strip()]
        if lines:
            self.said.setText(lines[-1].split("\x1b[K")[-1].strip())

    @Slot()
    def _ended(self, *_: object) -> None:
        if self.process.error() == QProcess.ProcessError.FailedToStart:
            self.said.setText(f"The suite cannot be started: {self.process.errorString()}.")
        self._hear()
        if self.document is not None or Path(self.out.text()).expanduser().exists():
            said = self.said.text()
            self.refresh()
            self.said.setText(said)
        self._timer.stop()
        self._show_state()

    @Slot(str)
    def _file_changed(self, text: str) -> None:
        self.out.setText(str(Path(self.out.text()).with_name(f"{Path(text).stem or 'suite'}.wgs")))

    def _show_state(self) -> None:
        self.run.setEnabled(not self.running)
        self.look.setEnabled(not self.running)
        self.stop.setEnabled(self.running)
        for editor in (self.file, self.out, self.pairs, self.workers):
            editor.setEnabled(not self.running)

    def _put_away(self) -> None:
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
            "Session to fill",
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


def _item(entry: TableEntry | None, found: SuiteTable) -> QTableWidgetItem:
    """A cell: the mean with its standard error, tinted by how near the truth it is."""
    item = QTableWidgetItem("")
    if entry is None:
        item.setToolTip("not part of this suite")
        return item
    if not entry.seeds:
        item.setText("failed" if entry.failed else "\u00b7")
        return item
    truth = found.truth(entry.pair) if isinstance(found.metric.ideal, str) else 1.0
    mean, error = entry.mean / truth, entry.error / truth
    text = f"{mean:.3f}" + (f" \u00b1 {error:.3f}" if not math.isnan(error) else "")
    item.setText(text + (" *" if entry.in_class else ""))
    merit, color = found.score(entry), QColor("#2a9d5c")
    color.setAlphaF(0.08 + 0.5 * (0.0 if math.isnan(merit) else merit))
    item.setBackground(color)
    seeds = f"{entry.seeds} seed{'s' if entry.seeds > 1 else ''}, {entry.steps:,} steps"
    item.setToolTip(f"{entry.solver} on {entry.pair}: {found.metric.description} {entry.mean:.4g}; {seeds}")
    return item
