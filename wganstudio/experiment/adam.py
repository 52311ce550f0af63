"""Fields of Adam, shared by solvers and generators with different defaults."""

from typing import Any, Literal

from wganstudio.experiment.options import option

Schedule = Literal["constant", "cosine"]


def learning_rate(default: float, help: str = "Initial step size of Adam.") -> Any:
    """Return the field of the step size."""
    return option(default, "Learning rate", help, gt=0, le=10)


def beta1(default: float) -> Any:
    """Return the field of the decay of the first moment."""
    return option(default, "Adam beta 1", "Decay of the mean of gradients.", ge=0, lt=1, advanced=True)


def beta2(default: float) -> Any:
    """Return the field of the decay of the second moment."""
    help = "Decay of the mean of squared gradients."
    return option(default, "Adam beta 2", help, ge=0, lt=1, advanced=True)


def schedule(default: Schedule) -> Any:
    """Return the field of the learning rate schedule."""
    return option(default, "Schedule", "Learning rate over the run: constant, or a cosine down to 0.")
