"""An experiment reads, round-trips and explains what is wrong."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wganstudio.experiment import (
    BadExperiment,
    Experiment,
    extra,
    group_options,
    groups,
    kinds,
    load,
    override,
    preset,
    presets,
    read,
    to_toml,
)
from wganstudio.experiment.parsing import MAX_FILE_BYTES

FIRST = preset("first-look").settings
PENALTY = "Enter a number greater than 0 and at most 1,000,000."


def problem(*changes: tuple[str, object]) -> str:
    with pytest.raises(BadExperiment) as caught:
        read(override(FIRST, changes))
    (result,) = caught.value.problems
    return str(result)


@pytest.mark.parametrize("name", presets())
def test_every_preset_survives_toml(name: str, tmp_path: Path) -> None:
    experiment = read(preset(name).settings)
    file = tmp_path / "experiment.toml"
    file.write_text(to_toml(experiment), encoding="utf-8")
    assert read(load(file)) == experiment


@pytest.mark.parametrize("name", presets())
def test_every_preset_says_what_it_shows(name: str) -> None:
    about = preset(name).about
    assert about.name and about.summary and about.expected and about.tags


def test_every_pair_kind_is_a_preset_of_that_name() -> None:
    shapes = {"eight-gaussians", "moons", "rings", "checkerboard", "spirals"}
    assert set(kinds("pair")) | shapes <= set(presets())


@given(
    dim=st.none() | st.integers(1, 50),
    scale=st.floats(1e-3, 1e3) | st.lists(st.floats(1e-3, 1e3), min_size=3, max_size=3),
    steps=st.none() | st.integers(1, 10**6),
    kind=st.sampled_from(["gp", "lp", "wc"]),
)
def test_what_can_be_read_survives_toml(dim: int | None, scale: object, steps: int | None, kind: str) -> None:
    settings = override({}, [("solver.kind", kind), ("pair.scale_p", scale)])
    settings["training"] = {} if steps is None else {"steps": steps}
    if dim is not None:
        settings["pair"]["dim"] = dim
    try:
        experiment = read(settings)
    except BadExperiment:
        assert isinstance(scale, list) and dim not in (None, 3)
        return
    import tomllib

    assert read(tomllib.loads(to_toml(experiment))) == experiment


def test_every_field_of_every_kind_carries_what_a_form_needs() -> None:
    classes = [options for group in groups() for options in kinds(group).values()]
    classes += [group_options(group) for group in ("about", "training", "evaluation")]
    for options in classes:
        for name, field in options.model_fields.items():
            if name != "kind":
                assert field.title and field.description, f"{options.__name__}.{name}"
                may_be_auto = field.default is None
                assert bool(extra(field, "auto")) == may_be_auto, f"{options.__name__}.{name}"


def test_a_chosen_kind_brings_its_defaults_and_the_rest_applies_after_in_any_order() -> None:
    changes = [
        ("pair.scale_q", 3.0),
        ("solver.penalty", 2.0),
        ("pair.kind", "gaussians"),
        ("solver.kind", "gp"),
    ]
    for order in (changes, changes[::-1]):
        experiment = read(override(FIRST, order))
        assert experiment.solver.settings() == group_options("solver", "gp")(penalty=2.0).settings()
        assert experiment.pair.settings()["scale_q"] == 3.0
        assert "dim" not in experiment.pair.settings(), "the preset's dim is gone with the preset's pair"
        assert experiment.training == read(FIRST).training, "other groups stay"


def test_steps_left_to_auto_are_the_solvers_published_ones() -> None:
    steps = {k: read(override({}, [("solver.kind", k)])).steps for k in ("gp", "lp", "wc")}
    assert steps == {"gp": 60_000, "lp": 60_000, "wc": 5_000}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("pair.dim", 0), "pair.dim: 0 is out of range. Enter a whole number from 1 to 4,096, or auto."),
        (
            ("solver.penalty", -1),
            "solver.penalty: -1 is out of range. Enter a number greater than 0 and at most 1,000,000.",
        ),
        (
            ("solver.penalty", "much"),
            "solver.penalty: 'much' is not a number. Enter a number greater than 0 and at most 1,000,000",
        ),
        (
            ("solver.penalty", float("nan")),
            f"solver.penalty: nan is not a number. {PENALTY}",
        ),
        (
            ("training.batch", True),
            "training.batch: True is not a whole number. Enter a whole number from 1 to 1,048,576",
        ),
        (
            ("critic.activation", "step"),
            "critic.activation: 'step' is not available. Choose one of relu, leaky-relu",
        ),
        (("pair.dmi", 2), "pair.dmi: there is no field 'dmi' (did you mean dim?)"),
        (("pair.kind", "gausians"), "pair.kind: there is no kind 'gausians' (did you mean gaussians?)"),
        (("pair.kind", ["gaussians"]), "pair.kind: there is no kind ['gaussians']"),
        (("training", 5), "training: no such setting; write group.field"),
        (("pair.scale_p", [1, 2, 3]), "pair.dim: dim is 2 but scale_p has 3 entries"),
        (("pair.scale_q", 0), "pair.scale_q: scale_q must be above 0"),
    ],
)
def test_a_wrong_field_gets_one_sentence(change: tuple[str, object], sentence: str) -> None:
    assert problem(change).startswith(sentence)


def test_a_list_sets_the_dimension_of_a_pair() -> None:
    with pytest.raises(BadExperiment, match="mean_q has 3 entries but scale_p has 2 entries"):
        read({"pair": {"kind": "gaussians", "scale_p": [1, 2], "mean_q": [1, 2, 3]}})


def test_all_problems_are_found_at_once() -> None:
    with pytest.raises(BadExperiment) as caught:
        read(override(FIRST, [("pair.dim", 0), ("training.batch", "x"), ("solver.kind", "nope")]))
    assert {p.path for p in caught.value.problems} == {"pair.dim", "training.batch", "solver.kind"}


def test_a_toml_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    text = to_toml(read(FIRST))
    for encoding in ("utf-8", "utf-8-sig"):
        file.write_text(text, encoding=encoding)
        assert read(load(file)) == read(FIRST)


def test_a_file_that_is_no_toml_gets_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    for content in (b"= 3", b"\xff\xfe\x00", b"a" * (MAX_FILE_BYTES + 1)):
        file.write_bytes(content)
        with pytest.raises(BadExperiment, match=r"x\.toml is"):
            load(file)
    with pytest.raises(BadExperiment, match="cannot be read"):
        load(tmp_path / "missing.toml")


@pytest.mark.parametrize("settings", [{"pair": 3}, {"nonsense": {}}, {"pair": {"kind": 7}}, {"training": []}])
def test_settings_of_the_wrong_shape_are_refused(settings: dict[str, object]) -> None:
    with pytest.raises(BadExperiment):
        read(settings)


def test_an_experiment_is_not_made_with_unread_groups() -> None:
    with pytest.raises(ValueError, match="pair"):
        Experiment(pair={"kind": "gaussians"})  # type: ignore[arg-type, call-arg]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_byte_order_mark_is_no_part_of_a_toml_file(tmp_path: Path, mark: bytes) -> None:
    (tmp_path / "a.toml").write_bytes(mark + b'[pair]\r\nkind = "points"\r\n')
    assert load(tmp_path / "a.toml") == {"pair": {"kind": "points"}}


def test_groups_that_recur_are_read_once_and_never_confused() -> None:
    first = read({"training": {"seed": 1}, "pair": {"kind": "gaussians"}})
    second = read({"training": {"seed": 2}, "pair": {"kind": "gaussians"}})
    assert second.pair is first.pair and second.training.seed == 2
    for seed in (True, [1]):  # which equal 1, or look like it
        with pytest.raises(BadExperiment, match="seed"):
            read({"training": {"seed": seed}})
    assert read({"training": {"seed": 1}}).training.seed == 1
