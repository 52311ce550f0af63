"""Experiment: the typed description of one run."""

from typing import Any, Literal, Self

from pydantic import InstanceOf, model_validator

from wganstudio.experiment.options import (
    CriticOptions,
    GeneratorOptions,
    Kind,
    Options,
    PairOptions,
    PerturbationOptions,
    SigmaOptions,
    SolverOptions,
    TruthOptions,
    option,
)


class AboutOptions(Options):
    """Description of a preset."""

    name: str = option("", "Name", "A short name.", max_length=100)
    tags: tuple[str, ...] = option((), "Tags", "Keywords.", max_length=20)
    summary: str = option("", "Summary", "One-sentence summary.", max_length=1000)
    expected: str = option("", "Expected", "The result to expect.", max_length=4000, formerly="claim")
    question: str = option(
        "", "Question", "The question that the preset answers; the gallery groups by it.", max_length=100
    )
    views: tuple[str, ...] = option(
        (), "Views", "Names of the views that choosing the preset brings to the front.", max_length=20
    )
    suite: str = option("", "Suite", "The suite or comparison that the run is a part of.", max_length=200)
    preset: str = option("", "Preset", "The preset that the settings started from.", max_length=100)


class TrainingOptions(Options):
    """Length, batch, seed and device of the training."""

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
        "Stopping",
        "Run all steps, or stop early when the value (without a penalty: the gap) reaches a plateau or its "
        "truth. The criterion uses averages over ten points of the curve.",
        formerly="stop",
    )
    tolerance: float = option(
        1.0,
        "Tolerance",
        "Relative change between two averages, or relative distance from the truth, at which training stops.",
        gt=0,
        le=100,
        unit="%",
        formerly="within",
    )
    batch: int = option(
        1024, "Batch", "Fresh samples of each distribution per step.", ge=1, le=1_048_576, unit="samples"
    )
    seed: int = option(0, "Seed", "The same seed, threads and device reproduce the run.", ge=0, le=2**31 - 1)
    device: Literal["auto", "cpu", "cuda", "mps"] = option(
        "auto",
        "Device",
        "Device of the training. auto: a CUDA GPU if there is one, otherwise the CPU.",
    )
    threads: int = option(
        1, "Threads", "CPU threads of the run; one is fastest for small networks.", ge=1, le=256
    )


class EvaluationOptions(Options):
    """Measurements during and after the run, and the plane of the views."""

    interval: int = option(
        50,
        "Interval",
        "Steps between two evaluations, which are the points of the curves.",
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
    descent_steps: int = option(
        3,
        "Descent steps",
        "Steps of samples of P down the critic, the first by W1, the others by what is left over. At 0 no "
        "samples descend.",
        ge=0,
        le=20,
        unit="steps",
        source="Milne, Bilocq & Nachman, arXiv 2211.00820, Algorithm 1",
        advanced=True,
    )
    descent_samples: int = option(
        128,
        "Descent samples",
        "Samples of P and of Q in each exact transport after a step down the critic. Four independent draws "
        "are averaged. Its time grows a little faster than the square.",
        ge=16,
        le=4096,
        unit="samples",
        advanced=True,
    )
    resolution: int = option(
        96,
        "Resolution",
        "Points on the longer side of the plane that the views show.",
        ge=8,
        le=1024,
        unit="points",
    )
    frame_memory: int = option(
        8,
        "Frames kept",
        "Most memory, and space in the session, of the frames of a run, which the slider below the views "
        "offers. They are spread evenly over the run and over its decades, and take about 3 % of its time. "
        "At 0, only those of the steps 1, 2, 5, 10, 20, 50, ... are kept.",
        ge=0,
        le=10_000,
        unit="MB",
    )
    plane: Literal["principal", "axes", "points"] = option(
        "principal",
        "Plane (D > 2)",
        "The principal plane of the samples, two coordinate axes, or a plane through three points.",
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

    Make one with `wganstudio.experiment.read`, which resolves the kinds and explains mistakes;
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
        """Steps of the run: training.steps, or the published number of the solver; 0 without steps."""
        published = self.solver.published_steps
        return published if self.training.steps is None or not published else self.training.steps

    @property
    def network(self) -> CriticOptions:
        """The critic, with fields left at auto as published with the solver."""
        given = self.critic.model_dump()
        defaults = self.solver.critic_defaults
        return self.critic.model_copy(
            update={name: value for name, value in defaults.items() if given.get(name, value) is None}
        )

    @property
    def code(self) -> tuple[str, ...]:
        """The modules and files of the user whose code a run executes, with consent (`trusted_code`)."""
        groups = (getattr(self, group) for group in type(self).model_fields)
        return tuple({name: None for group in groups if isinstance(group, Kind) for name in group.code})

    def with_steps(self, steps: int) -> "Experiment":
        """Return the experiment with another number of steps; itself if it has as many."""
        if self.steps == steps:
            return self
        return self.model_copy(update={"training": self.training.model_copy(update={"steps": steps})})

    def depends_on_steps(self, one: int, other: int) -> bool:
        """Return True if the first steps differ between runs of `one` and of `other` steps."""
        same_schedule = self.generator.solver_steps(one) == self.generator.solver_steps(other)
        same_generator = self.generator.stage_length(one) == self.generator.stage_length(other)
        return not same_generator or (self.solver.has_schedule and not same_schedule)

    def build_pair(self, device: Any = "cpu") -> Any:
        """Build the training pair (`wganstudio.pairs.base.Pair`), with sigma and perturbation.

        BadExperiment if it is impossible.
        """
        pair = self.pair.build(device=device)
        pair.require_cost(self.solver.ground)
        pair.sigma = self.sigma.build(pair)
        return self.perturbation.build(pair)

    def settings(self) -> dict[str, Any]:
        """Return the experiment as nested plain TOML values; `read(e.settings()) == e`."""
        return {group: getattr(self, group).settings() for group in type(self).model_fields}
