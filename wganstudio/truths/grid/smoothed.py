"""The problem of smoothed samples, for pairs of the plane without known densities."""

import numpy as np
from numpy.typing import NDArray

from wganstudio.pairs.base import Pair, Sampler, interpolate, make_rng
from wganstudio.truths.grid.piecewise_constant import CellwiseProblem

Floats = NDArray[np.float64]

CELLS = 160
BANDWIDTH = 1.5
"""Standard deviation of the smoothing, in cells."""
BATCHES, BATCH = 64, 1 << 16


def smoothed_problem(pair: Pair, seed: int) -> tuple[CellwiseProblem, float, int] | None:
    """Return P, Q and sigma from 2^22 samples, smoothed by one Gaussian and constant on cells.

    Only the largest connected part of the cells with sigma > 0 counts: stray samples beyond it, a few of a
    million, are left out.

    Returns
    -------
    problem, bandwidth, samples
        The problem, the standard deviation of the smoothing, and the number of samples of each distribution.
        None where all samples are one point.
    """
    from scipy.ndimage import gaussian_filter, label

    rng = make_rng("cpu", seed, 3)
    p, q = (Sampler(each, make_rng("cpu", seed, 4 + k)) for k, each in enumerate((pair.p, pair.q)))
    first = [sampler(BATCH).double().numpy() for sampler in (p, q)]
    low, high = np.concatenate(first).min(axis=0), np.concatenate(first).max(axis=0)
    step = float((high - low).max()) / (CELLS - 12)
    if not step:
        return None
    counts = np.ceil((high - low) / step).astype(int) + 12  # room for the smoothing
    x, y = (c + step * (np.arange(n + 1) - n / 2) for c, n in zip((low + high) / 2, counts, strict=True))
    totals = [np.zeros(counts) for _ in range(3)]
    for _ in range(BATCHES):
        at_p, at_q = p(BATCH), q(BATCH)
        for total, points in zip(totals, (at_p, at_q, interpolate(at_p, at_q, rng)), strict=True):
            total += np.histogramdd(points.double().numpy(), (x, y))[0]
    of_p, of_q, sigma = (gaussian_filter(total, BANDWIDTH, mode="constant") for total in totals)
    parts, _ = label(sigma > 0)
    largest = parts == np.bincount(parts.ravel())[1:].argmax() + 1
    of_p, of_q, sigma = (np.where(largest, part, 0.0) for part in (of_p, of_q, sigma))
    return (
        CellwiseProblem(x, y, sigma, of_p / of_p.sum() - of_q / of_q.sum()),
        BANDWIDTH * step,
        BATCHES * BATCH,
    )
