"""The record of a run between Gaussians, with descents whose numbers are invented."""

import numpy as np

from figure_records.gaussians import gaussian_record
from figure_records.snapshots import snapshot

ATTRIBUTES = {
    "samples": 128,
    "draws": 4,
    "reference": 0.3,
    "reference_se": 0.02,
    "first_length": "closed form",
}


def descent(step, dim=2, count=60):
    """Return a descent of two steps: the samples move by (2, 1), then by (0.5, 0)."""
    rng = np.random.default_rng(step)
    axes = min(dim, 2)
    starts = rng.normal(size=(count, axes))
    moves = np.array([[0.0, 0.0], [2.0, 1.0], [2.5, 1.0]])[:, None, :axes]
    arrays = {
        "points": starts + moves,
        "targets": rng.normal(size=(count, axes)) + 2,
        "lower": np.array([1.9, 0.2, 0.1]),
        "lower_se": np.array([0.05, 0.04, 0.03]),
        "upper": np.array([2.1, 0.6, 0.5]),
        "upper_se": np.array([0.06, 0.05, 0.04]),
        "gaps": np.array([2.4, 0.24, 0.0]),
        "mean_norms": np.array([1.2, 1.2, 1.0]),
        "lengths": np.array([2.0, 0.2]),
    }
    return snapshot("critic-descent", arrays, step, attributes=ATTRIBUTES)


def descent_record(dim=2):
    """Return a finished run with descents after 1,000 and 2,000 steps."""
    record = gaussian_record(dim, points=24)
    for step in (1000, 2000):
        record.apply(descent(step, dim))
    return record
