"""What every test gets: a home of its own, and a watch for whatever it leaves running.

A test fails if it leaves behind a thread, a running QThread or QTimer, a top-level widget or a child
process; the failure says where each was started, as far as that can be known.
"""

import gc
import multiprocessing
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import psutil
import pytest

if sys.platform.startswith("linux") and not os.environ.get("DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

GRACE_SECONDS = 3.0
"""How long what was asked to end may take to be gone."""


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings and unsaved sessions of this test alone."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("WGANSTUDIO_HOME", str(folder))
    return folder


@pytest.fixture(autouse=True)
def nothing_left_behind(
    home: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Fail a test that leaves something running."""
    uses_qt = "qapp" in request.fixturenames
    threads, children = set(threading.enumerate()), _children()
    births = _watch_births(monkeypatch) if uses_qt else WeakKeyDictionary()
    widgets = _top_levels() if uses_qt else set()
    yield
    if uses_qt:
        _finish_deletions()
    left = _left_after(GRACE_SECONDS, lambda: _processes_and_threads(threads, children))
    if uses_qt:
        left += _left_in_qt(births, widgets)
    if left:
        pytest.fail("This test left behind:\n" + "\n".join(left), pytrace=False)


@pytest.fixture
def window(qtbot: Any, qapp: Any) -> Iterator[Any]:
    """The window with its real trainer, shown, and put away at the end without questions."""
    from wganstudio.gui.settings import Settings
    from wganstudio.gui.theme import Theme
    from wganstudio.gui.window import MainWindow

    theme = Theme(qapp, "light")
    made = MainWindow(theme, Settings())
    made.resize(1400, 900)
    made.show()
    qtbot.waitUntil(lambda: bool(made.area.views))
    made.control.prepare()
    yield made
    put_away(made)
    theme.deleteLater()


def put_away(window: Any) -> None:
    """Close a window whatever it holds."""
    window.control.forget()
    window.desk.close()
    window.close()
    window.deleteLater()


# -- what is left behind


def _processes_and_threads(threads: set[threading.Thread], children: set[psutil.Process]) -> list[str]:
    new = set(threading.enumerate()) - threads
    left = [f"- the thread {thread.name!r}: {_target(thread)}" for thread in new if thread.is_alive()]
    return left + [f"- the child process {_command(child)}" for child in _children() - children]


def _left_after(seconds: float, look: Callable[[], list[str]]) -> list[str]:
    deadline = time.monotonic() + seconds
    while (left := look()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return left


def _children() -> set[psutil.Process]:
    multiprocessing.active_children()  # buries the dead
    found = psutil.Process().children(recursive=True)
    return {child for child in found if "resource_tracker" not in _command(child)}


def _command(process: psutil.Process) -> str:
    try:
        return f"{process.pid}: {' '.join(process.cmdline())[:200]}"
    except psutil.Error:
        return f"{process.pid}: resource_tracker or gone"


def _target(thread: threading.Thread) -> str:
    frame = sys._current_frames().get(thread.ident or 0)
    return "".join(traceback.format_stack(frame)[-2:]) if frame else "already ending"


# -- what is left behind in Qt


def _watch_births(monkeypatch: pytest.MonkeyPatch) -> "WeakKeyDictionary[Any, str]":
    """Note where QThreads and QTimers are started from Python."""
    from PySide6.QtCore import QThread, QTimer

    births: WeakKeyDictionary[Any, str] = WeakKeyDictionary()

    def watched(start: Callable[..., Any]) -> Callable[..., Any]:
        def begin(self: Any, *arguments: Any) -> Any:
            births[self] = "".join(traceback.format_stack(sys._getframe(1), limit=3))
            return start(self, *arguments)

        return begin

    monkeypatch.setattr(QThread, "start", watched(QThread.start))
    monkeypatch.setattr(QTimer, "start", watched(QTimer.start))
    return births


def _finish_deletions() -> None:
    from PySide6.QtCore import QCoreApplication, QEvent

    for _ in range(2):
        QCoreApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()


def _left_in_qt(births: "WeakKeyDictionary[Any, str]", widgets: set[Any]) -> list[str]:
    from PySide6.QtCore import QThread
    from shiboken6 import isValid

    left = []
    for thing, birth in births.items():
        if not isValid(thing):
            continue
        running = thing.isRunning() if isinstance(thing, QThread) else thing.isActive()
        if running:
            left.append(f"- a running {type(thing).__name__} {thing.objectName()!r}, started at\n{birth}")
    for widget in _top_levels() - widgets:
        left.append(f"- the top-level widget {type(widget).__name__} {widget.windowTitle()!r}")
    return left


def _top_levels() -> set[Any]:
    from PySide6.QtWidgets import QApplication, QMenu

    # pyqtgraph makes the menus of every plot without a parent; a hidden menu does nothing
    return {w for w in QApplication.topLevelWidgets() if w.isVisible() or not isinstance(w, QMenu)}
