"""Eight runs of one shape, stacked into batched products or in turn: stacked.csv.

    python tests/benchmarks/stacked.py [--blocks 9]

One step of LP for each of eight critics on the same pair, as a sweep or seeds would train them. `stacked_ms`
is the time with the weights of all critics in one tensor per layer and batched matrix products, every
gradient written out as in `PerceptronPass`; `in_turn_ms` that of eight solvers, one after the other. `gain`
is in_turn / stacked; `products_gain` is that of one layer's matrix product alone.
`difference` is the largest relative difference of a weight gradient.
"""

import argparse
import csv
import statistics
from collections.abc import Callable
from pathlib import Path

import torch
from solver_step import seconds
from torch import Tensor

from wganstudio.critics.perceptron import MLP
from wganstudio.experiment import critics, kinds
from wganstudio.pairs.base import Sampler, make_rng
from wganstudio.solvers.base import SolverContext

RUNS = 8
LAMBDA = 10.0
SHAPES = [(2, 64, 2, 256), (2, 128, 3, 256), (2, 128, 3, 512), (64, 128, 2, 1024)]
"""Dimension, width, depth and batch."""


class Cloud:
    """N(0, scale^2 I)."""

    def __init__(self, dim: int, scale: float) -> None:
        self.dim, self.scale = dim, scale

    def sample(self, count: int, rng: torch.Generator) -> Tensor:
        return self.scale * torch.randn((count, self.dim), generator=rng)


class Stack:
    """One-sided penalty for `RUNS` perceptrons with elu, in one pass."""

    def __init__(self, dim: int, width: int, depth: int, batch: int) -> None:
        sizes = [dim, *[width] * depth]
        networks = [made(dim, width, depth) for _ in range(RUNS)]
        layers = list(zip(*[[*network.hidden, network.last] for network in networks], strict=True))
        self.weights = [torch.stack([one.weight for one in layer]).detach() for layer in layers]
        self.biases = [torch.stack([one.bias for one in layer]).detach()[:, None] for layer in layers]
        self.batch, self.dim, self.depth = batch, dim, depth
        rows = 3 * batch
        self.points = torch.empty(RUNS, rows, dim)
        self.units = [torch.empty(RUNS, rows, size) for size in sizes[1:]]
        self.derivatives = [torch.empty_like(units) for units in self.units]
        self.slopes = [torch.empty(RUNS, batch, width) for _ in range(depth)]
        self.pulled = [torch.empty(RUNS, batch, width) for _ in range(depth)]
        self.pushed = [torch.empty(RUNS, batch, width) for _ in range(2)]
        self.second = torch.empty(RUNS, batch, width)
        self.errors = [torch.empty(RUNS, rows, width) for _ in range(2)]
        column = torch.cat((torch.full((batch, 1), 1 / batch), torch.full((batch, 1), -1 / batch)))
        self.column = column.expand(RUNS, -1, -1)
        self.parameters = [*self.weights, *self.biases]
        for parameter in self.parameters:
            parameter.grad = torch.zeros_like(parameter)
        self.adam = torch.optim.Adam(self.parameters, lr=2e-4, betas=(0.0, 0.9), maximize=True, fused=True)
        rngs = [[make_rng("cpu", run, part) for part in range(3)] for run in range(RUNS)]
        p, q = Cloud(dim, 1.0), Cloud(dim, 2.0)
        self.draw = lambda run: (p.sample(batch, rngs[run][0]), q.sample(batch, rngs[run][1]))
        self.rngs = [streams[2] for streams in rngs]

    @torch.no_grad()
    def step(self) -> None:
        n = self.batch
        for run, points in enumerate(self.points):
            points[:n], points[n : 2 * n] = self.draw(run)
            t = torch.rand(n, 1, generator=self.rngs[run])
            torch.lerp(points[:n], points[n : 2 * n], t, out=points[2 * n :])
        self.gradients()
        self.adam.step()

    def gradients(self) -> None:
        n, top = self.batch, self.depth - 1
        z, flat = slice(2 * n, 3 * n), slice(2 * n)
        inputs = self.points
        for k in range(self.depth):
            units, derivative = self.units[k], self.derivatives[k]
            torch.baddbmm(self.biases[k], inputs, self.weights[k].mT, out=units)
            torch.clamp(units, max=0, out=derivative).exp_()
            units.clamp_(min=0).add_(derivative).sub_(1)
            inputs = units
        torch.mul(self.derivatives[top][:, z], self.weights[-1], out=self.slopes[top])
        for k in reversed(range(top)):
            torch.bmm(self.slopes[k + 1], self.weights[k + 1], out=self.pulled[k])
            torch.mul(self.pulled[k], self.derivatives[k][:, z], out=self.slopes[k])
        gradient = torch.bmm(self.slopes[0], self.weights[0])
        lengths = torch.linalg.vector_norm(gradient, dim=2, keepdim=True)
        pushed = gradient * ((lengths - 1).clamp_(min=0) * (-2 * LAMBDA / n) / lengths.clamp_(min=1e-30))
        grads = [parameter.grad for parameter in self.weights]
        for k in range(self.depth):
            derivative = self.derivatives[k][:, z]
            torch.bmm(self.slopes[k].mT, pushed, out=grads[k])
            pushed = torch.bmm(pushed, self.weights[k].mT, out=self.pushed[k % 2])
            factor = self.weights[-1] if k == top else self.pulled[k]
            second = torch.lt(self.units[k][:, z], 0, out=self.second)
            torch.mul(pushed, factor, out=self.pulled[k]).mul_(second).mul_(derivative)
            pushed *= derivative
        torch.sum(pushed, 1, keepdim=True, out=grads[-1])
        grads[-1].add_(torch.bmm(self.column.mT, self.units[top][:, flat]))
        errors, spare = self.errors
        torch.mul(self.derivatives[top][:, flat], self.column, out=errors[:, flat]).mul_(self.weights[-1])
        errors[:, z] = self.pulled[top]
        for k in reversed(range(self.depth)):
            inputs = self.units[k - 1] if k else self.points
            grads[k].baddbmm_(errors.mT, inputs)
            torch.sum(errors, 1, keepdim=True, out=self.biases[k].grad)
            if k:
                torch.bmm(errors, self.weights[k], out=spare).mul_(self.derivatives[k - 1])
                spare[:, z].add_(self.pulled[k - 1])
                errors, spare = spare, errors


def made(dim: int, width: int, depth: int) -> MLP:
    return MLP(critics.MLPOptions(width=width, depth=depth, activation="elu"), dim)


def in_turn(dim: int, width: int, depth: int, batch: int) -> Callable[[], None]:
    steps = []
    for run in range(RUNS):
        context = SolverContext(made(dim, width, depth), 10**6, batch, make_rng("cpu", run, 2))
        solver = kinds("solver")["lp"]().build(context)
        p, q = (Sampler(Cloud(dim, part + 1), make_rng("cpu", run, part)) for part in range(2))
        steps.append((solver.step, p, q))

    def step() -> None:
        for take, p, q in steps:
            take(p, q)

    return step


def products(width: int, batch: int) -> tuple[Callable[[], object], Callable[[], object]]:
    """Return the largest product of a step: stacked, and in turn."""
    left, right = torch.randn(RUNS, 3 * batch, width), torch.randn(RUNS, width, width)
    out = torch.empty(RUNS, 3 * batch, width)

    def one_by_one() -> None:
        for run in range(RUNS):
            torch.mm(left[run], right[run], out=out[run])

    return lambda: torch.bmm(left, right, out=out), one_by_one


def difference(dim: int, width: int, depth: int, batch: int) -> float:
    """Return the largest relative difference of a gradient from that of a solver on its own."""
    stack = Stack(dim, width, depth, batch)
    stack.points.copy_(torch.randn(stack.points.shape))
    with torch.no_grad():
        stack.gradients()
    worst = 0.0
    for run in range(RUNS):
        network = made(dim, width, depth)
        layers = [*network.hidden, network.last]
        for k, layer in enumerate(layers):
            layer.weight.data, layer.bias.data = stack.weights[k][run], stack.biases[k][run, 0]
        x, y, z = stack.points[run].split(batch)
        gradients = network.gradient(z)[1]
        penalty = (gradients.norm(dim=1) - 1).clamp(min=0).square().mean()
        (network(x).mean() - network(y).mean() - LAMBDA * penalty).backward()
        for k, layer in enumerate(layers):
            expected = layer.weight.grad
            error = (stack.weights[k].grad[run] - expected).abs().max() / expected.abs().max()
            worst = max(worst, float(error))
    return worst


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--blocks", type=int, default=9)
    options = parser.parse_args()
    torch.set_num_threads(1)
    header = ["dim", "width", "depth", "batch", "stacked_ms", "in_turn_ms", "gain", "products_gain"]
    rows = [[*header, "difference", "blocks"]]
    for dim, width, depth, batch in SHAPES:
        shape = dim, width, depth, batch
        contestants = [Stack(*shape).step, in_turn(*shape), *products(width, batch)]
        for step in contestants:
            seconds(step, 2)
        times = [[seconds(step, 5) for step in contestants] for _ in range(options.blocks)]
        stacked, turns, batched, single = (
            1e3 * statistics.median(column) for column in zip(*times, strict=True)
        )
        numbers = f"{stacked:.3f}", f"{turns:.3f}", f"{turns / stacked:.3f}", f"{single / batched:.3f}"
        rows.append([*map(str, shape), *numbers, f"{difference(*shape):.1e}", str(options.blocks)])
        print(*rows[-1], sep="\t", flush=True)
    with Path(__file__).with_suffix(".csv").open("w", newline="") as file:
        csv.writer(file).writerows(rows)


if __name__ == "__main__":
    main()
