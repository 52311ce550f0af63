"""The status line of a long command, and its log."""

import contextlib
import io
import os
import re
import sys
import time
from pathlib import Path

import pytest

from wganstudio_setup import console


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def narrow(monkeypatch):
    """Terminals with 40 columns."""
    monkeypatch.setattr(console.shutil, "get_terminal_size", lambda *_, **__: os.terminal_size((40, 24)))


def run(code: str, log: Path) -> tuple[bool, str, str]:
    """Run Python code as a long command; return whether it succeeded, its output, and the terminal's text."""
    with contextlib.redirect_stdout(Terminal()) as screen:
        succeeded, output = console.run_logged([sys.executable, "-c", code], log, dict(os.environ))
    return succeeded, output, screen.getvalue()


def test_the_time_goes_on_while_a_command_prints_nothing(tmp_path):
    code = "print('unpacking', flush=True); import time; time.sleep(2.2)"
    succeeded, output, shown = run(code, tmp_path / "log")
    assert succeeded and output == "unpacking\n"
    assert len(set(re.findall(r"(\d) s  unpacking", shown))) >= 2
    assert shown.endswith("\r\x1b[K")  # nothing stays on the screen
    assert "unpacking" in (tmp_path / "log").read_text(encoding="utf-8")


def test_a_long_line_does_not_wrap(narrow, tmp_path):
    _, _, shown = run("print('x' * 200, flush=True); import time; time.sleep(0.6)", tmp_path / "log")
    assert "xxx" in shown and max(map(len, shown.split("\r\x1b[K"))) < 40


def test_a_log_gets_a_line_now_and_then(capsys):
    with console._StatusLine(in_log=0.1) as status:
        status.text = "unpacking"
        time.sleep(0.35)
    assert capsys.readouterr().out.count("unpacking") in range(1, 5)


def test_a_failed_command_returns_its_output(tmp_path):
    assert run("print('reason'); raise SystemExit(3)", tmp_path / "log")[:2] == (False, "reason\n")
