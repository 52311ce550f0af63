"""The discrete baseline: exact transport between samples."""

import math

import torch
from torch import Tensor

from wganstudio.critics.lipschitz_extension import LipschitzExtension
from wganstudio.critics.parts import Parts
from wganstudio.critics.training_state import State
from wganstudio.experiment import solvers
from wganstudio.ot.distances import distances, unit_vectors
from wganstudio.ot.exact import exact_transport
from wganstudio.pairs.base import Sampler
from wganstudio.solvers.base import Solver


class DiscreteTransport(Solver):
    """W1 between n samples of each distribution, solved as a linear program.

    Its cost is biased upwards, heavily in many dimensions. The gradient at its own samples x of P is
    (x - y) / |x - y|, y the sample to which the plan moves x. The critic is the McShane extension of the dual
    potential; the network of the experiment is not used.

    References
    ----------
    Korotin et al., arXiv 2206.07767 (DOT).
    """

    state_names = (*Solver.state_names, "evaluation_points", "_cost", "_gradients")
    options: solvers.DiscreteOTOptions

    def setup(self, p: Sampler, q: Sampler) -> None:
        """Draw the samples and solve: seconds to minutes on one core."""
        n = self.options.samples
        x, y = p(n), q(n)
        x64, y64 = x.cpu().double(), y.cpu().double()  # some devices have no float64
        solution = exact_transport(distances(x64, y64).numpy())
        f, g = (torch.from_numpy(potential) for potential in (solution.f, solution.g))
        error = math.sqrt((float(f.var()) + float(g.var())) / n)
        self._cost = {"gap": solution.cost, "gap_se": error}
        self.critic = LipschitzExtension(x64, y64, f, g)
        self.evaluation_points = x
        self._gradients = unit_vectors(x - y[torch.from_numpy(solution.plan.argmax(1)).to(y.device)])

    def load_critic(self, weights: dict[str, Tensor], p: Sampler, q: Sampler) -> None:
        """Make the critic of the saved dual; nothing is solved again."""
        self.critic = LipschitzExtension(**{name: weight.double() for name, weight in weights.items()})

    def load_training_state(self, state: State) -> None:
        """Continue with the critic of another run's plan."""
        self.critic = LipschitzExtension(**state["critic"])
        super().load_training_state(state)

    def cost_in_parts(self, p: Sampler, q: Sampler, count: int) -> Parts[dict[str, float]]:
        """Return the cost of the plan between the solver's own samples."""
        yield 0.0
        return self._cost

    def gradient(self, points: Tensor) -> Tensor:
        """Return the unit vectors [n, D] against the direction of transport at `evaluation_points`.

        Raises
        ------
        ValueError
            The points are others than `evaluation_points`.
        """
        if points is not self.evaluation_points:
            raise ValueError("discrete transport has a gradient at its own samples only")
        return self._gradients
