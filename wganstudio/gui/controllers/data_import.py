"""UsingData: a file of the user's own becomes the law P of the form."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QThreadPool, Slot

if TYPE_CHECKING:
    from wganstudio.gui.dialogs.data import DataDialog, PreviewJob
    from wganstudio.gui.window import MainWindow

KIND = "data"


class DataImport(QObject):
    """One dialog at a time; what it looks at is read on another thread."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._pool = QThreadPool(self)
        self._jobs: set[PreviewJob] = set()
        """Kept until they are over: a dialog may have gone, or turned to another file, before."""
        self.dialog: DataDialog | None = None

    @Slot()
    def ask(self) -> None:
        """Let the user choose a file or a folder, look at it, and use it."""
        self.look_at(None)

    def look_at(self, path: Path | None) -> None:
        """Show what a file or folder holds, and use it if the user says so."""
        from wganstudio.gui.dialogs.data import DataDialog

        if self.dialog is None:
            folder = self._window.settings.get("data/folder", "")
            self.dialog = DataDialog(self._window, self._start, self._present(), folder)
            self.dialog.finished.connect(self._answered)
            self.dialog.open()
        if path is not None:
            self.dialog.look_at(path)

    def _start(self, job: "PreviewJob") -> None:
        self._jobs.add(job)
        job.said.done.connect(self._over)
        job.said.failed.connect(self._over)
        self._pool.start(job)

    @Slot(object)
    def _over(self, job: "PreviewJob") -> None:
        self._jobs.discard(job)

    def _present(self) -> dict[str, Any]:
        """The form's settings of data, as far as it has any."""
        present = self._window.form.groups["pair"].settings()
        return present if present["kind"] == KIND else {"kind": KIND}

    @Slot(int)
    def _answered(self, accepted: int) -> None:
        dialog, self.dialog = self.dialog, None
        assert dialog is not None
        if accepted:
            chosen = dialog.settings()
            group = self._window.form.groups["pair"]
            group.fill(self._present() | chosen)
            group.set_folded(False)
            self._window.form_dock.show()
            self._window.settings.put("data/folder", str(Path(chosen["p_file"]).parent))
            self._window.note(f"P is {chosen['p_file']} now.")
        dialog.deleteLater()
