"""ViewCopier: copies the current view as a picture, as data, or as lines of Python."""

import traceback

from PySide6.QtCore import QMimeData, QObject, QRunnable, QThreadPool, Signal, Slot
from PySide6.QtGui import QGuiApplication

from wganstudio.figures.base import Figure, SessionFigure
from wganstudio.figures.tables import to_csv
from wganstudio.gui.controllers.current_view import CurrentView
from wganstudio.gui.controllers.open_session import OpenSession
from wganstudio.gui.notifier import Notifier
from wganstudio.gui.python_code import ViewedFigure, python_code
from wganstudio.session import RunRecord
from wganstudio.training.failures import explain

CSV = "text/csv"
WAIT_MS = 10_000
"""The time that a closing window waits for a table that is being written."""


class ViewCopier(QObject):
    """Puts the current view on the clipboard."""

    def __init__(self, current: CurrentView, session: OpenSession, notifier: Notifier) -> None:
        super().__init__()
        self._current, self._session, self._notifier = current, session, notifier
        self._pool = QThreadPool()
        self._job: TableJob | None = None

    @Slot()
    def copy_picture(self) -> None:
        """Copy the picture as it is drawn."""
        if (view := self._current.view) is not None:
            QGuiApplication.clipboard().setPixmap(view.picture())

    @Slot()
    def copy_code(self) -> None:
        """Copy the lines of Python that draw the figure."""
        viewed = self._viewed()
        if viewed is None:
            return self._say_nothing_shown()
        QGuiApplication.clipboard().setText(python_code(viewed))
        of = "the working file of this unsaved session" if viewed.is_working_file else str(viewed.file)
        self._notifier.log(f"Copied the Python code of \u201c{viewed.figure.title}\u201d, which reads {of}.")

    @Slot()
    def copy_data(self) -> None:
        """Copy the tables of the figure; they are written on another thread."""
        if self._job is not None:
            return self._notifier.show_warning(
                "The last copy of data is not done yet; try again in a moment."
            )
        view = self._current.view
        figure = None if view is None else view.figure()
        if figure is None:
            return self._say_nothing_shown()
        self._job = TableJob(figure)
        self._job.signals.done.connect(self._copied)
        self._job.signals.failed.connect(self._failed)
        self._pool.start(self._job)

    @Slot()
    def copy_bibtex(self) -> None:
        """Copy the BibTeX entries of the papers behind the figure and the runs that it draws."""
        from wganstudio.export.citations import bibtex, cited_entries

        if (shown := self._figure_and_runs()) is not None:
            figure, records = shown
            entries = cited_entries((record.experiment for record in records), figure)
            QGuiApplication.clipboard().setText(bibtex(entries))
            self._notifier.log(f"Copied {len(entries)} BibTeX entries of \u201c{figure.title}\u201d.")

    @Slot()
    def copy_methods(self) -> None:
        """Copy a paragraph in LaTeX on the figure and on the runs that it draws."""
        from wganstudio.export.citations import methods_paragraph

        if (shown := self._figure_and_runs()) is not None:
            figure, records = shown
            QGuiApplication.clipboard().setText(methods_paragraph(records, "latex", figure))
            self._notifier.log(
                f"Copied the methods paragraph of \u201c{figure.title}\u201d; Copy BibTeX of this figure "
                "copies the entries that it cites."
            )

    def _figure_and_runs(self) -> tuple[Figure, list[RunRecord]] | None:
        """Return the figure of the current view, and the runs that it draws; None, and say so, without."""
        view = self._current.view
        figure = None if view is None else view.figure()
        if view is None or view.record is None or figure is None:
            self._say_nothing_shown()
            return None
        if isinstance(figure, SessionFigure):
            return figure, [one for one in view.session_records() if one.run in figure.runs]
        request = view.request(view.record)
        return figure, list(request.records if request.draws_several else request.records[:1])

    def close(self) -> None:
        """Wait, within bounds, for a table that is being written."""
        self._pool.waitForDone(WAIT_MS)

    def _viewed(self) -> ViewedFigure | None:
        view, file = self._current.view, self._session.current_file
        if view is None or view.record is None or file is None:
            return None
        figure = view.figure()
        if figure is None:
            return None
        return ViewedFigure(
            figure=figure,
            request=view.request(view.record),
            file=file.absolute(),
            recorded_steps=view.recorded_steps(),
            is_working_file=file != self._session.path,
            zoomed=not view.auto_range or view.shared_limits,
            rescaled=view.shared_limits,
        )

    def _say_nothing_shown(self) -> None:
        self._notifier.show_warning("The current view shows no figure yet, so there is nothing to copy.")

    @Slot(str, str, bytes)
    def _copied(self, title: str, text: str, csv: bytes) -> None:
        content = QMimeData()
        content.setText(text)
        content.setData(CSV, csv)
        QGuiApplication.clipboard().setMimeData(content)
        self._job = None
        lines = text.count("\n")
        self._notifier.log(f"Copied the data of \u201c{title}\u201d: {lines:,} lines.")

    @Slot(str, str)
    def _failed(self, message: str, detail: str) -> None:
        self._job = None
        self._notifier.show_error(message, detail)


class TableJob(QRunnable):
    """Writes the tables of a figure as text on a thread of the pool; large ones take a second."""

    class Signals(QObject):
        """Emitted at the end of the job."""

        done = Signal(str, str, bytes)
        """The title of the figure, its data for a spreadsheet, and as the export writes them."""
        failed = Signal(str, str)

    def __init__(self, figure: Figure) -> None:
        super().__init__()
        self.signals = self.Signals()
        self._figure = figure
        self.setAutoDelete(False)

    def run(self) -> None:
        """Write the tables; called by the pool."""
        try:
            text, csv = (tables_text(self._figure, delimiter) for delimiter in "\t,")
        except Exception as error:
            self.signals.failed.emit(explain(error, "Copying"), traceback.format_exc())
        else:
            self.signals.done.emit(self._figure.title, text.decode(), csv)


def tables_text(figure: Figure, delimiter: str) -> bytes:
    """Return the tables of a figure one below the other; of several each under its name."""
    tables = figure.tables()
    parts = [
        (f"{name}\n".encode() if len(tables) > 1 else b"") + to_csv(table, delimiter)
        for name, table in tables.items()
    ]
    return b"\n".join(parts)
