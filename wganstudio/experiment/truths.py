"""Options of the built-in truths: how the reference costs are computed."""

from typing import ClassVar, Literal

from wganstudio.experiment.options import TruthOptions, option
from wganstudio.experiment.registry import register


class Samples(TruthOptions):
    """Bounds from exact discrete transport between samples (maths.md section 6)."""

    samples: int = option(
        1024, "Samples", "Points of each law in one exact discrete transport; more give tighter bounds.",
        ge=16, le=16384, unit="points",
    )  # fmt: skip
    repeats: int = option(8, "Repeats", "Independent draws the bounds are averaged over.", ge=2, le=1000)
    confidence: float = option(
        3.0, "Confidence", "Standard errors added on either side of what is estimated from samples.",
        gt=0, le=10, unit="standard errors",
    )  # fmt: skip
    seed: int = option(0, "Seed", "Seed of the samples the truth is computed from.", ge=0, le=2**31 - 1)


@register
class Best(Samples):
    """The best that is known of the pair: plan or closed form, otherwise bounds from samples."""

    title: ClassVar[str] = "Best known"
    summary: ClassVar[str] = (
        "A known plan or a closed form where there is one, otherwise bounds from samples."
    )
    implementation: ClassVar[str] = "wganstudio.truth.best:Best"

    kind: Literal["best"] = "best"


@register
class FromSamples(Samples):
    """Bounds from samples, even where more is known."""

    title: ClassVar[str] = "Bounds from samples"
    summary: ClassVar[str] = "Upper and lower bound of W1 from exact discrete transport between samples."
    implementation: ClassVar[str] = "wganstudio.truth.samples:FromSamples"

    kind: Literal["samples"] = "samples"
