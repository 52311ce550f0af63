"""`ws.suite`: the numbers of the terminal, tables and heat maps, and a session that is continued."""

import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import tomli_w

import wganstudio as ws
from wganstudio.api import suites as api_suites
from wganstudio.experiment import BadExperiment
from wganstudio.session import SessionError
from wganstudio.suites import SuiteError
from wganstudio.suites.plan import suite_of
from wganstudio.training.events import Ended
from wganstudio.training.run import Run

pytestmark = pytest.mark.usefixtures("small_references")

TINY = {
    "title": "Tiny",
    "budget": {"steps": 6},
    "shared": {
        "training": {"batch": 32},
        "critic": {"width": 8},
        "evaluation": {"samples": 64, "final_samples": 1024, "resolution": 8},
    },
    "pairs": {"funnels": {"pair": {"kind": "ray-monotone", "dim": 3}}},
    "matrix": [{"solvers": ["wc", "lp"], "pairs": ["funnels"], "seeds": [0, 1]}],
}
go = partial(ws.suite, workers=1, progress=False)


@pytest.fixture(scope="module")
def session(tmp_path_factory, forked_workers) -> Path:
    return tmp_path_factory.mktemp("suite") / "tiny.wgs"


@pytest.fixture(scope="module")
def finished(session) -> ws.FinishedSuite:
    return go(TINY, session=session)


def test_the_tables_are_those_of_the_runs(finished):
    assert len(finished.runs) == 4 and not finished.failures and finished.title == "Tiny"
    table = finished.tables["cos"]
    assert table["solver"].tolist() == ["wc", "lp"] and table["seeds"].tolist() == [2, 2]
    suite = suite_of(TINY, Path())
    for row, solver in enumerate(table["solver"]):
        alone = []
        for cell, experiment in suite.experiments.items():
            *_, ended = Run(experiment).events()
            assert isinstance(ended, Ended)
            alone += [ended.gradient["cos"]] if cell.solver == solver else []
        assert table["mean"][row] == np.mean(alone)
        assert table["standard_error"][row] == pytest.approx(np.std(alone, ddof=1) / 2**0.5)
    w1 = finished.tables["w1"]
    assert np.isfinite(w1["truth"]).all() and set(w1["cost"]) == {finished.tables["w1"]["cost"][0]}


def test_tables_are_written_for_readers_and_programs(finished, tmp_path):
    table = finished.tables["w1"]
    latex, markdown = table.to_latex(tmp_path / "w1.tex"), table.to_markdown()
    assert (tmp_path / "w1.tex").read_text() == latex and "\\toprule" in latex and "\\pm" in latex
    assert markdown.startswith("| solver | funnels |") and "| truth |" in markdown
    csv = table.to_csv()
    assert csv.startswith("solver,pair,") and csv.count("\n") == 3 and repr(float(table["mean"][0])) in csv
    assert "(2)" in table.to_text() and "<th>funnels</th>" in table._repr_html_()
    assert "Tiny" in finished._repr_html_() and "4 of 4 runs finished" in repr(finished)


def test_a_table_is_drawn_as_a_heat_map(finished, tmp_path):
    for name in ("cos.png", "cos.svg", "cos.pdf"):
        finished.figure("cos").savefig(tmp_path / name)
    assert (tmp_path / "cos.pdf").read_bytes().startswith(b"%PDF")
    figure = finished.figure()
    assert (
        figure._repr_png_().startswith(b"\x89PNG") and "Tiny" in figure.title and "4 of 4" in figure.caption
    )
    with pytest.raises(ValueError, match="choose from"):
        finished.figure("nothing")
    with pytest.raises(ValueError, match=r"\.png, \.svg or \.pdf"):
        figure.savefig(tmp_path / "cos.docx")


def test_a_session_that_holds_a_part_is_continued(finished, session, tmp_path, forked_workers, capsys):
    grown = TINY | {"matrix": [{"solvers": ["wc", "lp"], "pairs": ["funnels"], "seeds": [0, 1, 2]}]}
    file = tmp_path / "grown.toml"
    file.write_text(tomli_w.dumps(grown))
    part = tmp_path / "part.wgs"
    part.write_bytes(session.read_bytes())
    result = ws.suite(file, session=part, workers=1)
    assert len(result.runs) == 6 and result.tables["cos"]["seeds"].tolist() == [3, 3]
    assert "Tiny" in (text := capsys.readouterr().err) and "6/6" in text
    before = [run.estimates for run in finished.runs]
    assert [run.estimates for run in result.runs[:4]] == before
    changed = TINY | {"budget": {"steps": 7}}
    with pytest.raises(SuiteError, match="choose another session"):
        go(changed, session=session)


def test_without_a_session_nothing_is_left_behind(monkeypatch, forked_workers):
    paths = []
    kept = api_suites.scheduled

    def noted(suite, path, workers, **options):
        paths.append(path)
        return kept(suite, path, workers, **options)

    monkeypatch.setattr(api_suites, "scheduled", noted)
    one = TINY | {"matrix": [{"solvers": ["lp"], "pairs": ["funnels"]}]}
    result = go(suite_of(one, Path()))
    assert result.path is None and not paths[0].parent.exists()
    assert result.runs[0].curves()["step"][-1] == 6 and result.runs[0].figure("costs").title


def test_a_run_that_fails_is_named(forked_workers):
    wild = {"solver": {"learning_rate": 10, "penalty": 1e6}, "critic": {"depth": 16, "activation": "silu"}}
    broken = TINY | {"matrix": [{"solvers": ["lp"], "pairs": ["funnels"]}], "budget": {"steps": 4000}}
    result = go(broken | {"solvers": {"lp": wild}})
    ((name, why),) = result.failures.items()
    assert name == "lp, funnels, seed 0" and "finite" in why
    assert not result.tables and "tables: none" in repr(result) and name in result._repr_html_()
    with pytest.raises(ValueError, match="nothing to draw"):
        result.figure()


def test_an_interrupt_ends_the_workers_and_keeps_what_finished(tmp_path, monkeypatch, forked_workers):
    path = tmp_path / "interrupted.wgs"
    through = api_suites.suite_events

    def interrupted(scheduler, stopped):
        for event in through(scheduler, stopped):
            yield event
            if event.kind == "run-finished":
                raise KeyboardInterrupt

    monkeypatch.setattr(api_suites, "suite_events", interrupted)
    with pytest.raises(KeyboardInterrupt):
        go(TINY, session=path)
    monkeypatch.setattr(api_suites, "suite_events", through)
    with ws.open_session(path) as session:
        (first,) = [run.estimates for run in session.runs if run.state == "ended"]
    result = go(TINY, session=path)
    assert len(result.runs) >= 4 and dict(result.runs[0].estimates) == dict(first)


def test_mistakes_are_explained(tmp_path, session, finished):
    with pytest.raises(SuiteError, match="There is no suite 'nothing'"):
        go("nothing")
    with pytest.raises(SuiteError, match=r"no \[\[matrix\]\]"):
        go({"title": "Empty"})
    with pytest.raises(SuiteError, match="not int"):
        go(3)
    with pytest.raises((SuiteError, BadExperiment), match="budget"):
        go(TINY | {"budget": {"steps": -1}})
    (tmp_path / "text.wgs").write_text("no session at all")
    with pytest.raises(SessionError):
        go(TINY, session=tmp_path / "text.wgs")
    with pytest.raises(SuiteError, match="exclude each other"):
        go(TINY, session=session, cluster="tcp://127.0.0.1:1")


def test_a_script_needs_no_main_guard(tmp_path):
    script = tmp_path / "script.py"
    small = TINY | {"matrix": [{"solvers": ["lp"], "pairs": ["funnels"]}]}
    script.write_text(
        f"import wganstudio as ws\nprint(ws.suite({small!r}, workers=1, progress=False).runs[0].state)\n"
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=240)
    assert (done.returncode, done.stdout.split()) == (0, ["ended"]), done.stderr
