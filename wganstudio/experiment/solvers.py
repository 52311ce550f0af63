"""Options of the built-in solvers: objective, constraint and optimizer schedule of a critic."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from wganstudio.experiment import adam
from wganstudio.experiment.options import CriticOptions, SolverOptions, option
from wganstudio.experiment.registry import register
from wganstudio.experiment.sizes import TRANSPORT, NetworkSize, Workload, perceptron, u_net

BENCHMARK = "Korotin, Kolesov, Burnaev, arXiv 2206.07767"


class AdamSolverOptions(SolverOptions):
    """Options of the solvers that train with Adam."""

    learning_rate: float = adam.learning_rate(2e-4)
    beta1: float = adam.beta1(0.0)
    beta2: float = adam.beta2(0.9)
    schedule: adam.Schedule = adam.schedule("constant")

    @property
    def has_schedule(self) -> bool:
        """True if the learning rate decays over all steps."""
        return self.schedule == "cosine"

    def step_size(self, load: Workload) -> int:
        """Return the size of a step up the gap, without a penalty."""
        return load.critic.passes(2 * load.batch, 2)


class PenaltySolverOptions(AdamSolverOptions):
    """Options of the gradient penalties."""

    penalty: float = option(
        10.0,
        "Penalty lambda",
        "Coefficient of the penalty as in WGAN-GP; Milne & Nachman's lambda is twice as large.",
        symbol="\u03bb",
        term="lambda",
        gt=0,
        le=1e6,
        source="Milne & Nachman, arXiv 2109.00528",
    )

    @property
    def gradient_penalty(self) -> float:
        """Coefficient lambda of the gradient penalty."""
        return self.penalty

    def step_size(self, load: Workload) -> int:
        """Return the size of a step up the gap with the penalty."""
        return load.critic.passes(load.batch, 8)


@register
class GradientPenaltyOptions(PenaltySolverOptions):
    """max E_P u - E_Q u - lambda E_sigma (|grad u| - 1)^2."""

    title: ClassVar[str] = "GP: two-sided gradient penalty"
    summary: ClassVar[str] = "WGAN-GP: penalizes gradients whose norm differs from 1 between the samples."
    source: ClassVar[str] = "Gulrajani et al., arXiv 1704.00028; Milne & Nachman, arXiv 2109.00528"
    implementation: ClassVar[str] = "wganstudio.solvers.lipschitz:TwoSidedPenalty"
    published_steps: ClassVar[int] = 60_000

    kind: Literal["gp"] = "gp"


@register
class LipschitzPenaltyOptions(PenaltySolverOptions):
    """max E_P u - E_Q u - lambda E_sigma (|grad u| - 1)_+^2."""

    title: ClassVar[str] = "LP: one-sided gradient penalty"
    summary: ClassVar[str] = (
        "Penalizes only gradients with norm above 1; its optimum is the congested transport cost."
    )
    source: ClassVar[str] = "Petzka et al., arXiv 1709.08894; Milne & Nachman, arXiv 2109.00528, Theorem 1"
    implementation: ClassVar[str] = "wganstudio.solvers.lipschitz:OneSidedPenalty"
    published_steps: ClassVar[int] = 60_000

    kind: Literal["lp"] = "lp"


@register
class WeightClippingOptions(AdamSolverOptions):
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

    @property
    def gap_bounded_by_w1(self) -> bool:
        """False: the Lipschitz constant of the critic is not known."""
        return False


class _LayerSolverOptions(AdamSolverOptions):
    """Options of the solvers that constrain the weights of layers."""

    def objection(self, critic: CriticOptions) -> str:
        """Refuse critics other than a chain of plain layers."""
        if critic.layered:
            return ""
        constraint = self.title.partition(": ")[2]
        return f"{critic.title} has no plain layers for {constraint}; choose mlp or another solver"


@register
class SpectralNormalizationOptions(_LayerSolverOptions):
    """max E_P u - E_Q u with every weight divided by its operator norm.

    A convolution's kernel counts as a matrix [out, in k k], as in Miyato et al.
    """

    title: ClassVar[str] = "SN: spectral normalization"
    summary: ClassVar[str] = (
        "Divides every layer by its operator norm: at most 1-Lipschitz, mostly far less. (A convolution by "
        "that of its kernel as a matrix, as published: it may still double a slope.)"
    )
    source: ClassVar[str] = "Miyato et al., arXiv 1802.05957"
    implementation: ClassVar[str] = "wganstudio.solvers.layers:SpectralNormalization"
    published_steps: ClassVar[int] = 10_000

    kind: Literal["sn"] = "sn"
    power_iterations: int = option(
        5,
        "Power iterations",
        "Iterations per step for each operator norm; warm-started.",
        ge=1,
        le=100,
        source=BENCHMARK,
    )
    differentiate_norm: bool = option(
        False,
        "Differentiate the norm",
        "Differentiate the operator norm, as Miyato et al. do; the benchmark's code treats it as a constant.",
        source=BENCHMARK,
    )


class _DefaultBetasOptions(AdamSolverOptions):
    """Options of the solvers published with the default betas of Adam."""

    beta1: float = adam.beta1(0.9)
    beta2: float = adam.beta2(0.999)


@register
class OrthogonalLayersOptions(_DefaultBetasOptions, _LayerSolverOptions):
    """max E_P u - E_Q u with orthogonal weights, and activations that sort."""

    title: ClassVar[str] = "SO: orthogonal weights, sorting"
    summary: ClassVar[str] = (
        "Orthogonal layers and sorted units keep the gradient's length: 1-Lipschitz by construction."
    )
    source: ClassVar[str] = "Anil, Lucas & Grosse, arXiv 1811.05381"
    implementation: ClassVar[str] = "wganstudio.solvers.layers:OrthogonalLayers"
    published_steps: ClassVar[int] = 25_000
    critic_defaults: ClassVar[Mapping[str, Any]] = {"activation": "full-sort"}

    kind: Literal["so"] = "so"

    def objection(self, critic: CriticOptions) -> str:
        """Refuse convolutions as well: an orthogonal kernel does not make an orthogonal layer."""
        if critic.convolutional:
            return f"an orthogonal kernel makes no orthogonal layer of {critic.title}; choose mlp or sn"
        return super().objection(critic)


@register
class LargeScaleOTOptions(_DefaultBetasOptions):
    """max E_P u + E_Q g - E (u(x) + g(y) - |x - y|)_+^2 / (4 eps)."""

    title: ClassVar[str] = "LS: regularized dual"
    summary: ClassVar[str] = (
        "Critic and a second network, with the constraint u(x) + g(y) <= |x - y| as a penalty on pairs."
    )
    source: ClassVar[str] = "Seguy et al., arXiv 1711.02283"
    implementation: ClassVar[str] = "wganstudio.solvers.large_scale_ot:LargeScaleOT"
    published_steps: ClassVar[int] = 10_000

    kind: Literal["ls"] = "ls"
    epsilon: float = option(
        0.01,
        "Epsilon",
        "Weight of the squared density of the plan in the primal problem.",
        symbol="\u03b5",
        gt=0,
        le=1e6,
        source=BENCHMARK,
    )

    def networks(self, load: Workload) -> tuple[NetworkSize, ...]:
        """Return the sizes of the critic and of its partner."""
        return load.critic, load.critic


@register
class BatchTransformOptions(_DefaultBetasOptions):
    """max E_P u + E_Q min_x (|x - y| - u(x)), x over the batch."""

    title: ClassVar[str] = "MM:B: c-transform on the batch"
    summary: ClassVar[str] = "The dual with the c-transform taken over the samples of the batch."
    source: ClassVar[str] = "Mallasto, Montufar & Gerolin, arXiv 1910.03875 (there: (c, eps)-WGAN, QP)"
    implementation: ClassVar[str] = "wganstudio.solvers.c_transform:BatchTransform"
    published_steps: ClassVar[int] = 25_000

    kind: Literal["mm-b"] = "mm-b"

    def step_size(self, load: Workload) -> int:
        """Return the size of a step, with the distances between the samples of a batch."""
        return load.critic.passes(load.batch, 2) + 3 * load.batch**2


@register
class BidirectionalTransformOptions(AdamSolverOptions):
    """max of the gap, or of the dual with either c-transform on the batch where that one is smaller."""

    title: ClassVar[str] = "MM:Bv2: c-transforms, compared"
    summary: ClassVar[str] = (
        "Maximizes the gap, switching to the batch c-transform when that bound is lower (MM:Bv2)."
    )
    source: ClassVar[str] = "Liu, Gu & Samaras, ICML 2018 (there: WGAN-TS); Korotin et al., arXiv 2206.07767"
    implementation: ClassVar[str] = "wganstudio.solvers.c_transform:BidirectionalTransform"
    published_steps: ClassVar[int] = 25_000

    kind: Literal["mm-bv2"] = "mm-bv2"

    def step_size(self, load: Workload) -> int:
        """Return the size of a step, with the distances between the samples of a batch, twice."""
        return super().step_size(load) + 4 * load.batch**2


class MoverSolverOptions(AdamSolverOptions):
    """Options of the solvers with a mover."""

    mover_steps: int = option(
        12,
        "Mover steps",
        "Adam steps of the mover before each step of the critic, on the same batch.",
        ge=1,
        le=1000,
        unit="steps",
        source=BENCHMARK,
    )
    mover: Literal["mlp", "unet"] | None = option(
        None,
        "Mover",
        "Architecture of the mover: a perceptron, or a U-Net for square images.",
        auto="unet for a convolutional critic, otherwise mlp",
        term="mover",
    )
    mover_width: int | None = option(
        None,
        "Mover width",
        "Units in each hidden layer of the mover. U-Net: feature maps after the first halving.",
        ge=1,
        le=16384,
        auto="the larger of 2 D and 128, for a U-Net 32",
        unit="units",
    )
    mover_depth: int = option(
        2,
        "Mover depth",
        "Number of hidden layers of the mover. U-Net: number of halvings of the image.",
        ge=1,
        le=32,
        unit="layers",
    )
    size_fields: ClassVar[tuple[str, ...]] = ("mover_width",)

    def networks(self, load: Workload) -> tuple[NetworkSize, ...]:
        """Return the sizes of the critic and of the mover."""
        return load.critic, self._mover(load)

    def step_size(self, load: Workload) -> int:
        """Return the size of a step of the mover, through the critic, or of the critic."""
        through_both = self._mover(load).passes(load.batch, 2) + load.critic.passes(load.batch, 2)
        return max(through_both, super().step_size(load))

    def _mover(self, load: Workload) -> NetworkSize:
        if self.mover == "unet" or (self.mover is None and load.images):
            return u_net(load.dim, self.mover_width or 32, self.mover_depth)
        width = self.mover_width or max(2 * load.dim, 128)
        return perceptron(load.dim, *[width] * self.mover_depth, load.dim)


@register
class MaximinOptions(MoverSolverOptions):
    """max_u min_H E_P u + E_Q (|H(y) - y| - u(H(y)))."""

    title: ClassVar[str] = "MM: maximin"
    summary: ClassVar[str] = "The c-transform's minimum is found by a second network H that moves Q."
    source: ClassVar[str] = "Nhan Dam et al., IJCAI 2019 (there: three-player WGAN)"
    implementation: ClassVar[str] = "wganstudio.solvers.maximin:Maximin"
    published_steps: ClassVar[int] = 20_000

    kind: Literal["mm"] = "mm"


@register
class ReversedMaximinOptions(MoverSolverOptions):
    """max_u min_H E_P (|H(x) - x| + u(H(x))) - E_Q u; the gradient on P is read off H."""

    title: ClassVar[str] = "MM:R: maximin, reversed"
    summary: ClassVar[str] = (
        "The mover acts on P; its direction (x - H(x)) / |x - H(x)| is what cos and L2 judge."
    )
    source: ClassVar[str] = BENCHMARK
    implementation: ClassVar[str] = "wganstudio.solvers.maximin:ReversedMaximin"
    published_steps: ClassVar[int] = 20_000

    kind: Literal["mm-r"] = "mm-r"


@register
class PlainGapOptions(_DefaultBetasOptions):
    """max E_P u - E_Q u over a critic that is 1-Lipschitz by construction, so that the gap is at most W1."""

    title: ClassVar[str] = "Plain gap (1-Lipschitz critics)"
    summary: ClassVar[str] = (
        "No additional constraint: the critic's architecture bounds |grad u| by 1, and the gap by W1."
    )
    implementation: ClassVar[str] = "wganstudio.solvers.lipschitz:PlainGap"
    published_steps: ClassVar[int] = 10_000

    kind: Literal["plain"] = "plain"
    learning_rate: float = adam.learning_rate(1e-3)
    schedule: adam.Schedule = adam.schedule("cosine")

    def objection(self, critic: CriticOptions) -> str:
        """Refuse critics that are not 1-Lipschitz: their gap has no maximum."""
        if critic.lipschitz:
            return ""
        return f"the gap of {critic.title} alone has no maximum; choose sll or funnel, or another solver"


@register
class DiscreteOTOptions(SolverOptions):
    """Exact transport between samples of P and Q: no network, no steps."""

    title: ClassVar[str] = "DOT: exact discrete transport"
    summary: ClassVar[str] = (
        "The baseline: exact transport between samples; its dual potential takes the place of the critic."
    )
    source: ClassVar[str] = BENCHMARK
    implementation: ClassVar[str] = "wganstudio.solvers.discrete:DiscreteTransport"
    published_steps: ClassVar[int] = 0

    kind: Literal["dot"] = "dot"
    samples: int = option(
        4096,
        "Samples",
        "Samples of each distribution; the time grows slightly faster than quadratically.",
        ge=2,
        le=16384,
        unit="samples",
        source=BENCHMARK,
    )
    size_fields: ClassVar[tuple[str, ...]] = ("samples",)

    def step_size(self, load: Workload) -> int:
        """Return the size of an exact transport between the samples: tables of costs and of the plan."""
        return TRANSPORT * self.samples**2

    def final_size(self, load: Workload) -> int:
        """Return nothing: the estimate is the cost of the plan."""
        return 0
