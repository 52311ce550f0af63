"""Processor time and picture of every shipped preset, from a complete run with its truths.

    python tests/benchmarks/presets.py [--share S] [NAME ...]      (default: all presets)

Writes resources/presets/durations.csv and resources/presets/pictures/NAME.npz, which the gallery of presets
shows. The time is that of the longer of the two processes that a run uses, training and truths, without their
start: the wall time on two idle cores. With a share below 1 a run takes that share of its steps; the time of
its steps is extrapolated, and the column `share` tells so.
"""

import argparse
import csv

import numpy as np
import psutil
import torch

from wganstudio import resources
from wganstudio.experiment import Experiment, override, presets, read
from wganstudio.figures.preset_picture import COLUMNS as IMAGES
from wganstudio.figures.preset_picture import PresetPicture
from wganstudio.session import RunRecord
from wganstudio.training.events import Metrics
from wganstudio.training.process import RunProcess

TABLE = resources.path("presets", "durations.csv")
COLUMNS = ("preset", "training", "truths", "seconds", "share")


def processor_seconds(pid: int) -> float:
    """Return the processor time that a process has taken so far."""
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


def measure(process: RunProcess, experiment: Experiment, share: float) -> tuple[RunRecord, float, float]:
    """Run an experiment with its truths; return its record and the processor seconds of both processes.

    Those of the training steps are divided by the share of the steps that the experiment takes.
    """
    record = RunRecord(1, experiment)
    start = {task: processor_seconds(pid) for task, pid in process.pids.items()}
    process.start(experiment)
    steps = 0.0
    while process.running or process.finding:
        for event in process.poll(0.5):
            record.apply(event)
            if isinstance(event, Metrics) and event.step == experiment.steps and not steps:
                steps = processor_seconds(process.pids["train"]) - start["train"]
    if record.failed is not None:
        raise SystemExit(f"{record.name}: {record.failed.message}")
    end = {task: processor_seconds(pid) - start[task] for task, pid in process.pids.items()}
    return record, end["train"] - steps + steps / share, end["truths"]


def images_of(experiment: Experiment) -> tuple[np.ndarray, np.ndarray] | None:
    """Return samples of P and Q where they are images."""
    pair = experiment.build_pair()
    if getattr(pair, "shape", None) is None:
        return None
    rng = torch.Generator().manual_seed(0)
    p, q = (side.sample(IMAGES, rng).numpy() for side in (pair.p, pair.q))
    return p, q


def read_table() -> dict[str, dict[str, str]]:
    """Return the rows that are there, by preset."""
    if not TABLE.exists():
        return {}
    with TABLE.open(newline="", encoding="utf-8") as file:
        return {row["preset"]: row for row in csv.DictReader(file)}


def main() -> None:
    """Measure the presets that are named."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    TABLE.with_name("pictures").mkdir(exist_ok=True)
    process = RunProcess()
    process.start(read(presets()["points"].settings | {"training": {"steps": 1}}))  # what is imported late
    while process.running or process.finding:
        process.poll(0.5)
    try:
        for name in options.names or presets():
            experiment = read(presets()[name].settings)
            steps = max(1, round(experiment.steps * options.share))
            experiment = read(override(presets()[name].settings, [("training.steps", steps)]))
            record, training, truths = measure(process, experiment, options.share)
            PresetPicture.from_record(record, images_of(experiment)).save(presets()[name].picture)
            numbers = (training, truths, max(training, truths), options.share)
            rows = read_table()
            rows[name] = {"preset": name} | dict(
                zip(COLUMNS[1:], (f"{one:.4g}" for one in numbers), strict=True)
            )
            with TABLE.open("w", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows[one] for one in sorted(rows))
            print(*rows[name].values(), flush=True)
    finally:
        process.close()


if __name__ == "__main__":
    main()
