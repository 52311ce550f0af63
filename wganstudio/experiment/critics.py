"""Options of the built-in critics."""

from typing import ClassVar, Literal, Self

from pydantic import model_validator

from wganstudio.experiment.options import CriticOptions, option
from wganstudio.experiment.registry import register
from wganstudio.experiment.sizes import NetworkSize, halving_convolutions, perceptron

Activation = Literal["relu", "leaky-relu", "elu", "celu", "softplus", "silu", "tanh", "full-sort", "max-min"]
KEPT: dict[str | None, float] = {"full-sort": 3, "max-min": 3, "silu": 2}
"""Numbers that a pass keeps for each unit: 1 unless the activation keeps more than its output."""


@register
class MLPOptions(CriticOptions):
    """A fully connected network D - w - ... - w - 1."""

    title: ClassVar[str] = "Perceptron (MLP)"
    summary: ClassVar[str] = "Fully connected layers; the critic of the published benchmark."
    source: ClassVar[str] = "Korotin, Kolesov, Burnaev, arXiv 2206.07767"
    implementation: ClassVar[str] = "wganstudio.critics.perceptron:MLP"
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
        "Piecewise-linear activations (relu) give flat facets; elu gives smooth gradients; sorting "
        "the units keeps the gradient's length.",
        auto="relu, or what the solver was published with",
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.activation == "max-min" and (self.width or 2) % 2:
            raise ValueError("width must be even for max-min, which sorts the units in pairs")
        return self

    def size(self, dim: int) -> NetworkSize:
        """Return the size of the network for points [n, D]."""
        width = self.width or max(2 * dim, 128)
        return perceptron(dim, *[width] * self.depth, 1, kept=KEPT.get(self.activation, 1))


@register
class ConvolutionalCriticOptions(CriticOptions):
    """Convolutions that halve an image until it is small, then a linear map to a number."""

    title: ClassVar[str] = "Convolutional (square images)"
    summary: ClassVar[str] = (
        "Strided convolutions, each twice as wide as the one before, without batch normalization."
    )
    source: ClassVar[str] = "Radford, Metz & Chintala, arXiv 1511.06434"
    implementation: ClassVar[str] = "wganstudio.critics.convolutional:ConvolutionalCritic"
    layered: ClassVar[bool] = True
    convolutional: ClassVar[bool] = True

    kind: Literal["conv"] = "conv"
    channels: int | None = option(
        None,
        "Channels",
        "Channels of the image; points are stored channel by channel, row by row.",
        ge=1,
        le=512,
        auto="1 where D is a square, 3 where it is three times one",
    )
    width: int = option(
        64,
        "Width",
        "Feature maps of the first convolution; each further one has twice as many.",
        ge=1,
        le=4096,
        unit="feature maps",
    )
    depth: int | None = option(
        None,
        "Depth",
        "Number of convolutions; each halves the image.",
        ge=1,
        le=16,
        auto="until the image is less than 8 pixels wide",
        unit="layers",
    )
    activation: Activation | None = option(
        None,
        "Activation",
        "Activation of every unit, or a sort of the feature maps at each pixel.",
        auto="leaky-relu, or what the solver was published with",
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.activation == "max-min" and self.width % 2:
            raise ValueError("width must be even for max-min, which sorts the feature maps in pairs")
        return self

    def size(self, dim: int) -> NetworkSize:
        """Return the size of the network for points [n, D]."""
        kept = KEPT.get(self.activation, 1)
        return halving_convolutions(dim, self.channels, self.width, self.depth, kept)


@register
class ResidualOptions(CriticOptions):
    """Layers x - 2 W diag(t)^-1 relu(W^T x + b), then a unit vector: 1-Lipschitz whatever W is."""

    title: ClassVar[str] = "SLL (1-Lipschitz residual layers)"
    summary: ClassVar[str] = "Residual layers scaled to be 1-Lipschitz by construction; no penalty is needed."
    source: ClassVar[str] = "Araujo et al., arXiv 2303.03169"
    implementation: ClassVar[str] = "wganstudio.critics.residual:Residual"
    lipschitz: ClassVar[bool] = True

    kind: Literal["sll"] = "sll"
    width: int | None = option(
        None,
        "Width",
        "Units of each layer; at least the dimension, which is padded with zeros.",
        ge=1,
        le=16384,
        auto="the larger of 2 D and 128",
        unit="units",
    )
    depth: int = option(4, "Depth", "Number of residual layers.", ge=1, le=64, unit="layers")

    def size(self, dim: int) -> NetworkSize:
        """Return the size of the network; each layer keeps W W^T and its absolute value."""
        width = self.width or max(2 * dim, 128)
        return NetworkSize(
            self.depth * width * (width + 2), 3 * self.depth * width, 3 * self.depth * width**2
        )


@register
class FunnelOptions(CriticOptions):
    """The maximum of cones -|x - a_n| - b_n, or the minimum of |x - a_n| + b_n."""

    title: ClassVar[str] = "Funnel (inf-convolution)"
    summary: ClassVar[str] = (
        "Cones of slope 1 about learned centers. The benchmark's own true potentials are of this class."
    )
    source: ClassVar[str] = "Korotin, Kolesov, Burnaev, arXiv 2206.07767, Definition 1"
    implementation: ClassVar[str] = "wganstudio.critics.funnel:Funnel"
    lipschitz: ClassVar[bool] = True
    in_class: ClassVar[bool] = True

    kind: Literal["funnel"] = "funnel"
    cones: int = option(256, "Cones", "Number of cones (initialized at samples).", ge=1, le=65536)
    tips: Literal["p", "q"] = option(
        "p", "Tips", "Cones start as peaks at samples of P, or as pits at samples of Q."
    )
    size_fields: ClassVar[tuple[str, ...]] = ("cones",)

    def size(self, dim: int) -> NetworkSize:
        """Return the size of the network; a pass needs all distances to the centers."""
        return NetworkSize(self.cones * (dim + 1), self.cones + dim)


TAGHVAEI = "Taghvaei & Jalali, arXiv 1902.07197"
AMOS = "Amos, Xu & Kolter, arXiv 1609.07152"


class _ConvexPotentialOptions(CriticOptions):
    """Options of the convex potentials f: the critic is u = |x|^2 - 2 f, whose gradient is 2 (x - grad f)."""

    convex: ClassVar[bool] = True

    alpha: float = option(
        0.01,
        "Strong convexity alpha",
        "f - alpha |x|^2 / 2 stays convex: no map contracts more, and an inexact conjugate is off by at "
        "most residual^2 / (2 alpha).",
        symbol="\u03b1",
        gt=0,
        le=1,
        source=TAGHVAEI,
    )


@register
class QuadraticOptions(_ConvexPotentialOptions):
    """f(x) = <x, A x> / 2 + <b, x>."""

    title: ClassVar[str] = "Quadratic potential"
    summary: ClassVar[str] = (
        "Its transport cost matches means and covariances: the Bures distance, for any distributions."
    )
    source: ClassVar[str] = TAGHVAEI
    implementation: ClassVar[str] = "wganstudio.critics.convex.quadratic:Quadratic"

    kind: Literal["quadratic"] = "quadratic"
    form: Literal["translation", "diagonal", "low-rank", "full"] = option(
        "full",
        "Matrix A",
        "The identity, diagonal, diagonal plus low rank, or full. Each class contains the previous one.",
    )
    rank: int = option(
        2, "Rank", "Rank of the matrix added to the diagonal (at most D).", ge=1, le=4096, unit="columns"
    )
    size_fields: ClassVar[tuple[str, ...]] = ()

    def size(self, dim: int) -> NetworkSize:
        """Return the size of the potential; its optimum takes several matrices of moments in float64."""
        rank = {"low-rank": min(self.rank, dim), "full": dim}.get(self.form, 0)
        return NetworkSize(dim * (rank + 2), 3 * dim + rank, 16 * dim**2)


@register
class MaxAffineOptions(_ConvexPotentialOptions):
    """f(x) = alpha |x|^2 / 2 + tau log sum_k exp((<a_k, x> + b_k) / tau)."""

    title: ClassVar[str] = "Max-affine potential"
    summary: ClassVar[str] = (
        "The largest of K affine functions, its kinks rounded; grad f maps P to K points, spread by alpha."
    )
    source: ClassVar[str] = TAGHVAEI
    implementation: ClassVar[str] = "wganstudio.critics.convex.max_affine:MaxAffine"

    kind: Literal["max-affine"] = "max-affine"
    pieces: int = option(
        64, "Pieces K", "Number of pieces (initialized at samples of Q).", symbol="K", ge=1, le=65536
    )
    smoothing: float = option(
        0.01,
        "Smoothing tau",
        "Rounds the kinks: f rises by at most tau log K. In squared units of the data.",
        symbol="\u03c4",
        gt=0,
        le=1e6,
    )
    size_fields: ClassVar[tuple[str, ...]] = ("pieces",)

    def size(self, dim: int) -> NetworkSize:
        """Return the size of the potential."""
        return NetworkSize(self.pieces * (dim + 1), 2 * self.pieces + dim)


class _ICNNOptions(_ConvexPotentialOptions):
    """Options of the input-convex networks."""

    source: ClassVar[str] = AMOS

    activation: Literal["celu", "softplus"] = option(
        "celu", "Activation", "Activation function (must be convex and non-decreasing)."
    )


@register
class InputConvexOptions(_ICNNOptions):
    """Layers z_k+1 = a(W_k z_k + A_k x + b_k) with W_k >= 0, beside a quadratic."""

    title: ClassVar[str] = "Input-convex network (ICNN)"
    summary: ClassVar[str] = (
        "A perceptron with weights of the hidden path at or above 0, and a quadratic: convex whatever the "
        "weights."
    )
    implementation: ClassVar[str] = "wganstudio.critics.convex.network:ICNN"

    kind: Literal["icnn"] = "icnn"
    width: int | None = option(
        None,
        "Width",
        "Units in each hidden layer.",
        ge=1,
        le=16384,
        auto="the larger of 2 D and 64",
        unit="units",
    )
    depth: int = option(2, "Depth", "Number of hidden layers.", ge=1, le=32, unit="layers")
    rank: int = option(
        16,
        "Rank",
        "Rank of the quadratic term next to the network, in addition to a diagonal (at most D).",
        ge=1,
        le=4096,
        unit="columns",
    )

    def size(self, dim: int) -> NetworkSize:
        """Return the size of the network; a pass keeps the non-negative weights as well."""
        width = self.width or max(2 * dim, 64)
        hidden = (self.depth - 1) * width**2
        weights = self.depth * (dim + 1) * width + hidden + dim * (min(self.rank, dim) + 2)
        return NetworkSize(weights, 2 * dim + 2 * self.depth * width, 2 * hidden)


@register
class ConvolutionalInputConvexOptions(_ICNNOptions):
    """Convolutions that halve the image, kernels >= 0 on the hidden path, beside a diagonal quadratic."""

    title: ClassVar[str] = "Convolutional ICNN (square images)"
    summary: ClassVar[str] = (
        "Strided convolutions, those of the hidden path at or above 0, each fed by the shrunk image as well."
    )
    implementation: ClassVar[str] = "wganstudio.critics.convex.convolutional:ConvolutionalICNN"

    kind: Literal["conv-icnn"] = "conv-icnn"
    channels: int | None = option(
        None,
        "Channels",
        "Channels of the image; points are stored channel by channel, row by row.",
        ge=1,
        le=512,
        auto="1 where D is a square, 3 where it is three times one",
    )
    width: int = option(
        32,
        "Width",
        "Feature maps of the first convolution; each further one has twice as many.",
        ge=1,
        le=4096,
        unit="feature maps",
    )
    depth: int | None = option(
        None,
        "Depth",
        "Number of convolutions; each halves the image.",
        ge=1,
        le=16,
        auto="until the image is less than 8 pixels wide",
        unit="layers",
    )

    def size(self, dim: int) -> NetworkSize:
        """Return the size of the network, whose gradient is differentiated by a second backward pass."""
        size = halving_convolutions(dim, self.channels, self.width, self.depth, kept=3)
        return NetworkSize(size.weights + 2 * dim, size.units + 3 * dim, 2 * size.weights)
