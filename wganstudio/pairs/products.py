"""Pairs of distributions with independent coordinates: Gaussians and boxes."""

import numpy as np
import torch

from wganstudio.experiment.pairs import GaussiansOptions, UniformBoxesOptions, broadcast, common_dim
from wganstudio.pairs.base import Pair
from wganstudio.pairs.distributions import Box, Gaussian


class GaussianPair(Pair):
    """P = N(mean_p, diag(scale_p^2)), Q = N(mean_q, diag(scale_q^2))."""

    def __init__(self, options: GaussiansOptions, *, device: torch.device | str = "cpu") -> None:
        o = options
        dim = common_dim(o.dim, 2, mean_p=o.mean_p, mean_q=o.mean_q, scale_p=o.scale_p, scale_q=o.scale_q)
        self.options = o.model_copy(update={"dim": dim})
        vectors = (o.mean_p, o.scale_p, o.mean_q, o.scale_q)
        mean_p, scale_p, mean_q, scale_q = (np.array(broadcast(vector, dim)) for vector in vectors)
        origin = self.set_origin(mean_p - scale_p, mean_p + scale_p, mean_q - scale_q, mean_q + scale_q)
        self.p = Gaussian(mean_p - origin, scale_p)
        self.q = Gaussian(mean_q - origin, scale_q)


class BoxPair(Pair):
    """P uniform on [low_p, high_p], Q uniform on [low_q, high_q]."""

    def __init__(self, options: UniformBoxesOptions, *, device: torch.device | str = "cpu") -> None:
        o = options
        dim = common_dim(o.dim, 2, low_p=o.low_p, high_p=o.high_p, low_q=o.low_q, high_q=o.high_q)
        self.options = o.model_copy(update={"dim": dim})
        vectors = (o.low_p, o.high_p, o.low_q, o.high_q)
        corners = [np.array(broadcast(vector, dim)) for vector in vectors]
        origin = self.set_origin(*corners)
        low_p, high_p, low_q, high_q = (corner - origin for corner in corners)
        self.p = Box(low_p, high_p)
        self.q = Box(low_q, high_q)
