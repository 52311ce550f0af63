"""Killed processes lose nothing that they had written: 20 kills here; kill_loop.py kills 200 times."""

import csv
import subprocess
import sys
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Any

import pytest

import killing
from killing.documents import Findings, check_acknowledged, check_openings
from killing.kills import try_kill
from killing.materials import Materials
from killing.plan import KINDS, planned
from killing.starter import Starter
from wganstudio.experiment import read
from wganstudio.session import Document
from wganstudio.training.events import Metrics

KILLS, SEED = 20, 17
EXPERIMENTS = ("small",)
PROGRAM = Path(killing.__file__).parents[1] / "kill_loop.py"


@pytest.fixture(scope="module")
def materials(tmp_path_factory: pytest.TempPathFactory, forked_workers: BaseContext) -> Materials:
    return Materials(tmp_path_factory.mktemp("materials"), Starter(forked_workers))


@pytest.mark.process
@pytest.mark.parametrize("kind", KINDS)
def test_killed_processes_lose_nothing(
    kind: str, materials: Materials, forked_workers: BaseContext, tmp_path: Path
) -> None:
    for number in range(KINDS.index(kind), KILLS, len(KINDS)):
        kill = planned(SEED, number, experiments=EXPERIMENTS)
        row = try_kill(kill, materials, Starter(forked_workers), tmp_path / str(number))
        assert not row.faults, f"{kill}: {row}"


@pytest.mark.process
def test_the_program_continues_where_it_was(tmp_path: Path) -> None:
    table = tmp_path / "kills.csv"
    command = [sys.executable, str(PROGRAM), "--kinds", "migrate", "--start", "spawn", "--out", str(table)]
    for kills in (1, 2):
        done = subprocess.run([*command, "--kills", str(kills)], capture_output=True, text=True, timeout=200)
        assert done.returncode == 0 and f"{kills}/{kills} kills" in done.stderr, done.stderr
    with table.open(newline="") as file:
        assert [row["number"] for row in csv.DictReader(file)] == ["0", "1"]
    assert "1/2" not in done.stderr, "what was killed before is not killed again"


@pytest.fixture
def session(tmp_path: Path) -> Path:
    document = Document.create(tmp_path / "a.wgs")
    document.append(document.add_run(read({})), Metrics(step=50, values={"gap": 1.0}))
    document.close()
    return tmp_path / "a.wgs"


def note(session: Path, step: int, kind: str = "metrics") -> dict[str, Any]:
    return {"note": "event", "file": str(session), "run": 1, "kind": kind, "step": step}


@pytest.mark.parametrize(
    ("step", "kind", "faults"),
    [
        (50, "metrics", []),
        (100, "metrics", ["lost: (1, 'metrics', 100)"]),
        (50, "training-state", ["lost: the state of step 50"]),
        (50, "checkpoint", ["lost: (1, 'checkpoint', 50)"]),
    ],
)
def test_what_was_acknowledged_and_is_not_there_is_a_fault(
    session: Path, step: int, kind: str, faults: list[str]
) -> None:
    findings = Findings()
    check_acknowledged(session, [note(session, step, kind)], findings)
    assert findings.faults == faults


def test_a_damaged_session_is_a_fault(session: Path, tmp_path: Path) -> None:
    (tmp_path / "scratch").mkdir()
    content = bytearray(session.read_bytes())
    content[4096:8192] = b"\xff" * 4096
    session.write_bytes(content)
    findings = Findings()
    check_openings(session, findings, tmp_path / "scratch")
    assert not findings.read_only and not findings.read_write and len(findings.faults) >= 3
