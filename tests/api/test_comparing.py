"""`ws.compare`: what tells runs apart, their estimates beside the truths, and figures of all of them."""

import math

import numpy as np
import pytest

import wganstudio as ws
from quick_runs import EIGHT, QUICK, case
from wganstudio.experiment import read

pytestmark = pytest.mark.usefixtures("small_references")


@pytest.fixture(scope="module")
def session_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("comparing") / "runs.wgs"
    ws.run(case("lp", groups=EIGHT), session=path, progress=False)
    ws.run(case("gp", groups=EIGHT, solver__penalty=3.0), seed=1, session=path, progress=False)
    return path


@pytest.fixture
def runs(session_file):
    with ws.open_session(session_file) as session:
        return session.runs


@pytest.fixture
def both(runs):
    return ws.compare(runs)


def test_the_settings_are_those_in_which_the_runs_differ(both, runs):
    settings = both.settings
    assert {"solver.kind", "solver.penalty", "training.seed"} <= set(settings.columns)
    assert "training.steps" not in settings and "pair.kind" not in settings
    assert settings["solver.kind"].tolist() == ["lp", "gp"] and settings["training.seed"].tolist() == [0, 1]
    assert settings["run"].tolist() == runs.names == both.names
    assert settings.to_markdown().startswith("| Name |") and "| gp" not in settings["run"].tolist()
    assert "solver.penalty" in repr(both) and len(both) == 2


def test_estimates_stand_beside_the_truths(both, runs):
    table = both.estimates
    for row, run in enumerate(runs):
        assert table["gap"][row] == run.estimates["gap"] and table["gap_se"][row] == run.estimates["gap_se"]
        truth = run.truths["w1"]
        bounds = [table[f"true_w1{part}"][row] for part in ("_lower", "", "_upper")]
        assert bounds == [truth.lower, truth.value, truth.upper]
    assert table["step"].tolist() == [10, 10] and set(table["state"]) == {"ended"}
    csv = table.to_csv()
    assert "final gap" in csv and "lower" in csv and repr(runs[0].estimates["gap"]) in csv
    assert "\\toprule" in table.to_latex() and "<table>" in both._repr_html_()


def test_unknown_estimates_are_nan(session_file, runs):
    other = ws.run(case("lp", groups={"pair": {"kind": "ray-monotone", "dim": 3}}), progress=False)
    table = ws.compare([runs[0], other]).estimates
    assert math.isnan(table["cos"][0]) and table["cos"][1] == other.gradient["cos"]


def test_results_names_and_numbers_are_runs(session_file, runs):
    by_name = ws.compare(runs.names, session=session_file)
    with ws.open_session(session_file) as session:
        mixed = ws.compare([session.runs[0], 2], session=session)
    result = ws.run(case("gp", groups=EIGHT, solver__penalty=3.0), seed=1, progress=False)
    pair = ws.compare([runs[0], result])
    for comparison in (by_name, mixed, pair):
        np.testing.assert_array_equal(comparison.estimates["gap"], ws.compare(runs).estimates["gap"])


def test_runs_of_one_name_and_number_stay_apart():
    results = [ws.run(read(QUICK), seed=seed, progress=False) for seed in (0, 1, 1)]
    comparison = ws.compare(results)
    assert len(set(comparison.names)) == 3 and comparison.names[2] == f"{comparison.names[1]} (2)"
    assert comparison.settings["training.seed"].tolist() == [0, 1, 1]
    assert len(set(comparison.estimates["gap"])) == 2
    assert [run.number for run in results] == [1, 1, 1] and results[2].name == results[1].name
    assert "mean of 2 seeds" in comparison.figure("costs").caption


def test_curves_are_drawn_over_one_another(both, tmp_path):
    figure = both.figure("costs", log_x=True)
    assert isinstance(figure, ws.PrintableFigure) and figure.data.overlay.main is not None
    assert both.names[1] in figure.caption
    figure.savefig(tmp_path / "costs.pdf")
    assert (tmp_path / "costs.pdf").read_bytes().startswith(b"%PDF")


def test_maps_stand_beside_one_another_on_equal_scales(both, runs, tmp_path):
    figure = both.figure("landscape", step=4, show_samples=False)
    assert type(figure) is ws.PrintableDrawing and "(a)" in figure.caption and "(b)" in figure.caption
    figure.savefig(tmp_path / "maps.svg")
    text = (tmp_path / "maps.svg").read_text(encoding="utf-8")
    assert all(name in text for name in both.names)
    assert figure._repr_png_().startswith(b"\x89PNG")
    panels = figure._render.args[0]
    limits = [ws.PrintableFigure(panel.figure).color_limits for panel in panels]
    own = [run.figure("landscape", step=4, show_samples=False).color_limits for run in runs]
    assert limits[0] == limits[1] and own[0] != own[1]
    assert all(limits[0][key][0] == min(one[key][0] for one in own) for key in own[0])
    assert panels[0].figure.x_range == panels[1].figure.x_range


def test_one_run_is_compared_with_nothing(runs):
    alone = ws.compare(runs[:1])
    assert alone.settings.columns == ("run",) and len(alone.estimates) == 1
    assert isinstance(alone.figure("landscape"), ws.PrintableFigure)


def test_later_events_do_not_change_a_comparison(runs):
    comparison = ws.compare(runs)
    gap = comparison.estimates["gap"][0]
    record = runs[0]._record
    ended = record.ended
    record.ended = ended.model_copy(update={"estimates": {"gap": gap + 1}})
    assert comparison.estimates["gap"][0] == gap
    record.ended = ended


def test_mistakes_are_explained(session_file, runs, both):
    with pytest.raises(ValueError, match="no runs to compare"):
        ws.compare([])
    with pytest.raises(ValueError, match="give its session as well"):
        ws.compare(["a run"])
    with pytest.raises(ValueError, match="in a list"):
        ws.compare("a run", session=session_file)
    with pytest.raises(KeyError, match="there is no run 'a run'"):
        ws.compare(["a run"], session=session_file)
    with pytest.raises(KeyError, match="choose one of 1, 2"):
        ws.compare([7], session=session_file)
    with pytest.raises(ValueError, match="not float"):
        ws.compare([runs[0], 1.5])
    with pytest.raises(ValueError, match="there is no figure"):
        both.figure("nothing")
    with pytest.raises(ValueError, match="no recorded frame at step 99"):
        both.figure("landscape", step=99)
    with pytest.raises(ValueError, match="nothing to show"):
        both.figure("cells")
