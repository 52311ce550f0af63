"""Publisher: reports, animations, tables, citations, networks and logs of the selected runs."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from wganstudio.comparison.columns import Column
from wganstudio.experiment.text_tables import FileTable, to_csv, to_latex, to_markdown, to_tsv
from wganstudio.gui.controllers.background_job import WRITING, BackgroundJobs, Report
from wganstudio.gui.controllers.code_consent import CodeConsent
from wganstudio.gui.controllers.open_session import OpenSession
from wganstudio.gui.controllers.run_selection import RunSelection
from wganstudio.gui.dialogs.file_choice import ask_to_save
from wganstudio.gui.notifier import Notifier
from wganstudio.gui.settings import Settings
from wganstudio.gui.widgets.runs.table import RunTable
from wganstudio.session import Document
from wganstudio.session.record import RunRecord
from wganstudio.temporary import write
from wganstudio.training.events import TrainingState

REPORT = "Report (*.html)"
TABLES = {".csv": to_csv, ".tex": to_latex, ".md": to_markdown}
TABLE_KINDS = "CSV (*.csv);;LaTeX (*.tex);;Markdown (*.md)"
TableText = Callable[[FileTable], str]


class Publisher(QObject):
    """Works on the selected runs; what takes long is done on another thread."""

    def __init__(
        self,
        selection: RunSelection,
        session: OpenSession,
        runs: RunTable,
        jobs: BackgroundJobs,
        settings: Settings,
        notifier: Notifier,
        consent: CodeConsent,
        parent: QWidget,
    ) -> None:
        super().__init__()
        self._selection, self._session, self._runs, self._jobs = selection, session, runs, jobs
        self._settings, self._notifier, self._parent = settings, notifier, parent
        self._consent = consent

    # -- reports

    @Slot()
    def save_report(self) -> None:
        """Ask for a file, and write a report of the selected runs into it; of all runs that of a suite."""
        records = self._copies()
        if not records:
            return
        from wganstudio.export import file_stem

        stem = file_stem(records[0]) if len(records) == 1 else "comparison"
        path = ask_to_save(self._parent, self._settings, "Save report", f"{stem}.html", REPORT)
        if path is not None:
            self._settings.put("folder", str(path.resolve().parent))
            among = tuple(map(_frozen, self._session.records()))
            whole = len(records) == len(among) and all(record.over for record in among)
            suite = self._session.suite_document if whole else None
            work = partial(_write_report, records, among, path, suite)
            self._jobs.start("The report", work, self._announce)

    # -- animations

    @Slot()
    def animate(self) -> None:
        """Ask how to animate a figure of the selected runs, and write the file."""
        records = self._copies()
        if not records:
            return
        from wganstudio.gui.dialogs.animate import AnimateDialog

        dialog = AnimateDialog(self._parent, records, self._settings)
        accepted = dialog.exec() == AnimateDialog.DialogCode.Accepted
        dialog.deleteLater()
        if accepted:
            self._jobs.start("The animation", dialog.request().write, self._announce)

    # -- networks and logs

    @Slot()
    def export_networks(self) -> None:
        """Ask for a folder, and write the networks of the selected run into it."""
        record = self._selection.record
        if record is None:
            return
        if not record.over:
            self._notifier.show_warning("The run is still under way; export its networks when it is over.")
            return
        if not self._consent.allows(record.requested):
            return
        if (folder := self._ask_for_folder("Export networks to")) is not None:
            state = self._session.training_state(record.run)
            work = partial(_write_networks, _frozen(record), state, folder)
            self._jobs.start("The export of the networks", work, self._announce_networks)

    @Slot()
    def export_curves(self) -> None:
        """Ask for a folder, and write the curves of the selected runs as logs of TensorBoard."""
        if (records := self._copies()) and (folder := self._ask_for_folder("Write logs to")) is not None:
            self._jobs.start("The export of curves", partial(_write_logs, records, folder), self._announce)

    # -- tables and citations

    @Slot()
    def copy_table(self) -> None:
        """Copy the table of runs, to be pasted into a spreadsheet."""
        self._copy_table(to_tsv)

    @Slot()
    def copy_table_as_markdown(self) -> None:
        """Copy the table of runs in Markdown."""
        self._copy_table(to_markdown)

    @Slot()
    def copy_table_as_latex(self) -> None:
        """Copy the table of runs in LaTeX."""
        self._copy_table(to_latex)

    @Slot()
    def save_table(self) -> None:
        """Ask for a file, and write the table of runs into it."""
        start = str(Path(self._settings.get("folder", "")) / "runs.csv")
        chosen, kind = QFileDialog.getSaveFileName(self._parent, "Save table of runs", start, TABLE_KINDS)
        if chosen:
            path = Path(chosen)
            if path.suffix.lower() not in TABLES:
                path = path.with_name(path.name + kind.partition("*")[2].rstrip(")"))
            text = TABLES.get(path.suffix.lower(), to_csv)
            self._settings.put("folder", str(path.resolve().parent))
            rows, columns = self._rows()
            work = partial(_write_table, rows, columns, text, path)
            self._jobs.start("The table", work, self._announce)

    @Slot()
    def copy_bibtex(self) -> None:
        """Copy the BibTeX entries of what the selected runs use."""
        from wganstudio.export.citations import bibtex, cited_entries

        if records := self._selection.records:
            entries = cited_entries(record.experiment for record in records)
            QGuiApplication.clipboard().setText(bibtex(entries))
            self._notifier.log(f"Copied {len(entries)} BibTeX entries.")

    @Slot()
    def copy_methods(self) -> None:
        """Copy a paragraph on the selected runs for a methods section, in LaTeX."""
        from wganstudio.export.citations import methods_paragraph

        if records := self._selection.records:
            QGuiApplication.clipboard().setText(methods_paragraph(records, "latex"))
            self._notifier.log("Copied the methods paragraph; Copy BibTeX copies the entries that it cites.")

    # -- parts

    def _copies(self) -> tuple[RunRecord, ...]:
        return tuple(map(_frozen, self._selection.records))

    def _rows(self) -> tuple[list[tuple[RunRecord, ...]], list[Column]]:
        model = self._runs.model
        return [tuple(map(_frozen, row.records)) for row in model.rows], list(model.columns)

    def _copy_table(self, text: TableText) -> None:
        rows, columns = self._rows()
        if rows:
            self._jobs.start("Copying the table", partial(_table_text, rows, columns, text), self._copied)

    def _copied(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self._notifier.log("Copied the table of runs.")

    def _announce(self, files: Sequence[Path]) -> None:
        names = "\n".join(map(str, files))
        text = str(files[0]) if len(files) == 1 else f"{len(files)} files in {files[0].parent}"
        self._notifier.log(f"Wrote {text}.", names if len(files) > 1 else "")

    def _announce_networks(self, result: tuple[list[Path], list[str]]) -> None:
        files, missing = result
        if files:
            self._announce(files)
        for sentence in missing:
            self._notifier.warn(sentence)
        if not files:
            self._notifier.show_error("No network could be exported.", "\n".join(missing), WRITING)

    def _ask_for_folder(self, title: str) -> Path | None:
        folder = QFileDialog.getExistingDirectory(
            self._parent, title, self._settings.get("export/folder", "")
        )
        if folder:
            self._settings.put("export/folder", folder)
        return Path(folder) if folder else None


def _frozen(record: RunRecord) -> RunRecord:
    """Return the record of a run that is over, or a copy that does not change on the other thread."""
    return record if record.over else record.copy()


def _write_report(
    records: Sequence[RunRecord],
    among: Sequence[RunRecord],
    path: Path,
    suite: Document | None,
    report: Report,
) -> list[Path]:
    from wganstudio.export.report import write_report
    from wganstudio.suites.heatmap import suite_pages

    title, pages = ("", []) if suite is None else suite_pages(suite)
    write_report(records, path, among=among, title=title, tables=pages, progress=report)
    return [path]


def _write_networks(
    record: RunRecord, state: TrainingState | None, folder: Path, report: Report
) -> tuple[list[Path], list[str]]:
    from wganstudio.export.networks import write_networks

    return write_networks(record, state, folder, progress=report)


def _write_logs(records: Sequence[RunRecord], folder: Path, report: Report) -> list[Path]:
    from wganstudio.export.tensorboard import write_logs

    return write_logs(records, folder)


def _table_text(
    rows: Sequence[Sequence[RunRecord]], columns: Sequence[Column], text: TableText, report: Report
) -> str:
    from wganstudio.comparison.run_table import run_table

    return text(run_table(rows, columns))


def _write_table(
    rows: Sequence[Sequence[RunRecord]],
    columns: Sequence[Column],
    text: TableText,
    path: Path,
    report: Report,
) -> list[Path]:
    from wganstudio.export import ExportError

    try:
        write(path, _table_text(rows, columns, text, report).encode())
    except OSError as error:
        reason = error.strerror or str(error)
        raise ExportError(f"{path} could not be written: {reason}; choose another place.") from error
    return [path]
