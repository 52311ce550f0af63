"""Runs that need more memory than there is: refused before they start, explained when it happens."""

import subprocess
import sys
from pathlib import Path

import pytest

from wganstudio.cli import main
from wganstudio.session import Document
from wganstudio.training import memory_estimate

pytestmark = pytest.mark.process
LIMIT = 6 << 30
SMALL = [
    *("--steps", "3", "--set", "evaluation.samples=64", "--set", "evaluation.final_samples=1024"),
    *("--set", "evaluation.resolution=8", "--set", "truth.kind=samples", "--set", "truth.samples=64"),
]
HUGE = ["--set", "training.batch=1048576", "--set", "critic.width=1024"]
"""The activations of the first layer at P, Q and sigma need 13 GB; little is computed before."""
LIMITED = f"""
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, ({LIMIT}, {LIMIT}))
from wganstudio.cli import main
sys.exit(main(sys.argv[1:]))
"""


def limited(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run a command with 6 GiB of address space, which its processes inherit."""
    command = [sys.executable, "-c", LIMITED, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=250)


@pytest.mark.skipif(sys.platform != "linux", reason="macOS ignores the limit, Windows has none")
def test_a_run_that_is_too_large_is_refused_in_one_sentence(tmp_path: Path) -> None:
    session = tmp_path / "a.wgs"
    done = limited("run", "gaussians", *SMALL, *HUGE, "--session", str(session))
    assert done.returncode == 2 and done.stdout == "" and not session.exists()
    (sentence,) = done.stderr.splitlines()
    assert sentence.startswith("wganstudio: This run needs about ")
    assert "GB (activations of a training step: " in sentence
    assert sentence.endswith("GB are free; choose a smaller training.batch or critic.width.")


@pytest.mark.skipif(sys.platform != "linux", reason="macOS ignores the limit, Windows has none")
def test_a_run_that_is_started_anyway_says_what_it_lacked(tmp_path: Path) -> None:
    session = tmp_path / "a.wgs"
    done = limited("run", "gaussians", *SMALL, *HUGE, "--session", str(session), "--ignore-memory")
    assert done.returncode == 1 and "Traceback" not in done.stderr
    (sentence,) = [line for line in done.stderr.splitlines() if line.startswith("wganstudio: ")]
    assert "The run ran out of memory when it needed another 13 GB; " in sentence
    assert "choose a smaller training.batch or critic.width, or free memory and resume the run" in sentence
    document = Document.open(session)
    (record,) = document.records()
    document.close()
    assert record.failed is not None and record.failed.cause == "memory"


def test_a_refused_suite_names_its_largest_run_and_starts_nothing(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wganstudio.suites.running.available_memory", lambda: 3 * 10**9)
    file, out = tmp_path / "a.toml", tmp_path / "a.wgs"
    file.write_text(
        'title = "x"\n[budget]\nsteps = 3\n[shared.truth]\nkind = "samples"\nsamples = 64\n'
        "[shared.training]\nbatch = 65536\n"
        '[[matrix]]\nsolvers = ["wc", "lp"]\npairs = ["gaussians"]\nseeds = [0, 1]\n'
    )
    code = main(["suite", "run", str(file), "--out", str(out), "--workers", "4"])
    _, err = capfd.readouterr()
    (sentence,) = err.splitlines()
    assert code == 2 and not out.exists()
    assert sentence.startswith("wganstudio: 4 runs at a time need about ")
    assert '3.0 GB are free (the largest is "lp, gaussians, seed 0", activations of a training' in sentence
    assert "choose fewer processes, or a smaller training.batch" in sentence


def test_a_resumed_run_is_refused_as_well(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    session = tmp_path / "a.wgs"
    assert main(["run", "gaussians", *SMALL, "--session", str(session)]) == 0
    capfd.readouterr()
    monkeypatch.setattr(memory_estimate, "available_memory", lambda: 1 << 20)
    code = main(["run", "gaussians", *SMALL])
    _, err = capfd.readouterr()
    assert code == 2 and "1 MB are free; choose a smaller" in err
    assert main(["run", "gaussians", *SMALL, "--ignore-memory"]) == 0
