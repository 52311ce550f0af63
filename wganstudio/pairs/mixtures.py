"""Mixtures of isotropic Gaussians."""

import numpy as np
import torch

from wganstudio.experiment.pairs import MixtureOptions, broadcast
from wganstudio.pairs.atoms import DiscreteDistribution
from wganstudio.pairs.base import Distribution, Floats, Pair
from wganstudio.pairs.distributions import GaussianMixture


class MixturePair(Pair):
    """P and Q mixtures of isotropic Gaussians."""

    def __init__(self, options: MixtureOptions, *, device: torch.device | str = "cpu") -> None:
        weights_p = options.weights_p or (1 / len(options.means_p),) * len(options.means_p)
        weights_q = options.weights_q or (1 / len(options.means_q),) * len(options.means_q)
        self.options = options.model_copy(update={"weights_p": weights_p, "weights_q": weights_q})
        means_p, means_q = np.array(options.means_p), np.array(options.means_q)
        scales_p = np.array(broadcast(options.scale_p, len(means_p)))
        scales_q = np.array(broadcast(options.scale_q, len(means_q)))
        ends = [
            means + sign * scales[:, None]
            for means, scales in ((means_p, scales_p), (means_q, scales_q))
            for sign in (-1, 1)
        ]
        origin = self.set_origin(*ends)
        self.p = _distribution(means_p - origin, scales_p, np.array(weights_p))
        self.q = _distribution(means_q - origin, scales_q, np.array(weights_q))


def _distribution(means: Floats, scales: Floats, weights: Floats) -> Distribution:
    """Return a mixture, or the points that its centers are where all scales are 0."""
    if scales.any():
        return GaussianMixture(means, scales, weights)
    return DiscreteDistribution(means, weights)
