"""W1 left over after descent steps down critics of several solvers: critic-descent.csv.

    OMP_NUM_THREADS=1 python tests/benchmarks/critic_descent.py [pair ...]

For each pair, solver and seed the table holds, before the first step (`steps` 0) and after each, the bounds
of the W1 left over from 4 draws of 256 samples with their standard errors, the level of two samples of Q, the
length of the step that led there, and the critic's gap and mean gradient norm at the samples. The critics are
perceptrons with two layers of 64 units, trained for 600 steps; `dot` takes the potential of exact transport
between 1,024 samples. `lp-0.1` is `lp` with a penalty of 0.1. Runs that are in the table are not repeated.
"""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path as File

import torch

from wganstudio.experiment import override, preset, read
from wganstudio.training.declarations.critic_descent import BOUNDS, DescentAttributes
from wganstudio.training.events import Snapshot
from wganstudio.training.run import Run

TABLE = File(__file__).with_name("critic-descent.csv")
SEEDS = 0, 1, 2
PAIRS = "gaussians", "moons", "intervals"
ADAM: list[tuple[str, object]] = [
    ("solver.learning_rate", 2e-3),
    ("solver.beta1", 0.5),
    ("solver.beta2", 0.9),
    ("solver.schedule", "cosine"),
]
SOLVERS: dict[str, tuple[str, list[tuple[str, object]]]] = {
    "lp": ("lp", [("solver.penalty", 10.0), *ADAM]),
    "gp": ("gp", [("solver.penalty", 10.0), *ADAM]),
    "lp-0.1": ("lp", [("solver.penalty", 0.1), *ADAM]),
    "mm-bv2": ("mm-bv2", ADAM),
    "dot": ("dot", [("solver.samples", 1024)]),
}
"""Kind and settings of each solver."""
SETTINGS: list[tuple[str, object]] = [
    ("critic.width", 64),
    ("critic.depth", 2),
    ("training.steps", 600),
    ("training.batch", 256),
    ("evaluation.interval", 600),
    ("evaluation.samples", 64),
    ("evaluation.final_samples", 1024),
    ("evaluation.resolution", 8),
    ("evaluation.descent_samples", 256),
]
COLUMNS = ("pair", "solver", "seed", "steps", *BOUNDS, "reference", "length", "gap", "mean_norm")
Row = dict[str, object]


def rows(pair: str, solver: str, seed: int) -> Iterator[Row]:
    """Run one experiment; yield a row per state of the descent of its last step."""
    kind, own = SOLVERS[solver]
    settings = {"pair": preset(pair).settings["pair"], "critic": {"kind": "mlp", "activation": "elu"}}
    changes = [("solver.kind", kind), *own, *SETTINGS, ("training.seed", seed)]
    events = list(Run(read(override(settings, changes)), keep_frames=False).events())
    (snapshot,) = [one for one in events if isinstance(one, Snapshot) and one.topic == "critic-descent"]
    arrays, reference = snapshot.arrays, snapshot.attributes_as(DescentAttributes).reference
    for state in range(len(arrays["upper"])):
        numbers = {name: float(arrays[name][state]) for name in BOUNDS}
        numbers |= {"gap": float(arrays["gaps"][state]), "mean_norm": float(arrays["mean_norms"][state])}
        numbers |= {"reference": reference, "length": float(arrays["lengths"][state - 1]) if state else 0.0}
        texts = {name: f"{number:.4f}" for name, number in numbers.items()}
        yield {"pair": pair, "solver": solver, "seed": seed, "steps": state} | texts


def main() -> None:
    torch.set_num_threads(1)
    done: list[dict[str, str]] = []
    if TABLE.exists():
        with TABLE.open(newline="", encoding="utf-8") as file:
            done = list(csv.DictReader(file))
    completed = {(row["pair"], row["solver"], int(row["seed"])) for row in done}
    for seed in SEEDS:
        for pair in sys.argv[1:] or PAIRS:
            for solver in SOLVERS:
                if (pair, solver, seed) in completed:
                    continue
                new = list(rows(pair, solver, seed))
                with TABLE.open("a", newline="", encoding="utf-8") as file:
                    table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
                    if not file.tell():
                        table.writeheader()
                    table.writerows(new)
                for row in new[:2]:
                    print(*row.values(), flush=True)


if __name__ == "__main__":
    main()
