"""The self-test of an installation: everything a user does first, done once through the real window."""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

from wganstudio.experiment import override, preset
from wganstudio.export import FORMATS, export
from wganstudio.gui import paths
from wganstudio.gui.settings import Settings
from wganstudio.gui.theme import Theme
from wganstudio.gui.window import MainWindow
from wganstudio.session import RunRecord

PRESET = "first-look"
STEPS = 20
PATIENCE_SECONDS = 180
"""For each part; a cold disk and a virus scanner can make the first import of torch take a minute."""


class Broken(Exception):
    """A part of the installation does not work: one sentence."""


def self_test(app: QApplication) -> int:
    """Open, train, save, reopen, export; 0 if all of it works. The user's own files are not touched."""
    with tempfile.TemporaryDirectory(prefix="wganstudio-", ignore_cleanup_errors=True) as folder:
        os.environ[paths.HOME] = folder
        window = MainWindow(Theme(app, "light"), Settings())
        try:
            _try_everything(window, Path(folder))
        except Exception as error:
            _say(f"FAILED: {error if isinstance(error, Broken) else repr(error)}")
            return 1
        finally:
            window.control.forget()
            window.desk.close()
            window.close()
            window.deleteLater()
    _say("self-test passed")
    return 0


def _try_everything(window: MainWindow, folder: Path) -> None:
    clock = _Clock()
    window.show()
    _until(lambda: bool(window.area.views) and window.windowHandle().isExposed(), "The window did not appear")
    clock.says("window: shown, with its views")

    window.control.prepare()
    _until(lambda: window.control.warm, "The trainer's process did not get ready")
    clock.says(f"trainer: ready in a process of its own ({window.control.pids})")

    window.form.load(override(preset(PRESET).settings, [("training.steps", STEPS)]), "Self-test")
    _check(window.start_run(), f"The run did not start: {window.banner.label.text()}")
    record = window.desk.records()[-1]
    _until(lambda: record.over and not window.control.busy, "The run did not end")
    _check(record.state == "ended" and record.step == STEPS, f"The run {record.state} at step {record.step}")
    _check(window.area.views["landscape"].figure() is not None, "The landscape shows no picture")
    clock.says(f"training: {STEPS} steps of {PRESET}, {len(record.truths)} truths")

    path = folder / "self-test.wgs"
    _check(window.filing.save_to(path), f"The session was not saved: {window.banner.label.text()}")
    window.filing.new_session()
    _check(not window.desk.records(), "The new session is not empty")
    window.filing.open_path(path)
    again = window.desk.records()[-1]
    _check(_told(again) == _told(record), "The session reopened is not the one that was saved")
    clock.says(f"session: saved and reopened ({path.stat().st_size:,} bytes)")

    files = export(again, folder / "figures", FORMATS)
    _check(len(files) > len(FORMATS) and all(file.stat().st_size for file in files), "A figure is empty")
    clock.says(f"figures: {len(files)} files ({', '.join(FORMATS)})")


def _told(record: RunRecord) -> list[Any]:
    return [record.name, record.step, record.state, record.ended, record.truths]


def _until(condition: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise Broken(f"{otherwise} within {PATIENCE_SECONDS} s")
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 50)
        time.sleep(0.005)


def _check(holds: bool, otherwise: str) -> None:
    if not holds:
        raise Broken(otherwise)


def _say(line: str) -> None:
    if sys.stdout is not None:  # a windowed app on Windows has none
        print(line, flush=True)


class _Clock:
    def __init__(self) -> None:
        self._last = time.perf_counter()

    def says(self, line: str) -> None:
        """Print a line with the seconds since the one before."""
        now = time.perf_counter()
        _say(f"{now - self._last:6.2f} s  {line}")
        self._last = now
