"""The self-test of an installation: train, save, reopen and export once through the real window."""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QEventLoop
from PySide6.QtWidgets import QApplication

from wganstudio import folders, temporary
from wganstudio.diagnostics.uncaught import UncaughtErrors
from wganstudio.experiment import override, preset
from wganstudio.export import FORMATS, export
from wganstudio.gui.settings import Settings
from wganstudio.gui.theme import Theme
from wganstudio.gui.window import MainWindow
from wganstudio.session import RunRecord

PRESET = "first-look"
STEPS = 20
TIMEOUT_SECONDS = 180
"""For each part; on a cold disk with a virus scanner the first import of torch can take a minute."""


class SelfTestError(Exception):
    """A part of the installation does not work."""


def self_test(app: QApplication) -> int:
    """Return 0 if everything works, otherwise 1. The files of the user are not touched."""
    with tempfile.TemporaryDirectory(dir=temporary.folder(), ignore_cleanup_errors=True) as folder:
        os.environ[folders.HOME] = folder
        errors: list[str] = []
        uncaught = UncaughtErrors(lambda message, detail: errors.append(f"{message}\n{detail}"))
        uncaught.install()
        window = MainWindow(Theme(app, "light"), Settings())
        try:
            _check_all(window, Path(folder))
            _check(not errors, "\n".join(errors))
        except Exception as error:
            _print(f"FAILED: {error if isinstance(error, SelfTestError) else repr(error)}")
            return 1
        finally:
            uncaught.remove()
            window.run_controller.forget()
            window.session.close()
            window.close()
            window.deleteLater()
            app.sendPostedEvents(window, QEvent.Type.DeferredDelete)  # no event loop follows that would do it
    _print("self-test passed")
    return 0


def _check_all(window: MainWindow, folder: Path) -> None:
    stopwatch = _Stopwatch()
    window.show()
    _wait_for(
        lambda: bool(window.area.views) and window.windowHandle().isExposed(), "The window did not appear"
    )
    stopwatch.report("window: shown, with its views")

    window.run_controller.prepare()
    _wait_for(lambda: window.run_controller.status.warm, "The training process did not get ready")
    stopwatch.report(f"trainer: ready in its own process ({window.run_controller.pids})")

    window.form.load(override(preset(PRESET).settings, [("training.steps", STEPS)]), "Self-test")
    _check(window.run_starter.start_form(), f"The run did not start: {window.banner.label.text()}")
    record = window.session.records()[-1]
    _wait_for(lambda: record.over and not window.run_controller.busy, "The run did not end")
    _check(record.state == "ended" and record.step == STEPS, f"The run {record.state} at step {record.step}")
    _check(window.area.views["landscape"].figure() is not None, "The landscape view is empty")
    stopwatch.report(f"training: {STEPS} steps of {PRESET}, {len(record.truths)} truths")

    path = folder / "self-test.wgs"
    _check(window.saver.save_to(path), f"The session was not saved: {window.banner.label.text()}")
    window.file_actions.new_session()
    _check(not window.session.records(), "The new session is not empty")
    window.file_actions.open_path(path)
    reopened = window.session.records()[-1]
    _check(_summary(reopened) == _summary(record), "The reopened session differs from the saved one")
    stopwatch.report(f"session: saved and reopened ({path.stat().st_size:,} bytes)")

    files = export(reopened, folder / "figures", FORMATS)
    _check(len(files) > len(FORMATS) and all(file.stat().st_size for file in files), "A figure is empty")
    stopwatch.report(f"figures: {len(files)} files ({', '.join(FORMATS)})")


def _summary(record: RunRecord) -> list[Any]:
    return [record.name, record.step, record.state, record.ended, record.truths]


def _wait_for(condition: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise SelfTestError(f"{otherwise} within {TIMEOUT_SECONDS} s")
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 50)
        time.sleep(0.005)


def _check(holds: bool, otherwise: str) -> None:
    if not holds:
        raise SelfTestError(otherwise)


def _print(line: str) -> None:
    if sys.stdout is not None:  # a windowed app on Windows has none
        print(line, flush=True)


class _Stopwatch:
    def __init__(self) -> None:
        self._last = time.perf_counter()

    def report(self, line: str) -> None:
        """Print a line with the seconds since the one before."""
        now = time.perf_counter()
        _print(f"{now - self._last:6.2f} s  {line}")
        self._last = now
