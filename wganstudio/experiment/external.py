"""Options of runs that another program trains and `wganstudio.Probe` records. The app cannot train them."""

from typing import Any, ClassVar, Literal, NoReturn

from wganstudio.experiment.options import (
    CriticOptions,
    GeneratorOptions,
    Kind,
    PairOptions,
    SolverOptions,
    option,
)
from wganstudio.experiment.problem import BadExperiment, Problem
from wganstudio.experiment.registry import register


class ExternalOptions(Kind):
    """Options that describe a part of another program."""

    offered: ClassVar[bool] = False
    source: ClassVar[str] = ""

    def build(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Raise BadExperiment: the part is in the program that recorded the run."""
        message = f"the {self.group} belongs to the program that recorded the run; choose another kind"
        raise BadExperiment(Problem(f"{self.group}.kind", message))


@register
class ExternalPairOptions(ExternalOptions, PairOptions):
    """P and Q are the samplers `real` and `fake` of a probe."""

    title: ClassVar[str] = "Samplers of another program"
    summary: ClassVar[str] = "P and Q are the real and the generated samples of a training loop."

    kind: Literal["external"] = "external"
    dim: int = option(2, "Dimension D", "Numbers in a sample.", ge=1, le=2**24)


@register
class ExternalCriticOptions(ExternalOptions, CriticOptions):
    """The critic is a module of another program."""

    title: ClassVar[str] = "Critic of another program"
    summary: ClassVar[str] = "A module of PyTorch that the training loop holds."

    kind: Literal["external"] = "external"


@register
class ExternalSolverOptions(ExternalOptions, SolverOptions):
    """The critic is trained by another program, which may penalize its gradient."""

    title: ClassVar[str] = "Training loop of another program"
    summary: ClassVar[str] = "The loop trains the critic; a probe records what it computes."
    published_steps: ClassVar[int] = 0

    kind: Literal["external"] = "external"
    penalty: float | None = option(
        None,
        "Penalty lambda",
        "Coefficient of the gradient penalty as in WGAN-GP; Milne & Nachman's lambda is twice as large.",
        symbol="\u03bb",
        term="lambda",
        auto="none",
        gt=0,
        le=1e6,
    )
    one_sided: bool = option(False, "One-sided", "Only gradients with norm above 1 are penalized.")

    @property
    def gradient_penalty(self) -> float | None:
        """Coefficient lambda of the gradient penalty; None without one."""
        return self.penalty


@register
class ExternalGeneratorOptions(ExternalOptions, GeneratorOptions):
    """Q is what the sampler `fake` of a probe returns, which changes as its generator is trained."""

    title: ClassVar[str] = "Generator of another program"
    summary: ClassVar[str] = "The training loop may move Q at every step."

    kind: Literal["external"] = "external"
