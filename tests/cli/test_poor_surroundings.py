"""Commands in poor surroundings: they work, or say in one sentence what is missing."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from wganstudio.cli import main
from wganstudio.session import Document

resource = pytest.importorskip("resource", reason="only POSIX systems limit resources")
ROOT = Path(__file__).parents[2]
SMALL = ["--set", "evaluation.resolution=8", "--set", "evaluation.samples=64"]
SMALL += ["--set", "evaluation.final_samples=1024", "--set", "critic.width=256"]


def run(folder: Path, *arguments: str, limits: Callable[[], None]) -> subprocess.CompletedProcess[str]:
    """A command without a home folder, an existing temporary folder and the right encoding."""
    environment = {name: text for name, text in os.environ.items() if not name.startswith(("LC_", "LANG"))}
    for name in ("HOME", "WGANSTUDIO_HOME", "XDG_STATE_HOME"):
        environment.pop(name, None)
    environment |= {"PYTHONPATH": str(ROOT), "TMPDIR": str(folder / "nowhere"), "LC_ALL": "POSIX"}
    environment |= {"PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "XDG_STATE_HOME": "/proc/nowhere"}
    command = [sys.executable, "-m", "wganstudio", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, env=environment, cwd=folder, timeout=240, preexec_fn=limits
    )


@pytest.mark.process
def test_a_run_without_home_and_with_tight_limits_prints_its_result(tmp_path: Path) -> None:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (20, 20))
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))

    session = str(tmp_path / "a.wgs")
    done = run(tmp_path, "run", "first-look", "--steps", "20", *SMALL, "--session", session, limits=limit)
    assert done.returncode == 1, done.stderr
    assert "20 steps in" in done.stdout and "Traceback" not in done.stderr
    assert "The session is incomplete; the result below is complete." in done.stderr
    document = Document.open(tmp_path / "a.wgs")
    document.close()
    assert len(document.records()) == 1


@pytest.mark.process
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere Python opens other files first")
def test_too_few_descriptors_are_one_sentence_with_its_details(tmp_path: Path) -> None:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (12, 12))

    done = run(tmp_path, "run", "first-look", "--steps", "2", *SMALL, limits=limit)
    first, second, *_ = done.stderr.splitlines()
    assert done.returncode == 1 and first == "wganstudio: The command cannot go on: Too many open files."
    assert second.startswith("Traceback"), "without a place for a log the details follow"


@pytest.mark.parametrize(
    ("setting", "reason"),
    [
        ("training.batch=100000000", "out of range"),
        ("training.steps=1e12", "out of range"),
        ("training.steps=99999999999999999999", "out of range"),
        ("solver.penalty=1e30", "out of range"),
    ],
)
def test_huge_numbers_are_refused(setting: str, reason: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "first-look", "--set", setting]) == 2
    out, err = capfd.readouterr()
    assert out == "" and reason in err and len(err.splitlines()) == 1


def test_data_beyond_single_precision_are_refused(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    rows = "\n".join(f"{k}e37,{k}e-38" for k in range(1, 30))
    (tmp_path / "huge.csv").write_text(f"a,b\n{rows}")
    file = f"pair.p_file={tmp_path / 'huge.csv'}"
    assert main(["run", "data", "--steps", "2", *SMALL, "--set", file]) == 2
    out, err = capfd.readouterr()
    assert out == "" and "standardize the data" in err and "Traceback" not in err


def test_a_folder_that_cannot_be_written_is_named(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "first-look", "--steps", "2", *SMALL, "--session", "/proc/nowhere/a.wgs"]) == 2
    assert "/proc/nowhere/a.wgs cannot be written" in capfd.readouterr().err
