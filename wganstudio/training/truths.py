"""The truths behind one experiment, as events, computed beside its run."""

from collections.abc import Iterator

from wganstudio.experiment import Experiment
from wganstudio.training.events import Event, TruthFound, TruthMissing


def find_truths(experiment: Experiment) -> Iterator[Event]:
    """Every reference cost that is known of the experiment's pair; TruthMissing if none is.

    Raises BadExperiment where the pair cannot be made.
    """
    import torch

    pair = experiment.pair.build(device=torch.device("cpu"))
    penalty = getattr(experiment.solver, "penalty", None)
    found = False
    for truth in experiment.truth.build().truths(pair, penalty):
        found = True
        yield TruthFound(truth=truth)
    if not found:
        yield TruthMissing(message="No reference cost is known of this pair.")
