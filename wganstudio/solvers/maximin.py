"""Solvers with a second network, the mover, that searches for the minimum in the c-transform."""

import torch
from torch import Tensor, nn

from wganstudio.critics.convolutional import ConvolutionalCritic
from wganstudio.critics.images import image_shape
from wganstudio.critics.transport_networks import MLPTransportMap, UNet
from wganstudio.experiment import solvers
from wganstudio.ot.distances import unit_vectors
from wganstudio.pairs.base import Sampler
from wganstudio.solvers.adam import AdamSolver
from wganstudio.solvers.base import SolverContext


class Maximin(AdamSolver):
    """max_u min_H E_P u + E_Q (|H(y) - y| - u(H(y))): the mover H transports Q.

    One batch serves all steps of the mover and the critic's step after them.

    References
    ----------
    Nhan Dam et al., Three-player Wasserstein GAN via amortised duality, IJCAI 2019.
    """

    state_names = (*AdamSolver.state_names, "mover")
    options: solvers.MoverSolverOptions
    sign = 1.0
    """Sign of u in the objective: the mover seeks high u, the critic becomes low where it arrives."""

    def __init__(self, options: solvers.MoverSolverOptions, context: SolverContext) -> None:
        super().__init__(options, context)
        self.mover = self.build_mover().to(next(self.critic.parameters()).device)
        self._mover_adam = self.adam(self.mover.parameters(), maximize=False)

    def build_mover(self) -> nn.Module:
        """Return the mover H with its initial weights."""
        critic, options = self.critic, self.options
        shape = critic.shape if isinstance(critic, ConvolutionalCritic) else None
        if options.mover == "mlp" or (options.mover is None and shape is None):
            return MLPTransportMap(
                critic.dim, options.mover_width or max(2 * critic.dim, 128), options.mover_depth
            )
        shape = shape or image_shape(critic.dim, None, "solver.mover")
        return UNet(shape, options.mover_width or 32, options.mover_depth)

    def costs(self, displacements: Tensor) -> Tensor:
        """Return the transport costs [n] of displacements [n, D]."""
        return torch.linalg.vector_norm(displacements, dim=1)

    def fixed_and_moved(self, p: Sampler, q: Sampler) -> tuple[Sampler, Sampler]:
        """Return the distribution that stays and the distribution that the mover transports."""
        return p, q

    def step(self, p: Sampler, q: Sampler) -> Tensor:
        """Take the mover's Adam steps, then one of the critic; return the critic's objective before it."""
        self.follow_schedule()
        target, start = (sampler(self.batch) for sampler in self.fixed_and_moved(p, q))
        for _ in range(self.options.mover_steps):
            self._step_mover(start)
        with torch.no_grad():
            moved = self.mover(start)
            cost = self.costs(moved - start).mean()
        at_target, at_moved = self.values(target, moved)
        return self.ascend(self.sign * (at_target.mean() - at_moved.mean()) + cost)

    def _step_mover(self, start: Tensor) -> None:
        moved = self.mover(start)
        loss = (self.costs(moved - start) - self.sign * self.critic(moved)).mean()
        weights = list(self.mover.parameters())
        for weight, gradient in zip(weights, torch.autograd.grad(loss, weights), strict=True):
            weight.grad = gradient
        self._mover_adam.step()


class ReversedMaximin(Maximin):
    """max_u min_H E_P (|H(x) - x| + u(H(x))) - E_Q u: the mover H transports P.

    In the paper's notation f = -u. The gradient is read off the mover: mass moves from x to H(x), down u, so
    that grad u(x) = (x - H(x)) / |x - H(x)|.

    References
    ----------
    Korotin et al., arXiv 2206.07767 (MM:R).
    """

    sign = -1.0

    def fixed_and_moved(self, p: Sampler, q: Sampler) -> tuple[Sampler, Sampler]:
        """Return Q, which stays, and P, which is moved."""
        return q, p

    def gradient(self, points: Tensor) -> Tensor:
        """Return the unit vectors [n, D] from the mover's images of points [n, D] of P to the points."""
        return unit_vectors(points - self.mover(points))
