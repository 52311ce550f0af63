"""Uniform distributions on balls and annuli."""

import numpy as np
import torch

from wganstudio.experiment.pairs import UniformBallsOptions, broadcast, common_dim
from wganstudio.pairs.base import Pair
from wganstudio.pairs.distributions import Ball


class BallPair(Pair):
    """P and Q uniform on balls, or on annuli where a hole is given."""

    def __init__(self, options: UniformBallsOptions, *, device: torch.device | str = "cpu") -> None:
        o = options
        dim = common_dim(o.dim, 2, center_p=o.center_p, center_q=o.center_q)
        self.options = o.model_copy(update={"dim": dim})
        p, q = (np.array(broadcast(center, dim)) for center in (o.center_p, o.center_q))
        origin = self.set_origin(p - o.radius_p, p + o.radius_p, q - o.radius_q, q + o.radius_q)
        self.p = Ball(p - origin, o.radius_p, o.hole_p)
        self.q = Ball(q - origin, o.radius_q, o.hole_q)
