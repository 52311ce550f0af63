"""A user who trains, saves and opens sessions in a real window, until it is killed."""

import sys
from itertools import count
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from killing.activities import EXPERIMENT, SESSION, TARGET
from killing.notes import Notes
from wganstudio.experiment import load
from wganstudio.gui.settings import Settings
from wganstudio.gui.theme import Theme
from wganstudio.gui.window import MainWindow

ACT_MS = 150


class User:
    """Acts every ACT_MS: starts a run, saves while it trains, opens another session when it is over."""

    def __init__(self, window: MainWindow, notes: Notes) -> None:
        self._window = window
        self._notes = notes
        self._numbers = count(1)
        self.timer = QTimer(window, interval=ACT_MS)
        self.timer.timeout.connect(self._act)

    def _act(self) -> None:
        window = self._window
        if not window.run_controller.busy:
            if window.session.records():
                self._save()
                self._open()
            window.run_starter.start_form()
            self._notes.add("begin")
        else:
            self._save()

    def _save(self) -> None:
        number = next(self._numbers)
        self._notes.add("saving", number=number)
        if self._window.saver.save_to(Path(TARGET).resolve()):
            self._notes.add("saved", number=number)

    def _open(self) -> None:
        self._notes.add("opening")
        self._window.file_actions.open_path(Path(SESSION).resolve())
        self._notes.add("opened")


def run(notes: Notes) -> int:
    """Open the window and let the user act; it does not end by itself."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    window = MainWindow(Theme(app, "light"), Settings())
    window.form.load(load(Path(EXPERIMENT)), EXPERIMENT)
    window.show()
    window.run_controller.prepare()
    user = User(window, notes)
    user.timer.start()
    return app.exec()
