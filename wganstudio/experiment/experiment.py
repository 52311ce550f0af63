"""Experiment: the typed description of one run."""

from typing import Any, Literal, Self

from pydantic import InstanceOf, model_validator

from wganstudio.experiment.options import (
    CriticOptions,
    GeneratorOptions,
    Options,
    PairOptions,
    PerturbationOptions,
    SigmaOptions,
    SolverOptions,
    TruthOptions,
    option,
)


class AboutOptions(Options):
    """What a preset says of itself."""

    name: str = option("", "Name", "A short name.", max_length=100)
    tags: tuple[str, ...] = option((), "Tags", "Words to find it by.", max_length=20)
    summary: str = option("", "Summary", "One sentence: what is trained on what.", max_length=1000)
    expected: str = option("", "Claim", "What this experiment shows.", max_length=4000, formerly="claim")


class TrainingOptions(Options):
    """How long, on what, from which seed."""

    steps: int | None = option(
        None,
        "Steps",
        "Critic steps of the run.",
        ge=0,
        le=100_000_000,
        auto="as published for the solver",
        unit="steps",
    )
    stopping: Literal["steps", "plateau", "truth"] = option(
        "steps",
        "Stop after",
        "All steps; or earlier, once the value (without a penalty the gap) stands still, or is at its truth: "
        "judged by means of ten points of the curve.",
        formerly="stop",
    )
    tolerance: float = option(
        1.0,
        "Within",
        "How near is near enough: the change between two tens of points, or the distance from the truth.",
        gt=0,
        le=100,
        unit="%",
        formerly="within",
    )
    batch: int = option(
        1024, "Batch", "Fresh samples of each law in one step.", ge=1, le=1_048_576, unit="samples"
    )
    seed: int = option(0, "Seed", "The same seed, threads and device repeat the run.", ge=0, le=2**31 - 1)
    device: Literal["auto", "cpu", "cuda", "mps"] = option(
        "auto",
        "Device",
        "Where the critic is trained; auto takes a CUDA GPU where there is one, otherwise the CPU.",
    )
    threads: int = option(
        1, "Threads", "Processor threads of the run; one is fastest for small networks.", ge=1, le=256
    )


class EvaluationOptions(Options):
    """What is measured during and after the run, and which plane is shown."""

    interval: int = option(
        50,
        "Measure every",
        "Steps between two points of the curves.",
        ge=1,
        le=1_000_000,
        unit="steps",
        formerly="every",
    )
    samples: int = option(
        4096,
        "Live samples",
        "Fresh samples for each point of the curves, and for cos and L2.",
        ge=16,
        le=1_048_576,
        unit="samples",
    )
    final_samples: int = option(
        524_288, "Final samples", "Fresh samples for the final estimates.", ge=1024, le=2**26, unit="samples"
    )
    resolution: int = option(
        96,
        "Resolution",
        "Points on the longer side of the plane that the views show.",
        ge=8,
        le=1024,
        unit="points",
    )
    plane: Literal["principal", "axes", "points"] = option(
        "principal",
        "Plane (D > 2)",
        "Principal plane of the samples, two coordinate axes, or through three points.",
    )
    axes: tuple[int, int] = option(
        (0, 1), "Axes", "The two coordinates of the plane `axes`, counted from 0.", advanced=True
    )
    points: tuple[tuple[float, ...], ...] | None = option(
        None,
        "Points",
        "The three points, each with D coordinates, of the plane `points`.",
        auto="none",
        min_length=3,
        max_length=3,
        advanced=True,
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.axes[0] == self.axes[1] or min(self.axes) < 0:
            raise ValueError("axes must be two different coordinates, counted from 0")
        if self.plane == "points" and self.points is None:
            raise ValueError(
                "the plane through three points needs points: a list of three lists of D numbers"
            )
        return self


class Experiment(Options):
    """Pair, critic, solver, generator, sigma, perturbation, truth, training and evaluation of one run.

    Make one with `wganstudio.experiment.read`, which knows the kinds and explains what is wrong;
    form, TOML file, session and command line are views of it.
    """

    about: AboutOptions = AboutOptions()
    pair: InstanceOf[PairOptions]
    critic: InstanceOf[CriticOptions]
    solver: InstanceOf[SolverOptions]
    generator: InstanceOf[GeneratorOptions]
    sigma: InstanceOf[SigmaOptions]
    perturbation: InstanceOf[PerturbationOptions]
    truth: InstanceOf[TruthOptions]
    training: TrainingOptions = TrainingOptions()
    evaluation: EvaluationOptions = EvaluationOptions()

    @property
    def steps(self) -> int:
        """Steps of the run: those asked for, or the solver's published number; 0 for one without steps."""
        published = self.solver.published_steps
        return published if self.training.steps is None or not published else self.training.steps

    @property
    def network(self) -> CriticOptions:
        """The critic, with what is left to auto as the solver was published with it."""
        given = self.critic.model_dump()
        defaults = self.solver.critic_defaults
        return self.critic.model_copy(
            update={name: value for name, value in defaults.items() if given.get(name, value) is None}
        )

    def build_pair(self, device: Any = "cpu") -> Any:
        """The pair (`wganstudio.pairs.base.Pair`) that is trained on, with its sigma and how it is perturbed;
        BadExperiment where it cannot be made."""
        pair = self.pair.build(device=device)
        pair.sigma = self.sigma.build(pair)
        return self.perturbation.build(pair)

    def settings(self) -> dict[str, Any]:
        """The experiment as nested plain TOML values; `read(e.settings()) == e`."""
        return {group: getattr(self, group).settings() for group in type(self).model_fields}
