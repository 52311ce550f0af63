"""Every process has a log of its own; none that cannot be written hinders anything."""

import logging
import os
import time
from pathlib import Path

import pytest

from wganstudio.diagnostics import log_file
from wganstudio.diagnostics.log_file import current, last_lines, recording

LOGGER = logging.getLogger("wganstudio.test")


def test_records_are_kept_with_their_details(home: Path) -> None:
    with recording("window"):
        log = current()
        assert log is not None and not log.path.exists(), "only what is written needs a file"
        LOGGER.info("Saved \u03c3.", extra={"detail": "the details\nof it"})
        logging.getLogger("somebody").info("chatter")
        # Not through a logger: pytest-xdist cannot send the log that pytest would capture.
        surrogate = {"name": "somebody", "levelname": "WARNING", "msg": "surrogate \udcff"}
        log.emit(logging.makeLogRecord(surrogate))
    assert current() is None
    assert (
        log.path.parent == home / "logs" and "window" in log.path.name and str(os.getpid()) in log.path.name
    )
    head, first, *rest = log.path.read_text(encoding="utf-8").splitlines()
    assert head.startswith("WGAN Studio") and first.endswith("INFO wganstudio.test: Saved \u03c3.")
    assert rest[:2] == ["the details", "of it"] and rest[2].endswith("WARNING somebody: surrogate \\udcff")
    assert last_lines(2) == rest[1:]


def test_the_log_rotates(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_file, "MAX_BYTES", 2000)
    with recording("run"):
        for number in range(200):
            LOGGER.info("message %d of many", number)
    files = log_file.files()
    assert len(files) == 3 and all(file.stat().st_size <= 2000 for file in files)
    lines = last_lines(50)
    assert [line.split()[-3] for line in lines if "message" in line][-1] == "199"
    assert len(lines) == 50


def test_a_huge_record_is_cut(home: Path) -> None:
    with recording("run"):
        LOGGER.info("x" * 5_000_000)
    (file,) = log_file.files()
    assert file.stat().st_size < 2 * log_file.MAX_RECORD


def test_old_logs_are_removed_unless_their_process_lives(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = home / "logs"
    folder.mkdir()
    ours = folder / "notes.txt"
    dead = [folder / f"2020-01-01-000000-run-{pid}.log" for pid in (4_000_001, 4_000_002)]
    alive = folder / f"2020-01-01-000000-run-{os.getppid()}.log"
    for file in (ours, *dead, alive):
        file.write_text("x")
        os.utime(file, (0, 0))
    os.utime(dead[0])
    monkeypatch.setattr(log_file, "is_over", lambda pid: pid > 4_000_000)
    log_file.remove_old()
    assert sorted(folder.iterdir()) == sorted([ours, dead[0], alive])
    monkeypatch.setattr(log_file, "KEPT_FILES", 0)
    log_file.remove_old()
    assert sorted(folder.iterdir()) == sorted([ours, alive])


def test_living_processes_are_known() -> None:
    assert not log_file.is_over(os.getpid()) and not log_file.is_over(1)
    assert log_file.is_over(4_194_305) and not log_file.is_over(10**30)


@pytest.mark.parametrize("broken", ["missing", "file", "full"])
def test_a_log_that_cannot_be_written_hinders_nothing(
    broken: str, home: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    if broken == "missing":
        monkeypatch.setenv("WGANSTUDIO_HOME", "/proc/nowhere")
    elif broken == "file":
        (home / "logs").write_text("")
    elif not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with recording("run"):
        log = current()
        assert log is not None
        if broken == "full":
            log.baseFilename = "/dev/full"
        LOGGER.error("It failed.", extra={"detail": "why"})
        assert log.failed
    assert capfd.readouterr() == ("", "")
    assert last_lines(10) == []


def test_without_a_home_folder_there_is_no_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WGANSTUDIO_HOME")
    monkeypatch.setattr("platformdirs.user_log_path", lambda *_, **__: Path("~/logs"))
    with recording("run"):
        assert current() is None
        LOGGER.error("It failed.")
    assert last_lines(10) == [] and log_file.files() == []


def test_two_logs_of_one_second_are_two_files(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "strftime", lambda *_: "2026-11-29-120000")
    for pid in (11, 12):
        with monkeypatch.context() as patch:
            patch.setattr(os, "getpid", lambda pid=pid: pid)
            with recording("window"):
                LOGGER.info("from %d", pid)
    assert len(log_file.files()) == 2
