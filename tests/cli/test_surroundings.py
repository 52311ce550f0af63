"""Errors around a command are printed as one sentence each, and kept in its log."""

import logging
import sys
import tempfile
import threading
import warnings
from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest

from wganstudio.cli import main
from wganstudio.diagnostics import log_file
from wganstudio.experiment import preset, read
from wganstudio.session import Document
from wganstudio.training.events import Failed


def fail() -> None:
    raise ValueError("deep inside")


def in_threads() -> None:
    for _ in range(12):
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()


def warn() -> None:
    logging.getLogger("somebody").warning("this is odd")
    logging.getLogger("somebody").info("chatter")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("this is old", stacklevel=1)


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Runs `wganstudio presets` with other content, in an empty temporary folder."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def run(act: Any) -> int:
        def presets(options: Namespace) -> int:
            act()
            return 0

        monkeypatch.setattr("wganstudio.cli.presets.presets", presets)
        hooks = sys.excepthook, threading.excepthook, sys.unraisablehook, warnings.showwarning
        code = main(["presets"])
        assert hooks == (sys.excepthook, threading.excepthook, sys.unraisablehook, warnings.showwarning)
        assert list(tmp_path.iterdir()) == [], "nothing is left in the temporary folder"
        return code

    return run


def test_an_internal_error_is_one_sentence_that_names_the_log(
    command: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    assert command(fail) == 1
    out, err = capfd.readouterr()
    (log,) = log_file.files()
    (line,) = err.splitlines()
    assert out == "" and "internal error (ValueError)" in line and line.endswith(f"Details: {log}")
    assert "Traceback" in log.read_text(encoding="utf-8")


def test_where_no_log_can_be_written_the_details_are_printed(
    command: Any, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WGANSTUDIO_HOME", "/proc/nowhere")
    assert command(fail) == 1
    err = capfd.readouterr().err
    assert err.startswith("wganstudio: The command ended with an internal error (ValueError)")
    assert err.rstrip().endswith("ValueError: deep inside")


def test_threads_are_heard_and_repetitions_counted(command: Any, capfd: pytest.CaptureFixture[str]) -> None:
    assert command(in_threads) == 0
    lines = capfd.readouterr().err.splitlines()
    assert len(lines) == 2 and all("A background task ended" in line for line in lines)
    assert "This has happened 10 times." in lines[1]
    (log,) = log_file.files()
    assert "deep inside" in log.read_text(encoding="utf-8")


def test_warnings_are_printed_and_kept(command: Any, capfd: pytest.CaptureFixture[str]) -> None:
    assert command(warn) == 0
    err = capfd.readouterr().err
    (log,) = log_file.files()
    for text in (err, log.read_text(encoding="utf-8")):
        assert "this is odd" in text and "this is old" in text and "chatter" not in text


def test_a_command_without_messages_leaves_no_log(command: Any) -> None:
    assert command(lambda: None) == 0
    assert log_file.files() == []


def test_the_report_holds_versions_and_the_log_but_no_home(
    command: Any, capfd: pytest.CaptureFixture[str], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USER", "countess")
    assert main(["run", f"{home}/secret/countess.toml"]) == 2
    assert command(fail) == 1
    capfd.readouterr()
    assert main(["diagnostics"]) == 0
    out, err = capfd.readouterr()
    assert err == "" and "numpy: " in out and "torch: " in out and "ValueError: deep inside" in out
    assert "~/\u2026/USER.toml" in out
    assert str(home) not in out and "countess" not in out and "secret" not in out


def test_the_report_of_a_session_holds_experiment_and_error(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    document = Document.create(tmp_path / "a.wgs")
    run = document.add_run(read(preset("first-look").settings))
    document.append(run, Failed(message="It failed.", detail="Traceback of it"))
    document.close()
    assert main(["diagnostics", str(tmp_path / "a.wgs")]) == 0
    out = capfd.readouterr().out
    assert "# Error\nIt failed.\n\nTraceback of it" in out and "[solver]" in out and "[training]" in out
    assert main(["diagnostics", str(tmp_path / "none.wgs")]) == 2
