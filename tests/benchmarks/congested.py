"""Closed form, grid and network on pairs with a known congested cost: congested.csv.

    OMP_NUM_THREADS=1 nice -n 15 python tests/benchmarks/congested.py [STEPS]

Rows that are in the table are not repeated. A row takes half a CPU-minute to a CPU-minute, six for D = 64,
where 128 units are too few: the value would stay 4 % low for all steps and batch sizes.
"""

import csv
import sys
import time
from pathlib import Path
from typing import Any

from wganstudio.experiment import Experiment, read
from wganstudio.experiment.truths import BestAvailableOptions, GridTruthOptions
from wganstudio.training.events import Ended
from wganstudio.training.run import Run
from wganstudio.truths import Truth

TABLE = Path(__file__).with_suffix(".csv")
SEED = 0
LAMBDAS = (1.0, 10.0, 0.1)
BOXES: dict[str, Any] = {"kind": "uniform-boxes", "dim": 1}
BALLS: dict[str, Any] = {"kind": "uniform-balls"}
PAIRS: dict[str, dict[str, Any]] = {
    "U[0,1] to U[1.5,2.5]": BOXES,
    "U[0,1] to U[0.5,1.5]": BOXES | {"low_q": 0.5, "high_q": 1.5},
    "N(0,1) to N(2,1)": {"kind": "gaussians", "dim": 1, "mean_q": 2.0, "scale_q": 1.0},
    **{f"N(0,I) to N(0,4I), D={dim}": {"kind": "gaussians", "dim": dim} for dim in (1, 2, 8, 64)},
    "ball 1 to ball 2, D=2": BALLS,
    "ball 0.5 to annulus 1.5-2, D=2": BALLS | {"radius_p": 0.5, "hole_q": 1.5},
    "ball 1 to ball 2, D=8": BALLS | {"dim": 8},
    "ball 0.5 to annulus 1.5-2, D=8": BALLS | {"dim": 8, "radius_p": 0.5, "hole_q": 1.5},
}
KEY = ("pair", "lambda", "steps", "seed")
COSTS = ("w1", "congested", "gap_limit")
ESTIMATES = ("value", "value_se", "gap", "gap_se")
COLUMNS = (
    *KEY,
    *COSTS,
    "grid_lower",
    "grid_upper",
    "grid_inside",
    *ESTIMATES,
    "value_off",
    "seconds",
)


def experiment(pair: dict[str, Any], penalty: float, steps: int) -> Experiment:
    return read(
        {
            "pair": pair,
            "critic": {
                "kind": "mlp",
                "width": max(128, 8 * pair.get("dim", 2)),
                "depth": 3,
                "activation": "elu",
            },
            "solver": {
                "kind": "lp",
                "penalty": penalty,
                "learning_rate": 1e-3,
                "beta1": 0.5,
                "beta2": 0.9,
                "schedule": "cosine",
            },
            "training": {"steps": steps, "batch": 512, "seed": SEED},
            "evaluation": {"interval": 1_000_000, "samples": 1024, "resolution": 8},
        }
    )


def last(truths: Any) -> dict[str, Truth]:
    return {truth.quantity: truth for truth in truths}


def row(name: str, penalty: float, steps: int) -> dict[str, object]:
    tested = experiment(PAIRS[name], penalty, steps)
    pair = tested.build_pair()
    truths = last(BestAvailableOptions().build().truths(pair, penalty))
    exact = truths["congested"]
    costs = {quantity.replace("-", "_"): truth.value for quantity, truth in truths.items()}
    grid: dict[str, object] = {}
    if pair.dim == 2:
        cost = last(GridTruthOptions(cells=256).build().truths(pair, penalty))["congested"]
        inside = cost.lower <= exact.upper and exact.lower <= cost.upper
        grid = {"grid_lower": cost.lower, "grid_upper": cost.upper, "grid_inside": inside}
    start = time.perf_counter()
    *_, end = Run(tested).events()
    assert isinstance(end, Ended), end
    off = end.estimates["value"] / exact.value - 1
    named = dict(zip(KEY, (name, penalty, steps, SEED), strict=True))
    seconds = {"seconds": round(time.perf_counter() - start, 1)}
    return named | costs | grid | end.estimates | {"value_off": off} | seconds


def main(steps: int) -> None:
    completed = set()
    if TABLE.exists():
        with TABLE.open(newline="", encoding="utf-8") as file:
            completed = {tuple(line[key] for key in KEY) for line in csv.DictReader(file)}
    else:
        TABLE.write_text(",".join(COLUMNS) + "\n", encoding="utf-8")
    for penalty in LAMBDAS:
        for name in PAIRS:
            if (name, str(penalty), str(steps), str(SEED)) in completed:
                continue
            new = row(name, penalty, steps)
            shown = {k: f"{v:.6g}" if type(v) is float and k not in KEY else v for k, v in new.items()}
            with TABLE.open("a", newline="", encoding="utf-8") as file:
                csv.DictWriter(file, COLUMNS, lineterminator="\n").writerow(shown)
            print(name, penalty, {key: shown[key] for key in ("congested", "value", "value_off")}, flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3000)
