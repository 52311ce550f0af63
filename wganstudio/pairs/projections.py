"""Shadows: the law of a law's coordinates on a plane."""

import numpy as np
from numpy.typing import NDArray

from wganstudio.pairs.base import Distribution
from wganstudio.pairs.distributions import Ball, Box, Gaussian, GaussianMixture

Floats = NDArray[np.float64]


def shadow(law: Distribution, origin: Floats, axes: Floats) -> Distribution | None:
    """The law of axes @ (x - origin), `axes` [K, D] orthonormal; None where it is of no known family.

    Known: round mixtures on any plane, Gaussians where their coordinates on it stay independent, boxes along
    their own coordinates, balls where the plane is the whole space.
    """
    if isinstance(law, GaussianMixture):
        return GaussianMixture((law.means - origin) @ axes.T, law.scales, law.weights)
    if isinstance(law, Gaussian):
        covariance = (axes * law.scale**2) @ axes.T
        variance = np.diag(covariance)
        if np.abs(covariance - np.diag(variance)).max() > 1e-12 * variance.max():
            return None
        return Gaussian(axes @ (law.mean - origin), np.sqrt(variance))
    if isinstance(law, Box) and np.array_equal(np.abs(axes).sum(axis=1), np.ones(len(axes))):
        ends = axes @ (law.low - origin), axes @ (law.high - origin)
        return Box(np.minimum(*ends), np.maximum(*ends))
    if isinstance(law, Ball) and len(axes) == law.dim:
        return Ball(axes @ (law.center - origin), law.radius, law.hole)
    return None
