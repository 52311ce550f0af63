"""`ws.run` and `ws.truth`: the numbers of the terminal, and nothing of the caller changed."""

import json
from functools import cache

import numpy as np
import pytest
import torch

import wganstudio as ws
from quick_runs import QUICK, case
from wganstudio.cli import main
from wganstudio.experiment import BadExperiment, read, to_toml

pytestmark = pytest.mark.usefixtures("small_references")

CHANGES = {"pair.dim": 2, "evaluation.final_samples": 1024, "evaluation.resolution": 8, "critic.width": 8}


@cache
def result() -> ws.Result:
    return ws.run("gaussians", steps=6, seed=3, progress=False, **CHANGES)


def test_the_numbers_are_those_of_the_terminal(capsys):
    arguments = ["run", "gaussians", "--steps", "6", "--seed", "3", "--json"]
    for name, value in CHANGES.items():
        arguments += ["--set", f"{name}={value}"]
    assert main(arguments) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["estimates"] == dict(result().estimates)
    assert printed.get("gradient", {}) == dict(result().gradient)
    assert printed["experiment"] == result().experiment.settings()
    truths = {truth["quantity"]: truth["value"] for truth in printed["truths"]}
    assert truths == {quantity: truth.value for quantity, truth in result().truths.items()}


def test_a_result_holds_what_was_computed():
    r = result()
    assert r.state == "ended" and r.step == 6 and r.settings["training.seed"] == 3
    assert r.settings["pair.dim"] == 2 and r.experiment.training.steps == 6
    truth = r.truths["w1"]
    assert truth.lower <= truth.value <= truth.upper and truth.method
    curves = r.curves()
    assert len(curves) == len(curves["gap"]) and "value_se" in curves and curves["step"][-1] == 6
    assert isinstance(curves["gap"], np.ndarray) and curves["step"].dtype == np.int64
    u, gradient = r.critic.gradient(torch.zeros(4, 2))
    assert u.shape == (4,) and gradient.shape == (4, 2) and r.critic is r.critic
    assert r.generator is None
    html = r._repr_html_()
    assert "gap_se" in html and "truth: w1" in html and "closed form" in html


def test_randomness_and_threads_of_the_caller_stay():
    torch.manual_seed(5)
    np.random.seed(5)
    before = torch.random.get_rng_state(), np.random.get_state()[1].copy(), torch.get_num_threads()
    ws.run(case("lp"), progress=False)
    ws.truth("gaussians")
    assert torch.equal(torch.random.get_rng_state(), before[0])
    assert (np.random.get_state()[1] == before[1]).all() and torch.get_num_threads() == before[2]


def test_experiments_files_and_presets_are_taken(tmp_path):
    file = tmp_path / "quick.toml"
    file.write_text(to_toml(case("lp")))
    runs = [ws.run(source, progress=False) for source in (case("lp"), file, str(file))]
    assert len({tuple(run.estimates.items()) for run in runs}) == 1
    assert runs[0].settings == runs[1].settings


def test_a_run_is_named_after_what_was_changed(tmp_path):
    path = tmp_path / "runs.wgs"
    ws.run(case("lp"), steps=3, session=path, progress=False)
    ws.run(case("lp"), progress=False, session=path, **{"solver.kind": "gp", "training.steps": 2})
    with ws.open_session(path) as session:
        assert session.runs.names[0] == "3 steps" and "GP" in session.runs.names[1]
        assert [run.step for run in session.runs] == [3, 2]


def test_mistakes_are_explained():
    with pytest.raises(BadExperiment, match="no such setting"):
        ws.run("gaussians", width=3)
    with pytest.raises(BadExperiment, match=r"training\.steps"):
        ws.run("gaussians", steps=-1)
    with pytest.raises(BadExperiment, match="nothing-of-the-kind"):
        ws.run("nothing-of-the-kind")


def test_a_run_that_fails_says_why(tmp_path, monkeypatch):
    monkeypatch.setattr("wganstudio.training.run.estimate", lambda *arguments: {"gap": float("nan")})
    with pytest.raises(ws.RunFailed, match="no longer finite") as failure:
        ws.run(case("lp"), progress=False, session=tmp_path / "failed.wgs")
    assert failure.value.cause == "numbers"
    with ws.open_session(tmp_path / "failed.wgs") as session:
        assert session.runs[0].state == "failed"


def test_a_bar_shows_the_progress(capsys):
    ws.run(case("lp"))
    text = capsys.readouterr().err
    assert "10/10" in text and "truths" in text
    ws.run(case("lp"), steps=1, progress=False)
    assert capsys.readouterr().err == ""


def test_truths_of_a_pair_and_why_there_are_none():
    truths = ws.truth("gaussians", **{"pair.scale_q": 1.0})
    assert set(truths) == {"w1", "congested", "gap-limit"} and not truths.missing
    assert truths["w1"].law == "the distributions themselves"
    assert "closed form" in truths._repr_html_() and "w1 = " in repr(truths)
    moving = read(QUICK | {"generator": {"kind": "mlp"}})
    none = ws.truth(moving)
    assert not none and "generator moves Q" in none.missing
    with pytest.raises(KeyError, match="generator moves Q"):
        none["w1"]
