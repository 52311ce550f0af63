"""Options of the built-in perturbations: how P in training differs from the clean P."""

from typing import ClassVar, Literal

from wganstudio.experiment.options import PerturbationOptions, option
from wganstudio.experiment.registry import register


@register
class NoPerturbationOptions(PerturbationOptions):
    """Training sees P itself."""

    title: ClassVar[str] = "None: P as it is"
    summary: ClassVar[str] = "Training sees the pair's own P."
    implementation: ClassVar[str] = "wganstudio.pairs.perturbations:none"

    kind: Literal["none"] = "none"


@register
class OutliersOptions(PerturbationOptions):
    """(1 - share) P + share U, U uniform on a sphere about the mean of P."""

    title: ClassVar[str] = "Outliers"
    summary: ClassVar[str] = (
        "Part of the training data lies far out, on a sphere about the mean; truths, generator metrics and "
        "held-out rows remain those of the clean P."
    )
    implementation: ClassVar[str] = "wganstudio.pairs.perturbations:outliers"

    kind: Literal["outliers"] = "outliers"
    share: float = option(0.05, "Fraction", "Fraction of outliers in the training data.", ge=0, le=0.9)
    radius: float = option(
        3.0,
        "Radius",
        "Radius of the sphere, in units of P's root mean squared distance from its mean.",
        gt=0,
        le=1e6,
        formerly="far",
    )


@register
class NoiseOptions(PerturbationOptions):
    """P convolved with N(0, deviation^2 I); of data, every row is moved once."""

    title: ClassVar[str] = "Noise"
    summary: ClassVar[str] = (
        "All training data are blurred by normal noise; truths, generator metrics and held-out rows remain "
        "those of the clean P."
    )
    implementation: ClassVar[str] = "wganstudio.pairs.perturbations:noise"

    kind: Literal["noise"] = "noise"
    deviation: float = option(
        0.1,
        "Standard deviation",
        "Standard deviation in every coordinate, in the units of P. Each row of data gets its noise once.",
        ge=0,
        le=1e6,
    )


@register
class MissingModeOptions(PerturbationOptions):
    """P without some of the mass of one mode."""

    title: ClassVar[str] = "Missing mode"
    summary: ClassVar[str] = (
        "One component of a mixture, or one cluster of another distribution, is missing from the training "
        "data; truths, generator metrics and held-out rows remain those of the clean P."
    )
    implementation: ClassVar[str] = "wganstudio.pairs.perturbations:missing_mode"

    kind: Literal["missing-mode"] = "missing-mode"
    mode: int = option(
        0,
        "Mode",
        "Number of the mode, from 0: components in the order of the mixture, clusters by decreasing size.",
        ge=0,
        le=4095,
        formerly="which",
    )
    share: float = option(1.0, "Fraction", "Fraction of the mode that is missing.", ge=0, le=1)
    clusters: int = option(
        10, "Clusters", "Number of clusters of k-means, for distributions other than mixtures.", ge=2, le=4096
    )
