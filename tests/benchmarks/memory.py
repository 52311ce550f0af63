"""Growth of the memory of a warm trainer by one run, beside the estimate from the options: memory.csv.

    python tests/benchmarks/memory.py [NAME...]

Every row is measured in a process of its own, which first makes a tiny run, as the warm trainer does, and
computes what it shows beside the training as coarsely as the tests do. Rows of the task `truths` measure the
computation of the truths. The program writes the rows of the named experiments
(default: all) and ends with 1 if an estimate is below half of the growth, or above three times that of an
experiment that needs at least 300 MB.
"""

import csv
import multiprocessing
import pickle
import resource
import sys
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import psutil

from wganstudio.experiment import Experiment, override, read
from wganstudio.training.job import Job, Task
from wganstudio.training.memory_estimate import BASE, estimate_memory
from wganstudio.training.worker import perform

TABLE = Path(__file__).with_suffix(".csv")
sys.path.insert(0, str(Path(__file__).parents[1] / "support"))  # coarse_workers
FIELDS = ("name", "task", "settings", "estimate_mb", "growth_mb", "ratio")
PRELOADED = ("wganstudio.training.run", "wganstudio.training.truths", "ot", "coarse_workers")
LARGE = 300.0
"""Megabytes from which on an estimate must not be far too large."""
COARSE = {
    "training.steps": 2,
    "evaluation.samples": 256,
    "evaluation.final_samples": 1024,
    "evaluation.resolution": 16,
    "truth.kind": "samples",
    "truth.samples": 64,
    "truth.repeats": 2,
}
GAUSSIANS = {"pair.kind": "gaussians"}
IMAGES = {"pair.kind": "ray-monotone-images", "pair.image_size": 32}
WIDE = GAUSSIANS | {"pair.dim": 64, "critic.width": 512, "critic.depth": 3, "training.batch": 8192}
DEEP = GAUSSIANS | {"pair.dim": 32, "critic.depth": 8, "critic.width": 128, "training.batch": 16384}
W2 = GAUSSIANS | {"pair.dim": 32, "training.batch": 8192}
REGULARIZED = GAUSSIANS | {"solver.kind": "regularized", "training.batch": 2048}

TRAIN: dict[str, dict[str, object]] = {
    "default": GAUSSIANS,
    "lp-wide": WIDE | {"solver.kind": "lp"},
    "lp-huge-weights": GAUSSIANS | {"critic.width": 1536, "critic.depth": 4, "training.batch": 64},
    "gp-deep": DEEP | {"solver.kind": "gp"},
    "gp-elu": WIDE | {"solver.kind": "gp", "critic.activation": "elu"},
    "gp-max-min": WIDE | {"solver.kind": "gp", "critic.activation": "max-min"},
    "wc-wide": WIDE | {"solver.kind": "wc"},
    "sn-wide": WIDE | {"solver.kind": "sn"},
    "so-wide": WIDE | {"solver.kind": "so"},
    "ls-wide": WIDE | {"solver.kind": "ls"},
    "mm-b-batch": GAUSSIANS | {"solver.kind": "mm-b", "training.batch": 8192},
    "mm-b-batch-64d": GAUSSIANS | {"solver.kind": "mm-b", "training.batch": 8192, "pair.dim": 64},
    "mm-bv2-batch": GAUSSIANS | {"solver.kind": "mm-bv2", "training.batch": 8192},
    "mm-wide": WIDE | {"solver.kind": "mm", "solver.mover_width": 512, "solver.mover_steps": 1},
    "mm-r-wide": WIDE | {"solver.kind": "mm-r", "solver.mover_width": 512, "solver.mover_steps": 1},
    "mm-unet": IMAGES
    | {"solver.kind": "mm", "critic.kind": "conv", "solver.mover_steps": 1, "training.batch": 512},
    "plain-sll": GAUSSIANS
    | {
        "solver.kind": "plain",
        "critic.kind": "sll",
        "pair.dim": 64,
        "critic.width": 512,
        "training.batch": 8192,
    },
    "lp-sll": GAUSSIANS
    | {"solver.kind": "lp", "critic.kind": "sll", "critic.width": 1024, "training.batch": 4096},
    "plain-funnel": GAUSSIANS
    | {"solver.kind": "plain", "critic.kind": "funnel", "critic.cones": 2048, "training.batch": 16384},
    "lp-conv": IMAGES | {"solver.kind": "lp", "critic.kind": "conv", "training.batch": 512},
    "dot": GAUSSIANS | {"solver.kind": "dot", "solver.samples": 4096},
    "convex-icnn": W2
    | {"solver.kind": "convex", "critic.kind": "icnn", "critic.width": 512, "solver.max_iterations": 20},
    "convex-newton": GAUSSIANS
    | {
        "solver.kind": "convex",
        "critic.kind": "icnn",
        "critic.width": 128,
        "solver.conjugate": "newton",
        "pair.dim": 64,
        "training.batch": 16384,
        "solver.max_iterations": 3,
    },
    "convex-quadratic": GAUSSIANS | {"solver.kind": "convex", "critic.kind": "quadratic", "pair.dim": 1024},
    "convex-max-affine": W2
    | {
        "solver.kind": "convex",
        "critic.kind": "max-affine",
        "critic.pieces": 1024,
        "solver.max_iterations": 5,
    },
    "convex-conv-icnn": IMAGES
    | {
        "solver.kind": "convex",
        "critic.kind": "conv-icnn",
        "training.batch": 256,
        "solver.max_iterations": 3,
        "evaluation.samples": 64,
        "evaluation.final_samples": 1024,
    },
    "w2-pair-icnn": W2
    | {"solver.kind": "w2-pair", "critic.kind": "icnn", "critic.width": 512, "solver.inner_steps": 2},
    "w2-cycle-icnn": W2 | {"solver.kind": "w2-cycle", "critic.kind": "icnn", "critic.width": 512},
    "w2-mm": W2 | {"solver.kind": "w2-mm", "critic.width": 1024, "solver.mover_steps": 1},
    "semi-discrete-final": GAUSSIANS
    | {
        "solver.kind": "semi-discrete",
        "pair.dim": 256,
        "solver.atoms": 1024,
        "evaluation.final_samples": 524288,
    },
    "semi-discrete-network": GAUSSIANS
    | {"solver.kind": "semi-discrete", "solver.potential": "network", "critic.width": 1024},
    "regularized-batch": REGULARIZED | {"solver.inner_steps": 3},
    "regularized-networks": REGULARIZED | {"solver.potential": "networks", "solver.inner_steps": 2},
    "regularized-atoms": GAUSSIANS
    | {"solver.kind": "regularized", "solver.potential": "atoms", "solver.atoms": 16384},
    "gan-mlp": WIDE
    | {
        "solver.kind": "lp",
        "generator.kind": "mlp",
        "generator.widths": (1024, 1024),
        "generator.critic_steps": 1,
    },
    "gan-dcgan": {
        "pair.kind": "data",
        "pair.p": "digits",
        "solver.kind": "lp",
        "generator.kind": "dcgan",
        "generator.critic_steps": 1,
        "training.batch": 4096,
        "critic.kind": "conv",
    },
    "plane-1024": GAUSSIANS | {"evaluation.resolution": 1024},
    "plane-64d": GAUSSIANS | {"evaluation.resolution": 1024, "pair.dim": 64},
    "live-samples": {"pair.kind": "ray-monotone", "pair.dim": 16, "evaluation.samples": 262144},
}
TRUTHS: dict[str, dict[str, object]] = {
    "truth-samples": GAUSSIANS | {"pair.dim": 16, "truth.samples": 3072},
    "truth-samples-squared": W2
    | {"solver.kind": "w2-mm", "pair.kind": "uniform-boxes", "truth.samples": 3072},
    "truth-grid": {"pair.kind": "mixture", "truth.kind": "grid", "truth.tolerance": 1e-6},
}


def experiment_of(name: str) -> Experiment:
    changes = COARSE | (TRAIN | TRUTHS)[name]
    if changes["truth.kind"] == "grid":
        changes = {
            key: value for key, value in changes.items() if key not in ("truth.samples", "truth.repeats")
        }
    return read(override({}, list(changes.items())))


def growth(pipe: Any, experiment: Experiment, task: Task) -> None:
    """Send by how many bytes a run enlarges this process."""
    tiny = read(override({}, [*COARSE.items(), ("training.steps", 1)]))
    _perform(Job(0, task, tiny))
    before = psutil.Process().memory_info().rss
    _perform(Job(1, task, experiment, state_period=0.0))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    pipe.send(peak - before)


def _perform(job: Job) -> None:
    for event in perform(job, SimpleQueue()):
        pickle.dumps(event)  # as the pipe does
        if event.kind in ("failed", "flow-missing") and getattr(event, "detail", ""):
            raise RuntimeError(event)


def needed(name: str) -> float:
    """Return the estimate of a row in megabytes."""
    estimate = estimate_memory(experiment_of(name))
    assert estimate is not None
    of_truths = name in TRUTHS
    parts = [part for part in estimate.parts if (part.name == "computation of the truths") == of_truths]
    return (BASE + sum(part.bytes for part in parts)) / 1e6


def row(name: str) -> list[object]:
    task: Task = "truths" if name in TRUTHS else "train"
    experiment, estimated = experiment_of(name), needed(name)
    ours, theirs = multiprocessing.Pipe()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([*PRELOADED])
    process = context.Process(target=growth, args=(theirs, experiment, task))
    process.start()
    theirs.close()
    grown = float("nan")
    with suppress(EOFError):
        grown = ours.recv() / 1e6
    process.join()
    changes = " ".join(f"{key}={value}" for key, value in (TRAIN | TRUTHS)[name].items())
    return [name, task, changes, f"{estimated:.0f}", f"{grown:.0f}", f"{estimated / grown:.2f}"]


def main() -> int:
    names = sys.argv[1:] or [*TRAIN, *TRUTHS]
    rows: list[list[object]] = []
    if sys.argv[1:] and TABLE.exists():
        with TABLE.open(newline="") as file:
            rows = [list(old) for old in list(csv.reader(file))[1:] if old[0] not in names]
    order = [*TRAIN, *TRUTHS]
    for name in names:
        rows.append(row(name))
        print(name, *rows[-1][3:], flush=True)
        rows.sort(key=lambda each: order.index(str(each[0])))
        with TABLE.open("w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([FIELDS, *rows])
    wrong = [
        str(each[0])
        for each in rows
        if not float(str(each[5])) >= 0.5 or (float(str(each[4])) >= LARGE and float(str(each[5])) > 3)
    ]
    print(f"outside of the limits: {', '.join(wrong) or 'none'}")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
