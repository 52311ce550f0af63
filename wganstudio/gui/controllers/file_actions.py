"""Filing: what the File menu does: sessions and experiments opened, followed, saved, left, recovered."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QMenu

from wganstudio.experiment import BadExperiment, load, read, to_toml
from wganstudio.gui.controllers import open_session as desks
from wganstudio.gui.controllers.data_import import DataImport
from wganstudio.gui.dialogs.dialogs import ask_about_run, ask_about_session
from wganstudio.gui.widgets.file_drop import FileDropFilter
from wganstudio.session.document import SessionError

if TYPE_CHECKING:
    from wganstudio.gui.window import MainWindow

SESSION = "Session (*.wgs)"
EXPERIMENT = "Experiment (*.toml)"
FOLLOW_MS = 500
KEEP_MS = 6000
"""How long a stopped run may take for its final estimates while its session is being left."""


class FileActions(QObject):
    """Works on the window's desk; asks before anything would be lost."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self.data = DataImport(window)
        FileDropFilter(window).dropped.connect(self.open_path)
        self._then: Callable[[], object] | None = None
        self._left_behind: Path | None = None
        self._patience = QTimer(self, singleShot=True, interval=KEEP_MS)
        self._patience.timeout.connect(self._kept)
        self._following = QTimer(self, interval=FOLLOW_MS)
        self._following.timeout.connect(self._catch_up)
        window.control.changed.connect(self._maybe_kept)

    # -- leaving

    def leave(self, then: Callable[[], object]) -> None:
        """Do `then` once the run and the session are in safety, or given up; not at all if the user stays."""
        window = self._window
        run = window.control.run
        record = None if run is None else window.desk.record(run)
        if record is None:
            window.sweeping.give_up()
            self._leave_session(then)
            return
        match ask_about_run(window, record.name):
            case "keep":
                window.sweeping.give_up()
                self._then = then
                window.control.stop()
                self._patience.start()
                self._maybe_kept()  # it may have ended while the question stood
            case "discard":
                window.sweeping.give_up()
                window.control.forget()
                window.desk.delete(record.run)
                self._leave_session(then)

    @Slot()
    def _maybe_kept(self) -> None:
        if self._then is not None and not self._window.control.busy:
            self._kept()

    @Slot()
    def _kept(self) -> None:
        self._patience.stop()
        then, self._then = self._then, None
        if then is not None:
            self._window.control.forget()
            self._leave_session(then)

    def _leave_session(self, then: Callable[[], object]) -> None:
        desk = self._window.desk
        if desk.modified and (desk.records() or desk.path):
            match ask_about_session(self._window, desk.title):
                case "keep":
                    if not self.save():
                        return
                case "cancel":
                    return
        then()

    # -- new, open, follow

    @Slot()
    def new_session(self) -> None:
        """Put this session away and begin an empty one."""
        self.leave(self._new)

    def _new(self) -> None:
        self._following.stop()
        self._window.desk.new()

    @Slot()
    def open_file(self) -> None:
        """Choose a session or an experiment to open."""
        path = self._ask_to_open("Open", f"Sessions and experiments (*.wgs *.toml);;{SESSION};;{EXPERIMENT}")
        if path:
            self.open_path(path)

    @Slot(object)
    def open_path(self, path: Path) -> None:
        """Open a session, put an experiment into the form, or show what any other file holds as data."""
        match path.suffix.lower():
            case ".toml":
                self._open_experiment(path)
            case ".wgs":
                self.leave(lambda: self._guarded(self._window.desk.open, path, "opened"))
            case _:
                self.data.look_at(path)

    @Slot()
    def follow_file(self) -> None:
        """Choose a session that another program is writing."""
        path = self._ask_to_open("Follow a session", SESSION)
        if path:
            self.follow_path(path)

    def follow_path(self, path: Path) -> None:
        """Show a session that grows, without writing to it."""
        self.leave(lambda: self._follow(path))

    def _follow(self, path: Path) -> None:
        if self._guarded(self._window.desk.follow, path, "followed"):
            self._following.start()

    @Slot()
    def _catch_up(self) -> None:
        try:
            if self._window.desk.following and self._window.desk.catch_up():
                self._window.session_grew()
        except SessionError as error:
            self._following.stop()
            self._window.fault(str(error))

    def _open_experiment(self, path: Path) -> None:
        try:
            settings = load(path)
        except BadExperiment as error:
            self._window.fault(str(error))
            return
        self._window.form.load(settings, path.name)
        self._remember(path)
        try:
            read(settings)
        except BadExperiment as error:
            self._window.fault(f"{path.name} needs correcting: {error.problems[0]}.", str(error))
            self._window.form.focus_problem()

    # -- save

    @Slot()
    def save(self) -> bool:
        """Save the session where it was saved before; whether it was saved."""
        path = self._window.desk.path
        return self.save_as() if path is None or self._window.desk.following else self.save_to(path)

    @Slot()
    def save_as(self) -> bool:
        """Choose where to save the session; whether it was saved."""
        path = self._ask_to_save("Save session", "session.wgs", SESSION)
        return path is not None and self.save_to(path)

    def save_to(self, path: Path) -> bool:
        """Save the session to a file; whether it was saved."""
        return self._guarded(self._window.desk.save, path, "saved")

    @Slot()
    def save_experiment(self) -> None:
        """Save the form's settings as TOML."""
        experiment = self._window.experiment_of_form()
        if experiment is None:
            return
        path = self._ask_to_save("Save experiment", "experiment.toml", EXPERIMENT)
        if not path:
            return
        try:
            path.write_text(to_toml(experiment), encoding="utf-8")
        except OSError as error:
            self._window.fault(f"{path} cannot be written: {error.strerror or error}; choose another place.")
            return
        self._window.note(f"The experiment was saved to {path}.")
        self._remember(path)

    # -- recent files

    def fill_recent(self, menu: QMenu) -> None:
        """Put the recent files that are still there into a menu."""
        menu.clear()
        for path in self._window.settings.recent:
            if path.exists():
                action = menu.addAction(path.name)
                action.setData(str(path))
                action.setToolTip(str(path))
                action.triggered.connect(self._open_recent)
        menu.setEnabled(not menu.isEmpty())

    @Slot()
    def _open_recent(self) -> None:
        action = self.sender()
        assert isinstance(action, QAction)
        self.open_path(Path(action.data()))

    # -- recovery

    @Slot()
    def offer_left_behind(self) -> None:
        """Offer the newest session of a window that ended without closing."""
        found = desks.left_behind()
        self._left_behind = found[0] if found else None
        if found:
            more = f" ({len(found) - 1} older ones will be offered after it.)" if len(found) > 1 else ""
            self._window.banner.say(
                f"WGAN Studio ended without closing; its unsaved session is still here.{more}",
                offers=(("Recover", self.recover), ("Discard", self.discard_left_behind)),
            )

    @Slot()
    def recover(self) -> None:
        """Open the session that was offered."""
        if self._left_behind:
            place = self._left_behind
            self.leave(lambda: self._guarded(self._window.desk.recover, place, "recovered"))

    @Slot()
    def discard_left_behind(self) -> None:
        """Remove the session that was offered, and offer the next."""
        if self._left_behind:
            desks.discard(self._left_behind)
            self.offer_left_behind()

    # -- small

    def _guarded(self, act: Callable[[Path], None], path: Path, done: str) -> bool:
        if done in ("opened", "followed", "recovered"):
            self._following.stop()
        try:
            act(path)
        except SessionError as error:
            self._window.fault(str(error))
            return False
        self._window.note(f"The session {path.name if done == 'recovered' else path} was {done}.")
        if done in ("opened", "saved"):
            self._remember(path)
        return True

    def _remember(self, path: Path) -> None:
        self._window.settings.add_recent(path)
        self._window.settings.put("folder", str(path.resolve().parent))

    def _ask_to_open(self, title: str, kinds: str) -> Path | None:
        start = self._window.settings.get("folder", "")
        chosen, _ = QFileDialog.getOpenFileName(self._window, title, start, kinds)
        return Path(chosen) if chosen else None

    def _ask_to_save(self, title: str, name: str, kind: str) -> Path | None:
        start = str(Path(self._window.settings.get("folder", "")) / name)
        chosen, _ = QFileDialog.getSaveFileName(self._window, title, start, kind)
        if not chosen:
            return None
        path = Path(chosen)
        suffix = Path(name).suffix
        return path if path.suffix.lower() == suffix else path.with_name(path.name + suffix)
