"""Reference loops of the solvers' objectives, as in public code: one forward pass per occurrence of u."""

import itertools
from collections.abc import Callable

import ot
import torch
from torch import Tensor, nn
from torch.nn.utils import parametrizations

Step = Callable[[], object]
ACTIVATIONS = {"relu": nn.ReLU, "elu": nn.ELU}


class Sort(nn.Module):
    """GroupSort with one group."""

    def forward(self, units: Tensor) -> Tensor:
        return units.sort(dim=1, descending=True)[0]


def network(
    sizes: list[int], activation: Callable[[], nn.Module], constrain: Callable = lambda x: x
) -> nn.Sequential:
    layers: list[nn.Module] = []
    for before, after in itertools.pairwise(sizes):
        layers += [constrain(nn.Linear(before, after)), activation()]
    return nn.Sequential(*layers[:-1])


def plain(kind: str, dim: int, width: int, depth: int, activation: str, batch: int) -> Step:
    """Return one step of the loop, with the networks of the solver."""
    sizes = [dim, *[width] * depth, 1]
    if kind == "dot":
        return lambda: discrete(*draw(batch, dim))
    if kind == "sn":
        critic = network(
            sizes, ACTIVATIONS[activation], lambda x: parametrizations.spectral_norm(x, n_power_iterations=5)
        )
    elif kind == "so":
        critic = network(sizes, Sort, lambda x: parametrizations.orthogonal(x, orthogonal_map="cayley"))
    else:
        critic = network(sizes, ACTIVATIONS[activation])
    if kind in ("mm", "mm-r"):
        return maximin(critic, network([dim, *[width] * depth, dim], nn.ReLU), dim, batch, kind == "mm-r")
    partner = network(sizes, ACTIVATIONS[activation]) if kind == "ls" else None
    weights = [*critic.parameters(), *(partner.parameters() if partner else ())]
    adam = torch.optim.Adam(weights, lr=2e-4, betas=(0.0, 0.9))

    def step() -> None:
        x, y = draw(batch, dim)
        if kind == "ls":
            loss = large_scale(critic, partner, x, y)
        elif kind == "mm-b":
            loss = -dual(critic, x, y)
        elif kind == "mm-bv2":
            loss = -compared(critic, x, y)
        else:
            loss = critic(y).mean() - critic(x).mean()
        if kind in ("gp", "lp"):
            loss = loss + 10 * penalty(critic, x, y, one_sided=kind == "lp")
        adam.zero_grad()
        loss.backward()
        adam.step()
        if kind == "wc":
            for name, weight in critic.named_parameters():
                if "weight" in name:
                    weight.data.clamp_(-0.04, 0.04)

    return step


def products(kind: str, dim: int, width: int, depth: int, activation: str, batch: int) -> Step:
    """Return the matrix products of one step alone: what no other implementation can leave out."""
    sizes = [dim, *[width] * depth]
    weights = [torch.randn(after, before) for before, after in itertools.pairwise(sizes)]
    sloped = batch if kind in ("gp", "lp") else 0
    bends = sloped and activation != "relu"
    rows = 2 * batch + sloped
    forward = [torch.randn(rows, size) for size in sizes]
    slopes = [torch.randn(sloped, size) for size in sizes]
    pushed = [torch.randn(sloped, size) for size in sizes]
    errors = [torch.randn(rows if bends else 2 * batch, size) for size in sizes]
    gradients = [torch.empty_like(weight) for weight in weights]

    def step() -> None:
        for k, weight in enumerate(weights):
            torch.mm(forward[k], weight.T, out=forward[k + 1])
        for k, weight in reversed(list(enumerate(weights))):
            if sloped:
                torch.mm(slopes[k + 1], weight, out=slopes[k])
        for k, weight in enumerate(weights):
            if sloped:
                torch.mm(slopes[k + 1].T, pushed[k], out=gradients[k])
                torch.mm(pushed[k], weight.T, out=pushed[k + 1])
        for k, weight in reversed(list(enumerate(weights))):
            torch.mm(errors[k + 1].T, forward[k][: len(errors[k])], out=gradients[k])
            if k:
                torch.mm(errors[k + 1], weight, out=errors[k])

    return step


def draw(batch: int, dim: int) -> tuple[Tensor, Tensor]:
    return torch.randn(batch, dim), 2 * torch.randn(batch, dim)


def penalty(critic: nn.Module, x: Tensor, y: Tensor, one_sided: bool) -> Tensor:
    """Gradient penalty: a third pass at points between x and y, and double backward."""
    t = torch.rand(len(x), 1)
    z = ((1 - t) * x + t * y).requires_grad_(True)
    (slopes,) = torch.autograd.grad(critic(z).sum(), z, create_graph=True)
    excess = slopes.norm(2, dim=1) - 1
    return ((excess.clamp(min=0) if one_sided else excess) ** 2).mean()


def large_scale(f: nn.Module, g: nn.Module, x: Tensor, y: Tensor) -> Tensor:
    excess = (f(x).flatten() + g(y).flatten() - (x - y).norm(dim=1)).relu()
    return -(f(x).mean() + g(y).mean()) + (excess**2).mean() / 0.04


def dual(critic: nn.Module, x: Tensor, y: Tensor) -> Tensor:
    with torch.no_grad():
        nearest = x[torch.argmin(torch.cdist(y, x) - critic(x).reshape(-1), dim=1)]
    return critic(x).mean() + ((nearest - y).norm(dim=1) - critic(nearest).flatten()).mean()


def compared(critic: nn.Module, x: Tensor, y: Tensor) -> Tensor:
    gap, forward = critic(x).mean() - critic(y).mean(), dual(critic, x, y)
    with torch.no_grad():
        nearest = y[torch.argmin(torch.cdist(x, y) + critic(y).reshape(-1), dim=1)]
    backward = ((x - nearest).norm(dim=1) + critic(nearest).flatten()).mean() - critic(y).mean()
    return forward if forward < gap else backward if backward < gap else gap


def maximin(critic: nn.Module, mover: nn.Module, dim: int, batch: int, reverse: bool) -> Step:
    first = torch.optim.Adam(critic.parameters(), lr=2e-4, betas=(0.0, 0.9))
    second = torch.optim.Adam(mover.parameters(), lr=2e-4, betas=(0.0, 0.9))

    def step() -> None:
        x, y = draw(batch, dim)
        still, start = (y, x) if reverse else (x, y)
        for _ in range(12):
            second.zero_grad()
            loss = ((mover(start) - start).norm(dim=1) - critic(mover(start)).flatten()).mean()
            loss.backward()
            second.step()
        first.zero_grad()
        length = (mover(start) - start).norm(dim=1).mean()
        loss = critic(mover(start)).mean() - critic(still).mean() - length
        loss.backward()
        first.step()

    return step


def discrete(x: Tensor, y: Tensor) -> None:
    transport = ot.da.EMDTransport(metric="euclidean")
    transport.fit(Xs=x.numpy(), Xt=y.numpy())
    transport.transform(Xs=x.numpy())
