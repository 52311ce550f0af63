"""The runs that a figure of several runs compares, and the texts on incomplete ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wganstudio.experiment import override, read
from wganstudio.figures.captions import settings_text
from wganstudio.figures.families import (
    field_families,
    field_value,
    is_complete,
    progress_text,
    sole_difference,
    steps_text,
)
from wganstudio.session import RunRecord
from wganstudio.training.events import Ended, Failed, Metrics, Paused, Started


def record(*events, steps=3000):
    run_record = RunRecord(1, read({"pair": {"kind": "gaussians"}, "training": {"steps": steps}}))
    run_record.apply(Started(experiment=run_record.experiment.settings(), environment={}, steps=steps))
    for event in events:
        run_record.apply(event)
    return run_record


def ended(step, reason):
    return Ended(step=step, reason=reason, seconds=1.0, estimates={}, gradient={})


@pytest.mark.parametrize(
    ("events", "complete", "progress", "steps"),
    [
        ([ended(3000, "done")], True, "", "3,000 steps"),
        ([ended(1200, "plateau")], True, "", "1,200 of at most 3,000 steps"),
        ([ended(900, "truth")], True, "", "900 of at most 3,000 steps"),
        ([ended(1200, "stopped")], False, *["stopped at step 1,200 of 3,000"] * 2),
        ([Failed(step=7, message="Not a number.")], False, *["failed at step 7 of 3,000"] * 2),
        ([Metrics(step=50, values={"gap": 1.0})], False, "running", "step 50 of 3,000 so far"),
        (
            [Metrics(step=50, values={"gap": 1.0}), Paused(step=60)],
            False,
            "paused",
            "step 60 of 3,000 so far",
        ),
    ],
)
def test_captions_give_the_steps_that_were_taken(events, complete, progress, steps):
    run_record = record(*events)
    assert (is_complete(run_record), progress_text(run_record), steps_text(run_record)) == (
        complete,
        progress,
        steps,
    )
    caption = settings_text(run_record)
    assert f". {steps[0].upper()}{steps[1:]}, batch 1,024, seed 0." in caption


def test_a_run_without_steps_has_none():
    run_record = RunRecord(1, read({"solver": {"kind": "dot"}}))
    assert steps_text(run_record) == ""


def sweep_record(run, ended_=True, **changes):
    paths = {name.replace("__", "."): value for name, value in changes.items()}
    run_record = RunRecord(run, read(override({"pair": {"kind": "gaussians"}}, paths.items())))
    if ended_:
        run_record.apply(Started(experiment=run_record.experiment.settings(), environment={}, steps=100))
        run_record.apply(ended(100, "done"))
    return run_record


def test_runs_that_differ_in_one_field_are_a_family_of_that_field():
    runs = [sweep_record(k, critic__width=width) for k, width in enumerate((64, 16, 32), 1)]
    runs.append(sweep_record(4, critic__width=16, solver__penalty=5.0))
    runs.append(sweep_record(5, critic__width=64, training__seed=1))
    width, seed = field_families(runs[0], runs)
    assert (width.path, width.values, width.is_numeric) == ("critic.width", (16, 32, 64), True)
    assert [one.run for one in width.records] == [2, 3, 1] and width.index(runs[0]) == 2
    assert width.text(0) == "16" and width.title == "width" and width.unit == "units"
    assert (seed.path, seed.values) == ("training.seed", (0, 1)), "seeds come last"
    (penalty,) = [one for one in field_families(runs[1], runs) if one.path == "solver.penalty"]
    assert penalty.title == "λ" and penalty.values == (5.0, 10.0)


def test_kinds_are_a_family_if_the_rest_is_the_same():
    runs = [sweep_record(1, solver__kind="lp"), sweep_record(2, solver__kind="gp")]
    (family,) = field_families(runs[0], runs)
    assert family.path == "solver.kind" and not family.is_numeric
    assert [family.text(k) for k in range(2)] == ["GP", "LP"]


def test_of_equal_runs_the_newest_complete_one_is_in_the_family():
    runs = [sweep_record(1, critic__width=16), sweep_record(2, critic__width=32)]
    runs += [sweep_record(3, critic__width=32), sweep_record(4, ended_=False, critic__width=32)]
    (family,) = field_families(runs[0], runs)
    assert [one.run for one in family.records] == [1, 3]


VALUES = {
    "critic__width": st.sampled_from([16, 32, 64]),
    "solver__penalty": st.sampled_from([1.0, 10.0]),
    "training__seed": st.integers(0, 2),
    "training__batch": st.sampled_from([32, 64]),
}


@given(st.lists(st.fixed_dictionaries(VALUES), min_size=1, max_size=8))
def test_members_of_a_family_differ_in_its_field_alone(choices):
    runs = [sweep_record(k, False, **choice) for k, choice in enumerate(choices, 1)]
    for family in field_families(runs[0], runs):
        assert len(set(family.values)) == len(family.values) == len(family.records) >= 2
        assert family.values[family.index(runs[0])] == field_value(runs[0].experiment, family.path)
        for value, one in zip(family.values, family.records, strict=True):
            assert field_value(one.experiment, family.path) == value
            if one is not runs[0]:
                assert sole_difference(runs[0].experiment, one.experiment).path == family.path
    covered = {one.run for family in field_families(runs[0], runs) for one in family.records}
    for one in runs[1:]:
        assert (sole_difference(runs[0].experiment, one.experiment) is None) or covered
