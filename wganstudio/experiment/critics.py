"""Options of the built-in critics."""

from typing import ClassVar, Literal

from wganstudio.experiment.options import CriticOptions, option
from wganstudio.experiment.registry import register

Activation = Literal["relu", "leaky-relu", "elu", "celu", "softplus", "silu", "tanh"]


@register
class Perceptron(CriticOptions):
    """A fully connected network D - w - ... - w - 1."""

    title: ClassVar[str] = "Perceptron (MLP)"
    summary: ClassVar[str] = "Fully connected layers; the critic of the published benchmark."
    source: ClassVar[str] = "Korotin, Kolesov, Burnaev, arXiv 2206.07767"
    implementation: ClassVar[str] = "wganstudio.critics.perceptron:Perceptron"

    kind: Literal["mlp"] = "mlp"
    width: int | None = option(
        None,
        "Width",
        "Units in each hidden layer.",
        ge=1,
        le=16384,
        auto="the larger of 2 D and 128",
        unit="units",
    )
    depth: int = option(2, "Depth", "Number of hidden layers.", ge=1, le=32, unit="layers")
    activation: Activation = option(
        "relu",
        "Activation",
        "Piecewise-linear ones (relu) make a critic with flat facets; elu gives smooth gradients.",
    )
