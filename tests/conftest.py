"""Fixtures of every test: a home folder of its own, a leak watch, and a window with a warm trainer.

A test fails if it leaves behind a thread, a running QThread or QTimer, a top-level widget or a child
process; the failure names where each was started, as far as that is known. The children of the warm trainer,
which the windows and commands of a session borrow one after another, are no leak.
"""

import gc
import multiprocessing
import os
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import psutil
import pytest
from hypothesis import settings

from workers import InProcessWorkers, TrainerPool

collect_ignore = ["plugin_example"]  # runs where it is installed: tests/plugins

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

if sys.platform.startswith("linux") and not os.environ.get("DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

GRACE_SECONDS = 3.0
"""The time that a thread or process may take to end."""

FORKED_MODULES = ["wganstudio.training.run", "wganstudio.training.truths", "ot", "torch._dynamo"]
FORKED_MODULES += ["coarse_workers"]
"""Modules that the server of forked workers imports; the first four take about a second each."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that borrow a trainer."""
    for item in items:
        if {"trainer_pool", "command_pool"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.process)


def pytest_collection_finish() -> None:
    """Leave what the imports made out of every later garbage collection."""
    _freeze()


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
    if uses_qt:
        _freeze()
        gc.disable()  # as in the window: a collection during painting may free what is being painted
    threads, children = set(threading.enumerate()), _children()
    births = _watch_births(monkeypatch) if uses_qt else WeakKeyDictionary()
    widgets = _top_levels() if uses_qt else set()
    yield
    if uses_qt:
        gc.enable()
        _finish_deletions()
    left = _left_after(GRACE_SECONDS, lambda: _processes_and_threads(threads, children))
    if uses_qt:
        left += _left_in_qt(births, widgets)
    if left:
        pytest.fail("This test left behind:\n" + "\n".join(left), pytrace=False)


@pytest.fixture(scope="session", autouse=True)
def forked_workers() -> Iterator[BaseContext]:
    """On Linux, fork the worker processes of the tests from a server that has imported torch.

    They start in a tenth of the processor time of spawned ones, and compute what they show besides the
    training coarsely. Programs that the tests start (the terminal, the self-test) still spawn theirs.
    """
    if not sys.platform.startswith("linux"):
        yield multiprocessing.get_context("spawn")
        return
    from multiprocessing.forkserver import ForkServer

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(FORKED_MODULES)
    start = ForkServer.ensure_running

    def start_with_path(server: ForkServer) -> None:  # by itself it does not take sys.path over
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("PYTHONPATH", os.pathsep.join(filter(None, sys.path)))
            start(server)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ForkServer, "ensure_running", start_with_path)
        patch.setattr("wganstudio.training.process._SPAWN", context)
        patch.setattr("wganstudio.suites.process._SPAWN", context)
        yield context


@pytest.fixture(scope="session")
def worker_server(forked_workers: BaseContext) -> None:
    """Start the server of the workers, and wait for its imports: no thread of a window should."""
    first = forked_workers.Process(target=os.getpid)
    first.start()
    first.join()


@pytest.fixture
def small_theory_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Check the theory of regularized transport on fewer points, in a test of something else."""
    import coarse

    for name, value in coarse.THEORY_CHECKS.items():
        monkeypatch.setattr(name, value)


@pytest.fixture
def small_references(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compute sigma, W1 of known plans and the true flow with less effort, in a test of something else."""
    import coarse

    for name, value in (coarse.SIGMA | coarse.REFERENCES | coarse.DESCENT).items():
        monkeypatch.setattr(name, value)


@pytest.fixture(autouse=True)
def closed_documents(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Close the documents that a test leaves open, about which Python warns from 3.13 on."""
    module = sys.modules.get("wganstudio.session.document")
    if module is None:
        yield
        return
    documents: list[Any] = []
    init = module.Document.__init__

    def remember(self: Any, *arguments: Any, **options: Any) -> None:
        init(self, *arguments, **options)
        documents.append(self)

    monkeypatch.setattr(module.Document, "__init__", remember)
    yield
    for document in documents:
        document.close()


@pytest.fixture(scope="session")
def here() -> type[InProcessWorkers]:
    """The workers of a suite that need no processes."""
    return InProcessWorkers


WINDOW_POOL, COMMAND_POOL = TrainerPool(polite=True), TrainerPool(polite=False)


@pytest.fixture(scope="session")
def trainer_pool(worker_server: None) -> Iterator[TrainerPool]:
    """The trainer that the windows borrow."""
    yield WINDOW_POOL
    WINDOW_POOL.close()


@pytest.fixture(scope="session")
def command_pool() -> Iterator[TrainerPool]:
    """The trainer that the commands of the terminal borrow."""
    yield COMMAND_POOL
    COMMAND_POOL.close()


@pytest.fixture
def own_trainer() -> None:
    """Request this for a window whose trainer is its own, and ends with it."""


@pytest.fixture
def window(qtbot: Any, qapp: Any, trainer_pool: TrainerPool, request: pytest.FixtureRequest) -> Iterator[Any]:
    """The shown window with a real trainer; it is closed at the end without questions."""
    from wganstudio.gui.controllers.run_process import run_process
    from wganstudio.gui.settings import Settings
    from wganstudio.gui.theme import Theme
    from wganstudio.gui.window import MainWindow

    theme = Theme(qapp, "light")
    own = "own_trainer" in request.fixturenames
    window = MainWindow(theme, Settings(), run_process if own else trainer_pool.borrow)
    window.resize(1400, 900)
    window.show()
    qtbot.waitUntil(lambda: bool(window.area.views), timeout=60_000)
    window.run_controller.prepare()
    yield window
    close_window(window)
    theme.deleteLater()


@pytest.fixture
def clipboard(qapp: Any) -> Iterator[Any]:
    """The clipboard, empty. Worker processes of one display share it, so that one test at a time has it."""
    with _one_at_a_time("clipboard"):
        qapp.clipboard().clear()
        yield qapp.clipboard()


@contextmanager
def _one_at_a_time(name: str) -> Iterator[None]:
    """Wait until no other process of this user is in such a block."""
    if not sys.platform.startswith("linux"):
        yield
        return
    import fcntl

    path = Path(tempfile.gettempdir()) / f"wganstudio-tests-{os.getuid()}-{name}.lock"
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def close_window(window: Any) -> None:
    """Close a window whatever it holds."""
    window.run_controller.forget()
    window.session.close()
    window.close()
    window.deleteLater()


# -- what is left behind


def _processes_and_threads(threads: set[threading.Thread], children: set[psutil.Process]) -> list[str]:
    new = set(threading.enumerate()) - threads
    left = [f"- the thread {thread.name!r}: {_target(thread)}" for thread in new if thread.is_alive()]
    return left + [f"- the child process {_command(child)}" for child in _children() - children]


def _left_after(seconds: float, find: Callable[[], list[str]]) -> list[str]:
    deadline = time.monotonic() + seconds
    while (left := find()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return left


def _children() -> set[psutil.Process]:
    multiprocessing.active_children()  # joins those that have ended
    children = psutil.Process().children(recursive=True)
    lent = WINDOW_POOL.pids | COMMAND_POOL.pids
    return {child for child in children if child.pid not in lent and not _is_helper(child)}


def _is_helper(process: psutil.Process) -> bool:
    """Tell if a process serves multiprocessing itself; what the server forks has its command line."""
    command = _command(process)
    try:
        ours = process.ppid() == os.getpid()
    except psutil.Error:
        return False
    return "resource_tracker" in command or (ours and "multiprocessing.forkserver" in command)


def _command(process: psutil.Process) -> str:
    try:
        return f"{process.pid}: {' '.join(process.cmdline())[:200]}"
    except psutil.Error:
        return f"{process.pid}: resource_tracker or gone"


def _target(thread: threading.Thread) -> str:
    frame = sys._current_frames().get(thread.ident or 0)
    return "".join(traceback.format_stack(frame)[-2:]) if frame else "already ending"


# -- what is left behind in Qt


def _freeze() -> None:
    """Leave what exists now out of later garbage collections: each would take a tenth of a second for it."""
    gc.collect()
    gc.freeze()


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
