"""FileActions: sessions and experiments are opened, followed and saved."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from wganstudio.experiment import BadExperiment, load, read, to_toml
from wganstudio.gui.controllers.form_reader import FORM, FormReader
from wganstudio.gui.controllers.open_session import OpenSession
from wganstudio.gui.controllers.session_exit import SessionExit
from wganstudio.gui.controllers.session_opener import SessionOpener
from wganstudio.gui.dialogs.file_choice import EXPERIMENT, SESSION, ask_to_open, ask_to_save, remember_file
from wganstudio.gui.form.form import ExperimentForm
from wganstudio.gui.notifier import Notifier
from wganstudio.gui.settings import Settings
from wganstudio.gui.widgets.plain_text import tooltip
from wganstudio.temporary import write


class FileActions(QObject):
    """New, Open, Follow, the recent files, and Save experiment."""

    data_opened = Signal(object)
    """The path of a file that is neither a session nor an experiment."""

    def __init__(
        self,
        session: OpenSession,
        opener: SessionOpener,
        leaving: SessionExit,
        form: ExperimentForm,
        reader: FormReader,
        settings: Settings,
        notifier: Notifier,
        parent: QWidget,
    ) -> None:
        super().__init__()
        self._session = session
        self._opener = opener
        self._exit = leaving
        self._form = form
        self._reader = reader
        self._settings = settings
        self._notifier = notifier
        self._parent = parent

    @Slot()
    def new_session(self) -> None:
        """Close this session and begin an empty one."""
        self._exit.leave(self._session.new)

    @Slot()
    def open_file(self) -> None:
        """Ask for a session or an experiment and open it."""
        kinds = f"Sessions and experiments (*.wgs *.toml);;{SESSION};;{EXPERIMENT}"
        if path := ask_to_open(self._parent, self._settings, "Open", kinds):
            self.open_path(path)

    @Slot(object)
    def open_path(self, path: Path) -> None:
        """Open a session, or put an experiment into the form; any other file is data."""
        match path.suffix.lower():
            case ".toml":
                self._open_experiment(path)
            case ".wgs":
                self._exit.leave(lambda: self._opener.open(path))
            case _:
                self.data_opened.emit(path)

    @Slot()
    def follow_file(self) -> None:
        """Ask for a session that another program writes, and follow it."""
        if path := ask_to_open(self._parent, self._settings, "Follow a session", SESSION):
            self.follow_path(path)

    def follow_path(self, path: Path) -> None:
        """Show a session that another program writes."""
        self._exit.leave(lambda: self._opener.follow(path))

    @Slot()
    def save_experiment(self) -> None:
        """Save the settings of the form as TOML."""
        experiment = self._reader.read()
        if experiment is None:
            return
        path = ask_to_save(self._parent, self._settings, "Save experiment", "experiment.toml", EXPERIMENT)
        if not path:
            return
        try:
            write(path, to_toml(experiment).encode("utf-8"))
        except OSError as error:
            reason = error.strerror or error
            self._notifier.show_error(f"{path} cannot be written: {reason}; choose another place.")
            return
        self._notifier.log(f"Saved the experiment to {path}.")
        remember_file(self._settings, path)

    def fill_recent(self, menu: QMenu) -> None:
        """Put the recent files that still exist into a menu."""
        menu.clear()
        for path in self._settings.recent:
            if path.exists():
                action = menu.addAction(path.name)
                action.setData(str(path))
                action.setToolTip(tooltip(str(path)))
                action.triggered.connect(self._open_recent)
        menu.setEnabled(not menu.isEmpty())

    @Slot()
    def _open_recent(self) -> None:
        action = self.sender()
        assert isinstance(action, QAction)
        self.open_path(Path(action.data()))

    def _open_experiment(self, path: Path) -> None:
        try:
            settings = load(path)
        except BadExperiment as error:
            self._notifier.show_error(str(error))
            return
        self._form.load(settings, path.name)
        remember_file(self._settings, path)
        try:
            read(settings)
        except BadExperiment as error:
            self._notifier.show_error(f"{path.name} needs correcting: {error.problems[0]}.", str(error), FORM)
            self._form.focus_problem()
