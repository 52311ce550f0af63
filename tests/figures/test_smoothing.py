"""Smoothing: closed forms, causality, uneven distances, and values that are not finite."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from wganstudio.figures.smoothing import smoothed

WEIGHTS = st.floats(0.01, 0.999)
VALUES = hnp.arrays(float, st.integers(1, 60), elements=st.floats(-1e6, 1e6))


def direct(x, values, weight, unit):
    """The definition, point by point."""
    distances = np.maximum(np.diff(x), 1e-9 * unit)
    masses = 1 - weight ** (np.r_[distances[:1], distances] / unit)
    powers = [masses[: k + 1] * weight ** ((x[k] - x[: k + 1]) / unit) for k in range(len(x))]
    means = [p @ values[: k + 1] / p.sum() if p.sum() else values[k] for k, p in enumerate(powers)]
    return np.array(means)


@given(WEIGHTS, st.floats(-1e9, 1e9, allow_subnormal=False), st.integers(1, 200))
def test_a_constant_curve_stays_constant(weight, constant, count):
    x = np.cumsum(np.linspace(0.1, 7.0, count))
    np.testing.assert_allclose(smoothed(x, np.full(count, constant), weight, 1.0), constant, rtol=1e-12)


def test_the_step_response_is_that_of_the_debiased_average():
    w, before, after = 0.9, 5, 40
    values = np.r_[np.zeros(before), np.ones(after)]
    n = np.arange(1, after + 1)
    expected = (1 - w**n) / (1 - w ** (n + before))
    result = smoothed(np.arange(before + after), values, w, 1.0)
    np.testing.assert_allclose(result[before:], expected, rtol=1e-12)
    assert not result[:before].any()


def test_at_equal_distances_it_is_the_smoothing_of_tensorboard():
    values, w, last, expected = np.sin(np.arange(50.0)), 0.6, 0.0, []
    for k, value in enumerate(values):
        last = last * w + (1 - w) * value
        expected.append(last / (1 - w ** (k + 1)))
    np.testing.assert_allclose(smoothed(50.0 * np.arange(50), values, w, 50.0), expected, rtol=1e-12)


@given(VALUES, WEIGHTS, st.data())
def test_it_is_the_weighted_mean_by_distance(values, weight, data):
    gaps = data.draw(hnp.arrays(float, len(values), elements=st.floats(0.01, 30.0)))
    x = np.cumsum(gaps)
    result = smoothed(x, values, weight, 3.0)
    np.testing.assert_allclose(result, direct(x, values, weight, 3.0), rtol=1e-9, atol=1e-6)


@given(VALUES, VALUES, WEIGHTS)
def test_later_points_change_nothing_before_them(past, future, weight):
    both = np.r_[past, future]
    x = np.cumsum(np.abs(np.sin(np.arange(len(both))))) * 20
    result = smoothed(x, both, weight, 10.0)
    np.testing.assert_array_equal(result[: len(past)], smoothed(x[: len(past)], past, weight, 10.0))


@given(VALUES, WEIGHTS, st.floats(0.1, 100.0))
def test_the_unit_of_the_axis_does_not_matter(values, weight, factor):
    x = np.arange(len(values)) * 1.5
    ours, theirs = smoothed(x, values, weight, 1.0), smoothed(factor * x, values, weight, factor)
    np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-6 * np.abs(values).max())


def test_a_cluster_of_points_counts_no_more_than_its_width():
    x = np.r_[0.0, np.linspace(50, 51, 100), np.arange(100.0, 1001.0, 50.0)]
    values = np.r_[0.0, np.full(100, 9.0), np.zeros(19)]
    assert smoothed(x, values, 0.9, 50.0)[-1] < 0.9
    np.testing.assert_array_less(smoothed(x, values, 0.9, 50.0), 9.0 + 1e-9)


def test_points_at_one_place_are_no_trouble():
    x = np.array([0.0, 0.0, 0.0, 5.0, 5.0])
    result = smoothed(x, np.array([1.0, 2.0, 3.0, 4.0, 5.0]), 0.5, 1.0)
    assert np.isfinite(result).all() and result[0] == 1.0


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_value_that_is_not_finite_counts_for_nothing(bad):
    x = np.arange(6.0)
    values = np.array([1.0, 2.0, bad, 4.0, 5.0, 6.0])
    result = smoothed(x, values, 0.5, 1.0)
    np.testing.assert_equal(result[2], bad)
    masses, powers = np.array([1, 1, 0, 1, 1, 1]), 0.5 ** (5 - x)
    expected = (masses * powers * np.nan_to_num(values, posinf=0, neginf=0)).sum() / (masses * powers).sum()
    assert result[-1] == pytest.approx(expected, rel=1e-12)


def test_without_smoothing_the_values_are_returned():
    values = np.array([3.0, 1.0])
    assert smoothed(np.arange(2.0), values, 0.0, 1.0) is values
