"""Differences of experiments: applied to the first they give the second, and say which kinds have a field."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wganstudio.experiment import (
    ABSENT,
    BadExperiment,
    Experiment,
    apply_differences,
    compare,
    differing_fields,
    kinds,
    override,
    preset,
    presets,
    read,
)
from wganstudio.experiment.difference_tables import difference_table
from wganstudio.experiment.naming import is_same
from wganstudio.experiment.text_tables import to_markdown, to_tsv

FIRST = read(preset("first-look").settings)


def changed(*changes: tuple[str, object]) -> Experiment:
    return read(override(preset("first-look").settings, changes))


CHANGES = st.lists(
    st.tuples(st.just("solver.kind"), st.sampled_from(["lp", "gp", "wc", "ls", "mm"]))
    | st.tuples(st.just("critic.width"), st.none() | st.integers(1, 100))
    | st.tuples(st.just("pair.kind"), st.sampled_from(["gaussians", "uniform-balls", "classics"]))
    | st.tuples(st.just("perturbation.kind"), st.sampled_from(["none", "outliers"]))
    | st.tuples(st.just("solver.learning_rate"), st.floats(1e-6, 1))
    | st.tuples(st.just("evaluation.axes"), st.sampled_from([[0, 1], [1, 2]]))
    | st.tuples(st.just("training.steps"), st.none() | st.integers(0, 10**6))
    | st.tuples(st.just("truth.samples"), st.integers(64, 2048)),
    max_size=5,
)


@st.composite
def experiments(draw: st.DrawFn) -> Experiment:
    base = presets()[
        draw(st.sampled_from(["first-look", "points", "mixture", "eight-gaussians-gan"]))
    ].settings
    changes = [(path, "auto" if value is None else value) for path, value in draw(CHANGES)]
    try:
        return read(override(base, changes))
    except BadExperiment:
        return read(base)


@settings(max_examples=60, deadline=None)
@given(one=experiments(), other=experiments())
def test_the_differences_applied_to_one_give_the_other(one: Experiment, other: Experiment) -> None:
    fields = differing_fields([one, other])
    assert all(field.differs for field in fields)
    assert is_same(apply_differences(one, fields), other)
    assert is_same(apply_differences(other, fields, column=0), one)
    assert bool(fields) != is_same(one, other)
    assert [field for field in compare([one, other]) if field.differs] == list(fields)


def test_a_field_has_title_unit_symbol_and_values() -> None:
    (field,) = differing_fields([FIRST, changed(("solver.penalty", 10))])
    assert (field.path, field.title, field.symbol) == ("solver.penalty", "Penalty lambda", "λ")
    assert field.values == (1.0, 10.0) and field.text(1) == "10"
    (steps,) = differing_fields([FIRST, changed(("training.steps", "auto"))])
    assert steps.text(0) == "3,000 steps" and steps.text(1) == "auto"


def test_fields_of_one_kind_only_belong_to_it() -> None:
    fields = {field.name: field for field in differing_fields([FIRST, changed(("solver.kind", "wc"))])}
    assert fields["kind"].text(1) == kinds("solver")["wc"].title
    assert fields["clip"].values == (ABSENT, 0.04) and fields["clip"].label == "Clip (WC only)"
    assert fields["penalty"].values == (1.0, ABSENT) and fields["penalty"].owners == ("LP",)
    assert fields["penalty"].text(1) == "–"


def test_many_experiments_are_compared_at_once() -> None:
    several = [changed(("solver.penalty", penalty), ("training.seed", 7)) for penalty in (1, 10, 100)]
    assert [field.path for field in differing_fields(several)] == ["solver.penalty"]
    assert differing_fields(several)[0].values == (1.0, 10.0, 100.0)
    assert differing_fields([]) == () == differing_fields([FIRST]) == compare([])


def test_what_differs_has_different_texts() -> None:
    near = [changed(("solver.learning_rate", rate)) for rate in (0.123456789, 0.12345678901)]
    (field,) = differing_fields(near)
    assert field.text(0) != field.text(1)
    files = [changed(("pair.kind", "data"), ("pair.p_file", file)) for file in ("/a/x.csv", "/b/x.csv")]
    (field,) = differing_fields(files)
    assert field.text(0) != field.text(1)


@pytest.mark.parametrize("name", presets())
def test_every_preset_differs_from_nothing_but_others(name: str) -> None:
    own = read(preset(name).settings)
    assert differing_fields([own, own, read(own.settings())]) == ()


def test_tables_are_safe_to_paste() -> None:
    named = ["=1+1", "a|b\n*c*"]
    fields = differing_fields([FIRST, changed(("solver.penalty", 10))])
    assert to_tsv(difference_table(fields, named)) == (
        "Setting\tTitle\t'=1+1\ta|b *c*\nsolver.penalty\tPenalty lambda\t1\t10\n"
    )
    assert to_markdown(difference_table(fields, named)).splitlines() == [
        "| Setting | Title | =1+1 | a\\|b \\*c\\* |",
        "| --- | --- | --- | --- |",
        "| solver.penalty | Penalty lambda | 1 | 10 |",
    ]
