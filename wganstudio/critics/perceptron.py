"""The perceptron, with its input gradient written out."""

import itertools
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional

from wganstudio.critics.base import Critic
from wganstudio.experiment.critics import Perceptron as Options

Derivative = Callable[[Tensor, Tensor], Tensor]
ACTIVATIONS: dict[str, tuple[Callable[[Tensor], Tensor], Derivative]] = {
    "relu": (torch.relu, lambda h, a: (a > 0).to(a.dtype)),
    "leaky-relu": (lambda h: functional.leaky_relu(h, 0.2), lambda h, a: torch.where(h > 0, 1.0, 0.2)),
    "elu": (functional.elu, lambda h, a: a.clamp(max=0) + 1),
    "celu": (functional.celu, lambda h, a: a.clamp(max=0) + 1),
    "softplus": (functional.softplus, lambda h, a: torch.sigmoid(h)),
    "silu": (functional.silu, lambda h, a: torch.sigmoid(h) * (1 + h * (1 - torch.sigmoid(h)))),
    "tanh": (torch.tanh, lambda h, a: 1 - a * a),
}
"""Each activation a(h) and its derivative, a function of h and a."""


class Perceptron(Critic):
    """u(x) = w . a(W_k ... a(W_1 x + b_1) ... + b_k) + b.

    `gradient` is the product of the layers' Jacobians, written out, so that a gradient penalty is
    differentiated once instead of twice: half the time of double backward at equal gradients.
    """

    def __init__(self, options: Options, dim: int) -> None:
        super().__init__()
        width = options.width or max(2 * dim, 128)
        self.options = options.model_copy(update={"width": width})
        self.dim = dim
        sizes = [dim] + [width] * options.depth
        self._layers = [nn.Linear(a, b) for a, b in itertools.pairwise(sizes)]
        self.hidden = nn.ModuleList(self._layers)
        self.last = nn.Linear(width, 1)
        self._activation, self._derivative = ACTIVATIONS[options.activation]

    def forward(self, points: Tensor) -> Tensor:
        """u at points [n, D], as [n]."""
        for layer in self._layers:
            points = self._activation(layer(points))
        return self.last(points).squeeze(-1)

    def gradient(self, points: Tensor) -> tuple[Tensor, Tensor]:
        """u [n] and grad u [n, D] at points [n, D]."""
        activated, derivatives = points, []
        for layer in self._layers:
            before = layer(activated)
            activated = self._activation(before)
            derivatives.append(self._derivative(before, activated))
        slope = self.last.weight * derivatives[-1]
        for layer, derivative in zip(reversed(self._layers[1:]), reversed(derivatives[:-1]), strict=True):
            slope = (slope @ layer.weight) * derivative
        return self.last(activated).squeeze(-1), slope @ self._layers[0].weight
