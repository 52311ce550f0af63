"""The multilayer perceptron, with its input gradient in closed form."""

import itertools
import math

import torch
from torch import Tensor, nn

from wganstudio.critics.activations import ACTIVATIONS
from wganstudio.critics.base import Critic
from wganstudio.experiment.critics import MLPOptions


class MLP(Critic):
    """u(x) = w . a(W_k ... a(W_1 x + b_1) ... + b_k) + b.

    `gradient` multiplies the layers' Jacobians explicitly, so that a gradient penalty is differentiated once
    instead of twice: half the time of double backward at equal gradients.
    """

    options: MLPOptions

    def __init__(self, options: MLPOptions, dim: int) -> None:
        super().__init__()
        width = options.width or max(2 * dim, 128)
        activation = options.activation or "relu"
        self.options = options.model_copy(update={"width": width, "activation": activation})
        self.dim = dim
        sizes = [dim] + [width] * options.depth
        self.layers = [nn.Linear(a, b) for a, b in itertools.pairwise(sizes)]
        self.hidden = nn.ModuleList(self.layers)
        self.last = nn.Linear(width, 1)
        self.activation = ACTIVATIONS[activation]

    def forward(self, points: Tensor) -> Tensor:
        """Return u [n] at points [n, D]."""
        for layer in self.layers:
            points = self.activation(layer(points))
        return self.last(points).squeeze(-1)

    def gradient(self, points: Tensor) -> tuple[Tensor, Tensor]:
        """Return u [n] and grad u [n, D] at points [n, D]."""
        activated, pullbacks = points, []
        for layer in self.layers:
            activated, pullback = self.activation.linearized(layer(activated))
            pullbacks.append(pullback)
        slope = pullbacks[-1](self.last.weight)
        for layer, pullback in zip(reversed(self.layers[1:]), reversed(pullbacks[:-1]), strict=True):
            slope = pullback(slope @ layer.weight)
        return self.last(activated).squeeze(-1), slope @ self.layers[0].weight

    @torch.no_grad()
    def lipschitz(self) -> float:
        """Return the product of the layers' norms and the activations' constants: often far too large."""
        norms = (float(torch.linalg.matrix_norm(w.cpu().double(), 2)) for w in self._weights())
        return math.prod(norms) * self.activation.lipschitz ** len(self.layers)

    def _weights(self) -> list[Tensor]:
        return [layer.weight for layer in (*self.layers, self.last)]
