"""True cost over the stages of composites of maps, and of the distilled network: composite.csv.

    OMP_NUM_THREADS=1 python tests/benchmarks/composite.py [pair ...]

For each pair and seed the table holds bounds in expectation of squared W2 between 512 points of the data
(held out where there are few) and as many generated points. The column `law` names the distribution: `0` is
the base distribution, `1`, `2`, ... that after so many maps, `network` the distilled one, and `data` other
samples of the data, a lower limit for every generator. `unexplained` is the percentage of the composite's
variance that the network does not explain. Runs that are in the table are not repeated.
"""

import csv
import sys
import time
from pathlib import Path as File
from typing import Any

import torch

from wganstudio.experiment import override, preset, read
from wganstudio.figures.samples.stages import stage_metrics
from wganstudio.session import RunRecord
from wganstudio.training.generator_metrics import GeneratorMetrics
from wganstudio.training.run import Run

TABLE = File(__file__).with_suffix(".csv")
SEEDS = 0, 1, 2
DISTIL = [("generator.distill", "mlp"), ("generator.widths", [256, 256])]
DIGITS: dict[str, Any] = {
    "pair": {"kind": "data"},
    "critic": {"kind": "icnn", "width": 128, "activation": "softplus"},
    "solver": {"kind": "convex", "learning_rate": 0.1},
    "generator": {"kind": "composite", "stages": 3, "points": 16384},
    "training": {"steps": 6000, "batch": 128},
    "evaluation": {"interval": 1000, "samples": 512, "final_samples": 4096, "resolution": 16},
}
PAIRS = {
    "eight-gaussians": preset("composite-eight-gaussians").settings,
    "moons": preset("composite-moons").settings,
    "digits": DIGITS,
}
COLUMNS = (
    "pair",
    "seed",
    "law",
    "true_lower",
    "true_upper",
    "precision",
    "recall",
    "unexplained",
    "seconds",
)
Row = dict[str, object]


def rows(name: str, seed: int) -> list[Row]:
    """Run one experiment; return a row per stage, for the network and for the data."""
    experiment = read(override(PAIRS[name], [*DISTIL, ("training.seed", seed)]))
    began, run, record = time.process_time(), Run(experiment), RunRecord(1, experiment)
    own = GeneratorMetrics(experiment.build_pair(), experiment.solver.ground, None, seed).evaluate(
        experiment.build_pair().p
    )
    for event in run.events():
        record.apply(event)
    assert record.ended is not None
    result = [
        {"law": "data", **own},
        *({"law": f"{one['stage']:.0f}", **one} for one in stage_metrics(record)),
    ]
    result.append({"law": "network", **record.ended.estimates})
    seconds = f"{time.process_time() - began:.0f}"
    return [
        {"pair": name, "seed": seed}
        | {key: one[key] if key == "law" else f"{one[key]:.4f}" for key in COLUMNS if key in one}
        | {"seconds": seconds}
        for one in result
    ]


def main() -> None:
    torch.set_num_threads(1)
    done: list[dict[str, str]] = []
    if TABLE.exists():
        with TABLE.open(newline="", encoding="utf-8") as file:
            done = list(csv.DictReader(file))
    completed = {(row["pair"], int(row["seed"])) for row in done}
    for name in sys.argv[1:] or PAIRS:
        for seed in SEEDS:
            if (name, seed) in completed:
                continue
            new = rows(name, seed)
            with TABLE.open("a", newline="", encoding="utf-8") as file:
                table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
                if not file.tell():
                    table.writeheader()
                table.writerows(new)
            for row in new:
                print(*row.values(), flush=True)


if __name__ == "__main__":
    main()
