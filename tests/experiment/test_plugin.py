"""A package that brings a solver: its entry point is all it takes, for terminal, session and form alike."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from wganstudio.session import Document, SessionError

pytestmark = pytest.mark.process

PLUGIN = """
from typing import ClassVar, Literal
from wganstudio.experiment import option, register
from wganstudio.experiment.solvers import AdamSolverOptions
from wganstudio.solvers.adam import AdamSolver

@register
class TamedOptions(AdamSolverOptions):
    title: ClassVar[str] = "Tamed gap"
    summary: ClassVar[str] = "The gap minus the critic's squared size: a solver from outside."
    implementation: ClassVar[str] = "tamed:TamedSolver"
    published_steps: ClassVar[int] = 7
    kind: Literal["tamed"] = "tamed"
    weight: float = option(1.0, "Weight", "Of the squared critic.", gt=0)

class TamedSolver(AdamSolver):
    def objective(self, x, y):
        return self.gap(x, y) - self.options.weight * (self.critic(x) ** 2).mean()
"""

FORM = """
import json
from PySide6.QtWidgets import QApplication
app = QApplication([])
from wganstudio.gui.form.form import ExperimentForm
form = ExperimentForm()
group = form.groups["solver"]
group.kind.setCurrentIndex(group.kind.findData("tamed"))
group.kind.activated.emit(group.kind.currentIndex())
print(json.dumps({"fields": list(group.rows), "title": group.kind.currentText(),
                  "kind": form.experiment().solver.kind, "steps": form.experiment().steps}))
"""

REOPEN = """
import pathlib, sys
from wganstudio.session import Document
document = Document.open(pathlib.Path(sys.argv[1]))
print(document.records()[0].experiment.solver.weight)
document.close()
"""


@pytest.fixture
def plugin(tmp_path: Path) -> dict[str, str]:
    """A made-up installed package, and the environment of a process that finds it."""
    info = tmp_path / "tamed-1.0.dist-info"
    info.mkdir()
    (tmp_path / "tamed.py").write_text(PLUGIN, encoding="utf-8")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: tamed\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[wganstudio.plugins]\ntamed = tamed\n", encoding="utf-8")
    paths = [str(tmp_path), os.environ.get("PYTHONPATH", "")]
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths)), "QT_QPA_PLATFORM": "offscreen"}


def call(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], env=environment, capture_output=True, text=True)


def test_it_runs_in_the_terminal_and_is_kept_in_the_session(plugin: dict[str, str], tmp_path: Path) -> None:
    session = tmp_path / "a.wgs"
    quick = [
        "--set",
        "evaluation.final_samples=1024",
        "--set",
        "evaluation.resolution=16",
        "--set",
        "pair.dim=1",
        "--set",
        "solver.kind=tamed",
        "--set",
        "solver.weight=2",
    ]
    quick += ["--set", "training.steps=auto"]
    done = call(plugin, "-m", "wganstudio", "run", "gaussians", *quick, "--json", "--session", str(session))
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["experiment"]["solver"]["kind"] == "tamed" and result["experiment"]["solver"]["weight"] == 2
    left_over = {"w1_left", "w1_left_se", "w1_left_lower"}
    assert result["steps"] == 7 and set(result["estimates"]) == {"gap", "gap_se"} | left_over
    kept = call(plugin, "-c", REOPEN, str(session))
    assert kept.stdout.strip() == "2.0", kept.stderr
    with pytest.raises(SessionError, match="no kind 'tamed'"):  # here it is not installed
        Document.open(session)


def test_it_appears_in_the_form(plugin: dict[str, str]) -> None:
    done = call(plugin, "-c", FORM)
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    assert shown["title"] == "Tamed gap" and shown["kind"] == "tamed" and shown["steps"] == 3000
    assert shown["fields"] == ["learning_rate", "beta1", "beta2", "schedule", "weight"]


def test_a_broken_plugin_is_left_out_with_a_warning(plugin: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "tamed.py").write_text("import nothing_of_that_name", encoding="utf-8")
    done = call(plugin, "-m", "wganstudio", "presets")
    assert done.returncode == 0 and "tamed" in done.stderr and "left out" in done.stderr
    assert "first-look" in done.stdout
