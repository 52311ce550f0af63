"""The input-convex network, with its input gradient written out."""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from wganstudio.critics.activations import ACTIVATIONS
from wganstudio.critics.base import Sampler
from wganstudio.critics.convex.base import ConvexPotential
from wganstudio.critics.convex.quadratic import PosDefMatrix
from wganstudio.experiment.critics import InputConvexOptions

_SOFTPLUS_INVERSE_OF_ONE = math.log(math.e - 1)


class NonNegativeLinear(nn.Module):
    """Weights >= 0: the softplus of the trained parameters, divided by the number of inputs of a unit."""

    def __init__(self, *shape: int) -> None:
        super().__init__()
        self._fan_in = math.prod(shape[1:])
        self.free = nn.Parameter(_SOFTPLUS_INVERSE_OF_ONE + 0.5 * torch.randn(*shape))

    def forward(self) -> Tensor:
        """Return the weights."""
        return functional.softplus(self.free) / self._fan_in


class ICNN(ConvexPotential):
    """f(x) = w . z_k + <x, A x> / 2 + <b, x>, z_1 = a(A_1 x + b_1), z_j+1 = a(W_j z_j + A_j+1 x + b_j+1).

    f is convex since w, W_j >= 0 and a is convex and increasing; A = alpha I + diag(d^2) + V V^T makes it
    strongly convex, and is initialized to the best diagonal quadratic between P and Q.

    References
    ----------
    Amos, Xu & Kolter, arXiv 1609.07152, Proposition 1.
    """

    options: InputConvexOptions

    def __init__(self, options: InputConvexOptions, dim: int) -> None:
        super().__init__()
        width = options.width or max(2 * dim, 64)
        self.options = options.model_copy(update={"width": width})
        self.dim, self.alpha = dim, options.alpha
        self.form = PosDefMatrix(dim, min(options.rank, dim), options.alpha)
        self._skips = [nn.Linear(dim, width) for _ in range(options.depth)]
        self.skips = nn.ModuleList(self._skips)
        self._hidden = [NonNegativeLinear(width, width) for _ in range(options.depth - 1)]
        self.hidden = nn.ModuleList(self._hidden)
        self.last = NonNegativeLinear(1, width)
        self._activation = ACTIVATIONS[options.activation]

    def setup(self, p: Sampler, q: Sampler) -> None:
        """Initialize the quadratic to the best diagonal one between samples of P and Q."""
        self.form.fit_diagonal(p, q)

    def potential(self, points: Tensor) -> Tensor:
        """Return f [n] at points [n, D]."""
        first, *others = self._skips
        units = self._activation(first(points))
        for skip, weight in zip(others, self._hidden, strict=True):
            units = self._activation(skip(points) + units @ weight().T)
        return self.form(points)[0] + (units @ self.last().T).squeeze(1)

    def value_and_gradient(self, points: Tensor) -> tuple[Tensor, Tensor]:
        """Return f [n] and grad f [n, D] at points [n, D]."""
        values, slopes = self.form(points)
        first, *others = self._skips
        units, pullback = self._activation.linearized(first(points))
        pullbacks, weights = [pullback], [weight() for weight in self._hidden]
        for skip, weight in zip(others, weights, strict=True):
            units, pullback = self._activation.linearized(skip(points) + units @ weight.T)
            pullbacks.append(pullback)
        last = self.last()
        back = pullbacks[-1](last)
        for skip, weight, pullback in zip(others[::-1], weights[::-1], pullbacks[-2::-1], strict=True):
            slopes = slopes + back @ skip.weight
            back = pullback(back @ weight)
        return values + (units @ last.T).squeeze(1), slopes + back @ first.weight
