"""Settings of older files: former names of fields and kinds are read everywhere, and never written."""

import json
from pathlib import Path
from typing import Any, ClassVar, Literal

import pytest

from wganstudio.experiment import (
    BadExperiment,
    forget,
    group_options,
    groups,
    kinds,
    load,
    option,
    override,
    preset,
    read,
    register,
    to_toml,
)
from wganstudio.experiment.parsing import current_names
from wganstudio.experiment.registry import find_kind
from wganstudio.experiment.solvers import AdamSolverOptions

VERSION_4 = Path(__file__).parents[1] / "data" / "version4"
OLD: dict[str, dict[str, dict[str, Any]]] = json.loads((VERSION_4 / "settings.json").read_text("utf-8"))
"""Group -> kind ("" for a group without kinds) -> every field of version 4 -> its default then."""
KINDS = [(group, kind) for group, kinds_of in OLD.items() for kind in kinds_of]

FORMER = [
    ("solver", "regularized", "strength", "epsilon", 0.25),
    ("solver", "regularized", "regulariser", "regularizer", "l2"),
    ("solver", "regularized", "dual", "potential", "atoms"),
    ("solver", "regularized", "normalise", "normalize", False),
    ("solver", "regularized", "rate", "learning_rate", 0.5),
    ("solver", "regularized", "warm", "warm_start", False),
    ("solver", "semi-discrete", "rate", "learning_rate", 0.5),
    ("solver", "semi-discrete", "decay", "schedule", "constant"),
    ("solver", "semi-discrete", "normalise", "normalize", False),
    ("solver", "convex", "iterations", "max_iterations", 7),
    ("solver", "w2-cycle", "cycle", "cycle_weight", 3.0),
    ("generator", "mlp", "average", "ema_decay", 0.5),
    ("generator", "particles", "count", "num_particles", 32),
    ("generator", "composite", "warm", "warm_start", True),
    ("generator", "composite", "distil", "distill", "mlp"),
    ("generator", "composite", "distil_steps", "distill_steps", 5),
    ("generator", "composite", "distil_rate", "learning_rate", 0.01),
    ("perturbation", "outliers", "far", "radius", 4.0),
    ("perturbation", "missing-mode", "which", "mode", 2),
    ("pair", "convex-map", "bend", "nonlinearity", 0.5),
    ("pair", "data", "size", "image_size", 8),
    ("pair", "data", "standardise", "standardize", True),
    ("pair", "ray-monotone-images", "size", "image_size", 8),
    ("training", None, "stop", "stopping", "plateau"),
    ("training", None, "within", "tolerance", 2.0),
    ("evaluation", None, "every", "interval", 7),
    ("about", None, "claim", "expected", "It converges."),
]


@pytest.mark.parametrize(("group", "kind"), KINDS)
def test_every_setting_of_version_4_is_read_and_means_the_same(group: str, kind: str) -> None:
    values = {name: value for name, value in OLD[group][kind].items() if value is not None}
    options = group_options(group, kind or None)
    settings = options.model_validate(({"kind": kind} if kind else {}) | values).settings()
    assert settings == options().settings(), "the defaults are those of version 4"
    assert not set(settings) & set(options.former_names())


@pytest.mark.parametrize(("group", "kind", "former", "current", "value"), FORMER)
def test_a_former_name_is_read_and_the_current_one_written(
    group: str, kind: str | None, former: str, current: str, value: object
) -> None:
    choice = [] if kind is None else [(f"{group}.kind", kind)]
    settings = override({}, [*choice, (f"{group}.{former}", value)])
    assert settings[group][current] == value and former not in settings[group]
    assert group_options(group, kind).model_validate({former: value}).settings()[current] == value
    assert override({}, [(f"{group}.{former}", value), *choice]) == settings


def test_the_list_of_former_names_is_complete() -> None:
    classes = [(group, kind, cls) for group in groups() for kind, cls in kinds(group).items()]
    classes += [(group, "", group_options(group)) for group in ("about", "training", "evaluation")]
    renamed = {
        (group, former, current)
        for group, _, cls in classes
        for former, current in cls.former_names().items()  # type: ignore[attr-defined]
    }
    assert renamed == {(group, former, current) for group, _, former, current, _ in FORMER}


@pytest.mark.parametrize("order", [("within", "tolerance"), ("tolerance", "within")])
def test_of_two_changes_under_either_name_the_later_wins(order: tuple[str, str]) -> None:
    base = {"training": {"tolerance": 1.0}}
    changed = override(base, [(f"training.{name}", float(n)) for n, name in enumerate(order, 2)])
    assert changed["training"] == {"tolerance": 3.0} and base == {"training": {"tolerance": 1.0}}
    former = {"training": {"within": 1.0}}
    assert override(former, [("training.tolerance", 2.0)])["training"] == {"tolerance": 2.0}
    assert former == {"training": {"within": 1.0}}, "the settings passed in stay as they are"


def test_a_former_name_changes_a_preset_that_has_the_current_one() -> None:
    settings = preset("first-look").settings | {"evaluation": {"interval": 50}}
    assert read(override(settings, [("evaluation.every", 7)])).evaluation.interval == 7


def test_both_names_at_once_are_refused_by_the_former_one() -> None:
    with pytest.raises(BadExperiment) as caught:
        read({"training": {"stop": "plateau", "stopping": "steps"}})
    (problem,) = caught.value.problems
    assert problem.path == "training.stop"
    assert (
        problem.message == "this is the former name of stopping, which is set as well; remove one of the two"
    )


def test_a_bad_value_under_a_former_name_is_explained_at_the_current_field() -> None:
    with pytest.raises(BadExperiment) as caught:
        read({"solver": {"kind": "regularised", "strength": -1, "dual": "vector"}})
    assert [problem.path for problem in caught.value.problems] == ["solver.epsilon", "solver.potential"]


@pytest.mark.parametrize(("typed", "meant"), [("tolerence", "tolerance"), ("withn", "tolerance")])
def test_a_misspelled_field_suggests_a_current_name(typed: str, meant: str) -> None:
    with pytest.raises(BadExperiment, match=rf"did you mean {meant}\?"):
        read({"training": {typed: 3}})


def test_a_former_kind_is_read_and_the_current_one_written() -> None:
    experiment = read({"solver": {"kind": "regularised", "strength": 0.1}})
    assert experiment.solver.settings()["kind"] == "regularized"
    assert (
        read(override({}, [("solver.kind", "regularised")])).solver
        == group_options("solver", "regularized")()
    )
    assert "regularised" not in kinds("solver") and find_kind("solver", "regularised") is type(
        experiment.solver
    )
    with pytest.raises(BadExperiment, match="did you mean regularized"):
        read({"solver": {"kind": "regularisd"}})


@pytest.mark.parametrize("name", ["", "none of them"])
def test_a_name_that_no_kind_has_finds_none(name: str) -> None:
    assert all(find_kind(group, name) is None for group in groups())


def test_an_older_file_is_loaded_under_the_current_names(tmp_path: Path) -> None:
    settings = load(VERSION_4 / "old.toml")
    assert current_names(settings) == settings
    assert settings["training"]["stopping"] == "plateau" and settings["solver"]["kind"] == "regularized"
    experiment = read(settings)
    assert experiment.about.expected == "Every former name is still read."
    file = tmp_path / "new.toml"
    file.write_text(to_toml(experiment), encoding="utf-8")
    assert read(load(file)) == experiment


def test_settings_of_groups_and_kinds_that_are_not_here_stay() -> None:
    settings = {"nonsense": {"stop": 1}, "solver": {"kind": "elsewhere", "rate": 1}, "pair": 3}
    assert current_names(settings) == settings


def test_a_kind_of_a_plugin_may_be_renamed_and_passes_no_former_name_on() -> None:
    class Tamed(AdamSolverOptions):
        title: ClassVar[str] = "Tamed"
        summary: ClassVar[str] = "A solver of a plugin."
        implementation: ClassVar[str] = "tamed:Tamed"
        formerly: ClassVar[str] = "wild"
        kind: Literal["tamed"] = "tamed"
        weight: float = option(1.0, "Weight", "Weight of the penalty.", formerly="share")

    class Tamer(Tamed):
        kind: Literal["tamer"] = "tamer"  # type: ignore[assignment]

    register(Tamer)
    register(Tamed)
    try:
        solver = read({"solver": {"kind": "wild", "share": 2.0}}).solver
        assert solver.settings()["kind"] == "tamed" and solver.settings()["weight"] == 2.0
        assert find_kind("solver", "wild") is Tamed
    finally:
        forget(Tamer)
        forget(Tamed)
