"""The networks of a finished or interrupted run, made again from its experiment and its last checkpoint."""

from dataclasses import dataclass

from torch import nn

from wganstudio.critics.base import Critic
from wganstudio.experiment import BadExperiment, Experiment, Problem
from wganstudio.training.device import threads_kept
from wganstudio.training.events import Checkpoint
from wganstudio.training.run import Run

UNUSABLE = "the saved weights are of another version of WGAN Studio; train the run again"


@dataclass(frozen=True, eq=False)
class Networks:
    """Trained networks on the CPU, in evaluation mode."""

    critic: Critic
    generator: nn.Module | None
    """None for a run without a generator."""


def networks_of(experiment: Experiment, checkpoint: Checkpoint) -> Networks:
    """Return the networks of a run.

    Parameters
    ----------
    experiment : Experiment
        That of the run, with every `auto` filled in.
    checkpoint : Checkpoint
        Its weights.

    Raises
    ------
    BadExperiment
        If the data of the pair are missing or changed, or the weights do not fit the experiment.
    """
    on_cpu = experiment.training.model_copy(update={"device": "cpu"})
    with threads_kept():
        run = Run(experiment.model_copy(update={"training": on_cpu}), keep_frames=False)
        try:
            return Networks(*run.load_networks(checkpoint))
        except (RuntimeError, LookupError, TypeError) as error:  # as torch and Python explain it
            raise BadExperiment(Problem("", UNUSABLE)) from error
