"""A Dask scheduler and two workers on loopback: lost runs start again, finished ones stay."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from wganstudio.session import Document
from wganstudio.suites import SuiteResults, begin, read_suite, suite_table

pytestmark = [pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals"), pytest.mark.process]
pytest.importorskip("distributed")


@dataclass
class Scheduler:
    address: str
    workers: list["subprocess.Popen[bytes]"]


def _dask(what: str, *options: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", f"distributed.cli.dask_{what}", *options]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.fixture
def scheduler(tmp_path_factory: pytest.TempPathFactory, nothing_left_behind: None) -> Iterator[Scheduler]:
    file = tmp_path_factory.mktemp("dask") / "scheduler.json"
    process = _dask(
        "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file)
    )
    deadline = time.monotonic() + 60
    while not file.exists() or not file.read_text():
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.05)
    address = json.loads(file.read_text())["address"]
    options = ["--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", "--no-dashboard"]
    workers = [_dask("worker", address, *options) for _ in range(2)]
    yield Scheduler(address, workers)
    for each in [*workers, process]:
        each.kill()
        each.wait()


def started(*arguments: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "wganstudio", "suite", "run", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_for(run: "subprocess.Popen[str]", text: str) -> None:
    assert run.stderr is not None
    while text not in (line := run.stderr.readline()):
        assert line, f"{text!r} never came"


@pytest.mark.parametrize("steps", [100, pytest.param(3000, marks=pytest.mark.slow)])
def test_a_worker_killed_then_the_client_killed_then_resumed_gives_the_same_table(
    steps: int, scheduler: Scheduler, here: Any, go: Callable[..., list[Any]], tmp_path: Path
) -> None:
    from .conftest import TINY

    file, out = tmp_path / "a.toml", tmp_path / "cluster.wgs"
    block = {"solvers": ["wc", "gp"], "pairs": ["funnels"], "seeds": [0, 1]}
    file.write_text(tomli_w.dumps(TINY | {"budget": {"steps": steps}, "matrix": [block]}))
    command = [str(file), "--out", str(out), "--cluster", scheduler.address]
    with started(*command) as run:
        wait_for(run, "[1/4]")
        scheduler.workers[0].send_signal(signal.SIGKILL)
        wait_for(run, "[2/4]")
        run.kill()
    with started(*command, "--resume") as run:
        out_text, err = run.communicate(timeout=200)
    assert run.returncode == 0, err
    assert "4 of 4 runs finished" in out_text and "finished before" in err
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


def test_an_unreachable_scheduler_gets_one_sentence(tmp_path: Path) -> None:
    from .conftest import TINY

    file = tmp_path / "a.toml"
    file.write_text(tomli_w.dumps(TINY))
    for address, sentence in (
        (
            "tcp://127.0.0.1:1",
            "No Dask scheduler answers at tcp://127.0.0.1:1; start one there, or give another",
        ),
        ("nonsense", "nonsense is not the address of a Dask scheduler; write tcp://HOST:PORT"),
    ):
        code = (
            "import sys, wganstudio.suites.cluster as c; c.PATIENCE = 1.0\n"
            "from wganstudio.cli import main; sys.exit(main(sys.argv[1:]))"
        )
        arguments = ["suite", "run", str(file), "--out", str(tmp_path / "a.wgs"), "--cluster", address]
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=100
        )
        assert done.returncode == 2 and done.stdout == ""
        assert done.stderr.startswith(f"wganstudio: {sentence}")
        assert len(done.stderr.splitlines()) == 1 and not (tmp_path / "a.wgs").exists()
