"""A critic of one's own in the terminal: its code runs where --allow-code names it, and nowhere else."""

import json
from pathlib import Path

import pytest

from own_files import script
from plain_torch import PlainCritic
from wganstudio.cli import main
from wganstudio.experiment import trusted_code
from wganstudio.session import Document

QUICK = ["evaluation.final_samples=4096", "evaluation.samples=256", "evaluation.resolution=8"]


@pytest.fixture(autouse=True)
def no_consent() -> None:
    trusted_code.adopt({})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return script(PlainCritic(2), tmp_path / "critic.pt")


def call(*arguments: str, changes: tuple[str, ...] = ()) -> int:
    settings = [part for change in (*QUICK, *changes) for part in ("--set", change)]
    return main([*arguments, *(settings if arguments[0] == "run" else [])])


def test_a_critic_is_judged_and_its_session_resumes_with_consent_alone(
    capfd: pytest.CaptureFixture[str], file: Path
) -> None:
    changes = ("critic.kind=own", f"critic.script_file={file}")
    session = str(file.with_name("a.wgs"))
    judge = ("run", "first-look", "--steps", "0", "--json")
    assert call(*judge, changes=changes) == 2
    assert "critic.pt is code that you have not allowed to run" in capfd.readouterr().err
    assert call(*judge, "--session", session, "--allow-code", str(file), changes=changes) == 0
    result = json.loads(capfd.readouterr().out)
    assert result["steps"] == 0 and {"gap", "value"} <= set(result["estimates"])
    assert result["lipschitz"]["empirical"] > 0
    assert {"w1", "congested"} <= {truth["quantity"] for truth in result["truths"]}
    trusted_code.adopt({})
    document = Document.open(Path(session))
    (record,) = document.records()
    assert record.state == "ended" and record.checkpoint is not None
    document.close()
    assert call("resume", session, "--steps", "20") == 2
    assert "is code that you have not allowed to run" in capfd.readouterr().err
    assert call("resume", session, "--steps", "20", "--allow-code", str(file), "--json") == 0
    assert json.loads(capfd.readouterr().out)["steps"] == 20


def test_a_class_of_a_module(capfd: pytest.CaptureFixture[str]) -> None:
    changes = ("critic.kind=own", "critic.module=plain_torch:PlainCritic", 'critic.arguments={"dim": 2}')
    arguments = ("run", "first-look", "--steps", "0", "--allow-code", "plain_torch")
    assert call(*arguments, changes=changes) == 0
    assert "0 steps in" in capfd.readouterr().out


def test_code_that_is_missing_is_told_before_anything_runs(capfd: pytest.CaptureFixture[str]) -> None:
    assert call("run", "first-look", "--allow-code", "no_such_module") == 2
    assert "there is no module no_such_module" in capfd.readouterr().err
