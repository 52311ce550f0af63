"""The checks between a double-click and the window."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from wganstudio.gui import display_check

pytestmark = pytest.mark.process

ROOT = Path(__file__).parents[2]
NO_DIALOGS = "/nowhere"
"""A PATH without xmessage and the like, which would show a startup error for a minute."""


def start(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """The app in a process of its own, with other environment variables (empty: without)."""
    variables = {name: text for name, text in {**os.environ, **environ}.items() if text}
    command = [sys.executable, str(ROOT / "main.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=variables, timeout=240)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems always have a screen")
@pytest.mark.parametrize(
    "display, word", [("", "there is no display"), (":4711", "no X server answers at DISPLAY=:4711")]
)
def test_without_a_screen_one_sentence_says_what_to_do(display, word):
    done = start(DISPLAY=display, WAYLAND_DISPLAY="", QT_QPA_PLATFORM="")
    assert done.returncode == 2
    assert word in done.stderr and "wganstudio run first-look" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_library_that_qt_lacks_is_named(monkeypatch):
    def fail(name):
        raise OSError("libxcb-cursor.so.0: cannot open shared object file: No such file or directory")

    monkeypatch.setattr(display_check.ctypes, "CDLL", fail)
    said = display_check.display_problem({"DISPLAY": ":0"}, "linux")
    assert "libxcb-cursor.so.0" in said and "install it" in said


def test_the_self_test_passes():
    done = start("--self-test")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "self-test passed" in done.stdout and "20 steps" in done.stdout
    assert done.stderr == ""


def test_the_self_test_says_what_is_broken(monkeypatch, qapp, tmp_path, capsys):
    from wganstudio.gui import selftest

    monkeypatch.setattr(selftest, "export", lambda *_: [])
    monkeypatch.setenv("WGANSTUDIO_HOME", str(tmp_path))
    assert selftest.self_test(qapp) == 1
    assert "FAILED: A figure is empty" in capsys.readouterr().out


def test_a_slow_start_shows_a_splash_until_the_window_stands():
    script = (
        "import wganstudio.gui as gui\n"
        "from PySide6.QtCore import QTimer\n"
        "gui.SPLASH_SECONDS = 0\n"
        "from wganstudio.gui.application import Application\n"
        "seen = []\n"
        "show = Application.show_splash\n"
        "def watched(app):\n"
        "    show(app)\n"
        "    seen.append(app.splash.isVisible())\n"
        "    QTimer.singleShot(1500, lambda: (seen.append(app.splash.isVisible()), app.closeAllWindows()))\n"
        "Application.show_splash = watched\n"
        "code = gui.main([])\n"
        "print(code, seen)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == "0 [True, False]", done.stdout + done.stderr


def test_a_file_that_the_system_hands_over_is_opened():
    script = (
        "from PySide6.QtCore import QUrl\n"
        "from PySide6.QtGui import QFileOpenEvent\n"
        "from wganstudio.gui.application import Application\n"
        "app = Application()\n"
        "app.sendEvent(app, QFileOpenEvent(QUrl.fromLocalFile('/tmp/early.wgs')))\n"
        "app.file_wanted.connect(lambda path: print('wanted', path.name))\n"
        "app.sendEvent(app, QFileOpenEvent(QUrl.fromLocalFile('/tmp/late.wgs')))\n"
        "print([path.name for path in app.files])\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert done.stdout.split("\n")[:2] == ["wanted late.wgs", "['early.wgs', 'late.wgs']"], done.stderr


def run_script(script: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """A script in a process of its own, which imports the checkout."""
    variables = os.environ | {"PYTHONPATH": str(ROOT)} | environ
    command = [sys.executable, "-c", script]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, env=variables)


BROKEN_START = (
    "import sys, wganstudio.gui as gui, wganstudio.gui.window as window\n"
    "def fail(*_):\n"
    "    raise ValueError('deep inside')\n"
    "window.MainWindow._make_widgets = fail\n"
    "sys.exit(gui.main([]))\n"
)


def test_an_error_before_the_window_is_one_sentence(home):
    done = run_script(BROKEN_START, PATH=NO_DIALOGS)
    (log,) = (home / "logs").iterdir()
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("wganstudio: the start ended with an internal error (ValueError)")
    assert done.stderr.rstrip().endswith(str(log))
    assert "ValueError: deep inside" in log.read_text(encoding="utf-8")


def test_an_error_before_the_window_is_printed_where_no_log_can_be_written():
    done = run_script(BROKEN_START, PATH=NO_DIALOGS, WGANSTUDIO_HOME="/proc/nowhere")
    assert done.returncode == 1 and done.stderr.startswith("wganstudio: the start ended")
    assert done.stderr.rstrip().endswith("ValueError: deep inside")


def test_the_window_goes_on_after_errors_at_its_start(home, tmp_path):
    script = (
        "import sys, wganstudio.gui as gui\n"
        "from PySide6.QtCore import QTimer\n"
        "from PySide6.QtWidgets import QApplication\n"
        "from wganstudio.gui.controllers.file_actions import FileActions\n"
        "from wganstudio.gui.window import MainWindow\n"
        "def fail(*_):\n"
        "    raise ValueError('deep inside')\n"
        "FileActions.open_path = fail\n"
        "def finish():\n"
        "    window = next(w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow))\n"
        "    print(window.banner.label.text(), window.log.entries[0].message, sep='\\n')\n"
        "    window.close()\n"
        "show = MainWindow.show\n"
        "def shown(window):\n"
        "    show(window)\n"
        "    QTimer.singleShot(1500, finish)\n"
        "MainWindow.show = shown\n"
        f"print(gui.main([{str(tmp_path / 'a.wgs')!r}]))\n"
    )
    done = run_script(script)
    lines = done.stdout.splitlines()
    assert lines[-1] == "0" and len(lines) == 3, done.stdout + done.stderr
    assert all("An action ended with an internal error (ValueError)" in line for line in lines[:2])
    (log,) = (home / "logs").iterdir()
    assert "ValueError: deep inside" in log.read_text(encoding="utf-8")


def test_wrong_arguments_are_one_sentence_also_without_a_terminal():
    for arguments, sentence in (
        (["--preset", "nosuch"], "there is no preset 'nosuch'"),
        (["--nosuch"], "unrecognized arguments: --nosuch"),
    ):
        done = start(*arguments, PATH=NO_DIALOGS)
        assert done.returncode == 2 and sentence in done.stderr and len(done.stderr.splitlines()) == 1


def test_the_self_test_hears_what_slots_raise(monkeypatch, qapp, tmp_path, capsys):
    from wganstudio.gui import selftest

    def check(window, folder):
        sys.excepthook(ValueError, ValueError("in a slot"), None)

    monkeypatch.setattr(selftest, "_check_all", check)
    monkeypatch.setenv("WGANSTUDIO_HOME", str(tmp_path))
    assert selftest.self_test(qapp) == 1
    assert "FAILED: An action ended with an internal error (ValueError)" in capsys.readouterr().out
