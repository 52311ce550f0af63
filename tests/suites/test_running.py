"""What the terminal, the window and the Python interface share to run a suite."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wganstudio.session import Document
from wganstudio.suites import Pool, Suite, SuiteError
from wganstudio.suites.pool import available_cores
from wganstudio.suites.running import folder_of, scheduled, suite_events, workers_of


def test_a_suite_that_is_stopped_is_resumed_where_it_was(
    tiny: Callable[..., Suite], here: Any, tmp_path: Path
) -> None:
    path, stopped = tmp_path / "a.wgs", threading.Event()
    with scheduled(tiny(), path, here(), resuming=False) as scheduler:
        for event in suite_events(scheduler, stopped):
            if event.kind == "run-finished":
                stopped.set()
        assert not scheduler.over and 0 < len(scheduler.results.finished()) < 4
    with pytest.raises(SuiteError, match="exists"), scheduled(tiny(), path, here(), resuming=False):
        pass
    with scheduled(tiny(), path, here()) as scheduler:
        kinds = [event.kind for event in suite_events(scheduler, threading.Event())]
        assert kinds[0] == "suite-started" and kinds[-1] == "suite-finished"
        assert len(scheduler.results.finished()) == 4 and scheduler.results.repeated == 0
    Document.open(path, read_only=False).close()  # its lock was released


def test_workers_are_processes_or_those_of_a_cluster() -> None:
    pools = workers_of(None, None), workers_of(3, None)
    assert all(isinstance(pool, Pool) for pool in pools)
    assert [pool.size for pool in pools if isinstance(pool, Pool)] == [available_cores(), 3]
    with pytest.raises(SuiteError, match="exclude each other"):
        workers_of(1, "tcp://127.0.0.1:1")


def test_an_empty_variable_names_no_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WGANSTUDIO_PAIRS", "")
    assert folder_of("WGANSTUDIO_PAIRS") is None
    monkeypatch.setenv("WGANSTUDIO_PAIRS", str(tmp_path))
    assert folder_of("WGANSTUDIO_PAIRS") == tmp_path
