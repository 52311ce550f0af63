"""CodeConsent: asks before code of the user's runs, once for each content of a module or file."""

from collections.abc import Iterable

from PySide6.QtWidgets import QWidget

from wganstudio.experiment import BadExperiment, Experiment, trusted_code
from wganstudio.gui.dialogs.questions import ask_to_run_code
from wganstudio.gui.notifier import RUNNING, Notifier
from wganstudio.gui.settings import Settings

SAVED = "allowed_code"
"""The setting that keeps the digests of the code that the user has allowed, by its name."""


class CodeConsent:
    """Remembers what the user has allowed; code that has changed since is asked about again."""

    def __init__(self, settings: Settings, notifier: Notifier, parent: QWidget) -> None:
        self._settings, self._notifier, self._parent = settings, notifier, parent

    def allows(self, experiment: Experiment) -> bool:
        """Return True if all code of an experiment may run, after questions where they are needed."""
        return self.allows_code(experiment.code)

    def allows_code(self, names: Iterable[str]) -> bool:
        """Return True if modules and files may run, after questions where they are needed."""
        try:
            return all(self._allows(name) for name in names)
        except BadExperiment as error:  # there is no such code
            self._notifier.show_error(str(error), cause=RUNNING)
            return False

    def _allows(self, name: str) -> bool:
        digest = trusted_code.digest(name)
        remembered = self._settings.mapping(SAVED)
        if remembered.get(name) != digest:
            files = [name] if trusted_code.is_file_name(name) else trusted_code.module_files(name)
            if not ask_to_run_code(self._parent, name, [str(file) for file in files]):
                return False
            self._settings.put_mapping(SAVED, {**remembered, name: digest})
        trusted_code.adopt({**trusted_code.granted(), name: digest})
        return True
