"""Pairs of distributions with independent coordinates: Gaussians and boxes."""

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
        self.p = Gaussian(broadcast(o.mean_p, dim), broadcast(o.scale_p, dim))
        self.q = Gaussian(broadcast(o.mean_q, dim), broadcast(o.scale_q, dim))


class BoxPair(Pair):
    """P uniform on [low_p, high_p], Q uniform on [low_q, high_q]."""

    def __init__(self, options: UniformBoxesOptions, *, device: torch.device | str = "cpu") -> None:
        o = options
        dim = common_dim(o.dim, 2, low_p=o.low_p, high_p=o.high_p, low_q=o.low_q, high_q=o.high_q)
        self.options = o.model_copy(update={"dim": dim})
        self.p = Box(broadcast(o.low_p, dim), broadcast(o.high_p, dim))
        self.q = Box(broadcast(o.low_q, dim), broadcast(o.high_q, dim))
