"""A package that brings a solver: its entry point is all it takes, for terminal, session and form alike."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from wganstudio.experiment import BadExperiment, read
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

FROZEN = """
from wganstudio.cli import main
main(["presets"])
"""

LISTED = """
from wganstudio.experiment import kinds
print(*[name for name in kinds("solver") if name in ("tamed", "sound")])
"""

NAMED = """
import torch
from wganstudio.diagnostics.report import report
from wganstudio.training.device import environment
print(*[line for line in report().splitlines() if line.startswith("Plugins")])
print(environment(torch.device("cpu"), 1)["plugins"])
"""

VIEW = """
from wganstudio.gui.views.base import View
from wganstudio.gui.views.registry import register_view

@register_view
class Unmade(View):
    name = "unmade"
    title = "Unmade"

    def __init__(self, parent=None):
        raise RuntimeError("made for another version")
"""

WINDOW = """
import json, time
from PySide6.QtWidgets import QApplication
app = QApplication([])
from wganstudio.gui.settings import Settings
from wganstudio.gui.theme import Theme
from wganstudio.gui.window import MainWindow
window = MainWindow(Theme(app, "light"), Settings())
messages = []
window.log_handler.record_logged.connect(lambda message, detail, level: messages.append(message))
window.show()
end = time.monotonic() + 60
while not window.area.views and time.monotonic() < end:
    app.processEvents()
print(json.dumps({"views": list(window.area.views), "log": messages}))
window.session.close()
window.close()
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
    text = f"{PLUGIN}\nimport nothing_of_that_name"
    (tmp_path / "tamed.py").write_text(text, encoding="utf-8")
    (tmp_path / "sound.py").write_text(PLUGIN.replace("tamed", "sound"), encoding="utf-8")
    points = "[wganstudio.plugins]\ntamed = tamed\nsound = sound\n"
    (tmp_path / "tamed-1.0.dist-info" / "entry_points.txt").write_text(points, encoding="utf-8")
    done = call(plugin, "-m", "wganstudio", "presets")
    assert done.returncode == 0 and "first-look" in done.stdout
    assert "The plugin 'tamed' of tamed 1.0 is left out, as it cannot be imported" in done.stderr
    assert "No module named 'nothing_of_that_name'" in done.stderr
    listed = call(plugin, "-c", LISTED)
    assert listed.stdout.split() == ["sound"], listed.stderr  # nothing of the broken one stays


def test_views_that_fail_are_left_out_and_the_window_opens(plugin: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "unmade.py").write_text(VIEW, encoding="utf-8")
    points = "[wganstudio.views]\nabsent = nothing_of_that_name\nunmade = unmade\n"
    (tmp_path / "tamed-1.0.dist-info" / "entry_points.txt").write_text(points, encoding="utf-8")
    done = call(plugin, "-c", WINDOW)
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    assert "landscape" in shown["views"] and "unmade" not in shown["views"]
    log = "\n".join(shown["log"])
    assert "The plugin 'absent' of tamed 1.0 is left out" in log
    assert "The view Unmade of unmade is left out, as it cannot be created" in log


def test_an_installed_app_finds_plugins_in_a_folder(
    plugin: dict[str, str], home: Path, tmp_path: Path
) -> None:
    folder = home / "plugins"
    folder.mkdir()
    for name in ("tamed.py", "tamed-1.0.dist-info"):
        (tmp_path / name).rename(folder / name)
    assert call(plugin, "-c", LISTED).stdout.split() == []  # an environment has its own
    done = call(plugin, "-c", f"import sys; sys._MEIPASS = 'app'{FROZEN}{LISTED}")
    assert done.stdout.split()[-1:] == ["tamed"], done.stderr


def test_an_unknown_kind_may_be_that_of_a_plugin() -> None:
    with pytest.raises(BadExperiment, match="if a plugin brings this kind, install the plugin"):
        read({"solver": {"kind": "zzz"}})


def test_the_report_and_the_run_name_the_plugins(plugin: dict[str, str]) -> None:
    done = call(plugin, "-c", NAMED)
    assert done.stdout.splitlines() == ["Plugins: tamed 1.0", "tamed 1.0"], done.stderr
