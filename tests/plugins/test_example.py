"""The plugin example is installed and used: terminal, trainers, export, window, types, its own tests."""

import csv
import json
import math
import re
from pathlib import Path

import pytest

from wganstudio import resources

pytestmark = pytest.mark.process

EXAMPLE = Path(__file__).parents[1] / "plugin_example"
QUICK = [f"--set=evaluation.{name}" for name in ("final_samples=1024", "resolution=16")]
LIGHT = """
import sys
from wganstudio.experiment import kinds
from wganstudio.figures import figure_names
from wganstudio.training.topics import topics
assert "div" in kinds("solver") and "critic_values" in figure_names() and "critic-values" in topics()
print(sorted({"torch", "ot", "PySide6", "pyqtgraph", "matplotlib", "scipy.stats"} & set(sys.modules)))
"""
WINDOW = """
import json, pathlib, sys, time
from PySide6.QtWidgets import QApplication
app = QApplication([])
from wganstudio.gui.settings import Settings
from wganstudio.gui.theme import Theme
from wganstudio.gui.window import MainWindow
window = MainWindow(Theme(app, "light"), Settings())
window.resize(1400, 900)
window.show()

def wait(condition):
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        app.processEvents()
        time.sleep(0.01)

wait(lambda: window.area.views)
window.form.load_preset("heavy-tails")
loaded = window.form.experiment()
window.undo.undo()
undone = window.form.experiment()
window.file_actions.open_path(pathlib.Path(sys.argv[1]))
view = window.area.views["critic_values"]
window.area.docks["critic_values"].raise_()
wait(lambda: window.area.records)
window.area.docks["critic_values"].show()
wait(lambda: view.drawn is not None)
view.hover(view.drawn.means["p"], 0.01)
print(json.dumps({
    "loaded": [loaded.pair.kind, loaded.solver.kind],
    "undone": undone.solver.kind,
    "fields": list(window.form.groups["solver"].rows),
    "help": view.help_address(),
    "step": view.drawn.step,
    "summary": view.summary.text(),
    "readout": view.readout.text(),
    "heavy": sorted({"torch", "ot"} & set(sys.modules)),
}))
window.session.close()
window.close()
"""


def test_every_process_can_import_it(call):
    assert call("-c", LIGHT).stdout.strip() == "[]"


def test_terminal_trainers_and_export_use_it(call, tmp_path):
    assert "heavy-tails" in call("-m", "wganstudio", "presets").stdout
    run = ("-m", "wganstudio", "run", "heavy-tails", "--steps=20", *QUICK, "--json", "--session=a.wgs")
    result = json.loads(call(*run).stdout)
    assert result["experiment"]["solver"]["kind"] == "div"
    (w1,) = (truth for truth in result["truths"] if truth["quantity"] == "w1")
    assert w1["lower"] <= math.sqrt(3) <= w1["upper"] and "along their rays" in w1["method"]
    estimates = result["estimates"]
    assert {"divergence", "divergence_se", "auc", "auc_se"} <= estimates.keys() and not result["warnings"]
    assert estimates["divergence"] < estimates["gap"] and 0.5 < estimates["auc"] < 1
    export = ("-m", "wganstudio", "export", "a.wgs", "--to=figures", "--figures=critic_values")
    call(*export, "--formats=pdf,csv")
    (table,) = (file for file in (tmp_path / "figures").glob("*.csv") if "means" not in file.name)
    with table.open(newline="", encoding="utf-8") as file:
        rows = [{name: float(text) for name, text in row.items()} for row in csv.DictReader(file)]
    assert sum(row["p_share"] for row in rows) == pytest.approx(1, abs=1e-5)
    assert len(list((tmp_path / "figures").glob("*.pdf"))) == 1
    listed = call("-m", "wganstudio", "table", "a.wgs", "--format=csv").stdout
    assert "divergence" in listed and "auc" in listed
    cited = call("-m", "wganstudio", "cite", "a.wgs").stdout
    assert "arXiv 1712.01026" in cited and "Wu, 2017" in cited and "Gulrajani" in cited

    shown = json.loads(call("-c", WINDOW, "a.wgs").stdout.splitlines()[-1])
    assert shown["loaded"] == ["heavy-tails", "div"] and shown["undone"] != "div"
    assert shown["heavy"] == [] and shown["help"] == "heavy-tails#critic-values"
    assert shown["step"] == 20 and "P(u(x) > u(y))" in shown["summary"] and "%" in shown["readout"]


def test_its_types_are_checked_strictly(call, source):
    assert "Success" in call("-m", "mypy", folder=source).stdout


def test_its_own_tests_pass(call, source):
    done = call("-m", "pytest", "-q", "-p", "no:cacheprovider", folder=source)
    assert re.search(r"\d+ passed", done.stdout)


def test_the_help_page_shows_its_code():
    page = resources.path("help", "plugins.md").read_text(encoding="utf-8")
    named, blocks = "", 0
    for text, language, code in re.findall(r"(.*?)```(\w+)\n(.*?)```", page, re.DOTALL):
        if files := re.findall(r"`([\w/]+\.(?:py|toml))`", text):
            named = files[-1]
        if language == "sh":
            continue
        blocks += 1
        assert unindented(code) in unindented((EXAMPLE / named).read_text(encoding="utf-8")), (named, code)
    assert blocks >= 9


def unindented(code: str) -> str:
    """Return the lines without their indents, which a part of a class loses on the page."""
    return "\n".join(line.strip() for line in code.splitlines() if line.strip())
