"""Sweeps over any field: the fields, their values, and the experiments with their names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wganstudio.experiment import BadExperiment, read
from wganstudio.experiment.differences import differing_fields
from wganstudio.experiment.sweep import (
    geometric_values,
    linear_values,
    listed_values,
    sweep,
    sweep_fields,
)

EXPERIMENT = read({"solver": {"kind": "lp", "penalty": 1.0}, "training": {"steps": 50}})
FIELDS = {field.path: field for field in sweep_fields(EXPERIMENT)}


def test_numbers_choices_and_kinds_can_be_swept():
    expected = {"solver.kind", "solver.penalty", "critic.width", "critic.activation", "training.seed"}
    assert expected <= FIELDS.keys()
    assert not {"about.name", "evaluation.axes", "evaluation.points"} & FIELDS.keys()
    assert FIELDS["critic.width"].is_whole and not FIELDS["solver.penalty"].is_whole
    assert "gp" in FIELDS["solver.kind"].choices and "elu" in FIELDS["critic.activation"].choices
    assert FIELDS["solver.penalty"].label == "λ"


def test_true_and_false_can_be_swept():
    fields = {field.path: field for field in sweep_fields(read({"solver": {"kind": "sn"}}))}
    assert fields["solver.differentiate_norm"].choices == (False, True)


def test_values_are_those_that_the_field_accepts():
    assert listed_values(FIELDS["critic.width"], [16, 32, 16]) == [16, 32]
    with pytest.raises(BadExperiment, match="whole number"):
        listed_values(FIELDS["critic.width"], [1.5])
    with pytest.raises(BadExperiment, match="greater than 0"):
        listed_values(FIELDS["solver.penalty"], [1.0, -1.0])


@given(st.floats(1e-3, 1e3), st.floats(1.1, 1e3), st.integers(1, 30), st.booleans())
def test_ranges_rise_from_end_to_end(low, ratio, count, whole):
    high = low * ratio
    if whole:
        low, high = round(low) + 1, round(low) + 1 + round(high)
    for space in (linear_values, geometric_values):
        values = space(low, high, count, whole)
        assert values == sorted(set(values)) and values[0] == low and len(values) <= count
        assert count == 1 or values[-1] == high
        assert not whole or all(isinstance(value, int) for value in values)


def test_a_geometric_range_needs_ends_above_zero():
    with pytest.raises(ValueError, match="above 0"):
        geometric_values(0, 1, 3)


def test_runs_are_named_by_what_differs():
    axes = [(FIELDS["solver.penalty"], [1.0, 10.0])]
    runs = sweep(EXPERIMENT, axes, [0, 2])
    assert [one.about.name for one in runs] == [
        "λ = 1, seed 0",
        "λ = 1, seed 2",
        "λ = 10, seed 0",
        "λ = 10, seed 2",
    ]
    assert [one.training.seed for one in runs] == [0, 2, 0, 2]


def test_one_and_two_sided_penalties_are_a_grid():
    runs = sweep(EXPERIMENT, [(FIELDS["solver.penalty"], [0.5, 2.0]), (FIELDS["solver.kind"], ["lp", "gp"])])
    assert [(one.solver.gradient_penalty, one.solver.name()) for one in runs] == [
        (0.5, "lp"),
        (0.5, "gp"),
        (2.0, "lp"),
        (2.0, "gp"),
    ]
    assert {one.steps for one in runs} == {50} and len({one.about.name for one in runs}) == 4


def test_seeds_alone_are_a_sweep():
    runs = sweep(EXPERIMENT, [(FIELDS["training.seed"], [3, 4])], [7])
    assert [one.training.seed for one in runs] == [3, 4]
    (field,) = differing_fields(runs)
    assert field.path == "training.seed"


def test_what_a_kind_does_not_have_is_a_sentence():
    with pytest.raises(BadExperiment, match="penalty"):
        sweep(EXPERIMENT, [(FIELDS["solver.kind"], ["lp", "wc"]), (FIELDS["solver.penalty"], [1.0])])


def test_too_many_runs_are_refused():
    with pytest.raises(BadExperiment, match="too many"):
        sweep(EXPERIMENT, [(FIELDS["training.seed"], range(2000))])
