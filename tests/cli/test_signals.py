"""Ctrl-C, SIGTERM and SIGHUP at every moment of a command: one code, a complete session, nothing behind."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from wganstudio.session import Document, RunRecord

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals"),
]
EXPERIMENT = """
pair = {kind = "gaussians"}
critic = {width = 8}
solver = {kind = "lp"}
training = {batch = 16, seed = 2, steps = 1000000}
evaluation = {interval = 100, samples = 64, final_samples = 1024, resolution = 8}
"""
LONG_TRUTHS = """
pair = {kind = "mixture", means_p = [[0, 0]], means_q = [[2, 0]]}
critic = {width = 8}
training = {batch = 16, steps = 2}
truth = {cells = 768, tolerance = 1e-9, seconds = 600}
evaluation = {samples = 64, final_samples = 1024, resolution = 8}
"""


class Command:
    """A command of the terminal in a process of its own."""

    def __init__(self, *arguments: str, folder: Path) -> None:
        environment = os.environ | {"OMP_NUM_THREADS": "1", "TMPDIR": str(folder)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "wganstudio", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
            cwd=folder,
        )
        self.heard = ""

    def wait_for(self, text: str) -> str:
        """Read stderr to a line with this text, and return it."""
        assert self.process.stderr is not None
        while text not in (line := self.process.stderr.readline()):
            assert line, self.heard
            self.heard += line
        self.heard += line
        return line

    def children(self) -> list[psutil.Process]:
        """Return the worker processes."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        return [child for child in children if "spawn_main" in " ".join(child.cmdline())]

    def send(self, name: str) -> None:
        self.process.send_signal(getattr(signal, name))

    def end(self, timeout: float = 60) -> tuple[int, str, str]:
        out, err = self.process.communicate(timeout=timeout)
        return self.process.returncode, out, self.heard + err


@pytest.fixture
def command(tmp_path: Path) -> Iterator[Callable[..., Command]]:
    """Start commands, which are killed at the end."""
    (tmp_path / "e.toml").write_text(EXPERIMENT)
    (tmp_path / "truths.toml").write_text(LONG_TRUTHS)
    started: list[Command] = []

    def start(*arguments: str) -> Command:
        started.append(Command(*arguments, folder=tmp_path))
        return started[-1]

    yield start
    for run in started:
        if run.process.poll() is None:
            for process in (*run.children(), run.process):
                process.kill()
            run.process.communicate()


def only_run(session: Path) -> RunRecord:
    document = Document.open(session)
    document.close()
    (record,) = document.records()
    return record


@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_one_signal_ends_a_run_with_its_final_estimates(
    command: Callable[..., Command], tmp_path: Path, name: str, code: int
) -> None:
    run = command("run", "e.toml", "--session", "a.wgs", "--json")
    run.wait_for("/1000000")
    time.sleep(random.Random(code).random())
    children = run.children()
    run.send(name)
    returned, out, err = run.end()
    record = only_run(tmp_path / "a.wgs")
    assert returned == code and "Traceback" not in err
    assert record.state == "stopped" and record.step == json.loads(out)["steps"] > 0
    assert f"To continue from step {record.step}: wganstudio resume a.wgs --run 1" in err
    assert psutil.wait_procs(children, 5)[1] == []
    assert [path.name for path in tmp_path.glob("wganstudio-*")] == []


def test_one_signal_ends_a_run_whose_trainer_still_starts(
    command: Callable[..., Command], tmp_path: Path
) -> None:
    run = command("run", "e.toml", "--session", "a.wgs", "--json")
    while not (tmp_path / "a.wgs").exists() or len(run.children()) < 2:
        assert run.process.poll() is None
        time.sleep(0.02)
    for process in (run.process, *run.children()):  # as a terminal sends it to all
        process.send_signal(signal.SIGINT)
    code, out, err = run.end(120)
    assert code == 130 and json.loads(out)["steps"] == 0 and "Traceback" not in err
    assert only_run(tmp_path / "a.wgs").state == "stopped"


@pytest.mark.parametrize("seed", range(3))
def test_one_signal_before_the_run_leaves_nothing(
    command: Callable[..., Command], tmp_path: Path, seed: int
) -> None:
    run = command("run", "e.toml", "--session", "a.wgs")
    time.sleep(0.25 + 0.5 * random.Random(seed).random())
    run.send("SIGINT")
    code, out, err = run.end(120)
    assert code == 130 and "Traceback" not in err
    assert out == "" or only_run(tmp_path / "a.wgs").state == "stopped"


def test_truths_are_given_up_with_a_word(command: Callable[..., Command], tmp_path: Path) -> None:
    run = command("run", "truths.toml", "--session", "a.wgs", "--json")
    run.wait_for("final estimates")
    while not (tmp_path / "a.wgs").exists() or only_run(tmp_path / "a.wgs").ended is None:
        time.sleep(0.1)
    run.send("SIGINT")
    code, out, err = run.end(20)
    record = only_run(tmp_path / "a.wgs")
    assert code == 130 and json.loads(out)["steps"] == 2 and "Traceback" not in err
    assert "the computation of the truths is given up" in err
    assert record.truths_failed and "given up when the run was stopped" in record.truth_missing


def test_a_hung_trainer_is_told_and_killed_ten_seconds_after_ctrl_c(
    command: Callable[..., Command], tmp_path: Path
) -> None:
    run = command("run", "e.toml", "--session", "a.wgs")
    run.wait_for("/1000000")
    children = run.children()
    for child in children:
        child.suspend()
    run.send("SIGINT")
    code, out, err = run.end(30)
    record = only_run(tmp_path / "a.wgs")
    assert code == 130 and out == "" and "Traceback" not in err
    assert "The trainer has not answered for 10 s" in err and "is stopped). Ctrl-C ends it" in err
    assert record.failed is not None and record.failed.cause == "died"
    assert psutil.wait_procs(children, 5)[1] == []
    assert f"wganstudio resume a.wgs --run {record.run}" in err


@pytest.mark.parametrize("seed", range(3))
def test_the_second_signal_quits_at_once_with_the_session_intact(
    command: Callable[..., Command], tmp_path: Path, seed: int
) -> None:
    run = command("run", "e.toml", "--session", "a.wgs")
    run.wait_for("/1000000")
    children = run.children()
    for child in children:
        child.suspend()  # so that the first signal cannot be answered
    time.sleep(random.Random(seed).random())
    run.send("SIGINT")
    run.wait_for("stopping")
    began = time.monotonic()
    run.send("SIGINT")
    code, out, err = run.end(20)
    assert time.monotonic() - began < 5
    assert code == 130 and out == "" and "Traceback" not in err and "stopped at once" in err
    record = only_run(tmp_path / "a.wgs")
    assert record.started and record.step > 0
    assert psutil.wait_procs(children, 5)[1] == []


def test_the_session_of_a_run_without_one_is_named_and_continues(
    command: Callable[..., Command], home: Path
) -> None:
    run = command("run", "e.toml", "--json")
    session = Path(run.wait_for("Session: ").split("Session: ")[1].split(" (")[0])
    assert session.parent == home / "runs"
    run.wait_for("/1000000")
    run.send("SIGINT")
    code, out, err = run.end()
    steps = json.loads(out)["steps"]
    assert code == 130 and f"wganstudio resume {session} --run 1" in err
    again = command("resume", str(session), "--steps", str(steps + 20), "--json")
    code, out, err = again.end(120)
    assert code == 0 and json.loads(out)["steps"] == steps + 20, err


@pytest.mark.parametrize(
    "arguments", [("truth", "truths.toml"), ("export", "a.wgs", "--to", "out")], ids=["truth", "export"]
)
def test_other_commands_end_at_the_first_signal(
    command: Callable[..., Command], tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    if arguments[0] == "export":
        command("run", "e.toml", "--steps", "5", "--session", "a.wgs").end(120)
    run = command(*arguments)
    time.sleep(2.5)
    if run.process.poll() is not None:
        run.end()
        pytest.skip("it was faster than the signal")
    run.send("SIGTERM")
    code, _, err = run.end(20)
    assert code == 143 and err.splitlines()[-1] == "wganstudio: stopped." and "Traceback" not in err
    assert not list(tmp_path.glob("**/*.part")) and not list(tmp_path.glob("wganstudio-*"))
