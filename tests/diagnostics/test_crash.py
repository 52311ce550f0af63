"""A process that dies leaves a trace, which the next start finds."""

import faulthandler
import subprocess
import sys
from pathlib import Path

import pytest

from wganstudio.diagnostics import crash, log_file

DIES = """
import faulthandler, logging, sys
from wganstudio.diagnostics.crash import tracing
from wganstudio.diagnostics.log_file import recording
with recording("window"), tracing():
    if "logs" in sys.argv: logging.getLogger("wganstudio").info("working")
    if "dies" in sys.argv: faulthandler._sigsegv()
    if "killed" in sys.argv:
        import os
        os._exit(9)
"""


def end(*how: str) -> None:
    subprocess.run([sys.executable, "-c", DIES, *how], timeout=60, check=False)


@pytest.mark.process
def test_the_trace_of_a_dead_process_is_found_once(home: Path) -> None:
    end("dies", "logs")
    (dead,) = crash.collect()
    assert "Segmentation fault" in dead.trace or "Windows fatal exception" in dead.trace
    text = dead.log.read_text(encoding="utf-8")
    assert "working" in text and text.rstrip().endswith(dead.trace) and "ended unexpectedly" in text
    assert crash.collect() == [] and log_file.files() == [dead.log]


@pytest.mark.process
def test_a_process_that_had_nothing_to_log_leaves_a_trace_too(home: Path) -> None:
    end("dies")
    (dead,) = crash.collect()
    assert dead.log.exists()


@pytest.mark.process
@pytest.mark.parametrize("how", ["", "killed"])
def test_no_other_end_leaves_anything(how: str, home: Path) -> None:
    end(how)
    assert crash.collect() == []
    assert list((home / "logs").iterdir()) == []


def test_the_trace_of_a_living_process_is_left_alone(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "logs").mkdir()
    trace = home / "logs" / "2026-01-01-000000-window-12.crash"
    trace.write_text("Fatal Python error")
    monkeypatch.setattr("wganstudio.diagnostics.crash.is_over", lambda pid: pid != 12)
    assert crash.collect() == [] and trace.exists()


def test_without_a_place_there_is_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WGANSTUDIO_HOME", "/proc/nowhere")
    enabled: list[object] = []
    monkeypatch.setattr(faulthandler, "is_enabled", lambda: False)
    monkeypatch.setattr(faulthandler, "enable", enabled.append)
    with log_file.recording("window"), crash.tracing():
        pass
    assert crash.collect() == [] and enabled == []
