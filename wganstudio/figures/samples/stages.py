"""Metrics of a composite of maps by stage."""

from itertools import pairwise

import numpy as np

from wganstudio.figures.types import Float
from wganstudio.session import RunRecord

METRICS = ("true_lower", "true_upper", "distance", "precision", "recall", "modes", "near")


def stage_starts(record: RunRecord) -> Float:
    """Return the steps at which the maps of a composite after the first begin; empty for other runs."""
    steps, numbers = record.curve("stage")
    starts = steps[1:][np.diff(numbers) > 0] if len(numbers) else steps
    return starts[starts < record.steps]  # the last map is appended at the end


def stage_metrics(record: RunRecord) -> list[dict[str, float]]:
    """Return number, first step and metrics of each stage; empty where there are none.

    The network that is distilled from all stages is not among them: its metrics are the final estimate.
    """
    steps, numbers = record.curve("stage")
    first = [0] if len(numbers) else []
    first += [k for k, (a, b) in enumerate(pairwise(numbers), 1) if a != b]
    curves = {name: dict(zip(*record.curve(name), strict=True)) for name in METRICS}
    return [
        {"stage": numbers[k], "step": steps[k]}
        | {name: values[steps[k]] for name, values in curves.items() if steps[k] in values}
        for k in first
    ]
