"""The sampling density sigma on a plane, estimated from samples."""

import numpy as np
import torch
from numpy.typing import NDArray

from wganstudio.fields.plane import Plane
from wganstudio.pairs.base import Pair, Stream, between, generator

SAMPLES = 1 << 18
CHUNK = 1 << 15
BANDWIDTH = 1.5
"""Standard deviation of the smoothing, in cells of the plane's grid."""


def sigma_on(plane: Plane, pair: Pair, seed: int, device: torch.device) -> tuple[NDArray[np.float32], str]:
    """Density of sigma at the plane's points (its marginal on the plane where D > 2), and how it was found.

    A histogram of 2^18 samples with one cell about each point, smoothed by a Gaussian of 1.5 cells; in units
    of 1 / length^K for a plane of dimension K.
    """
    p, q = (Stream(law, generator(device, seed, k)) for k, law in enumerate((pair.p, pair.q)))
    chance = generator(device, seed, 2)
    ticks = [plane.x, plane.y][: len(plane.axes)]
    edges = [np.linspace(t[0] - (t[1] - t[0]) / 2, t[-1] + (t[1] - t[0]) / 2, len(t) + 1) for t in ticks]
    counts = np.zeros([len(t) for t in ticks])
    for _ in range(SAMPLES // CHUNK):
        z = plane.project(between(p(CHUNK), q(CHUNK), chance).cpu().numpy())
        counts += np.histogramdd(z, edges)[0]
    cell = float(np.prod([t[1] - t[0] for t in ticks]))
    density = counts / (SAMPLES * cell)
    for axis in range(density.ndim):
        density = _smooth(density, axis)
    marginal = "; its marginal on this plane" if pair.dim > 2 else ""
    return density.T.astype(np.float32), f"estimated from {SAMPLES:,} samples{marginal}"


def _smooth(density: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
    reach = int(4 * BANDWIDTH)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / BANDWIDTH) ** 2)
    kernel /= kernel.sum()
    return np.apply_along_axis(lambda line: np.convolve(line, kernel)[reach:-reach], axis, density)
