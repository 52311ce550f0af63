"""Time and accuracy of the certified grid: grid.csv (by cells) and grid-judge.csv (compared with cvxpy).

    OMP_NUM_THREADS=1 python tests/benchmarks/grid.py 64 128 256 512 1024
    OMP_NUM_THREADS=1 python tests/benchmarks/grid.py judge 48 64 96

Each row runs in a separate process, for its peak memory; iterations start from zero.
"""

import csv
import json
import subprocess
import sys
import time
from pathlib import Path
from unittest.mock import patch

import numpy as np

from wganstudio.experiment import presets, read
from wganstudio.truths.grid import admm
from wganstudio.truths.grid.bracket import congested_bounds
from wganstudio.truths.grid.discretization import GridProblem, cell_means, discretize
from wganstudio.truths.grid.triangles import gradient, lengths

HERE = Path(__file__)
PAIRS = ("gaussians", "mixture")
PENALTY = 1.0
PRECISION = 1e-5


def problem_of(preset: str, cells: int) -> GridProblem:
    pair = read(presets()[preset].settings).pair.build()
    interpolant = pair.p.interpolant_to(pair.q)
    assert interpolant is not None
    return discretize(pair.p, pair.q, interpolant, cells)


def costs(preset: str, cells: int) -> dict[str, object]:
    import resource

    small = problem_of(preset, 16)  # what is imported at first use is not counted
    congested_bounds(small, admm.solve(small, PENALTY, 1e-2), PENALTY)
    marks = [time.perf_counter()]
    laid = problem_of(preset, cells)
    marks.append(time.perf_counter())
    solution = admm.solve(laid, PENALTY, PRECISION)
    marks.append(time.perf_counter())
    bounds = congested_bounds(laid, solution, PENALTY)
    marks.append(time.perf_counter())
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    seconds = np.diff(marks)
    per = []
    for most in (2, 12):
        with patch.object(admm, "MAX_ITERATIONS", most):
            start = time.perf_counter()
            admm.solve(laid, PENALTY, 0.0)
            per.append(time.perf_counter() - start)
    return {
        "pair": preset,
        "cells": cells,
        "total_s": round(sum(seconds), 3),
        "sigma_s": round(seconds[0], 3),
        "solve_s": round(seconds[1], 3),
        "bracket_s": round(seconds[2], 3),
        "iterations_u": solution.iterations[0],
        "iterations_psi": solution.iterations[1],
        "iteration_s": round((per[1] - per[0]) / 20, 5),
        "memory_mb": round(memory),
        "lower": f"{bounds.lower:.7g}",
        "upper": f"{bounds.upper:.7g}",
        "width_percent": round(100 * (bounds.upper / bounds.lower - 1), 5),
    }


def judge(preset: str, cells: int) -> dict[str, object]:
    """Solve the same discrete problem for u here and by cvxpy with Clarabel, in one process."""
    import cvxpy as cp

    laid = problem_of(preset, cells)
    sigma, area = cell_means(laid.sigma), laid.step**2 / 2
    admm.solve(problem_of(preset, 16), PENALTY, 1e-2)  # what is imported at first use is not counted
    start = time.perf_counter()
    solution = admm.solve(laid, PENALTY, 1e-6)
    own = time.perf_counter() - start
    steep = lengths(gradient(solution.potential, laid.step, np.zeros((4, *sigma.shape))))
    value = (laid.mass * solution.potential).sum() - PENALTY * area * (
        sigma * np.maximum(steep - 1, 0) ** 2
    ).sum()
    u = cp.Variable(laid.mass.shape)
    dx, dy = (u[1:] - u[:-1]) / laid.step, (u[:, 1:] - u[:, :-1]) / laid.step
    over = []
    for a, b in ((dx[:, :-1], dy[:-1]), (dx[:, 1:], dy[1:])):
        columns = cp.vstack([cp.vec(a, order="C"), cp.vec(b, order="C")])
        over.append(cp.pos(cp.norm(columns, axis=0) - 1))
    objective = cp.sum(cp.multiply(laid.mass, u)) - PENALTY * area * sum(
        sigma.ravel() @ cp.square(part) for part in over
    )
    start = time.perf_counter()
    problem = cp.Problem(cp.Maximize(objective))
    theirs = problem.solve(solver=cp.CLARABEL)
    seconds = time.perf_counter() - start
    return {
        "pair": preset,
        "cells": cells,
        "own_s": round(own, 4),
        "cvxpy_clarabel_s": round(seconds, 2),
        "clarabel_s": round(problem.solver_stats.solve_time, 2),
        "ratio": round(seconds / own, 1),
        "own_value": f"{value:.8g}",
        "cvxpy_value": f"{theirs:.8g}",
    }


def main(arguments: list[str]) -> None:
    if arguments[0] == "row":
        kind, preset, cells = arguments[1:]
        print(json.dumps((judge if kind == "judge" else costs)(preset, int(cells))))
        return
    kind = "judge" if arguments[0] == "judge" else "costs"
    table = HERE.with_name("grid-judge.csv" if kind == "judge" else "grid.csv")
    rows = []
    for preset in PAIRS:
        for cells in arguments[kind == "judge" :]:
            command = [sys.executable, str(HERE), "row", kind, preset, cells]
            row = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout)
            print(row, flush=True)
            rows.append(row)
            with table.open("w", newline="") as file:
                writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)


if __name__ == "__main__":
    main(sys.argv[1:])
