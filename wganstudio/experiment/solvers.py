"""Options of the built-in solvers: objective, constraint and optimiser schedule of a critic."""

from typing import ClassVar, Literal

from wganstudio.experiment.options import SolverOptions, option
from wganstudio.experiment.registry import register


class Gradient(SolverOptions):
    """What every solver that trains with Adam shares."""

    learning_rate: float = option(2e-4, "Learning rate", "Adam's step size at the start.", gt=0, le=10)
    beta1: float = option(0.0, "Adam beta 1", "Decay of the mean of gradients.", ge=0, lt=1, advanced=True)
    beta2: float = option(
        0.9, "Adam beta 2", "Decay of the mean of squared gradients.", ge=0, lt=1, advanced=True
    )
    schedule: Literal["constant", "cosine"] = option(
        "constant", "Schedule", "Learning rate over the run: constant as published, or a cosine down to 0."
    )


class Penalty(Gradient):
    """What the gradient penalties share."""

    penalty: float = option(
        10.0, "Penalty lambda",
        "Coefficient of the penalty as WGAN-GP code counts it; Milne & Nachman's own is twice this.",
        gt=0, le=1e6, source="Milne & Nachman, arXiv 2109.00528",
    )  # fmt: skip


@register
class GradientPenalty(Penalty):
    """max E_P u - E_Q u - lambda E_sigma (|grad u| - 1)^2."""

    title: ClassVar[str] = "GP: two-sided gradient penalty"
    summary: ClassVar[str] = "WGAN-GP: pulls the gradient's length to 1 between the samples."
    source: ClassVar[str] = "Gulrajani et al., arXiv 1704.00028; Milne & Nachman, arXiv 2109.00528"
    implementation: ClassVar[str] = "wganstudio.solvers.lipschitz:TwoSided"
    published_steps: ClassVar[int] = 60_000

    kind: Literal["gp"] = "gp"


@register
class LipschitzPenalty(Penalty):
    """max E_P u - E_Q u - lambda E_sigma (|grad u| - 1)_+^2."""

    title: ClassVar[str] = "LP: one-sided gradient penalty"
    summary: ClassVar[str] = (
        "Punishes only gradients longer than 1; its optimum is the congested transport cost."
    )
    source: ClassVar[str] = "Petzka et al., arXiv 1709.08894; Milne & Nachman, arXiv 2109.00528, Theorem 1"
    implementation: ClassVar[str] = "wganstudio.solvers.lipschitz:OneSided"
    published_steps: ClassVar[int] = 60_000

    kind: Literal["lp"] = "lp"


@register
class WeightClipping(Gradient):
    """max E_P u - E_Q u with every weight (not bias) clipped to [-clip, clip]."""

    title: ClassVar[str] = "WC: weight clipping"
    summary: ClassVar[str] = (
        "The first WGAN: weights clipped to a box, so that the critic is Lipschitz for some constant."
    )
    source: ClassVar[str] = "Arjovsky et al., arXiv 1701.07875"
    implementation: ClassVar[str] = "wganstudio.solvers.lipschitz:WeightClipping"
    published_steps: ClassVar[int] = 5_000

    kind: Literal["wc"] = "wc"
    clip: float = option(0.04, "Clip", "Weights stay within [-clip, clip]; biases are free.", gt=0, le=100)
