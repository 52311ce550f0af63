"""Processes on this machine: what dies is replaced, and nothing stays behind."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from wganstudio.suites import Pool, Suite, SuiteResults, SuiteScheduler, begin, suite_table
from wganstudio.suites.events import RunEvent, RunLost, RunSilent, RunStarted, SuiteFinished
from wganstudio.training import events

from .conftest import TINY

pytestmark = pytest.mark.process

SHARED = TINY["shared"] | {"truth": {"kind": "samples", "samples": 64, "repeats": 2}}
BLOCK = {"solvers": ["gp"], "pairs": ["funnels"], "seeds": [0, 1]}


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_a_killed_worker_is_replaced_and_its_run_begun_again(
    tiny: Callable[..., Suite], here: Any, go: Callable[..., list[Any]], tmp_path: Path
) -> None:
    suite = tiny(budget={"steps": 300}, shared=SHARED, matrix=[BLOCK])
    document, pool = begin(suite, tmp_path / "pool.wgs"), Pool(1)
    going, heard, victim = SuiteScheduler(suite, document, pool), [], 0
    while not going.over:
        new = going.poll(0.2)
        heard += new
        if not victim and any(isinstance(e, RunEvent) and isinstance(e.event, events.Progress) for e in new):
            began = next(event for event in reversed(heard) if isinstance(event, RunStarted))
            victim = int(began.where.split()[-1])
            assert victim in pool.pids
            os.kill(victim, signal.SIGKILL)
    pids = pool.pids
    going.close()
    assert victim not in pids and len(pids) == 1 and not any(map(psutil.pid_exists, [*pids, victim]))
    (lost,) = [event for event in heard if isinstance(event, RunLost)]
    assert lost.again and "SIGKILL" in lost.why
    assert heard[-1] == SuiteFinished(executed=2, finished=2, failed=0)
    threads = {record.environment["threads"] for record in SuiteResults(document).finished().values()}
    assert threads == {1}
    alone = begin(suite, tmp_path / "alone.wgs")
    go(suite, alone, here())
    for metric in ("cos", "l2", "w1"):
        assert repr(suite_table(SuiteResults(document), metric).entries) == repr(
            suite_table(SuiteResults(alone), metric).entries
        )
    for each in (document, alone):
        each.close()


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_a_worker_that_does_not_answer_is_told_and_then_replaced(
    tiny: Callable[..., Suite], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wganstudio.training.silence.HUNG_SECONDS", 3.0)
    monkeypatch.setattr("wganstudio.suites.pool.LOST_SECONDS", 6.0)
    suite = tiny(budget={"steps": 300}, shared=SHARED, matrix=[BLOCK | {"seeds": [0]}])
    document, pool = begin(suite, tmp_path / "pool.wgs"), Pool(1)
    going, heard, victim = SuiteScheduler(suite, document, pool), [], 0
    while not going.over:
        new = going.poll(0.2)
        heard += new
        if not victim and any(isinstance(e, RunEvent) and isinstance(e.event, events.Progress) for e in new):
            (victim,) = pool.pids
            os.kill(victim, signal.SIGSTOP)
    going.close()
    document.close()
    kinds = [event for event in heard if isinstance(event, RunSilent | RunLost)]
    silent, lost = kinds
    assert isinstance(silent, RunSilent) and f"(process {victim} is stopped)" in silent.message
    assert isinstance(lost, RunLost) and lost.again and "had not answered for 6 s" in lost.why
    assert heard[-1].finished == 1 and not psutil.pid_exists(victim)
