"""The type of a field decides how its text is read."""

from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest
import torch

from wganstudio.experiment import (
    BadExperiment,
    Experiment,
    group_options,
    groups,
    kinds,
    override,
    override_texts,
    preset,
    read,
)

PLAIN = ("about", "training", "evaluation")
CLASSES = {(group, name): options for group in groups() for name, options in kinds(group).items()}
CLASSES |= {(group, None): group_options(group) for group in PLAIN}
FIELDS = {
    (f"{group}.{field}", kind): info
    for (group, kind), options in CLASSES.items()
    for field, info in options.model_fields.items()
    if field != "kind"
}


def of_type(*annotations: Any) -> list[tuple[str, str | None]]:
    return [key for key, info in FIELDS.items() if info.annotation in annotations]


def value_of(path: str, kind: str | None, text: str) -> Any:
    """The value of a field after --set, in settings that are not checked as a whole."""
    group, field = path.split(".")
    settings = {} if kind is None else {group: {"kind": kind}}
    return override_texts(settings, [(path, text)])[group][field]


@pytest.mark.parametrize(("path", "kind"), of_type(str, str | None))
@pytest.mark.parametrize(
    "text", ["3", "20240101", "1.10", "true", "2024-01-01", "[1, 2]", "a b", "1e3", "x, y"]
)
def test_a_field_of_text_takes_the_text(path: str, kind: str | None, text: str) -> None:
    assert value_of(path, kind, text) == text
    assert value_of(path, kind, f'"{text}"') == text, "the quotes of TOML may stand around it"


@pytest.mark.parametrize(
    ("path", "kind"), [key for key in FIELDS if get_origin(FIELDS[key].annotation) is Literal]
)
def test_a_choice_takes_the_names_of_its_values(path: str, kind: str | None) -> None:
    for value in get_args(FIELDS[path, kind].annotation):
        assert value_of(path, kind, str(value)) == value
        assert value_of(path, kind, f'"{value}"') == value


@pytest.mark.parametrize(("text", "value"), [("yes", "yes"), ("no", "no"), ("true", "yes"), ("False", "no")])
def test_yes_and_no_may_be_said_as_true_and_false(text: str, value: str) -> None:
    experiment = read(override_texts(preset("data").settings, [("pair.header", text)]))
    assert experiment.pair.settings()["header"] == value


@pytest.mark.parametrize(("path", "kind"), of_type(bool))
@pytest.mark.parametrize(("text", "value"), [("true", True), ("no", False), ("1", True), ("off", False)])
def test_a_switch_takes_the_words_of_switches(path: str, kind: str | None, text: str, value: bool) -> None:
    group, field = path.split(".")
    options = CLASSES[group, kind].model_validate({field: value_of(path, kind, text)})
    assert getattr(options, field) is value


@pytest.mark.parametrize(
    ("path", "text", "value"),
    [
        ("training.steps", "1e3", 1000),
        ("training.steps", "1_000", 1000),
        ("training.steps", '"1000"', 1000),
        ("training.batch", "0064", 64),
        ("pair.dim", "8.0", 8),
        ("pair.dim", "auto", None),
        ("pair.scale_q", ".5", 0.5),
        ("pair.scale_q", "2", 2.0),
        ("pair.scale_q", "[1, 2]", (1.0, 2.0)),
        ("evaluation.axes", "[1, 0]", (1, 0)),
        ("about.tags", "[3, 2d]", ("3", "2d")),
        ("about.tags", '["a, b", "c"]', ("a, b", "c")),
        ("about.tags", '"a, b", 7', ("a, b", "7")),
        ("about.name", "8", "8"),
    ],
)
def test_a_number_or_a_list_is_read_as_the_field_means_it(path: str, text: str, value: Any) -> None:
    settings = override(preset("first-look").settings, [("pair.dim", "auto")])
    experiment = read(override_texts(settings, [(path, text)]))
    group, field = path.split(".")
    assert getattr(getattr(experiment, group), field) == value


@pytest.mark.parametrize(
    ("path", "text", "sentence"),
    [
        ("training.steps", "1.5", "training.steps: 1.5 is not a whole number"),
        ("training.steps", "2024-01-01", "training.steps: '2024-01-01' is not a whole number"),
        ("training.batch", "true", "training.batch: True is not a whole number"),
        ("pair.scale_q", "0,5", "pair.scale_q: '0,5' is not accepted here"),
        ("pair.scale_q", "{a = 1}", "pair.scale_q: '{a = 1}' is not accepted here"),
        ("evaluation.axes", "1", "evaluation.axes: 1 is not accepted here"),
        ("training.stopping", "true", "training.stopping: 'true' is not available"),
        ("solver.kind", "7", "solver.kind: there is no kind '7'"),
        ("pair.dmi", "7", "pair.dmi: there is no field 'dmi' (did you mean dim?)"),
        ("pear.dim", "7", "pear.dim: no such setting"),
        ("steps", "7", "steps: no such setting"),
    ],
)
def test_a_text_that_means_nothing_gets_one_sentence(path: str, text: str, sentence: str) -> None:
    with pytest.raises(BadExperiment) as caught:
        read(override_texts(preset("first-look").settings, [(path, text)]))
    (problem,) = caught.value.problems
    assert str(problem).startswith(sentence)


def test_the_type_is_that_of_the_kind_chosen_wherever_it_stands() -> None:
    for changes in (
        [("pair.kind", "data"), ("pair.columns", "3")],
        [("pair.columns", "3"), ("pair.kind", "data")],
    ):
        assert read(override_texts(preset("first-look").settings, changes)).pair.settings()["columns"] == "3"


def test_a_former_name_has_the_type_of_the_current_one() -> None:
    settings = override_texts(preset("data").settings, [("pair.size", "8"), ("pair.standardise", "yes")])
    assert read(settings).pair.settings()["image_size"] == 8


@pytest.fixture
def pair_file(tmp_path: Path) -> str:
    """A published pair file of 5 funnels in 3 dimensions."""
    path = tmp_path / "pair.pt"
    torch.save({"net.centers": torch.randn(5, 3), "net.bias": torch.randn(5)}, path)
    return str(path)


def built(settings: Any) -> tuple[int, int]:
    experiment: Experiment = read(settings)
    options = experiment.build_pair().options
    return options.dim, options.funnels


@pytest.mark.parametrize("before", [[], ["dim"], ["funnels"], ["dim", "funnels"]])
def test_a_pair_file_given_last_brings_dimension_and_funnels(pair_file: str, before: list[str]) -> None:
    changes = [(f"pair.{field}", "7") for field in before] + [("pair.file", pair_file)]
    assert built(override_texts(preset("best-w1").settings, changes)) == (3, 5)
    assert built(override(preset("best-w1").settings, changes)) == (3, 5)


def test_the_dimension_of_the_file_may_be_said_after_it(pair_file: str) -> None:
    changes = [("pair.file", pair_file), ("pair.dim", "3")]
    assert built(override_texts(preset("best-w1").settings, changes)) == (3, 5)
    with pytest.raises(BadExperiment, match="dim is 4 but the pair file has 3"):
        built(override_texts(preset("best-w1").settings, [*changes, ("pair.dim", "4")]))


def test_a_pair_file_taken_back_leaves_the_dimension() -> None:
    assert built(override_texts(preset("best-w1").settings, [("pair.file", "auto")])) == (16, 16)


PUBLISHED = Path(__file__).parents[3] / "shared" / "reference" / "w1-pairs"


@pytest.mark.skipif(
    not PUBLISHED.exists(), reason="no published pairs beside this checkout (../shared/reference)"
)
@pytest.mark.parametrize(("dim", "funnels"), [(2, 4), (16, 64), (64, 256)])
def test_a_published_pair_replaces_the_dimension_of_a_preset(dim: int, funnels: int) -> None:
    file = str(PUBLISHED / f"dim_{dim}_funnels_{funnels}.pt")
    assert built(override_texts(preset("best-w1").settings, [("pair.file", file)])) == (dim, funnels)
