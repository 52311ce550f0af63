"""Checks of the theory of regularized transport, over its strength: regularized.csv.

    OMP_NUM_THREADS=1 python tests/benchmarks/regularized.py

Pairs: 200 samples of eight Gaussians and as many of a Gaussian, and the same for the digits in 64
dimensions; costs are divided by E|y|^2. Rows `gradient`: the slope of the gradient error over the accuracy
of the dual (theory: 0.5), the decades that it covers, and the bound over the error at the end. Rows `path`:
the cost and the exact cost. Rows `bias`: the mean cost between batches and its standard error, by batch
size. Strengths are in units of the mean cost for gradient and path, and of the cost for the bias.
"""

import csv
import math
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path as File

import torch

from wganstudio.experiment import GroundCost, read
from wganstudio.experiment.ground import RegularizerName
from wganstudio.ot.costs import Cost
from wganstudio.pairs.base import make_rng
from wganstudio.truths.regularization import biases, gradient_error, path

TABLE = File(__file__).with_suffix(".csv")
SAMPLES = 200
PAIRS = {
    "eight-gaussians": {"kind": "classics", "p": "eight-gaussians", "q": "gaussian"},
    "digits": {"kind": "data", "p": "digits", "q": "standard"},
}
REGULARIZERS: tuple[RegularizerName, ...] = "entropy", "l2"
COLUMNS = (
    "study",
    "pair",
    "regularizer",
    "strength",
    "size",
    "value",
    "error",
    "exact",
    "excess_allowed",
    "slope",
    "decades",
    "bound_over_error",
    "seconds",
)
Row = dict[str, object]


def rows(name: str) -> Iterator[Row]:
    pair = read({"pair": PAIRS[name]}).build_pair()
    rng = make_rng("cpu", 0)
    x, y = (distribution.sample(SAMPLES, rng) for distribution in (pair.q, pair.p))
    scale = float(y.square().sum(1).mean())
    mean = float(Cost(GroundCost(), scale).table(x, y).mean())
    for regularizer in REGULARIZERS:
        ground = GroundCost(regularizer=regularizer)
        common: Row = {"pair": name, "regularizer": regularizer}
        for share in (0.3, 0.1, 0.03):
            began = time.process_time()
            measured = gradient_error(y=y, x=x, ground=replace(ground, epsilon=share * mean), scale=scale)
            yield common | {
                "study": "gradient",
                "strength": share,
                "slope": f"{measured.slope:.3f}",
                "decades": f"{math.log10(measured.accuracies[0] / measured.accuracies[-1]):.1f}",
                "bound_over_error": f"{measured.bounds[-1] / measured.errors[-1]:.1f}",
                "error": f"{measured.errors[-1]:.2e}",
                "seconds": f"{time.process_time() - began:.1f}",
            }
        began = time.process_time()
        along = path(x, y, ground, scale)
        spent = time.process_time() - began
        for k in range(0, len(along.strengths), 4):
            yield common | {
                "study": "path",
                "strength": f"{along.strengths[k] / mean:.3g}",
                "value": f"{along.lower[k]:.5f}",
                "exact": f"{along.exact:.5f}",
                "error": f"{along.upper[k] - along.lower[k]:.1e}",
                "excess_allowed": f"{along.excess[k]:.5f}",
                "seconds": f"{spent:.1f}",
            }
        began = time.process_time()
        of = biases(pair.p, pair.q, replace(ground, epsilon=0.05), scale)
        spent = time.process_time() - began
        for size, value, error in zip(of.sizes, of.values, of.errors, strict=True):
            yield common | {
                "study": "bias",
                "strength": 0.05,
                "size": size,
                "value": f"{value:.5f}",
                "error": f"{error:.5f}",
                "seconds": f"{spent:.1f}",
            }


def main() -> None:
    torch.set_num_threads(1)
    with TABLE.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        table.writeheader()
        for name in PAIRS:
            for row in rows(name):
                table.writerow(row)
                print(*row.values(), flush=True)


if __name__ == "__main__":
    main()
