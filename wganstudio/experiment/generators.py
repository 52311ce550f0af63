"""Options of the built-in generators: the network that makes Q, and how it is trained against the critic."""

from typing import ClassVar, Literal, Self

from pydantic import model_validator

from wganstudio.experiment import adam
from wganstudio.experiment.options import GeneratorOptions, SolverOptions, option
from wganstudio.experiment.registry import register
from wganstudio.experiment.sizes import NetworkSize, image_shape, perceptron

SMALLEST = 4
"""Most rows of the image that the first layer of a convolutional generator makes."""


@register
class NoGeneratorOptions(GeneratorOptions):
    """Q is that of the pair."""

    title: ClassVar[str] = "None: Q stays"
    summary: ClassVar[str] = "Only the critic is trained, between the two distributions of the pair."
    implementation: ClassVar[str] = "wganstudio.critics.generators:no_generator"
    moves: ClassVar[bool] = False

    kind: Literal["none"] = "none"


class TrainedGeneratorOptions(GeneratorOptions):
    """Options of all trained generators."""

    critic_steps: int = option(
        5,
        "Critic steps",
        "Steps of the critic before each step of the generator.",
        ge=1,
        le=10_000,
        unit="steps",
    )
    learning_rate: float = adam.learning_rate(1e-3, "Step size of Adam for the generator.")
    beta1: float = adam.beta1(0.5)
    beta2: float = adam.beta2(0.9)
    ema_decay: float = option(
        0.0,
        "EMA decay",
        "Decay of the exponential moving average of the weights, which is then evaluated. 0: no average.",
        ge=0,
        lt=1,
        formerly="average",
    )

    def objection(self, solver: SolverOptions) -> str:
        """Refuse solvers without steps: the generator would never be trained."""
        if solver.published_steps:
            return ""
        return f"{solver.title} takes no steps and trains no generator; choose another solver"


class LatentGeneratorOptions(TrainedGeneratorOptions):
    """Options of the generators that map a latent distribution."""

    latent: Literal["gaussian", "uniform"] = option(
        "gaussian", "Latent distribution", "N(0, I), or uniform on [-1, 1]^d."
    )
    latent_dim: int | None = option(
        None,
        "Latent dimension",
        "Dimension of the latent distribution.",
        ge=1,
        le=4096,
        auto="D, but at most 100",
    )

    def latent_size(self, dim: int) -> int:
        """Return the dimension of the latent distribution for points [n, D]."""
        return self.latent_dim or min(dim, 100)


@register
class MLPGeneratorOptions(LatentGeneratorOptions):
    """A fully connected network from the latent space to R^D."""

    title: ClassVar[str] = "Perceptron (MLP)"
    summary: ClassVar[str] = "Fully connected layers from the latent distribution to the data's space."
    implementation: ClassVar[str] = "wganstudio.critics.generators:MLPGenerator"

    kind: Literal["mlp"] = "mlp"
    widths: tuple[int, ...] = option(
        (128, 128), "Widths", "Units of each hidden layer, in order.", min_length=1, max_length=32
    )
    activation: Literal["relu", "leaky-relu", "tanh"] = option(
        "relu", "Activation", "Activation of the hidden layers; leaky-relu has slope 0.2 below 0."
    )
    output: Literal["linear", "tanh", "sigmoid"] = option(
        "linear", "Output", "tanh keeps values between -1 and 1, sigmoid between 0 and 1."
    )
    size_fields: ClassVar[tuple[str, ...]] = ("widths",)

    @model_validator(mode="after")
    def _check(self) -> Self:
        _require_widths(self.widths)
        return self

    def size(self, dim: int) -> NetworkSize:
        """Return the size of the generator for points [n, D]."""
        return perceptron(self.latent_size(dim), *self.widths, dim)


@register
class ConvolutionalGeneratorOptions(LatentGeneratorOptions):
    """Convolutions that double the image, with batch normalization."""

    title: ClassVar[str] = "Convolutional (DCGAN)"
    summary: ClassVar[str] = "For images: transposed convolutions that double the size layer by layer."
    source: ClassVar[str] = "Radford, Metz & Chintala, arXiv 1511.06434"
    implementation: ClassVar[str] = "wganstudio.critics.generators:ConvolutionalGenerator"

    kind: Literal["dcgan"] = "dcgan"
    width: int = option(
        64,
        "Feature maps",
        "Of the last hidden layer; each earlier layer has twice as many.",
        ge=1,
        le=1024,
    )
    channels: int | None = option(
        None,
        "Channels",
        "Channels of the image.",
        ge=1,
        le=64,
        auto="1 or 3, so that D is a square image",
    )
    output: Literal["linear", "tanh", "sigmoid"] = option(
        "tanh", "Output", "tanh keeps values between -1 and 1, sigmoid between 0 and 1."
    )
    size_fields: ClassVar[tuple[str, ...]] = ("width",)

    def size(self, dim: int) -> NetworkSize:
        """Return the size of the generator; its maps are also kept normalized and rectified."""
        channels, side = image_shape(dim, self.channels)
        depth = max(1, sum(side >> k > SMALLEST for k in range(side.bit_length())))
        maps = [self.width << k for k in range(depth)]
        weights = 16 * sum(a * b for a, b in zip(maps, [channels, *maps], strict=False))
        units = sum(3 * width * (side >> k) ** 2 for k, width in enumerate(maps))
        return NetworkSize(weights + self.latent_size(dim) * maps[-1] * SMALLEST**2, units + 2 * dim)


@register
class AffineGeneratorOptions(LatentGeneratorOptions):
    """x = A z + b, which starts as the identity."""

    title: ClassVar[str] = "Affine map"
    summary: ClassVar[str] = "A matrix and a shift of the latent distribution."
    implementation: ClassVar[str] = "wganstudio.critics.generators:AffineGenerator"

    kind: Literal["affine"] = "affine"

    def size(self, dim: int) -> NetworkSize:
        """Return the size of the generator for points [n, D]."""
        return perceptron(self.latent_size(dim), dim)


@register
class ParticleGeneratorOptions(TrainedGeneratorOptions):
    """Free points of equal weight, which start as samples of the pair's Q."""

    title: ClassVar[str] = "Particles"
    summary: ClassVar[str] = "Free points, moved one by one: transport without a network's limits."
    implementation: ClassVar[str] = "wganstudio.critics.generators:ParticleGenerator"

    kind: Literal["particles"] = "particles"
    num_particles: int = option(
        512,
        "Particles",
        "Number of particles (initialized at samples of Q).",
        ge=1,
        le=1_000_000,
        unit="points",
        formerly="count",
    )
    size_fields: ClassVar[tuple[str, ...]] = ("num_particles",)

    def size(self, dim: int) -> NetworkSize:
        """Return the size of the generator for points [n, D]."""
        return NetworkSize(self.num_particles * dim, 3 * dim)


@register
class CompositeGeneratorOptions(GeneratorOptions):
    """A composition of maps of the solver, each from the current distribution to P."""

    title: ClassVar[str] = "Composite of maps"
    summary: ClassVar[str] = (
        "Each stage appends the map of the solver from the current distribution to P; nothing else trains."
    )
    source: ClassVar[str] = "Taghvaei & Jalali, arXiv 1902.07197"
    implementation: ClassVar[str] = "wganstudio.critics.composite:Composite"

    kind: Literal["composite"] = "composite"
    latent: Literal["q", "gaussian", "uniform"] = option(
        "q", "Base distribution", "Input of the first map: Q of the pair, N(0, I), or uniform on [-1, 1]^D."
    )
    stages: int = option(4, "Stages", "Maximum number of appended maps.", ge=1, le=100, unit="maps")
    stage_steps: int | None = option(
        None,
        "Steps per stage",
        "Steps of the solver before its map is appended. A shorter run has fewer stages; in a longer run the "
        "last solver continues.",
        ge=1,
        le=100_000_000,
        auto="the run's steps, shared evenly",
        unit="steps",
    )
    warm_start: bool = option(
        False,
        "Warm start",
        "Continue the solver of the previous stage; otherwise each stage starts a new one and its schedule.",
        formerly="warm",
    )
    points: int | None = option(
        None,
        "Points",
        "Points of the base distribution, drawn once and moved at each stage, for training the solver.",
        ge=16,
        le=16_777_216,
        auto="fresh points in each step, mapped through all stages",
        unit="points",
    )
    distill: Literal["none", "mlp"] = option(
        "none",
        "Distillation",
        "At the end a perceptron learns the whole composite by least squares and replaces it.",
        formerly="distil",
    )
    widths: tuple[int, ...] = option(
        (256, 256), "Widths", "Units of each hidden layer of that perceptron.", min_length=1, max_length=32
    )
    distill_steps: int = option(
        2000,
        "Distillation steps",
        "Adam steps of that perceptron, each with a fresh batch.",
        ge=1,
        le=10_000_000,
        unit="steps",
        formerly="distil_steps",
    )
    learning_rate: float = option(
        2e-3,
        "Distillation learning rate",
        "Initial step size of Adam, with a cosine schedule to 0.",
        gt=0,
        le=10,
        advanced=True,
        formerly="distil_rate",
    )

    size_fields: ClassVar[tuple[str, ...]] = ("points", "widths")

    @model_validator(mode="after")
    def _check(self) -> Self:
        _require_widths(self.widths)
        return self

    def size(self, dim: int) -> NetworkSize:
        """Return the size of the perceptron that all stages are distilled into, and of the moved points."""
        network = perceptron(dim, *self.widths, dim) if self.distill == "mlp" else NetworkSize(0, 4 * dim)
        return NetworkSize(network.weights, network.units, 4 * (self.points or 0) * dim)

    def objection(self, solver: SolverOptions) -> str:
        """Refuse solvers without a map to P."""
        if solver.maps:
            return ""
        return (
            f"{solver.title} has no map from Q to P; choose convex, w2-pair, w2-cycle, w2-mm, or "
            "semi-discrete or regularized at the squared distance of points"
        )

    def stage_length(self, steps: int) -> int:
        """Return the steps of a stage in a run of `steps` steps."""
        return self.stage_steps or max(1, steps // self.stages)

    def solver_steps(self, steps: int) -> int:
        """Return the steps of a stage if each stage has its own solver, else all."""
        return steps if self.warm_start else self.stage_length(steps)


def _require_widths(widths: tuple[int, ...]) -> None:
    if min(widths) < 1 or max(widths) > 16384:
        raise ValueError("widths must be whole numbers from 1 to 16384")
