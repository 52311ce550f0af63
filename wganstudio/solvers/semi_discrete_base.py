"""Base of the solvers whose critic is the (regularized) c-transform of a dual potential over points of P."""

import torch
from torch import Tensor

from wganstudio.critics.c_transform import CHUNK, BarycentricMap, RegularizedCTransform
from wganstudio.critics.features import Features, features_of
from wganstudio.critics.training_state import State
from wganstudio.experiment.regularized import RegularizedOTOptions
from wganstudio.experiment.semi_discrete import SemiDiscreteOptions
from wganstudio.ot.regularized import DualCertificate, RegularizedOT
from wganstudio.ot.regularizers import regularizer_of
from wganstudio.pairs.base import Sampler
from wganstudio.solvers.base import Solver, SolverContext

MIN_MAP_POINTS = 64
SYMMETRIC_ACCURACY = 1e-5
"""Accuracy of the transport of a batch to itself, in units of the cost."""


class SemiDiscreteBase(Solver):
    """Follows sum_j p_j(x) grad_x c(x, y_j), where p are the shares of the critic's dual over points y of P.

    By the envelope theorem the dual itself is not differentiated.

    References
    ----------
    Sanjabi et al., arXiv 1802.08249, Theorem 4.1. Houdard et al., arXiv 2102.05542, Theorem 3.
    """

    state_names = (*Solver.state_names, "scale", "max_map_points")
    moving_atoms = False
    """The points of P change from step to step."""
    options: SemiDiscreteOptions | RegularizedOTOptions
    critic: RegularizedCTransform
    features: Features | None

    def __init__(self, options: SemiDiscreteOptions | RegularizedOTOptions, context: SolverContext) -> None:
        super().__init__(options, context)
        self.features = features_of(options.ground, self.critic.dim)

    def set_atoms(self, p: Sampler, q: Sampler, atoms: Tensor, weights: Tensor) -> None:
        """Fit the features of the ground cost, and build the critic over atoms [n, D] of P."""
        if self.features is not None:
            self.features.to(atoms.device).setup(p, q)
        self.critic = self.make_critic(atoms, weights)
        self.scale = self.critic.scale
        self.max_map_points = min(type(self).max_map_points, max(MIN_MAP_POINTS, CHUNK // len(atoms)))

    def make_critic(
        self, atoms: Tensor, weights: Tensor, scale: float | None = None, *, moving: bool = False
    ) -> RegularizedCTransform:
        """Return a critic over points [n, D] of P with weights [n]."""
        return RegularizedCTransform(atoms, weights, self.options.ground, scale, self.features, moving=moving)

    def load_training_state(self, state: State) -> None:
        """Make a critic over the saved points of P, then continue from the state."""
        saved = state["critic"]
        if self.features is not None:
            self.features.to(self.rng.device).requires_grad_(self.options.ground.features == "learned")
        self.critic = self.make_critic(
            saved["atoms"], saved["weights"], saved["scale"], moving=self.moving_atoms
        )
        self.critic.load_training_state(saved)
        self.begin_dual()
        super().load_training_state(state)

    def load_critic(self, weights: dict[str, Tensor], p: Sampler, q: Sampler) -> None:
        """Draw the points of P and fit the features as in training, then load the weights."""
        self.setup(p, q)
        super().load_critic(weights, p, q)

    def begin_dual(self) -> None:
        """Create what depends on the critic's points of P. The default does nothing."""

    @torch.no_grad()
    def cost_gradient(self, points: Tensor) -> Tensor:
        """Return n times the gradient [n, D] of the cost in points [n, D] of Q.

        Debiased, the gradient of half the cost between the points and themselves is subtracted.
        """
        gradient = self.transport_gradient(points)
        if not (self.options.debias and self.options.ground.epsilon > 0):
            return gradient
        shares = self.solve_symmetric(points).transform.shares.to(points)
        return gradient - self.critic.weighted_gradient(shares, points, points)

    def transport_gradient(self, points: Tensor) -> Tensor:
        """Return sum_j p_j(x) grad_x c(x, y_j) [n, D]."""
        return -self.critic.gradient(points)[1]

    def to_p(self, points: Tensor) -> Tensor | None:
        """Return the barycentric projections [n, D] of points [n, D] of Q, for the squared distance."""
        map = self.map_to_p()
        return None if map is None else map(points)

    def map_to_p(self) -> BarycentricMap | None:
        """Return the barycentric map of the current dual."""
        return BarycentricMap(self.critic) if self.options.maps else None

    def solve_symmetric(self, points: Tensor) -> DualCertificate:
        """Return the transport of points [n, D] of equal weight to themselves."""
        problem = RegularizedOT(self.critic.costs(points, points), regularizer_of(self.options.ground))
        return problem.solve_symmetric(SYMMETRIC_ACCURACY)
