"""The frame schedule: the steps of a run at which frames are recorded, decided before its first step.

It depends on the experiment alone, never on the clock: a run repeats with the same frames.
"""

import math
from collections.abc import Sequence

import numpy as np

from wganstudio.experiment import Experiment
from wganstudio.training.snapshot import Snapshot
from wganstudio.training.topics import topic

WORK_SHARE = 0.03
"""Share of the work of a run that the frames between the fixed steps may take."""
STEP_WORK, ESTIMATE_WORK = 6, 2
"""Work of a step for one sample of its batch, and of an estimate for one sample, in points of a frame:
measured with WGAN-GP; other solvers do more in a step."""
FRAME_OVERHEAD = 1000
"""Work of a frame beside its points."""
LEAST_WORK = 100_000
"""Work that frames may take in a short run as well, in points: about a third of a second."""
MOST_FRAMES = 200


def fixed_step(step: int) -> bool:
    """Return True if a step is 1, 2 or 5 times a power of ten: all topics are recorded at these steps."""
    return step > 0 and step in (10 ** int(math.log10(step) + 1e-9) * k for k in (1, 2, 5))


def schedule(experiment: Experiment, frame: Sequence[Snapshot]) -> frozenset[int]:
    """Return the steps at which frames are recorded, given the snapshots of one step.

    Those of the topics that are no part of the frame are recorded at the fixed steps only.
    """
    parts = [snapshot for snapshot in frame if topic(snapshot.topic).frame]
    size = sum(array.nbytes for snapshot in parts for array in snapshot.arrays.values())
    points = next((snapshot.arrays["u"].size for snapshot in parts if snapshot.topic == "critic"), 0)
    fixed = {step for step in _fixed_steps(experiment.steps) if step < experiment.steps}
    memory = 10**6 * experiment.evaluation.frame_memory
    affordable = memory // max(size, 1) - len(fixed) - 2  # the first and the last frame
    affordable = min(affordable, _count_by_work(experiment, points), MOST_FRAMES)
    return frozenset(fixed | _between(experiment.steps, fixed, affordable))


def _between(steps: int, fixed: set[int], most: int) -> set[int]:
    """Return at most `most` steps that are no fixed ones, spread as densely as that allows."""
    chosen: set[int] = set()
    for count in range(1, 2 * MOST_FRAMES):
        denser = set(spread(steps, count)) - fixed - {steps}
        if len(denser) > most:
            break
        chosen = denser
    return chosen


def spread(steps: int, count: int) -> list[int]:
    """Return at most `count` steps from 1 to `steps`, half of them even in log, half even in time.

    Steps that both halves or several places of the logarithmic one share are taken once.
    """
    if steps < 1 or count < 1:
        return []
    half = count // 2
    logarithmic = np.geomspace(1, steps, count - half)
    even = np.linspace(steps, 0, half, endpoint=False)
    return sorted({round(step) for step in (*logarithmic, *even)} - {0})


def _fixed_steps(steps: int) -> list[int]:
    decades = range(len(str(max(steps, 1))))
    return [step for decade in decades for k in (1, 2, 5) if (step := k * 10**decade) <= steps]


def _count_by_work(experiment: Experiment, points: int) -> int:
    """Return how many frames take WORK_SHARE of the work of a run, or LEAST_WORK."""
    steps, evaluation = experiment.steps, experiment.evaluation
    estimated = evaluation.final_samples + steps // evaluation.interval * evaluation.samples
    work = STEP_WORK * steps * experiment.training.batch + ESTIMATE_WORK * estimated
    return int(max(WORK_SHARE * work, LEAST_WORK) / (points + FRAME_OVERHEAD))
