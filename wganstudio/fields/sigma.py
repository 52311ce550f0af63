"""The sampling density sigma on a plane: exact where it is known, otherwise estimated from samples."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from wganstudio.fields.plane import Plane
from wganstudio.pairs.base import Pair, Sampler, interpolate, make_rng
from wganstudio.pairs.custom_sigma import CustomSigma

SAMPLES = 1 << 18
CHUNK = 1 << 15
COORDINATES = 1 << 22
"""Coordinates of the samples in one chunk: 16 MiB of float32; memory holds several such arrays."""
BANDWIDTH = 1.5
"""Standard deviation of the smoothing, in cells of the plane's grid."""


def sigma_density(
    plane: Plane, pair: Pair, seed: int, device: torch.device
) -> tuple[NDArray[np.float32], str]:
    """Return the density of sigma on a plane, and a description of the method.

    For D > 2 it is the marginal density on the plane. The unit is 1 / length^K for a plane of dimension K.
    """
    if isinstance(pair.sigma, CustomSigma):
        return _custom_density(plane, pair.sigma)
    exact = exact_sigma(plane, pair)
    if exact is None:
        density, error = sampled_sigma(plane, pair, seed, device, SAMPLES)
        method = f"estimated from {SAMPLES:,} samples, standard error {error:.1%} where it is greatest"
    else:
        density, method = exact, "exact, by quadrature in time"
    marginal = "; its marginal on this plane" if pair.dim > 2 else ""
    return density.astype(np.float32), method + marginal


def _custom_density(plane: Plane, sigma: CustomSigma) -> tuple[NDArray[np.float32], str]:
    density = sigma.density(plane.points()).reshape(plane.shape)
    error = f", its integral to a standard error of {sigma.error:.1%}" if sigma.error else ""
    here = "; its values on this plane" if len(sigma.low) > 2 else ""
    return density.astype(np.float32), f"custom speed limits, {sigma.name}{error}{here}"


def exact_sigma(plane: Plane, pair: Pair) -> NDArray[np.float64] | None:
    """Return the density of sigma on the plane by quadrature in t; None without exact projections."""
    p, q = (distribution.project(plane.origin, plane.axes) for distribution in (pair.p, pair.q))
    interpolant = p.interpolant_to(q) if p is not None and q is not None else None
    return None if interpolant is None else interpolant.on_grid(*plane.ticks).density.T


def sampled_sigma(
    plane: Plane,
    pair: Pair,
    seed: int,
    device: torch.device,
    samples: int = SAMPLES,
    of_q: Tensor | None = None,
) -> tuple[NDArray[np.float64], float]:
    """Estimate the density of sigma on the plane from samples.

    The estimate is a histogram with one cell about each point, smoothed by a Gaussian of 1.5 cells. Besides
    the standard error it has the bias of the smoothing.

    Parameters
    ----------
    samples : int
        Number of samples of sigma.
    of_q : Tensor, optional
        Samples of Q on the plane, [k, K], to draw from instead of Q; each is drawn many times. Fresh samples
        of a generator would cost more.

    Returns
    -------
    tuple
        The density, and its relative standard error at its maximum.
    """
    p, q = (
        Sampler(distribution, make_rng(device, seed, k)) for k, distribution in enumerate((pair.p, pair.q))
    )
    rng = make_rng(device, seed, 2)
    ticks = plane.ticks
    edges = [np.linspace(t[0] - (t[1] - t[0]) / 2, t[-1] + (t[1] - t[0]) / 2, len(t) + 1) for t in ticks]
    counts = np.zeros([len(t) for t in ticks])
    chunk = min(CHUNK, 1 << (COORDINATES // pair.dim).bit_length() - 1)
    chunk = min(chunk, samples)
    origin, axes = (
        torch.as_tensor(part, dtype=torch.float32, device=device) for part in (plane.origin, plane.axes)
    )
    for _ in range(samples // chunk):
        x = (p(chunk) - origin) @ axes.T  # before the interpolation, which then has K coordinates
        if of_q is None:
            y = (q(chunk) - origin) @ axes.T
        else:
            y = of_q[torch.randint(len(of_q), (chunk,), generator=rng, device=device)]
        counts += np.histogramdd(interpolate(x, y, rng).double().cpu().numpy(), edges)[0]
    cell = float(np.prod([t[1] - t[0] for t in ticks]))
    density = counts / (samples * cell)
    for axis in range(density.ndim):
        density = _smooth(density, axis)
    # number of cells that the smoothing averages over
    averaged_cells = (2 * np.sqrt(np.pi) * BANDWIDTH) ** density.ndim
    return density.T, float(1 / np.sqrt(density.max() * samples * cell * averaged_cells))


def _smooth(density: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
    radius = int(4 * BANDWIDTH)
    kernel = np.exp(-0.5 * (np.arange(-radius, radius + 1) / BANDWIDTH) ** 2)
    kernel /= kernel.sum()
    return np.apply_along_axis(lambda row: np.convolve(row, kernel)[radius:-radius], axis, density)
