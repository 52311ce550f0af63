"""Stages: how near a composite of maps came to the data, stage by stage."""

from itertools import pairwise

from wganstudio.session import RunRecord

SAID = ("true_lower", "true_upper", "distance", "precision", "recall", "modes", "near")


def stages(record: RunRecord) -> list[dict[str, float]]:
    """Each stage, the step from which its law was seen, and what was found of it; empty where there are none.

    What a network made that has learned them all is not among them: that is the final estimate.
    """
    steps, numbers = record.curve("stage")
    first = [0] if len(numbers) else []
    first += [k for k, (a, b) in enumerate(pairwise(numbers), 1) if a != b]
    known = {name: dict(zip(*record.curve(name), strict=True)) for name in SAID}
    return [
        {"stage": numbers[k], "step": steps[k]}
        | {name: values[steps[k]] for name, values in known.items() if steps[k] in values}
        for k in first
    ]
