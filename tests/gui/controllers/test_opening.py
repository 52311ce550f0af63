"""Opening a long session: it shows its progress, and can be canceled."""

import threading
import time

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QProgressDialog, QPushButton

from wganstudio import folders
from wganstudio.gui.controllers import session_opener
from wganstudio.gui.dialogs import progress
from wganstudio.gui.dialogs.progress import Canceled, run_with_progress
from wganstudio.session import Document, owner_of, reader
from wganstudio.training.events import Metrics


@pytest.fixture(autouse=True)
def dialog_at_once(monkeypatch):
    monkeypatch.setattr(progress, "DELAY_SECONDS", 0.05)


@pytest.fixture
def path(tmp_path, experiment, monkeypatch):
    """A session that takes five seconds to read, if nobody cancels it."""
    document = Document.create(tmp_path / "<img src=x> long.wgs")
    run = document.add_run(experiment, "long")
    for step in range(1, 151):
        document.append(run, Metrics(step=step, values={"gap": 1.0}))
    document.close()
    monkeypatch.setattr(reader, "_CHUNK", 1)
    read = session_opener.read_session

    def read_slowly(path, report, **options):
        def pause(fraction):
            time.sleep(0.03)
            report(fraction)

        return read(path, pause, **options)

    monkeypatch.setattr(session_opener, "read_session", read_slowly)
    return document.path


class Watcher:
    """Looks at the progress dialog every few milliseconds, and may press Cancel."""

    def __init__(self, parent, press=lambda dialog: False):
        self.values, self.texts, self.gaps = [], set(), []
        self._press = press
        self._last = time.monotonic()
        self._timer = QTimer(parent)
        self._timer.timeout.connect(self._look)
        self._timer.start(5)

    def stop(self):
        self._timer.stop()

    def _look(self):
        now = time.monotonic()
        self.gaps.append(now - self._last)
        self._last = now
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QProgressDialog):
            self.values.append(dialog.value())
            self.texts |= {label.text() for label in dialog.findChildren(QLabel)}
            cancel = dialog.findChild(QPushButton)  # which is gone once it was pressed
            if self._press(dialog) and cancel is not None:
                cancel.click()


def test_a_canceled_opening_leaves_everything_as_it_was(opener, session, experiment, path, parent, notifier):
    session.add_run(experiment)
    mine, before = session.records(), set(folders.state().iterdir())
    watcher = Watcher(parent, press=lambda dialog: dialog.value() > 250)
    assert not opener.open(path)
    watcher.stop()
    assert session.records() == mine and session.modified and session.path is None
    assert set(folders.state().iterdir()) == before, "the working file is removed"
    assert owner_of(path) is None and not path.with_name(f"{path.name}.lock").exists()
    assert notifier.logs == [f"Opening {path.name} was canceled."] and notifier.errors == []
    assert f"Opening {path.name}\u2026" in watcher.texts, "as plain text"
    assert len(set(watcher.values)) > 3 and watcher.values == sorted(watcher.values)
    assert QApplication.activeModalWidget() is None


def test_a_long_session_opens_behind_its_dialog(opener, session, path, parent, monkeypatch):
    monkeypatch.setattr(reader, "_CHUNK", 5)
    watcher = Watcher(parent)
    assert opener.open(path)
    watcher.stop()
    assert session.path == path and len(session.record(1).curve("gap")[0]) == 150
    assert len(set(watcher.values)) > 3 and max(watcher.gaps) < 1.0


def test_another_session_is_refused_while_one_is_read(opener, session, path, parent, notifier):
    said = []

    def open_another(dialog):
        if not said:
            said.append(opener.open(path))
        return True

    watcher = Watcher(parent, press=open_another)
    assert not opener.open(path)
    watcher.stop()
    assert said == [False] and "another session is still being read" in notifier.errors[0]


def test_quick_work_shows_no_dialog(parent):
    shown, results = [], []
    watcher = Watcher(parent, press=lambda dialog: shown.append(dialog))
    run_with_progress(parent, "Quick", lambda report: 3, results.append)
    watcher.stop()
    assert results == [3] and shown == []


def test_work_is_done_in_a_thread_and_its_result_shown_in_this_one(parent):
    threads = []
    run_with_progress(
        parent,
        "Work",
        lambda report: threads.append(threading.current_thread()),
        lambda _: threads.append(threading.current_thread()),
    )
    assert threads[0] is not threads[1] is threading.main_thread() and not threads[0].is_alive()


def test_errors_of_the_work_are_raised_and_cancel_is_one(parent):
    def fail(report):
        raise OSError("no")

    with pytest.raises(OSError, match="no"):
        run_with_progress(parent, "Fails", fail, pytest.fail)

    def go_on(report):
        while True:
            time.sleep(0.01)
            report(0.5)

    watcher = Watcher(parent, press=lambda dialog: True)
    with pytest.raises(Canceled):
        run_with_progress(parent, "Long", go_on, pytest.fail)
    watcher.stop()
