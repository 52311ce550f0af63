"""Milliseconds a step of each solver, beside a plain loop of the same objective as public code writes it.

    python tests/benchmarks/step.py [--blocks 15]

The two take turns in blocks of steps, so that a machine whose speed drifts does them both equally; the
figure is the ratio of the medians. Writes step.csv beside this file.
"""

import argparse
import csv
import itertools
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor, nn

from wganstudio.critics.perceptron import Perceptron
from wganstudio.experiment import critics, kinds
from wganstudio.pairs.base import Stream, generator

ACTIVATIONS = {"relu": nn.ReLU, "elu": nn.ELU}


class Cloud:
    """N(0, scale^2 I): cheap to sample, so that the solver is what is measured."""

    def __init__(self, dim: int, scale: float) -> None:
        self.dim, self.scale = dim, scale

    def sample(self, count: int, generator: torch.Generator) -> Tensor:
        return self.scale * torch.randn((count, self.dim), generator=generator)


def plain(kind: str, dim: int, width: int, depth: int, activation: str, batch: int) -> Callable[[], None]:
    """The loop of public WGAN-GP code: two forward passes, a third for the penalty, double backward."""
    layers: list[nn.Module] = []
    for before in [dim, *[width] * (depth - 1)]:
        layers += [nn.Linear(before, width), ACTIVATIONS[activation]()]
    critic = nn.Sequential(*layers, nn.Linear(width, 1))
    adam = torch.optim.Adam(critic.parameters(), lr=2e-4, betas=(0.0, 0.9))

    def step() -> None:
        x, y = torch.randn(batch, dim), 2 * torch.randn(batch, dim)
        loss = critic(y).mean() - critic(x).mean()
        if kind != "wc":
            t = torch.rand(batch, 1)
            z = ((1 - t) * x + t * y).requires_grad_(True)
            (slopes,) = torch.autograd.grad(critic(z).sum(), z, create_graph=True)
            excess = slopes.norm(2, dim=1) - 1
            loss = loss + 10 * ((excess.clamp(min=0) if kind == "lp" else excess) ** 2).mean()
        adam.zero_grad()
        loss.backward()
        adam.step()
        if kind == "wc":
            for name, weight in critic.named_parameters():
                if "weight" in name:
                    weight.data.clamp_(-0.04, 0.04)

    return step


def ours(kind: str, dim: int, width: int, depth: int, activation: str, batch: int) -> Callable[[], None]:
    options = critics.Perceptron(width=width, depth=depth, activation=activation)
    chance = generator("cpu", 3)
    solver = kinds("solver")[kind]().build(
        Perceptron(options, dim), steps=10**6, batch=batch, generator=chance
    )
    p, q = Stream(Cloud(dim, 1.0), generator("cpu", 1)), Stream(Cloud(dim, 2.0), generator("cpu", 2))
    return lambda: solver.step(p, q)


def seconds(step: Callable[[], None], count: int) -> float:
    began = time.perf_counter()
    for _ in range(count):
        step()
    return (time.perf_counter() - began) / count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--blocks", type=int, default=15)
    parser.add_argument("--steps", type=int, default=20)
    options = parser.parse_args()
    torch.set_num_threads(1)
    shapes = [
        (2, 128, 3, "elu", 256),
        (2, 128, 3, "elu", 512),
        (2, 128, 2, "relu", 1024),
        (64, 128, 2, "relu", 1024),
    ]
    rows = []
    for kind, shape in itertools.product(("gp", "lp", "wc"), shapes):
        contestants = ours(kind, *shape), plain(kind, *shape)
        for step in contestants:
            seconds(step, 5)
        times = [[seconds(step, options.steps) for step in contestants] for _ in range(options.blocks)]
        mine, theirs = (1e3 * statistics.median(column) for column in zip(*times, strict=True))
        rows.append([kind, *shape, f"{mine:.3f}", f"{theirs:.3f}", f"{mine / theirs:.3f}", options.blocks])
        print(*rows[-1], flush=True)
    with Path(__file__).with_suffix(".csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["solver", "dim", "width", "depth", "activation", "batch", "ms", "plain_ms", "ratio", "blocks"]
        )
        writer.writerows(rows)


if __name__ == "__main__":
    main()
