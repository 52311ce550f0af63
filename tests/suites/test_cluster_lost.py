"""A scheduler or worker of Dask that is killed, hangs or is of another version: told in bounded time."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import tomli_w

import wganstudio
from wganstudio.cli import main
from wganstudio.experiment import override, read
from wganstudio.suites import SuiteError

from .conftest import IMPATIENT, TINY, Scheduler, started, wait_for

pytestmark = [pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals"), pytest.mark.process]
pytest.importorskip("distributed")


@pytest.fixture
def suite_toml(tmp_path: Path) -> Path:
    file = tmp_path / "a.toml"
    block = {"solvers": ["wc"], "pairs": ["funnels"], "seeds": [0, 1, 2, 3, 4, 5]}
    shared = TINY["shared"] | {"truth": {"kind": "samples", "samples": 64, "repeats": 2}}
    file.write_text(tomli_w.dumps(TINY | {"budget": {"steps": 600}, "shared": shared, "matrix": [block]}))
    return file


@pytest.mark.parametrize("fault", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "hung"])
def test_a_lost_scheduler_is_told_and_resume_completes(
    fault: signal.Signals, scheduler: Scheduler, suite_toml: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    out = suite_toml.with_suffix(".wgs")
    with started(str(suite_toml), "--out", str(out), "--cluster", scheduler.address) as run:
        wait_for(run, "[1/6]")
        assert scheduler.process.pid is not None and run.stderr is not None
        os.kill(scheduler.process.pid, fault)
        lost = time.monotonic()
        said = run.stderr.read()
        assert run.wait() == 1
    took = time.monotonic() - lost
    sentence = said.strip().splitlines()[-1]
    assert f"The Dask scheduler at {scheduler.address} does not answer; the" in sentence, said
    assert f"in {out}: start it and resume the suite (--resume in the terminal)." in sentence
    assert "Traceback" not in said and took < 60, took
    code = main(["suite", "run", str(suite_toml), "--out", str(out), "--resume", "--workers", "1"])
    shown, err = capfd.readouterr()
    assert code == 0 and "6 of 6 runs finished" in shown and "finished before" in err, err


def test_a_scheduler_that_comes_back_goes_on(
    scheduler: Scheduler,
) -> None:
    """Its futures are cancelled: the runs must be submitted again, not waited for."""
    from wganstudio.suites.cluster import Cluster
    from wganstudio.suites.workers import JobLost
    from wganstudio.training.job import Job

    cluster = Cluster(scheduler.address)
    try:
        cluster.submit(Job(1, "train", read(override({}, [("training.steps", 3)]))))
        for state in cluster._client.futures.values():  # as the client does when it connects anew
            state.cancel(reason="scheduler-connection-lost", msg="")
        messages = cluster.poll(5.0)
    finally:
        cluster.close()
    assert any(isinstance(message, JobLost) and message.number == 1 for message in messages)


def test_a_server_that_never_answers_is_no_scheduler(suite_toml: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        command = [sys.executable, "-c", IMPATIENT, "suite", "run", str(suite_toml), "--cluster", address]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=suite_toml.parent)
    assert done.returncode == 2
    assert f"No Dask scheduler answers at {address}; start one there" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("host", "packages", "said"),
    [
        ({"python": "3.11.7.final.0"}, {"wganstudio": "0.0.9"}, "has WGAN Studio 0.0.9, not 9.9"),
        ({"python": "3.11.7.final.0"}, {"wganstudio": None}, "has no WGAN Studio 9.9; install the same"),
        ({"python": "2.7.1.final.0"}, {"wganstudio": "9.9"}, "has Python 2.7, not "),
    ],
    ids=["other", "none", "python"],
)
def test_a_worker_of_another_version_is_named(
    host: dict[str, str],
    packages: dict[str, str | None],
    said: str,
    scheduler: Scheduler,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from wganstudio.suites import cluster

    def answer(client: object, question: Any, timeout: float) -> dict[str, Any]:
        question.close()
        return {"tcp://10.0.0.7:4000": {"host": host, "packages": packages}}

    monkeypatch.setattr("wganstudio.__version__", "9.9")
    monkeypatch.setattr(cluster, "ask", answer)
    with pytest.raises(SuiteError, match=rf"The worker tcp://10.0.0.7:4000 {said}"):
        cluster.Cluster(scheduler.address)


def test_the_workers_here_are_of_this_version(scheduler: Scheduler) -> None:
    from wganstudio.suites.cluster import TIMEOUT, Cluster
    from wganstudio.suites.scheduler_watch import ask

    cluster = Cluster(scheduler.address)
    try:
        client = cluster._client
        deadline = time.monotonic() + 30
        answer: dict[str, Any] = {}
        while len(answer) < 2 and time.monotonic() < deadline:
            question = client.scheduler.broadcast(
                msg={"op": "versions", "packages": ["wganstudio"]}, on_error="ignore"
            )
            answer = ask(client, question, TIMEOUT)
        cluster._require_versions()
    finally:
        cluster.close()
    assert {worker["packages"]["wganstudio"] for worker in answer.values()} == {wganstudio.__version__}
