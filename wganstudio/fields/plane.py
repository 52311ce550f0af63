"""The plane (for D = 1 the line) on which the views show fields and samples."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.linalg import svds

from wganstudio.experiment import BadExperiment, EvaluationOptions, Problem
from wganstudio.pairs.base import Pair, make_rng
from wganstudio.pairs.origin import choose_origin

Float = NDArray[np.float64]
MARGIN = 0.08
"""Margin around the samples, relative to the longer side."""
POINT = 1e-6
"""Extent of samples that counts as none, relative to their distance from the origin (as float32 does)."""
TAIL = 0.002
"""Share of the samples outside the plane at each end of an axis."""
SAMPLES = 4096
"""Samples of each distribution that determine the plane."""
MAX_FULL_EIGEN_DIM = 512
"""Dimension above which only two eigenvectors of the covariance are computed."""


@dataclass(frozen=True)
class Plane:
    """A rectangular grid on a plane: points origin + coordinates @ axes; K = 2, or 1 for D = 1."""

    origin: Float
    """A point of the plane, [D]."""
    axes: Float
    """Orthonormal directions, [K, D]."""
    x: Float
    """Coordinates along the first axis, [n], in the units of the space."""
    y: Float
    """Coordinates along the second axis, [m]; empty for K = 1."""
    labels: tuple[str, ...]
    """Names of the axes."""
    offsets: tuple[float, ...]
    """Numbers to add to the coordinates along each axis; 0 where the axis is not one of the options."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of a field on the plane: (m, n), or (n,) for K = 1."""
        return (len(self.y), len(self.x)) if len(self.axes) == 2 else (len(self.x),)

    @property
    def ticks(self) -> tuple[Float, ...]:
        """The coordinates along each axis: (x, y), or (x,) for K = 1."""
        return (self.x, self.y)[: len(self.axes)]

    def points(self) -> Float:
        """Return the points of the plane in the space, [m n, D], row by row."""
        if len(self.axes) == 1:
            return self.origin + self.x[:, None] * self.axes
        x, y = np.meshgrid(self.x, self.y)
        return self.origin + np.stack((x.ravel(), y.ravel()), axis=1) @ self.axes

    def project(self, points: Float) -> Float:
        """Return the coordinates [k, K] of points [k, D]."""
        return (np.asarray(points, float) - self.origin) @ self.axes.T


def pair_plane(pair: Pair, options: EvaluationOptions, seed: int) -> tuple[Plane, Float, Float]:
    """Return the plane of a pair, and the samples [n, D] of P and Q that determine it.

    The result depends on the arguments only; the pair must be on the CPU, so that all processes and devices
    get the same plane.
    """
    samples_p, samples_q = (
        distribution.sample(SAMPLES, make_rng("cpu", seed, k, *b"scene")).double().numpy()
        for k, distribution in enumerate((pair.p, pair.q))
    )
    plane = fit_plane(samples_p, samples_q, options, pair.axis_labels, pair.origin)
    return plane, samples_p, samples_q


def fit_plane(
    samples_p: Float,
    samples_q: Float,
    options: EvaluationOptions,
    names: tuple[str, ...] = (),
    offset: Float | None = None,
) -> Plane:
    """Return the plane that the options choose, with a grid that covers the samples.

    Parameters
    ----------
    samples_p, samples_q : array
        Samples of P and Q, [n, D].
    options : EvaluationOptions
        Kind of plane and resolution.
    names : tuple of str
        Names of the D coordinates, if they have names.
    offset : array, optional
        The point [D] that is subtracted from the coordinates of the options.

    Raises
    ------
    BadExperiment
        The axes or the three points of the options do not fit the dimension.
    """
    samples = np.concatenate((samples_p, samples_q)).astype(float)
    dim = samples.shape[1]
    subtracted = np.zeros(dim) if offset is None else np.broadcast_to(offset, dim)
    labels: tuple[str, ...]
    offsets = (0.0, 0.0)
    if dim <= 2:
        origin, axes = np.zeros(dim), np.eye(dim)
        labels = names or (("x",) if dim == 1 else ("x\u2081", "x\u2082"))
        offsets = tuple(subtracted.tolist())
    elif options.plane == "principal":
        origin, axes = samples.mean(0), _principal(samples)
        labels = ("principal axis 1", "principal axis 2")
    elif options.plane == "axes":
        if max(options.axes) >= dim:
            raise BadExperiment(Problem("evaluation.axes", f"give two coordinates from 0 to {dim - 1}"))
        shown = list(options.axes)
        origin, axes = samples.mean(0), np.eye(dim)[shown]
        origin[shown] = choose_origin(samples[:, shown])
        labels = tuple(names[axis] if names else f"coordinate {axis}" for axis in shown)
        offsets = tuple((subtracted + origin)[shown].tolist())
    else:
        origin, axes = _through(options.points or (), subtracted)
        labels = ("along the first two points", "toward the third point")
    window = (samples - origin) @ axes.T
    low, high = np.quantile(window, (TAIL, 1 - TAIL), axis=0)
    margin = MARGIN * _extent(low, high)
    low, high = low - margin, high + margin
    spacing = float((high - low).max()) / (options.resolution - 1)
    counts = np.maximum(np.round((high - low) / spacing).astype(int) + 1, 2)
    ticks = [np.linspace(a, b, n) for a, b, n in zip(low, high, counts, strict=True)]
    y = ticks[1] if len(ticks) == 2 else np.empty(0)
    return Plane(origin, axes, ticks[0], y, labels, offsets)


def _extent(low: Float, high: Float) -> float:
    """Return the longer side of a window, or where it is empty a length that float32 resolves there."""
    side, distance = float((high - low).max()), float(np.abs((low, high)).max())
    return side if side > POINT * distance else max(1.0, 100 * POINT * distance)


def _principal(samples: Float) -> Float:
    centered = samples - samples.mean(0)
    if samples.shape[1] <= MAX_FULL_EIGEN_DIM or not centered.any():
        _, vectors = np.linalg.eigh(np.cov(samples.T))
        axes = vectors[:, [-1, -2]].T
    else:
        _, singular_values, vectors = svds(centered, 2, v0=np.ones(min(centered.shape)))
        axes = vectors[np.argsort(-singular_values)]
    signs = np.sign(axes[np.arange(2), np.abs(axes).argmax(axis=1)])
    return np.asarray(axes * signs[:, None])


def _through(points: tuple[tuple[float, ...], ...], subtracted: Float) -> tuple[Float, Float]:
    dim = len(subtracted)
    if any(len(point) != dim for point in points):
        raise BadExperiment(Problem("evaluation.points", f"each of the three points needs {dim} coordinates"))
    origin, second, third = np.array(points) - subtracted
    first = second - origin
    across = third - origin - first * ((third - origin) @ first) / max(float(first @ first), 1e-300)
    lengths = np.linalg.norm(first), np.linalg.norm(across)
    if min(lengths) < 1e-9 * max(1.0, float(np.abs(points - subtracted).max())):
        raise BadExperiment(Problem("evaluation.points", "the three points lie on one line; choose others"))
    return origin.astype(float), np.stack((first / lengths[0], across / lengths[1]))
