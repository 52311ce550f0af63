"""Options of the built-in critics."""

from typing import ClassVar, Literal, Self

from pydantic import model_validator

from wganstudio.experiment.options import CriticOptions, option
from wganstudio.experiment.registry import register

Activation = Literal["relu", "leaky-relu", "elu", "celu", "softplus", "silu", "tanh", "full-sort", "max-min"]


@register
class Perceptron(CriticOptions):
    """A fully connected network D - w - ... - w - 1."""

    title: ClassVar[str] = "Perceptron (MLP)"
    summary: ClassVar[str] = "Fully connected layers; the critic of the published benchmark."
    source: ClassVar[str] = "Korotin, Kolesov, Burnaev, arXiv 2206.07767"
    implementation: ClassVar[str] = "wganstudio.critics.perceptron:Perceptron"
    layered: ClassVar[bool] = True

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
    activation: Activation | None = option(
        None,
        "Activation",
        "Piecewise-linear ones (relu) make a critic with flat facets; elu gives smooth gradients; sorting "
        "the units keeps the gradient's length.",
        auto="relu, or what the solver was published with",
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.activation == "max-min" and (self.width or 2) % 2:
            raise ValueError("width must be even for max-min, which sorts the units in pairs")
        return self
