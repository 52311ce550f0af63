"""Milliseconds per step of each solver and of a reference loop of the same objective: solver_step.csv.

    python tests/benchmarks/solver_step.py [--blocks 15] [gp so ...]

Both run in alternating blocks of steps, so that a drift of the machine's speed affects them equally;
`ratio` is that of the medians. DOT has no steps; it solves for one batch. For solvers that train a perceptron
on values, and on a gradient penalty if they have one, `products_ms` is the time of their matrix products
alone, and `over_products` the ratio to it. The program writes the rows of the named solvers (default: all).
"""

import argparse
import csv
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import torch
from reference_loops import plain, products
from torch import Tensor

from wganstudio.critics.perceptron import MLP
from wganstudio.experiment import critics, kinds
from wganstudio.pairs.base import Sampler, make_rng
from wganstudio.solvers.base import SolverContext

TABLE = Path(__file__).with_suffix(".csv")
SMALL = [(2, 64, 2, "elu", 256), (2, 128, 3, "elu", 256), (2, 128, 3, "elu", 512)]
PUBLISHED = [(2, 128, 2, "relu", 1024), (64, 128, 2, "relu", 1024)]
SHAPES = {kind: [*SMALL, *PUBLISHED] for kind in ("gp", "lp", "wc")}
SHAPES |= {kind: PUBLISHED for kind in ("sn", "so", "ls", "mm-b", "mm-bv2", "mm", "mm-r", "dot")}


class Cloud:
    """N(0, scale^2 I), cheap to sample, so that the solver dominates the time."""

    def __init__(self, dim: int, scale: float) -> None:
        self.dim, self.scale = dim, scale

    def sample(self, count: int, rng: torch.Generator) -> Tensor:
        return self.scale * torch.randn((count, self.dim), generator=rng)


def ours(kind: str, dim: int, width: int, depth: int, activation: str, batch: int) -> Callable[[], None]:
    choice = kinds("solver")[kind](**({"samples": batch} if kind == "dot" else {}))
    shape = {"activation": activation} | choice.critic_defaults
    critic = MLP(critics.MLPOptions(width=width, depth=depth, **shape), dim)
    solver = choice.build(SolverContext(critic, 10**6, batch, make_rng("cpu", 3)))
    p, q = Sampler(Cloud(dim, 1.0), make_rng("cpu", 1)), Sampler(Cloud(dim, 2.0), make_rng("cpu", 2))
    return (lambda: solver.setup(p, q)) if kind == "dot" else (lambda: solver.step(p, q))


def seconds(step: Callable[[], None], count: int) -> float:
    began = time.perf_counter()
    for _ in range(count):
        step()
    return (time.perf_counter() - began) / count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--blocks", type=int, default=15)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("kinds", nargs="*", default=[])
    options = parser.parse_args()
    torch.set_num_threads(1)
    fields = ["solver", "dim", "width", "depth", "activation", "batch", "ms", "plain_ms", "ratio"]
    fields += ["products_ms", "over_products", "blocks"]
    with TABLE.open(newline="") as file:
        rows = [row for row in list(csv.reader(file))[1:] if options.kinds and row[0] not in options.kinds]
    for kind, shape in [(name, shape) for name in options.kinds or SHAPES for shape in SHAPES[name]]:
        contestants = [ours(kind, *shape), plain(kind, *shape)]
        if kind in ("gp", "lp", "wc"):
            contestants.append(products(kind, *shape))
        for step in contestants:
            seconds(step, 5)
        times = [[seconds(step, options.steps) for step in contestants] for _ in range(options.blocks)]
        mine, theirs, *least = (1e3 * statistics.median(column) for column in zip(*times, strict=True))
        numbers = [mine, theirs, mine / theirs, *(part for ms in least for part in (ms, mine / ms))]
        texts = [f"{number:.3f}" for number in numbers]
        rows.append([kind, *shape, *texts, *[""] * (5 - len(texts)), options.blocks])
        print(*rows[-1], flush=True)
    with TABLE.open("w", newline="") as file:
        csv.writer(file).writerows([fields, *rows])


if __name__ == "__main__":
    main()
