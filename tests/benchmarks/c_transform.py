"""The regularized c-transform and its weights on one batch, compared with others: c_transform.csv.

    OMP_NUM_THREADS=1 python tests/benchmarks/c_transform.py [--blocks 9]

The lower limit is the product of the b x D and D x n matrices alone. The others are torch as in public code
(distances, logsumexp, softmax), and POT's cost matrix with scipy's logsumexp and softmax. All run in
alternating blocks; the table holds ratios of medians, and the peak memory of steps over 60,000 points in
784 dimensions, measured in a separate process.
"""

import argparse
import csv
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import ot
import torch
from scipy.special import logsumexp, softmax

from wganstudio.critics.c_transform import RegularizedCTransform
from wganstudio.critics.perceptron import MLP
from wganstudio.experiment import GroundCost, critics, kinds
from wganstudio.pairs.base import Sampler, make_rng
from wganstudio.pairs.data.empirical import Empirical
from wganstudio.pairs.distributions import Gaussian

TABLE = Path(__file__).with_suffix(".csv")
SIZES = [(10_000, 784, 200), (60_000, 784, 200), (10_000, 2, 1024), (1_797, 64, 200)]
EPSILON = 0.05


def contestants(n: int, dim: int, batch: int) -> dict[str, Callable[[], object]]:
    torch.manual_seed(0)
    atoms, points = torch.rand(n, dim), torch.rand(batch, dim)
    ours = RegularizedCTransform(
        atoms, torch.full((n,), 1 / n), GroundCost("squared", EPSILON, normalized=True)
    )
    psi = 0.01 * torch.randn(n)
    ours.psi.copy_(psi)
    scale = ours.scale
    exact_atoms, exact_points, exact_psi = (part.double().numpy() for part in (atoms, points, psi))

    def plain() -> tuple[torch.Tensor, torch.Tensor]:
        scores = (psi - torch.cdist(points, atoms).square() / scale) / EPSILON - np.log(n)
        return -EPSILON * scores.logsumexp(1), scores.softmax(1).mean(0)

    def pot() -> tuple[np.ndarray, np.ndarray]:
        scores = (exact_psi - ot.dist(exact_points, exact_atoms) / scale) / EPSILON - np.log(n)
        return -EPSILON * logsumexp(scores, axis=1), softmax(scores, axis=1).mean(0)

    return {
        "ours": lambda: ours.marginal(points),
        "limit": lambda: points @ atoms.T,
        "plain": plain,
        "pot": pot,
    }


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def steps_of(n: int, dim: int) -> None:
    """Run twenty steps of the solver over n points; print milliseconds per step and peak memory in MB."""
    import resource

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    data = Empirical(np.random.default_rng(0).random((n, dim), dtype=np.float32))
    p, q = Sampler(data, make_rng("cpu", 1)), Sampler(Gaussian([0.5] * dim, [0.3] * dim), make_rng("cpu", 2))
    network = MLP(critics.MLPOptions(), dim)
    solver = kinds("solver")["semi-discrete"]().build(
        network, steps=20, batch=200, generator=make_rng("cpu", 3)
    )
    solver.begin(p, q)
    began = time.perf_counter()
    for _ in range(20):
        solver.step(p, q)
    took = (time.perf_counter() - began) / 20
    solver.cost(p, q, 4096)
    print(f"{1e3 * took:.1f},{before:.0f},{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--blocks", type=int, default=9)
    blocks = parser.parse_args().blocks
    torch.set_num_threads(1)
    rows = []
    # first: on Linux a child inherits the peak of its parent
    output = subprocess.run(
        [sys.executable, __file__, "--memory"], capture_output=True, text=True, check=True
    ).stdout.strip()
    took, before, peak = output.split(",")
    rows.append([60_000, 784, 200, took, "", "", "", 1, before, peak])
    print(*rows[-1], flush=True)
    for n, dim, batch in SIZES:
        works = contestants(n, dim, batch)
        for work in works.values():
            work()
        times = [[seconds(work) for work in works.values()] for _ in range(blocks)]
        medians = dict(zip(works, map(statistics.median, zip(*times, strict=True)), strict=True))
        ratios = [f"{medians['ours'] / medians[other]:.3f}" for other in ("limit", "plain", "pot")]
        rows.append([n, dim, batch, f"{1e3 * medians['ours']:.2f}", *ratios, blocks, "", ""])
        print(*rows[-1], flush=True)
    fields = [
        "n",
        "dim",
        "batch",
        "ms",
        "over_limit",
        "over_plain",
        "over_pot",
        "blocks",
        "mb_before",
        "mb_peak",
    ]
    with TABLE.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([fields, *rows])


if __name__ == "__main__":
    if sys.argv[1:] == ["--memory"]:
        torch.set_num_threads(1)
        steps_of(60_000, 784)
    else:
        main()
