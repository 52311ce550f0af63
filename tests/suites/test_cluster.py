"""A Dask scheduler and two workers on loopback: lost runs start again, finished ones stay."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import dask_processes
import pytest
import tomli_w

from wganstudio.cli import main
from wganstudio.session import Document
from wganstudio.suites import SuiteResults, begin, read_suite, suite_table

pytestmark = [pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals"), pytest.mark.process]
pytest.importorskip("distributed")


@dataclass
class Scheduler:
    address: str
    workers: list[BaseProcess]


@pytest.fixture
def scheduler(
    tmp_path_factory: pytest.TempPathFactory, forked_workers: BaseContext, nothing_left_behind: None
) -> Iterator[Scheduler]:
    def dask(kind: str, *options: str) -> BaseProcess:
        processes.append(forked_workers.Process(target=dask_processes.serve, args=(kind, *options)))
        processes[-1].start()
        return processes[-1]

    processes: list[BaseProcess] = []
    file = tmp_path_factory.mktemp("dask") / "scheduler.json"
    options = ["--host", "127.0.0.1", "--no-dashboard"]
    process = dask("scheduler", *options, "--port", "0", "--scheduler-file", str(file))
    deadline = time.monotonic() + 60
    while not file.exists() or not file.read_text():
        assert process.is_alive() and time.monotonic() < deadline
        time.sleep(0.05)
    address = json.loads(file.read_text())["address"]
    workers = [dask("worker", address, *options, "--nthreads", "1", "--no-nanny") for _ in range(2)]
    yield Scheduler(address, workers)
    for each in processes:
        each.kill()
        each.join()
        each.close()


def started(*arguments: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "wganstudio", "suite", "run", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_for(run: "subprocess.Popen[str]", text: str) -> None:
    assert run.stderr is not None
    while text not in (line := run.stderr.readline()):
        assert line, f"{text!r} never came"


@pytest.mark.parametrize("steps", [100, pytest.param(3000, marks=pytest.mark.slow)])
def test_a_worker_killed_then_the_client_killed_then_resumed_gives_the_same_table(
    steps: int,
    scheduler: Scheduler,
    here: Any,
    go: Callable[..., list[Any]],
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    from .conftest import TINY

    file, out = tmp_path / "a.toml", tmp_path / "cluster.wgs"
    block = {"solvers": ["wc", "gp"], "pairs": ["funnels"], "seeds": [0, 1]}
    file.write_text(tomli_w.dumps(TINY | {"budget": {"steps": steps}, "matrix": [block]}))
    command = [str(file), "--out", str(out), "--cluster", scheduler.address]
    with started(*command) as run:
        wait_for(run, "[1/4]")
        scheduler.workers[0].kill()
        wait_for(run, "[2/4]")
        run.kill()
    code = main(["suite", "run", *command, "--resume"])
    shown, err = capfd.readouterr()
    assert code == 0, err
    assert "4 of 4 runs finished" in shown and "finished before" in err
    document = Document.open(out)
    document.close()
    results = SuiteResults(document)
    assert results.repeated == 0 and len(results.finished()) == 4
    ended = [record.experiment.about.name for record in document.records() if record.ended]
    assert sorted(ended) == sorted(cell.name for cell in results.plan.cells), "none finished twice"
    assert len(document.records()) == results.executed >= 4
    threads = {record.environment["threads"] for record in results.finished().values()}
    assert threads == {1}
    suite = read_suite(file)
    alone = begin(suite, tmp_path / "alone.wgs")
    go(suite, alone, here())
    alone.close()
    for metric in ("cos", "l2", "w1"):
        assert suite_table(results, metric).entries == suite_table(SuiteResults(alone), metric).entries


UNREACHABLE = """
import sys
import wganstudio.suites.cluster as cluster
from wganstudio.cli import main
cluster.TIMEOUT = 1.0
codes = [main([*sys.argv[1:], "--cluster", address]) for address in ("tcp://127.0.0.1:1", "nonsense")]
print(codes)
"""


def test_an_unreachable_scheduler_gets_one_sentence(tmp_path: Path) -> None:
    from .conftest import TINY

    file, out = tmp_path / "a.toml", tmp_path / "a.wgs"
    file.write_text(tomli_w.dumps(TINY))
    command = [sys.executable, "-c", UNREACHABLE, "suite", "run", str(file), "--out", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100)
    absent, nonsense = done.stderr.splitlines()
    assert done.stdout == "[2, 2]\n" and not out.exists()
    assert absent.startswith(
        "wganstudio: No Dask scheduler answers at tcp://127.0.0.1:1; start one there, or give another"
    )
    assert nonsense.startswith(
        "wganstudio: nonsense is not the address of a Dask scheduler; write tcp://HOST:PORT"
    )
