"""A critic of residual layers that are 1-Lipschitz for all weights."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from wganstudio.critics.base import Critic
from wganstudio.experiment import BadExperiment, Problem
from wganstudio.experiment.critics import ResidualOptions

_TINY = 1e-12


class SLL(nn.Module):
    """h -> h - 2 W^T diag(t)^-1 relu(W h + b), t_i = sum_j |W W^T|_ij q_j / q_i with free q > 0.

    The SDP-based Lipschitz layer, 1-Lipschitz for every W [w, w].

    References
    ----------
    Araujo et al., arXiv 2303.03169, Theorem 3.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(width, width) / width**0.5)
        self.bias = nn.Parameter(torch.zeros(width))
        self.log_q = nn.Parameter(torch.zeros(width))

    def scales(self) -> Tensor:
        """Return 2 / t [w]."""
        q = self.log_q.exp()
        return 2 * q / ((self.weight @ self.weight.T).abs() @ q).clamp(min=_TINY)


class Residual(Critic):
    """u(x) = a . S_k(... S_1(x, 0)) with SLL layers S and |a| = 1: |grad u| <= 1 everywhere."""

    options: ResidualOptions

    def __init__(self, options: ResidualOptions, dim: int) -> None:
        super().__init__()
        width = options.width or max(2 * dim, 128)
        if width < dim:
            raise BadExperiment(
                Problem(
                    "critic.width",
                    f"the width must be at least the dimension of the data, {dim}; it is {width}",
                )
            )
        self.options = options.model_copy(update={"width": width})
        self.dim = dim
        self._layers = [SLL(width) for _ in range(options.depth)]
        self.layers = nn.ModuleList(self._layers)
        self.last = nn.Parameter(torch.randn(width))

    def forward(self, points: Tensor) -> Tensor:
        """Return u [n] at points [n, D]."""
        units = self._padded(points)
        for layer in self._layers:
            active = torch.relu(functional.linear(units, layer.weight, layer.bias))
            units = units - (active * layer.scales()) @ layer.weight
        return units @ functional.normalize(self.last, dim=0)

    def gradient(self, points: Tensor) -> tuple[Tensor, Tensor]:
        """Return u [n] and grad u [n, D] at points [n, D]; every layer's Jacobian is symmetric."""
        units, gates = self._padded(points), []
        for layer in self._layers:
            active = torch.relu(functional.linear(units, layer.weight, layer.bias))
            scales = layer.scales()
            units = units - (active * scales) @ layer.weight
            gates.append((active > 0) * scales)
        last = functional.normalize(self.last, dim=0)
        slope = last.expand(len(points), -1)
        for layer, gate in zip(reversed(self._layers), reversed(gates), strict=True):
            slope = slope - ((slope @ layer.weight.T) * gate) @ layer.weight
        return units @ last, slope[:, : self.dim]

    def lipschitz(self) -> float:
        """Return 1, exact up to rounding."""
        return 1.0

    def _padded(self, points: Tensor) -> Tensor:
        return functional.pad(points, (0, len(self.last) - self.dim))
