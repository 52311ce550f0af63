"""Conjugates of a batch, compared with a loop over its points and with learned conjugates: conjugate.csv.

    OMP_NUM_THREADS=1 python tests/benchmarks/conjugate.py [--blocks 7]

The program trains an input-convex network for some steps between a mixture and its image under a known map,
and solves f* at 512 points of Q. It compares the batched solver with scipy's L-BFGS-B, point by point on 32
of them and to the same residual; with one pass of a second network that has learned the conjugate; and with
the batched solver stopped at the mean residual of that network. All run in double precision, like scipy, in
alternating blocks; the table holds ratios of medians.
"""

import argparse
import csv
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from scipy.optimize import minimize
from torch import Tensor

from wganstudio.critics.convex.base import ConvexPotential
from wganstudio.critics.convex.conjugate import conjugate
from wganstudio.experiment import kinds
from wganstudio.pairs.base import Sampler, make_rng
from wganstudio.solvers.convex import ConvexPair

TABLE = Path(__file__).with_suffix(".csv")
DIMS = (2, 4, 16, 64)
POINTS, LOOPED, STEPS, TOLERANCE = 512, 32, 150, 1e-4


def trained(dim: int) -> tuple[ConvexPair, Tensor]:
    """Return two networks after some steps, and points of Q."""
    torch.manual_seed(0)
    pair = kinds("pair")["convex-map"](dim=dim).build()
    solver: ConvexPair = kinds("solver")["w2-pair"](learning_rate=2e-2).build(
        kinds("critic")["icnn"]().build(dim), steps=STEPS, batch=256, generator=make_rng("cpu", 3)
    )
    p, q = Sampler(pair.p, make_rng("cpu", 1)), Sampler(pair.q, make_rng("cpu", 2))
    solver.begin(p, q)
    for _ in range(STEPS):
        solver.step(p, q)
    solver.critic.double()
    solver.second.double()
    return solver, q(POINTS).double()


def loop(potential: ConvexPotential, y: Tensor, bound: float) -> float:
    """Return the largest residual of scipy's solutions, point by point."""
    worst = 0.0
    for row in y:

        def look(x: np.ndarray, row: Tensor = row) -> tuple[float, np.ndarray]:
            point = torch.from_numpy(x).to(row)[None]
            with torch.no_grad():
                f, slope = potential.mapped(point)
            return float(f[0] - point[0] @ row), (slope[0] - row).double().numpy()

        result = minimize(
            look,
            row.double().numpy(),
            jac=True,
            method="L-BFGS-B",
            options={"gtol": bound / row.numel() ** 0.5, "ftol": 0.0},
        )
        worst = max(worst, float(np.linalg.norm(result.jac)))
    return worst


def seconds(work: Callable[[], object]) -> float:
    """Return the CPU time of one call, which other load on the machine does not change."""
    began = time.process_time()
    work()
    return time.process_time() - began


def main() -> None:
    """Measure and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--blocks", type=int, default=7)
    blocks = parser.parse_args().blocks
    torch.set_num_threads(1)
    rows = []
    for dim in DIMS:
        solver, y = trained(dim)
        f, bound = solver.critic, TOLERANCE * float(y.square().sum(1).mean().sqrt())
        learned = float(solver.place(y).residuals.mean())  # type: ignore[union-attr]
        steps = next(
            k
            for k in range(200)
            if float(conjugate(f, y, tolerance=1e-7, iterations=k).residuals.mean()) <= learned
        )
        works: dict[str, Callable[[], object]] = {
            "newton": lambda f=f, y=y: conjugate(f, y, method="newton", tolerance=TOLERANCE),
            "l-bfgs": lambda f=f, y=y: conjugate(f, y, method="l-bfgs", tolerance=TOLERANCE),
            "loop": lambda f=f, y=y, bound=bound: loop(f, y[:LOOPED], bound),
            "network": lambda solver=solver, y=y: solver.second.mapped(y),
            "equal": lambda f=f, y=y, steps=steps: conjugate(f, y, tolerance=1e-7, iterations=steps),
        }
        if dim > 16:
            del works["newton"]
        for work in works.values():
            work()
        result = conjugate(f, y, method="l-bfgs", tolerance=TOLERANCE)
        assert result.converged.all()
        times = [[seconds(work) for work in works.values()] for _ in range(blocks)]
        medians = dict(zip(works, map(statistics.median, zip(*times, strict=True)), strict=True))
        per_point = {name: took / (LOOPED if name == "loop" else POINTS) for name, took in medians.items()}
        newton = per_point["newton"] / per_point["l-bfgs"] if "newton" in works else None
        rows.append(
            [
                dim,
                POINTS,
                f"{1e6 * per_point['l-bfgs']:.1f}",
                "" if newton is None else f"{newton:.2f}",
                f"{per_point['l-bfgs'] / per_point['loop']:.4f}",
                f"{float(result.iterations.double().mean()):.1f}",
                f"{loop(f, y[:LOOPED], bound):.1e}",
                f"{bound:.1e}",
                f"{learned:.2e}",
                steps,
                f"{medians['equal'] / medians['network']:.1f}",
                f"{medians['l-bfgs'] / medians['network']:.1f}",
                blocks,
            ]
        )
        print(*rows[-1], flush=True)
    fields = [
        "dim",
        "points",
        "us_per_point",
        "newton_over_lbfgs",
        "lbfgs_over_loop",
        "iterations",
        "loop_residual",
        "bound",
        "network_residual",
        "steps_to_equal_it",
        "equal_over_network",
        "lbfgs_over_network",
        "blocks",
    ]
    with TABLE.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([fields, *rows])


if __name__ == "__main__":
    main()
