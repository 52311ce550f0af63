"""A Dask scheduler and two workers on loopback: lost runs start again, finished ones stay."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from wganstudio.cli import main
from wganstudio.session import Document
from wganstudio.suites import SuiteResults, begin, read_suite, suite_table

from .conftest import TINY, Scheduler, started, wait_for

pytestmark = [pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals"), pytest.mark.process]
pytest.importorskip("distributed")


@pytest.mark.parametrize("steps", [100, pytest.param(3000, marks=pytest.mark.slow)])
def test_a_worker_killed_then_the_client_killed_then_resumed_gives_the_same_table(
    steps: int,
    scheduler: Scheduler,
    here: Any,
    go: Callable[..., list[Any]],
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    file, out = tmp_path / "a.toml", tmp_path / "cluster.wgs"
    block = {"solvers": ["wc", "gp"], "pairs": ["funnels"], "seeds": [0, 1]}
    shared = TINY["shared"] | {"truth": {"kind": "samples", "samples": 64, "repeats": 2}}
    changes = {"budget": {"steps": steps}, "shared": shared, "matrix": [block]}
    file.write_text(tomli_w.dumps(TINY | changes))
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
        assert repr(suite_table(results, metric).entries) == repr(
            suite_table(SuiteResults(alone), metric).entries
        )


UNREACHABLE = """
import sys
import wganstudio.suites.cluster as cluster
from wganstudio.cli import main
cluster.TIMEOUT = 1.0
codes = [main([*sys.argv[1:], "--cluster", address]) for address in ("tcp://127.0.0.1:1", "nonsense")]
print(codes)
"""


def test_an_unreachable_scheduler_gets_one_sentence(tmp_path: Path) -> None:
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
