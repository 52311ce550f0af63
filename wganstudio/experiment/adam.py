"""Fields of Adam, which solvers and generators share but for their defaults."""

from typing import Any, Literal

from wganstudio.experiment.options import option

Schedule = Literal["constant", "cosine"]


def learning_rate(default: float, help: str = "Adam's step size at the start.") -> Any:
    """The step size."""
    return option(default, "Learning rate", help, gt=0, le=10)


def beta1(default: float) -> Any:
    """The decay of the first moment."""
    return option(default, "Adam beta 1", "Decay of the mean of gradients.", ge=0, lt=1, advanced=True)


def beta2(default: float) -> Any:
    """The decay of the second."""
    help = "Decay of the mean of squared gradients."
    return option(default, "Adam beta 2", help, ge=0, lt=1, advanced=True)


def schedule(default: Schedule) -> Any:
    """What becomes of the step size."""
    return option(default, "Schedule", "Learning rate over the run: constant, or a cosine down to 0.")
