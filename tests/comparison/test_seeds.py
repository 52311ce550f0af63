"""Groups by seed, and their statistics against numpy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wganstudio.comparison.seeds import SeedGroups, group_by_seed, mean_curve, mean_of, one_per_seed
from wganstudio.experiment import override, preset, read
from wganstudio.session import RunRecord
from wganstudio.training.events import Ended


def run(number, seed, **changes):
    fields = [(name.replace("__", "."), value) for name, value in changes.items()]
    settings = override(preset("first-look").settings, [("training.seed", seed), *fields])
    return RunRecord(number, read(settings))


def ended(record):
    record.apply(Ended(step=10, reason="done", seconds=1.0, estimates={}, gradient={}))
    return record


def test_runs_that_differ_only_in_the_seed_are_one_group():
    runs = [run(1, 0), run(2, 0, solver__penalty=7.0), run(3, 1), run(4, 2, solver__penalty=7.0), run(5, 3)]
    groups = [[one.run for one in group] for group in group_by_seed(runs)]
    assert groups == [[1, 3, 5], [2, 4]]


def test_a_name_makes_no_difference_but_the_number_of_steps_does():
    runs = [run(1, 0, about__name="one"), run(2, 1, about__name="two"), run(3, 2, training__steps=77)]
    assert [len(group) for group in group_by_seed(runs)] == [2, 1]


def test_a_run_whose_settings_are_filled_in_later_changes_its_group():
    groups, runs = SeedGroups(), [run(1, 0), run(2, 1)]
    assert len(groups.group(runs)) == 1
    runs[1].experiment = run(2, 1, solver__penalty=3.0).experiment
    assert len(groups.group(runs)) == 2


def test_repeats_of_one_seed_count_once_and_the_complete_one_counts():
    runs = [ended(run(1, 0)), run(2, 0), run(3, 1), run(4, 1)]
    assert [one.run for one in one_per_seed(runs)] == [1, 4]


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=20))
def test_mean_and_standard_error_are_those_of_numpy(values):
    mean = mean_of(values)
    assert mean.value == pytest.approx(np.mean(values))
    assert mean.error == pytest.approx(np.std(values, ddof=1) / np.sqrt(len(values)))
    assert mean.count == len(values)


def test_one_number_has_no_standard_error_and_none_have_no_mean():
    assert np.isnan(mean_of([3.0]).error) and mean_of([]) is None


def test_a_mean_curve_has_the_steps_that_all_curves_have():
    rng = np.random.default_rng(0)
    values = rng.normal(size=(3, 4))
    curves = [(np.array([0.0, 10, 20, 30]), row) for row in values]
    curves[2] = curves[2][0][:3], curves[2][1][:3]  # still running
    mean = mean_curve(curves)
    assert mean.steps.tolist() == [0, 10, 20]
    np.testing.assert_allclose(mean.values, values[:, :3].mean(0))
    np.testing.assert_allclose(mean.errors, values[:, :3].std(0, ddof=1) / np.sqrt(3))


def test_curves_without_a_common_step_have_an_empty_mean():
    assert not len(mean_curve([(np.array([1.0]), np.array([2.0])), (np.array([3.0]), np.array([4.0]))]).steps)
