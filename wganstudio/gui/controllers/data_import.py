"""DataImport: a file of the user becomes P, Q or both in the form."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QThreadPool, Signal, Slot
from PySide6.QtWidgets import QWidget

from wganstudio.gui.commands.texts import quoted
from wganstudio.gui.form.form import ExperimentForm
from wganstudio.gui.notifier import Notifier
from wganstudio.gui.settings import Settings

if TYPE_CHECKING:
    from wganstudio.gui.dialogs.data.dialog import DataDialog
    from wganstudio.gui.dialogs.data.preview_job import PreviewJob

KIND = "data"


class DataImport(QObject):
    """One dialog at a time; the file is read on another thread."""

    form_wanted = Signal()
    """The form was changed; it may be hidden."""

    def __init__(self, form: ExperimentForm, settings: Settings, notifier: Notifier, parent: QWidget) -> None:
        super().__init__()
        self._form = form
        self._settings = settings
        self._notifier = notifier
        self._parent = parent
        self._pool = QThreadPool(self)
        self._jobs: set[PreviewJob] = set()
        """Kept until they are over: the dialog may be closed or show another file before."""
        self.dialog: DataDialog | None = None

    @property
    def busy(self) -> bool:
        """True if files are being read."""
        return bool(self._jobs)

    @Slot()
    def ask(self) -> None:
        """Open the dialog, in which the user chooses a file or a folder."""
        from wganstudio.gui.dialogs.data.dialog import DataDialog

        if self.dialog is None:
            folder = self._settings.get("data/folder", "")
            self.dialog = DataDialog(self._parent, self._start, self._current_settings(), folder)
            self.dialog.finished.connect(self._on_finished)
            self.dialog.open()

    @Slot(object)
    def show_file(self, path: Path) -> None:
        """Show the contents of a file or folder in the dialog."""
        self.ask()
        assert self.dialog is not None
        self.dialog.show_file(path)

    def _start(self, job: "PreviewJob") -> None:
        self._jobs.add(job)
        job.signals.done.connect(self._on_job_over)
        job.signals.failed.connect(self._on_job_over)
        self._pool.start(job)

    @Slot(object)
    def _on_job_over(self, job: "PreviewJob") -> None:
        self._jobs.discard(job)

    def _current_settings(self) -> dict[str, Any]:
        """Return the settings of the form's pair if it is data."""
        settings = self._form.groups["pair"].settings()
        return settings if settings["kind"] == KIND else {"kind": KIND}

    @Slot(int)
    def _on_finished(self, accepted: int) -> None:
        dialog, self.dialog = self.dialog, None
        assert dialog is not None
        if accepted:
            chosen = dialog.settings()
            group = self._form.groups["pair"]
            path = dialog.path
            with self._form.named_change(f"loading of {quoted(path.name)}"):
                group.fill(self._current_settings() | chosen)
            group.set_folded(False)
            self.form_wanted.emit()
            self._settings.put("data/folder", str(path.parent))
            self._notifier.log(dialog.summary(), str(path))
        dialog.deleteLater()
