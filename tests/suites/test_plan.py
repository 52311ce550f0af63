"""A suite's file becomes cells that are full experiments, or one sentence."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, Literal

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from wganstudio import resources
from wganstudio.experiment import BadExperiment, forget, kinds, register
from wganstudio.experiment.solvers import LipschitzPenaltyOptions
from wganstudio.suites import Suite, SuiteError, read_suite
from wganstudio.suites.plan import suite_of
from wganstudio.suites.published import ROWS

Make = Callable[..., Suite]


def test_cells_are_solvers_on_pairs_from_seeds(tiny: Make) -> None:
    suite = tiny(matrix=[{"solvers": ["wc", "lp"], "pairs": ["funnels", "gaussians"], "seeds": [0, 1]}])
    assert [cell.name for cell in suite.plan.cells[:5]] == [
        "wc, funnels, seed 0",
        "lp, funnels, seed 0",
        "wc, gaussians, seed 0",
        "lp, gaussians, seed 0",
        "wc, funnels, seed 1",
    ]
    assert len(suite.experiments) == 8 and tuple(suite.experiments) == suite.plan.cells
    for cell, experiment in suite.experiments.items():
        assert experiment.training.seed == cell.seed and experiment.training.steps == 10
        assert experiment.critic.settings()["width"] == 8 and experiment.about.name == cell.name


def test_the_solvers_settings_win_over_the_pairs_and_those_over_the_shared(tiny: Make) -> None:
    suite = tiny(
        solvers={"strong": {"solver": {"kind": "gp", "penalty": 100}, "training": {"batch": 16}}},
        pairs={
            "wide": {
                "pair": {"kind": "gaussians", "dim": 3},
                "training": {"batch": 64},
                "critic": {"width": 9},
            }
        },
        matrix=[{"solvers": ["strong", "gp"], "pairs": ["wide"]}],
    )
    strong, plain = suite.experiments.values()
    assert (strong.solver.settings()["penalty"], plain.solver.settings()["penalty"]) == (100, 10)
    assert (strong.training.batch, plain.training.batch) == (16, 64)
    assert all(e.critic.settings()["width"] == 9 and e.pair.settings()["dim"] == 3 for e in (strong, plain))


def test_budgets(tiny: Make) -> None:
    gp = {"matrix": [{"solvers": ["gp", "dot"], "pairs": ["funnels"]}]}
    for budget, steps in (({}, None), ({"share": 0.1}, 6000), ({"steps": 7}, 7), ({"seconds": 3}, None)):
        suite = tiny(budget=budget, **gp)
        assert next(iter(suite.experiments.values())).training.steps == steps
        assert suite.seconds == budget.get("seconds")


def test_curves_have_some_hundred_points_unless_the_file_says_otherwise(tiny: Make) -> None:
    gp = {"matrix": [{"solvers": ["gp"], "pairs": ["funnels"]}]}
    (experiment,) = tiny(budget={}, **gp).experiments.values()
    assert experiment.evaluation.interval == 600
    (experiment,) = tiny(budget={}, shared={"evaluation": {"interval": 7}}, **gp).experiments.values()
    assert experiment.evaluation.interval == 7


def test_a_run_that_two_blocks_ask_for_is_run_once(tiny: Make) -> None:
    block = {"solvers": ["wc"], "pairs": ["funnels"]}
    assert len(tiny(matrix=[block, {**block, "seeds": [0, 1]}]).experiments) == 2


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"matrix": [{"solvers": ["gpp"], "pairs": ["funnels"]}]}, "no solver 'gpp' (did you mean gp?)"),
        ({"matrix": [{"solvers": ["gp"], "pairs": ["funnel"]}]}, "no pair 'funnel' (did you mean funnels?)"),
        ({"matrix": [{"solvers": ["gp"]}]}, "matrix 1.pairs: "),
        (
            {"matrix": [{"solvers": "gp", "pairs": ["funnels"]}]},
            "matrix 1.solvers: 'gp' is not accepted",
        ),
        ({"matrix": []}, "there is no [[matrix]]"),
        ({"matrix": 3}, "matrix: this must be a table"),
        (
            {"pairs": {"funnels": {"pair": {"kind": "gaussians", "dim": 0}}}},
            "wc on funnels: pair.dim: 0 is out of range",
        ),
        (
            {"pairs": {"funnels": {"pair": {"kind": "gaussians", "dim": 2, "mean_p": [0, 0, 0]}}}},
            "dim is 2 but mean_p has 3 entries",
        ),
        ({"pairs": {"funnels": {"pair": {"dim": 2}}}}, "no kind 'funnels'"),
        ({"pairs": {"funnels": {"pair": 3}}}, "not a bare pair"),
        ({"pairs": {"funnels": {"pair": {"kind": "ray-monotone", "file": "a.pt"}}}}, "there is no pair file"),
        ({"solvers": {"wc": {"solver": {"penalty": 3}}}}, "no field 'penalty'"),
        ({"solvers": {"wc": {"solvr": {"penalty": 3}}}}, "no such setting"),
        (
            {"shared": {"training": {"batch": "many"}}},
            "training.batch: 'many' is not a whole number. Enter a whole number",
        ),
        ({"budget": {"steps": 3, "share": 0.1}}, "budget: give only one of steps, seconds and share"),
        ({"budget": {"steps": 0}}, "budget.steps: 0 is out of range"),
        ({"budgets": {"steps": 3}}, "no entry 'budgets' (did you mean budget?)"),
        ({"keep": "all"}, "suite.keep: 'all' is not available. Choose one of numbers, pictures, everything"),
        (
            {"matrix": [{"solvers": ["gp"], "pairs": ["funnels"], "seeds": list(range(10001))}]},
            "more than 10,000",
        ),
    ],
)
def test_a_bad_suite_gets_one_sentence(tmp_path: Path, changes: dict[str, Any], sentence: str) -> None:
    from .conftest import TINY

    file = tmp_path / "bad.toml"
    file.write_text(tomli_w.dumps(TINY | changes))
    with pytest.raises(SuiteError) as caught:
        read_suite(file)
    assert sentence in str(caught.value) and str(caught.value).startswith(str(file))
    assert "\n" not in str(caught.value)


def test_a_file_that_is_none_gets_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match="cannot be read"):
        read_suite(tmp_path / "missing.toml")
    (tmp_path / "bad.toml").write_text("title = ")
    with pytest.raises(SuiteError, match="is not a TOML file"):
        read_suite(tmp_path / "bad.toml")


WORDS = ["kind", "pair", "solver", "training", "steps", "gp", "gaussians", "pairs", "solvers", "seeds"]
PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["gp", "gaussians", "kind", "auto"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner),
    max_leaves=8,
)


@given(
    st.dictionaries(
        st.sampled_from(["title", "keep", "budget", "shared", "solvers", "pairs", "matrix", "x"]), PLAIN
    )
)
def test_whatever_a_file_holds_it_is_a_suite_or_a_sentence(settings: dict[str, Any]) -> None:
    try:
        suite_of(settings, Path("/nowhere"))
    except (SuiteError, BadExperiment) as error:
        assert str(error)


@pytest.mark.parametrize("file", sorted(resources.path("suites").glob("*.toml")), ids=lambda file: file.stem)
def test_shipped_suites_can_be_run(file: Path, tmp_path: Path) -> None:
    for dim in (2, 4, 16, 64):
        for funnels in (4, 16, 64, 256):
            (tmp_path / f"dim_{dim}_funnels_{funnels}.pt").touch()
    suite = read_suite(file, tmp_path)
    assert suite.plan.title and suite.plan.about and suite.experiments


def test_the_benchmarks_suites_hold_what_they_say(tmp_path: Path) -> None:
    for dim in (2, 4, 16, 64):
        for funnels in (4, 16, 64, 256):
            (tmp_path / f"dim_{dim}_funnels_{funnels}.pt").touch()
    published = {"wc", "gp", "lp", "sn", "so", "ls", "mm-b", "mm-bv2", "mm", "mm-r", "dot"}
    full = read_suite(resources.path("suites", "w1-full.toml"), tmp_path)
    for pair in ("2,4", "16,64"):
        assert {cell.solver for cell in full.plan.cells if cell.pair == pair} == published
    three = [(cell.solver, cell.seed) for cell in full.plan.cells if cell.pair == "16,4"]
    assert sorted(three) == [(solver, seed) for solver in ("gp", "lp", "so") for seed in (0, 1, 2)]
    assert all(experiment.training.steps is None for experiment in full.experiments.values())
    tenth = read_suite(resources.path("suites", "w1-tenth.toml"), tmp_path)
    assert len(tenth.plan.cells) == 16 * 11 and set(tenth.plan.solvers) == published <= set(kinds("solver"))
    for experiment in tenth.experiments.values():
        assert experiment.training.steps == max(1, experiment.solver.published_steps // 10)


def test_a_solver_from_outside_is_a_row_like_any_other(tiny: Make) -> None:
    class Tamed(LipschitzPenaltyOptions):
        kind: Literal["tamed"] = "tamed"  # type: ignore[assignment]
        published_steps: ClassVar[int] = 700

    register(Tamed)
    try:
        (experiment,) = tiny(
            budget={"share": 0.1}, matrix=[{"solvers": ["tamed"], "pairs": ["funnels"]}]
        ).experiments.values()
        assert experiment.solver.name() == "tamed" and experiment.training.steps == 70
    finally:
        forget(Tamed)


def test_the_suite_on_images_holds_what_it_says() -> None:
    suite = read_suite(resources.path("suites", "w1-images.toml"))
    pairs = {e.pair.settings()["funnels"]: e.pair.settings()["power"] for e in suite.experiments.values()}
    assert pairs == {1: 10.0, 16: 100.0}
    published = set(ROWS) - {"so"}  # which is no solver for convolutions
    convolutional = {e.solver.name() for e in suite.experiments.values() if e.critic.convolutional}
    assert convolutional == published
    for experiment in suite.experiments.values():
        assert (experiment.training.batch, experiment.evaluation.samples) == (64, 256)
