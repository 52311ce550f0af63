"""Certified Lipschitz constants: never below a slope, and only for chains whose program is known."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from plain_torch import Bowl, PlainCritic
from wganstudio.critics.own.lipschitz import chain_bound, chain_of


class Program(nn.Module):
    """A critic with a given last part."""

    def __init__(self, last: Callable[[Tensor, Tensor], Tensor]) -> None:
        super().__init__()
        self.first, self.second, self.last = nn.Linear(3, 8), nn.Linear(8, 1), last

    def forward(self, x: Tensor) -> Tensor:
        return self.last(self.second(functional.relu(self.first(x))), x)


def hooked() -> nn.Module:
    network = PlainCritic(3)
    network.layers[0].register_forward_hook(lambda module, inputs, output: 5 * output)
    return network


KNOWN = {
    "class": lambda: PlainCritic(3),
    "function": lambda: Program(lambda u, x: u.squeeze(1)),
    "negative": lambda: Program(lambda u, x: -torch.tanh(u)),
    "sequence": lambda: nn.Sequential(
        nn.Linear(3, 8), nn.LeakyReLU(0.2), nn.Dropout(0.5), nn.Linear(8, 8), nn.ELU(), nn.Linear(8, 1)
    ),
}
UNKNOWN = {
    "factor": lambda: Program(lambda u, x: 3 * u),
    "residual": lambda: Program(lambda u, x: u + x[:, :1]),
    "twice": lambda: Program(lambda u, x: u + u),
    "data-dependent": lambda: Program(lambda u, x: u if float(x.sum()) > 0 else 2 * u),
    "norm": Bowl,
    "steep": lambda: nn.Sequential(nn.Linear(3, 8), nn.LeakyReLU(-2.0), nn.Linear(8, 1)),
    "batch norm": lambda: nn.Sequential(nn.Linear(3, 8), nn.BatchNorm1d(8), nn.Linear(8, 1)),
    "spectral norm": lambda: nn.Sequential(nn.utils.parametrizations.spectral_norm(nn.Linear(3, 1))),
    "hook": hooked,
}


@pytest.mark.parametrize("name", KNOWN)
def test_no_slope_exceeds_the_bound(name: str) -> None:
    torch.manual_seed(0)
    network = KNOWN[name]().eval()
    chain = chain_of(network)
    assert chain is not None and len(chain) == sum(isinstance(one, nn.Linear) for one in network.modules())
    bound, points = chain_bound(chain), 3 * torch.randn(500, 3).requires_grad_(True)
    (slopes,) = torch.autograd.grad(network(points).sum(), points)
    assert 0.01 * bound < float(slopes.norm(dim=1).max()) <= bound * (1 + 1e-5)


@pytest.mark.parametrize("name", UNKNOWN)
def test_other_networks_have_none(name: str) -> None:
    assert chain_of(UNKNOWN[name]().eval()) is None
