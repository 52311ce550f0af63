"""Curves of the plane with Gaussian noise as mixtures of Gaussians: a quadrature of the curve.

The density of the mixture differs from that of the curve by less than 1e-7 of its maximum, less than 1e-9 for
noise that is narrow beside the curve: it is smooth, so that Gauss's rule, and on a circle the midpoint rule,
converge exponentially once nodes are as dense as the noise is wide.
"""

import math

import numpy as np
from numpy.typing import NDArray

from wganstudio.pairs.interpolants.gaussians import GaussianComponents
from wganstudio.pairs.quadrature import gauss_rule

Floats = NDArray[np.float64]

_SPACING = 0.85
"""Largest distance of neighboring nodes in standard deviations of the noise."""
_FASTEST_ARM = 12.4
"""Speed along an arm of the spirals times the relative distance of Gauss's nodes, at most."""
_MAX_NODES = 2048


def moons(noise: float) -> GaussianComponents | None:
    """Return `classics.moons` with noise; None where it takes too many components."""
    rule = _rule(4 / 3 * math.pi, noise)
    if rule is None:
        return None
    angle, weights = rule[0] * math.pi, rule[1]
    arcs = [side * np.stack([np.cos(angle) - 0.5, np.sin(angle) - 0.25], axis=1) * 4 / 3 for side in (1, -1)]
    return _components(np.concatenate(arcs), np.tile(weights / 2, 2), noise)


def spirals(noise: float) -> GaussianComponents | None:
    """Return `classics.spirals` with noise; None where it takes too many components."""
    rule = _rule(_FASTEST_ARM, noise)
    if rule is None:
        return None
    radius, weights = rule
    angle = 3 * math.pi * radius
    arms = [side * radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1) for side in (2, -2)]
    return _components(np.concatenate(arms), np.tile(weights * radius, 2), noise)


def rings(noise: float) -> GaussianComponents | None:
    """Return `classics.rings` with noise; None where it takes too many components."""
    means, weights = [], []
    for k in (1, 2, 3):
        count = math.ceil(2 * math.pi * k * 2 / 3 / (_SPACING * noise)) if noise > 0 else _MAX_NODES + 1
        if count > _MAX_NODES:
            return None
        angle = 2 * math.pi * (np.arange(max(count, 32)) + 0.5) / max(count, 32)
        means.append(k * 2 / 3 * np.stack([np.cos(angle), np.sin(angle)], axis=1))
        weights.append(np.full(len(angle), k / 6 / len(angle)))
    return _components(np.concatenate(means), np.concatenate(weights), noise)


def _rule(length: float, noise: float) -> tuple[Floats, Floats] | None:
    """Return Gauss's rule on [0, 1] for a curve; its nodes are pi / 2 farther apart in the middle."""
    count = math.ceil(math.pi / 2 * length / (_SPACING * noise)) if noise > 0 else _MAX_NODES + 1
    return gauss_rule(max(count, 48)) if count <= _MAX_NODES else None


def _components(means: Floats, weights: Floats, noise: float) -> GaussianComponents:
    return GaussianComponents(weights, means, np.full(means.shape, noise))
