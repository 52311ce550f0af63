"""Solvers with a second network, the mover, that looks for the minimum in the c-transform."""

import torch
from torch import Tensor, nn

from wganstudio.critics.base import Critic
from wganstudio.critics.convolutional import ConvolutionalCritic
from wganstudio.critics.images import image_shape
from wganstudio.critics.transport_networks import MLPTransportMap
from wganstudio.critics.unet import UNet
from wganstudio.experiment import solvers
from wganstudio.ot.distances import unit
from wganstudio.pairs.base import Sampler
from wganstudio.solvers.adam import AdamSolver


class Maximin(AdamSolver):
    """max_u min_H E_P u + E_Q (|H(y) - y| - u(H(y))): H moves Q (Nhan Dam et al., IJCAI 2019).

    One batch serves all steps of the mover and the critic's step after them.
    """

    options: solvers.MoverSolverOptions
    sign = 1.0
    """Of u in the objective: the mover seeks high u, the critic is to be low where it goes."""

    def __init__(
        self,
        options: solvers.MoverSolverOptions,
        critic: Critic,
        *,
        steps: int,
        batch: int,
        generator: torch.Generator,
    ) -> None:
        super().__init__(options, critic, steps=steps, batch=batch, generator=generator)
        self.mover = self.build_mover().to(next(critic.parameters()).device)
        self._mover_adam = self.adam(self.mover.parameters(), maximize=False)

    def build_mover(self) -> nn.Module:
        """H, as it starts."""
        critic, options = self.critic, self.options
        shape = critic.shape if isinstance(critic, ConvolutionalCritic) else None
        if options.mover == "mlp" or (options.mover is None and shape is None):
            return MLPTransportMap(
                critic.dim, options.mover_width or max(2 * critic.dim, 128), options.mover_depth
            )
        shape = shape or image_shape(critic.dim, None, "solver.mover")
        return UNet(shape, options.mover_width or 32, options.mover_depth)

    def costs(self, ways: Tensor) -> Tensor:
        """What it costs to move mass along ways [n, D], as [n]."""
        return torch.linalg.vector_norm(ways, dim=1)

    def laws(self, p: Sampler, q: Sampler) -> tuple[Sampler, Sampler]:
        """The law that stays and the law that is moved."""
        return p, q

    def step(self, p: Sampler, q: Sampler) -> Tensor:
        """The mover's Adam steps, then one of the critic; the critic's objective before it."""
        self.follow_schedule()
        still, start = (stream(self.batch) for stream in self.laws(p, q))
        for _ in range(self.options.mover_steps):
            self._move(start)
        with torch.no_grad():
            moved = self.mover(start)
            length = self.costs(moved - start).mean()
        at_still, at_moved = self.values(still, moved)
        return self.ascend(self.sign * (at_still.mean() - at_moved.mean()) + length)

    def _move(self, start: Tensor) -> None:
        moved = self.mover(start)
        loss = (self.costs(moved - start) - self.sign * self.critic(moved)).mean()
        weights = list(self.mover.parameters())
        for weight, gradient in zip(weights, torch.autograd.grad(loss, weights), strict=True):
            weight.grad = gradient
        self._mover_adam.step()


class ReversedMaximin(Maximin):
    """max_u min_H E_P (|H(x) - x| + u(H(x))) - E_Q u: H moves P (arXiv 2206.07767, MM:R).

    In the paper's letters f = -u. Its gradient is judged through the mover: mass moves from x to H(x), down
    u, so that grad u(x) is (x - H(x)) / |x - H(x)|.
    """

    sign = -1.0

    def laws(self, p: Sampler, q: Sampler) -> tuple[Sampler, Sampler]:
        """Q stays, P is moved."""
        return q, p

    def gradient(self, points: Tensor) -> Tensor:
        """The unit vectors from where the mover takes points [n, D] of P."""
        return unit(points - self.mover(points))
