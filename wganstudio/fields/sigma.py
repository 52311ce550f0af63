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
"""Of samples held at once, several times: 16 MiB of float32."""
BANDWIDTH = 1.5
"""Standard deviation of the smoothing, in cells of the plane's grid."""


def sigma_on(plane: Plane, pair: Pair, seed: int, device: torch.device) -> tuple[NDArray[np.float32], str]:
    """Density of sigma at the plane's points (its marginal on the plane where D > 2), and how it was found.

    In units of 1 / length^K for a plane of dimension K.
    """
    if isinstance(pair.sigma, CustomSigma):
        return _limits_on(plane, pair.sigma)
    known = exact(plane, pair)
    if known is None:
        density, error = sampled(plane, pair, seed, device)
        method = f"estimated from {SAMPLES:,} samples, standard error {error:.1%} where it is greatest"
    else:
        density, method = known, "exact, by quadrature in time"
    marginal = "; its marginal on this plane" if pair.dim > 2 else ""
    return density.astype(np.float32), method + marginal


def _limits_on(plane: Plane, limits: CustomSigma) -> tuple[NDArray[np.float32], str]:
    density = limits.density(plane.points()).reshape(plane.shape)
    error = f", its integral to a standard error of {limits.error:.1%}" if limits.error else ""
    here = "; as it is on this plane" if len(limits.low) > 2 else ""
    return density.astype(np.float32), f"own speed limits, {limits.name}{error}{here}"


def exact(plane: Plane, pair: Pair) -> NDArray[np.float64] | None:
    """Density of sigma on the plane by quadrature in t; None where the projections are not known."""
    p, q = (each.project(plane.origin, plane.axes) for each in (pair.p, pair.q))
    interpolant = p.interpolant_to(q) if p is not None and q is not None else None
    return None if interpolant is None else interpolant.on_grid(*plane.ticks).density.T


def sampled(
    plane: Plane,
    pair: Pair,
    seed: int,
    device: torch.device,
    samples: int = SAMPLES,
    of_q: Tensor | None = None,
) -> tuple[NDArray[np.float64], float]:
    """Density of sigma on the plane from samples, and its relative standard error where it is greatest.

    A histogram of `samples` with one cell about each point, smoothed by a Gaussian of 1.5 cells. Besides the
    standard error it has the bias of that smoothing. `of_q` are points on the plane [k, K] that stand for Q,
    each of them drawn many times: to make more costs a generator more than to mix these.
    """
    p, q = (Sampler(law, make_rng(device, seed, k)) for k, law in enumerate((pair.p, pair.q)))
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
        x = (p(chunk) - origin) @ axes.T  # first: K coordinates to mix, not D
        if of_q is None:
            y = (q(chunk) - origin) @ axes.T
        else:
            y = of_q[torch.randint(len(of_q), (chunk,), generator=rng, device=device)]
        counts += np.histogramdd(interpolate(x, y, rng).double().cpu().numpy(), edges)[0]
    cell = float(np.prod([t[1] - t[0] for t in ticks]))
    density = counts / (samples * cell)
    for axis in range(density.ndim):
        density = _smooth(density, axis)
    # the smoothing averages over so many cells a dimension
    spread = (2 * np.sqrt(np.pi) * BANDWIDTH) ** density.ndim
    return density.T, float(1 / np.sqrt(density.max() * samples * cell * spread))


def _smooth(density: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
    reach = int(4 * BANDWIDTH)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / BANDWIDTH) ** 2)
    kernel /= kernel.sum()
    return np.apply_along_axis(lambda line: np.convolve(line, kernel)[reach:-reach], axis, density)
