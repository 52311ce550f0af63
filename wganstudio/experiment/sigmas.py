"""Options of the built-in sigmas: the distribution on which a penalty acts."""

from typing import ClassVar, Literal, Self

from pydantic import model_validator

from wganstudio.experiment.formula import MAX_LENGTH, Formula
from wganstudio.experiment.options import SigmaOptions, SolverOptions, Vector, option
from wganstudio.experiment.registry import register

PAPER = "Milne, Nachman, arXiv 2109.00528"


@register
class SegmentsSigmaOptions(SigmaOptions):
    """sigma is the distribution of (1 - t) x + t y for x ~ P, y ~ Q and t ~ U[0, 1]."""

    title: ClassVar[str] = "Between the samples (WGAN-GP)"
    summary: ClassVar[str] = "The penalty acts at points on segments between a sample of P and one of Q."
    source: ClassVar[str] = "Gulrajani et al., arXiv 1704.00028"
    implementation: ClassVar[str] = "wganstudio.pairs.base:SegmentsSigma"

    kind: Literal["segments"] = "segments"


class SpeedLimitsOptions(SigmaOptions):
    """Custom sigma over a box: the larger, the cheaper the flow there."""

    low: Vector | None = option(
        None,
        "Lower corner",
        "Corner of the box that the speed limits cover: one number, or a list. "
        "Mass beyond the box counts as lying on its border.",
        auto="holds bounded distributions, and 4 standard deviations of normal ones",
        advanced=True,
    )
    high: Vector | None = option(
        None,
        "Upper corner",
        "Corner of the box that the speed limits cover: one number, or a list.",
        auto="holds bounded distributions, and 4 standard deviations of normal ones",
        advanced=True,
    )

    @model_validator(mode="after")
    def _box(self) -> Self:
        if (self.low is None) != (self.high is None):
            raise ValueError("low and high make one box: give both, or leave both at auto")
        return self

    def objection(self, solver: SolverOptions) -> str:
        """Refuse solvers without a gradient penalty."""
        if solver.samples_sigma:
            return ""
        return f"speed limits act through a gradient penalty, which {solver.title} lacks; choose lp or gp"


@register
class FormulaSigmaOptions(SpeedLimitsOptions):
    """sigma is a formula's values over a box, scaled to integrate to 1."""

    title: ClassVar[str] = "Speed limits: formula"
    summary: ClassVar[str] = "General congested transport: a custom sigma over a box, as a formula."
    source: ClassVar[str] = PAPER
    implementation: ClassVar[str] = "wganstudio.pairs.custom_sigma:from_formula"

    kind: Literal["formula"] = "formula"
    formula: str = option(
        "1",
        "Formula",
        "In x, y (or x1, x2, ... xD) and r = |x|, such as where(hypot(x, y) < 0.5, 0.1, 1): 0 is closed, "
        "large is fast. It is scaled to integrate to 1, so that lambda means the same.",
        max_length=MAX_LENGTH,
    )

    @model_validator(mode="after")
    def _readable(self) -> Self:
        try:
            Formula(self.formula)
        except ValueError as error:
            raise ValueError(f"formula is not valid: {error}") from error
        return self


@register
class ImageSigmaOptions(SpeedLimitsOptions):
    """sigma is an image's gray values over a box of the plane, scaled to integrate to 1."""

    title: ClassVar[str] = "Speed limits: image"
    summary: ClassVar[str] = "General congested transport in the plane: a custom sigma, painted in gray."
    source: ClassVar[str] = PAPER
    implementation: ClassVar[str] = "wganstudio.pairs.custom_sigma:from_image"

    kind: Literal["image"] = "image"
    file: str = option(
        "", "Image", "A PNG file with 8 to 1,024 pixels per side: black is closed, white is fastest."
    )
