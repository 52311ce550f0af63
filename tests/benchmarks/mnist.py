"""Generators of MNIST digits by semi-discrete and regularized transport, GP and LP at equal time: mnist.csv.

    OMP_NUM_THREADS=1 python tests/benchmarks/mnist.py FILE [--seconds 600] [--session FILE.wgs] [METHOD ...]

FILE is an IDX file of images; a tenth is held out. Generators and schedule are those of arXiv 2102.05542;
the gradient penalties have a convolutional critic and the settings of arXiv 1704.00028. All methods have
the same metrics, in one row per tenth of the time: exact transport between 1,000 fresh images and as many
held-out ones, at the squared distance over E|y|^2 and at the distance, precision, and recall. Seconds are
CPU seconds of the process; `dual_share` is the fraction that the steps of the critic or the dual take. Each
method runs in a separate process, for its peak memory. The session holds the frames: `wganstudio export`
writes sample grids.
"""

import argparse
import csv
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import torch

from wganstudio.experiment import Experiment, read
from wganstudio.ot.distances import distances
from wganstudio.ot.exact import exact_transport
from wganstudio.pairs.base import make_rng
from wganstudio.session import Document
from wganstudio.training.events import Metrics
from wganstudio.training.generator_metrics import GeneratorMetrics
from wganstudio.training.run import Run

TABLE = Path(__file__).with_suffix(".csv")
COMPARED = 1000
TRANSPORT = {"kind": "semi-discrete"}
GENERATOR = {
    "kind": "mlp",
    "latent": "uniform",
    "latent_dim": 100,
    "widths": [256, 512, 1024],
    "activation": "leaky-relu",
    "output": "sigmoid",
}
PUBLISHED = GENERATOR | {"critic_steps": 10, "learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999}
CONVOLUTIONS = {
    "kind": "dcgan",
    "latent": "uniform",
    "latent_dim": 100,
    "width": 64,
    "output": "sigmoid",
    "critic_steps": 10,
    "learning_rate": 1e-3,
    "beta1": 0.9,
    "beta2": 0.999,
}
GAN = GENERATOR | {"critic_steps": 5, "learning_rate": 1e-4, "beta1": 0.0, "beta2": 0.9}
PENALTY = {"learning_rate": 1e-4, "beta1": 0.0, "beta2": 0.9}


def smoothed(epsilon: float, **more: Any) -> dict[str, Any]:
    """Return the solver at eps > 0, with longer steps: the generator starts nearly at one point."""
    return TRANSPORT | {"epsilon": epsilon, "learning_rate": epsilon} | more


METHODS: dict[str, dict[str, Any]] = (
    {
        name: {"solver": solver, "generator": made, "training": {"batch": 200}}
        for name, solver, made in (
            ("semi-discrete, eps = 0", TRANSPORT | {"epsilon": 0.0}, PUBLISHED),
            ("semi-discrete, eps = 0.025", smoothed(0.025), PUBLISHED),
            ("semi-discrete, eps = 0.05", smoothed(0.05), PUBLISHED),
            ("semi-discrete, eps = 0.1", smoothed(0.1), PUBLISHED),
            ("semi-discrete, eps = 0.05, debiased", smoothed(0.05, debias=True), PUBLISHED),
            ("semi-discrete, eps = 0.05, convolutions", smoothed(0.05), CONVOLUTIONS),
        )
    }
    | {
        f"regularized, lambda = {strength:g}, debiased": {
            "solver": {"kind": "regularized", "epsilon": strength, "accuracy": 2e-3, "debias": True},
            "generator": PUBLISHED | {"critic_steps": 1},
            "training": {"batch": 200},
        }
        for strength in (0.01, 0.05)
    }
    | {
        kind: {
            "solver": PENALTY | {"kind": kind},
            "critic": {"kind": "conv", "width": 32},
            "generator": GAN,
            "training": {"batch": 64},
        }
        for kind in ("gp", "lp")
    }
)
COLUMNS = (
    "method",
    "seconds",
    "generator_steps",
    "squared_cost",
    "distance_cost",
    "precision",
    "recall",
    "mb_peak",
    "dual_share",
)


def experiment(file: Path, method: str) -> Experiment:
    chosen = METHODS[method]
    return read(
        chosen
        | {
            "about": {"name": method},
            "pair": {
                "kind": "data",
                "p_file": str(file),
                "held_out": 0.1,
                "q": "standard",
                "pixels": "0 to 1",
            },
            "training": chosen["training"] | {"steps": 10**7},
            "evaluation": {"interval": 200, "samples": 256, "final_samples": 1024, "resolution": 24},
        }
    )


def compared(run: Run) -> dict[str, str]:
    """Return costs between fresh and held-out images, precision and recall."""
    held_out = run.pair.held_out
    assert held_out is not None
    data = held_out.p.sample(10**4, make_rng("cpu", 0)).unique(dim=0)[:COMPARED].double()
    generated = run.pair.q.sample(len(data), make_rng("cpu", 1)).double()
    apart = distances(generated, data)
    scale = float(run.pair.p.atoms[0].double().square().sum(1).mean())  # type: ignore[attr-defined]
    alike = GeneratorMetrics(run.pair, None, None, 0).evaluate(run.pair.q)
    numbers = {
        "squared_cost": exact_transport(apart.square().numpy()).cost / scale,
        "distance_cost": exact_transport(apart.numpy()).cost,
        "precision": alike["precision"],
        "recall": alike["recall"],
    }
    return {name: f"{number:.4g}" for name, number in numbers.items()}


class Timed:
    """A function that counts the CPU seconds spent in it."""

    def __init__(self, function: Any) -> None:
        self.function, self.seconds = function, 0.0

    def __call__(self, *arguments: Any) -> Any:
        began = time.process_time()
        result = self.function(*arguments)
        self.seconds += time.process_time() - began
        return result


def train(file: Path, method: str, seconds: float, session: Path) -> None:
    import resource

    torch.set_num_threads(1)
    tested = experiment(file, method)
    run = Run(tested)
    document = Document.open(session, read_only=False) if session.exists() else Document.create(session)
    number = document.add_run(tested)
    dual = run.solver.step = Timed(run.solver.step)  # type: ignore[method-assign]
    looked, began, looks = 0.0, time.process_time(), 0
    every = tested.generator.critic_steps  # type: ignore[attr-defined]
    for event in run.events():
        if event.name in ("checkpoint", "gradient-norms"):
            continue
        document.append(number, event)
        spent = time.process_time() - began - looked
        if isinstance(event, Metrics) and spent >= looks * seconds / 10:
            looks += 1
            start = time.process_time()
            peak = f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}"
            row = {"method": method, "seconds": f"{spent:.0f}", "generator_steps": event.step // every}
            row |= compared(run) | {"mb_peak": peak, "dual_share": f"{dual.seconds / max(spent, 1e-9):.2f}"}
            with TABLE.open("a", newline="", encoding="utf-8") as table:
                csv.DictWriter(table, COLUMNS, lineterminator="\n").writerow(row)
            print(row, flush=True)
            looked += time.process_time() - start
        if looks > 10:
            for snapshot in run.snapshots(recorded=True):
                document.append(number, snapshot)
            break
    document.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--session", type=Path, default=Path("mnist.wgs"))
    parser.add_argument("--here", metavar="METHOD", help="run this method in this process")
    parser.add_argument("methods", nargs="*")
    options = parser.parse_intermixed_args()
    if options.here:
        train(options.file, options.here, options.seconds, options.session)
        return
    if not TABLE.exists():
        TABLE.write_text(",".join(COLUMNS) + "\n", encoding="utf-8")
    with TABLE.open(newline="", encoding="utf-8") as table:
        completed = {row["method"] for row in csv.DictReader(table)}
    for method in options.methods or METHODS:
        if method not in completed:
            own = [options.file, "--seconds", str(options.seconds), "--session", options.session]
            subprocess.run([sys.executable, "-B", __file__, *own, "--here", method], check=True)


if __name__ == "__main__":
    main()
