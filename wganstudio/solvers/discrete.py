"""The discrete baseline: exact transport between samples."""

import math

import torch
from torch import Tensor

from wganstudio.critics.lipschitz_extension import LipschitzExtension
from wganstudio.experiment import solvers
from wganstudio.ot.distances import distances, unit
from wganstudio.ot.exact import exact_transport
from wganstudio.pairs.base import Sampler
from wganstudio.solvers.base import Solver


class DiscreteTransport(Solver):
    """W1 between n samples of each law, solved as a linear program (arXiv 2206.07767, DOT).

    Its cost is biased upwards, heavily in many dimensions. The gradient at its own samples x of P is
    (x - y) / |x - y| with y where the plan takes x. The dual potential, extended by inf-convolution, stands
    for the critic; the network that was asked for plays no part.
    """

    options: solvers.DiscreteOTOptions

    def begin(self, p: Sampler, q: Sampler) -> None:
        """Draw the samples and solve: seconds to minutes on one core."""
        n = self.options.samples
        x, y = p(n), q(n)
        from_x, to_y = x.cpu().double(), y.cpu().double()  # some devices know no float64
        solved = exact_transport(distances(from_x, to_y).numpy())
        f, g = (torch.from_numpy(potential) for potential in (solved.f, solved.g))
        error = math.sqrt((float(f.var()) + float(g.var())) / n)
        self._cost = {"gap": solved.cost, "gap_se": error}
        self.critic = LipschitzExtension(from_x, to_y, f, g)
        self.judged = x
        self._slopes = unit(x - y[torch.from_numpy(solved.plan.argmax(1)).to(y.device)])

    def cost(self, p: Sampler, q: Sampler, count: int) -> dict[str, float]:
        """The cost of the plan between its own samples."""
        return self._cost

    def gradient(self, points: Tensor) -> Tensor:
        """At its own samples, `judged`: the unit vectors from where the plan takes them."""
        if points is not self.judged:
            raise ValueError("discrete transport knows its plan at its own samples alone")
        return self._slopes
