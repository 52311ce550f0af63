"""The law of a data set: its rows and no others, all as often, smoothed as asked."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from wganstudio.pairs.base import make_rng
from wganstudio.pairs.data.empirical import EmpiricalDistribution


@given(rows=st.integers(2, 40), dim=st.integers(1, 5), seed=st.integers(0, 99))
def test_samples_are_rows_each_as_likely(rows, dim, seed):
    points = np.arange(rows * dim, dtype=np.float32).reshape(rows, dim)
    samples = EmpiricalDistribution(points).sample(200 * rows, make_rng("cpu", seed)).numpy()
    assert samples.dtype == np.float32
    drawn, counts = np.unique(samples, axis=0, return_counts=True)
    assert np.array_equal(drawn, points)
    assert np.abs(counts - 200).max() < 6 * 200**0.5


def test_the_same_seed_gives_the_same_samples_and_the_points_stay_as_they_are():
    points = np.random.default_rng(0).normal(size=(50, 3)).astype(np.float32)
    before = points.copy()
    distribution = EmpiricalDistribution(points, width=0.5)
    first, again = (distribution.sample(1000, make_rng("cpu", 7)) for _ in range(2))
    assert torch.equal(first, again)
    assert np.array_equal(points, before)


def test_smoothing_adds_its_variance_and_leaves_the_mean():
    points = np.random.default_rng(1).normal(size=(20, 2)).astype(np.float32)
    samples = EmpiricalDistribution(points, width=0.7).sample(1 << 17, make_rng("cpu", 0)).double().numpy()
    assert samples.mean(axis=0) == pytest.approx(points.mean(axis=0), abs=0.02)
    assert samples.var(axis=0) == pytest.approx(points.var(axis=0) + 0.49, rel=0.03)
