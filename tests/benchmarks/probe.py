"""Share of a training loop's time that a probe takes, on the reductions of two public WGAN-GP loops.

    python tests/benchmarks/probe.py [--repeats 3]

Each loop is trained without and with a probe in turn, at the widths, batches and critic steps of its
repository. probe.csv holds medians: `overhead` is the ratio of the times of the loop with and without the
probe, less 1; the constructor and `close`, which lie outside the budget, have columns of their own.
"""

import argparse
import csv
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch

import wganstudio as ws

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from training_loops import LOOPS

SIZES: dict[str, dict[str, int]] = {
    "caogang/wgan-gp": {"steps": 500, "width": 512, "batch": 256, "critic_steps": 5},
    "Zeleni9/pytorch-wgan": {"steps": 300, "width": 128, "batch": 64, "critic_steps": 5},
}
BUDGET = 0.05
METHODS = ("__init__", "step", "close")


@contextmanager
def timed_probe() -> Iterator[dict[str, float]]:
    """Count the seconds in each method of `ws.Probe`."""
    seconds: dict[str, float] = defaultdict(float)

    def timed(name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            began = time.perf_counter()
            try:
                return method(*arguments, **options)
            finally:
                seconds[name] += time.perf_counter() - began

        return call

    methods = {name: getattr(ws.Probe, name) for name in METHODS}
    for name, method in methods.items():
        setattr(ws.Probe, name, timed(name, method))
    try:
        yield seconds
    finally:
        for name, method in methods.items():
            setattr(ws.Probe, name, method)


def train(name: str, probed: bool) -> dict[str, float]:
    """Train one loop; return its seconds, those of the probe's methods, and the points of its curves."""
    with timed_probe() as seconds:
        began = time.perf_counter()
        _, probe = LOOPS[name](probed=probed, **SIZES[name], **({"budget": BUDGET} if probed else {}))
        whole = time.perf_counter() - began
    points = 0 if probe is None else len(probe.curves())
    return {**seconds, "loop": whole - seconds["__init__"] - seconds["close"], "points": points}


def row(name: str, repeats: int) -> list[object]:
    runs: dict[bool, list[dict[str, float]]] = {False: [], True: []}
    for repeat in range(repeats):
        for probed in (False, True) if repeat % 2 == 0 else (True, False):
            runs[probed].append(train(name, probed))
    median = {key: statistics.median(run[key] for run in runs[True]) for key in ("loop", "points", *METHODS)}
    alone = statistics.median(run["loop"] for run in runs[False])
    overheads = [one["loop"] / other["loop"] - 1 for other, one in zip(*runs.values(), strict=True)]
    return [
        name,
        *SIZES[name].values(),
        repeats,
        f"{alone:.1f}",
        f"{median['loop']:.1f}",
        f"{statistics.median(overheads):.3f}",
        f"{median['step'] / median['loop']:.3f}",
        int(median["points"]),
        f"{median['__init__']:.1f}",
        f"{median['close']:.1f}",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    torch.set_num_threads(1)
    header = ["loop", "steps", "width", "batch", "critic_steps", "repeats", "alone_s", "probed_s", "overhead"]
    rows = [[*header, "share_of_steps", "points", "constructor_s", "close_s"]]
    for name in SIZES:
        rows.append(row(name, options.repeats))
        print(*rows[-1], sep="\t", flush=True)
    with Path(__file__).with_suffix(".csv").open("w", newline="") as file:
        csv.writer(file).writerows(rows)


if __name__ == "__main__":
    main()
