"""Truths that cannot be computed: one sentence without raw text, the details in a file, and exit code 1."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import numpy as np
import pytest

from wganstudio.cli import main
from wganstudio.experiment import Experiment
from wganstudio.session import Document
from wganstudio.training.events import Event
from wganstudio.training.job import Job, JobEvent
from wganstudio.training.silence import Silence
from wganstudio.training.worker import perform
from wganstudio.truths import Truth

QUICK = ["--steps", "2", "--set", "training.batch=16", "--set", "evaluation.samples=64"]
QUICK += ["--set", "evaluation.final_samples=1024", "--set", "evaluation.resolution=8"]


class RunHere:
    """Does the jobs of a run in this process, where a test can break the truths."""

    running, finding, step_seconds = True, 0, 0.0
    silences: tuple[Silence, ...] = ()

    def start(self, experiment: Experiment, *, ignore_memory: bool = False) -> int:
        self._experiment = experiment
        return 1

    def poll(self, timeout: float = 0.0) -> list[Event]:
        self.running = False
        jobs = (Job(1, task, self._experiment) for task in ("train", "truths"))
        return [event for job in jobs for event in perform(job, SimpleQueue())]

    def take_others(self) -> list[JobEvent]:
        return []

    def close(self) -> None:
        pass


def crossed(*_: Any) -> Iterator[Truth]:
    yield Truth(quantity="w1", value=2.1, lower=2.0, upper=1.0, method="", law="", seconds=0.0)


def singular(*_: Any) -> Iterator[Truth]:
    np.linalg.inv(np.zeros((2, 2)))
    yield from ()


def too_large(*_: Any) -> Iterator[Truth]:
    yield Truth(quantity="w1", value=1.0, lower=1.0, upper=1.0, method="", law="", seconds=0.0)
    raise MemoryError


Failure = Callable[..., Iterator[Truth]]
SENTENCES = [
    pytest.param(crossed, r"internal error \(ValidationError\); please report it", id="crossed"),
    pytest.param(singular, r"inverse of a singular matrix; check", id="singular"),
    pytest.param(too_large, r"ran out of memory; choose fewer samples", id="memory"),
]


@pytest.mark.parametrize(("failure", "sentence"), SENTENCES)
@pytest.mark.parametrize("command", ["truth", "run"])
def test_a_truth_that_fails_is_one_sentence_and_exit_code_1(
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    failure: Failure,
    sentence: str,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr("wganstudio.training.truths._truths", failure)
    monkeypatch.setattr("wganstudio.cli.training.RunProcess", RunHere)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    code = main([command, "first-look", *QUICK, "--json"])
    out, err = capfd.readouterr()
    lines = [line for line in err.splitlines() if "truths" in line]
    assert code == 1 and len(lines) == 1 and re.search(sentence, lines[0])
    for raw in ("validation error", "pydantic", "Traceback", "[type="):
        assert raw not in out + err
    details = Path(lines[0].partition("Details: ")[2])
    assert "Traceback" in details.read_text(encoding="utf-8")
    assert len(json.loads(out)["truths"]) == (1 if failure is too_large else 0)


def test_a_session_keeps_that_its_truths_failed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("wganstudio.training.truths._truths", crossed)
    monkeypatch.setattr("wganstudio.cli.training.RunProcess", RunHere)
    file = tmp_path / "a.wgs"
    assert main(["run", "first-look", *QUICK, "--session", str(file)]) == 1
    document = Document.open(file)
    (record,) = document.records()
    document.close()
    assert record.truths_failed and "internal error" in record.truth_missing and record.ended is not None


def test_where_no_truth_exists_a_run_is_done_and_truth_is_not(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "points", *QUICK]) == 0
    assert "generator moves Q" in capfd.readouterr().err
    assert main(["truth", "points"]) == 1
    assert "generator moves Q" in capfd.readouterr().err


def test_an_error_of_any_command_is_one_sentence(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> int:
        return int(np.linalg.inv(np.zeros((2, 2)))[0, 0])

    monkeypatch.setattr("wganstudio.cli.presets.presets", broken)
    assert main(["presets"]) == 1
    err = capfd.readouterr().err
    assert err.startswith("wganstudio: The command needs the inverse") and "Traceback" not in err
