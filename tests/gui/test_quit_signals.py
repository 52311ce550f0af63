"""Signals that ask the window to close: no questions, no traceback, and a session that can be recovered."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from wganstudio.gui.controllers.quit_signals import QuitSignals
from wganstudio.session import Document

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals"),
]
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Open windows in processes of their own, which are killed at the end."""
    opened: list[subprocess.Popen[str]] = []

    def open_window(*arguments: str) -> "subprocess.Popen[str]":
        environment = os.environ | {"OMP_NUM_THREADS": "1", "TMPDIR": str(tmp_path)}
        command = [sys.executable, "-m", "wganstudio", *arguments]
        opened.append(subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment))
        return opened[-1]

    yield open_window
    for window in opened:
        if window.poll() is None:
            for process in (*psutil.Process(window.pid).children(recursive=True), window):
                process.kill()
        window.communicate()


def wait_until(condition: Callable[[], bool], seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def step_in(folder: Path) -> int:
    files = list(folder.glob("*.wgs"))
    if not files:
        return 0
    try:
        document = Document.open(files[0])
    except Exception:  # it is just being made
        return 0
    document.close()
    return max((record.step for record in document.records()), default=0)


@pytest.mark.parametrize(("name", "code"), [("SIGTERM", 143), ("SIGINT", 130)])
def test_a_window_with_a_run_closes_and_its_session_can_be_recovered(
    start: Start, home: Path, tmp_path: Path, name: str, code: int
) -> None:
    window = start("--preset", "first-look", "--run")
    wait_until(lambda: step_in(home / "sessions") > 10)
    children = psutil.Process(window.pid).children(recursive=True)
    window.send_signal(getattr(signal, name))
    _, err = window.communicate(timeout=30)
    assert window.returncode == code and "Traceback" not in err
    assert psutil.wait_procs(children, 5)[1] == []
    (session,) = (home / "sessions").iterdir()
    assert session.suffix == ".wgs" and step_in(home / "sessions") > 10, "no lock, no journal"
    assert list(tmp_path.glob("wganstudio-*")) == []


def test_a_window_without_a_run_leaves_nothing(start: Start, home: Path, tmp_path: Path) -> None:
    window = start()
    wait_until(lambda: len(list(tmp_path.glob("wganstudio-*/*.log"))) == 2)  # its workers start
    time.sleep(0.5)
    window.send_signal(signal.SIGTERM)
    _, err = window.communicate(timeout=30)
    assert window.returncode == 143 and err == ""
    assert list((home / "sessions").iterdir()) == [] and list(tmp_path.glob("wganstudio-*")) == []


def test_the_next_window_sweeps_what_a_killed_one_has_left(start: Start, home: Path, tmp_path: Path) -> None:
    killed = start("--preset", "first-look", "--run")
    wait_until(lambda: step_in(home / "sessions") > 0)
    killed.kill()
    killed.wait()
    (left,) = tmp_path.glob("wganstudio-*")
    start()
    wait_until(lambda: not left.exists() and not list((home / "sessions").glob("*.lock")))
    assert list((home / "sessions").glob("*.wgs")), "it is offered for recovery"


def test_ignored_signals_stay_ignored(qtbot) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    interrupt = signal.getsignal(signal.SIGINT)
    signals, received = QuitSignals(), []
    signals.received.connect(received.append)
    try:
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
        os.kill(os.getpid(), signal.SIGHUP)
        os.kill(os.getpid(), signal.SIGTERM)
        qtbot.waitUntil(lambda: bool(received))
        assert received == [signal.SIGTERM]
    finally:
        signals.close()
        signal.signal(signal.SIGHUP, before)
    assert signal.getsignal(signal.SIGINT) is interrupt
