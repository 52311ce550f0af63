"""Mixtures of isotropic Gaussians."""

import numpy as np
import torch

from wganstudio.experiment.options import Vector
from wganstudio.experiment.pairs import MixtureOptions, Points, broadcast
from wganstudio.pairs.base import Pair
from wganstudio.pairs.distributions import GaussianMixture


class MixturePair(Pair):
    """P and Q mixtures of isotropic Gaussians."""

    def __init__(self, options: MixtureOptions, *, device: torch.device | str = "cpu") -> None:
        weights_p = options.weights_p or (1 / len(options.means_p),) * len(options.means_p)
        weights_q = options.weights_q or (1 / len(options.means_q),) * len(options.means_q)
        self.options = options.model_copy(update={"weights_p": weights_p, "weights_q": weights_q})
        self.p = _mixture(options.means_p, options.scale_p, weights_p)
        self.q = _mixture(options.means_q, options.scale_q, weights_q)


def _mixture(means: Points, scale: Vector, weights: tuple[float, ...]) -> GaussianMixture:
    return GaussianMixture(np.array(means), np.array(broadcast(scale, len(means))), np.array(weights))
