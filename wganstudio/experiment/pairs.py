"""Options of the built-in pairs (P, Q)."""

from typing import ClassVar, Literal, Self

from pydantic import model_validator

from wganstudio.experiment.options import PairOptions, Vector, option
from wganstudio.experiment.registry import register
from wganstudio.experiment.sizes import PairSize

MAX_DIM = 4096
BENCHMARK = "Korotin, Kolesov, Burnaev, arXiv 2206.07767"
Points = tuple[tuple[float, ...], ...]


def _dim(auto: str = "2, or the length of the lists given") -> int | None:
    default: int | None = option(
        None, "Dimension D", "Dimension of both distributions.", symbol="D", ge=1, le=MAX_DIM, auto=auto
    )
    return default


def common_dim(dim: int | None, otherwise: int, **vectors: Vector) -> int:
    """Return the dimension that `dim` and all lists agree on; ValueError names the two that do not."""
    named = {
        f"{name} has {len(value)} entries": len(value)
        for name, value in vectors.items()
        if isinstance(value, tuple)
    }
    if dim is not None:
        named = {f"dim is {dim}": dim} | named
    if len(set(named.values())) > 1:
        first, *rest = named
        other = next(text for text in rest if named[text] != named[first])
        raise ValueError(f"{first} but {other}; make them agree or leave dim at auto")
    return next(iter(named.values()), otherwise)


@register
class RayMonotoneOptions(PairOptions):
    """A pair with known transport: Q moved along the rays of a MinFunnel gives P (arXiv 2206.07767)."""

    title: ClassVar[str] = "Ray-monotone (known transport)"
    summary: ClassVar[str] = (
        "A uniform distribution and its image under a known optimal map: W1 and its gradient are exact."
    )
    source: ClassVar[str] = BENCHMARK
    implementation: ClassVar[str] = "wganstudio.pairs.ray_monotone:RayMonotonePair"

    known_solution: ClassVar[bool] = True

    kind: Literal["ray-monotone"] = "ray-monotone"
    dim: int | None = option(
        None,
        "Dimension D",
        "Dimension of the space.",
        symbol="D",
        ge=1,
        le=MAX_DIM,
        auto="2, or the file's",
        source=BENCHMARK,
    )
    funnels: int | None = option(
        None,
        "Funnels N",
        "Number of cones whose minimum is the true potential.",
        symbol="N",
        ge=1,
        le=4096,
        auto="4, or the file's",
        source=BENCHMARK,
    )
    power: float = option(
        8.0,
        "Power p",
        "How strongly mass is pulled to the lower end of its ray; 1 moves nothing.",
        symbol="p",
        ge=1,
        le=1000,
        source=BENCHMARK,
    )
    seed: int = option(
        0, "Funnel seed", "Chooses centers and biases where no file gives them.", ge=0, le=2**31 - 1
    )
    file: str | None = option(
        None,
        "Published pair file",
        "A published .pt file; it sets dimension and funnels.",
        auto="none: funnels are drawn from the seed",
        supplies=("dim", "funnels"),
    )

    def size(self) -> PairSize | None:
        """Return the size of the pair; None where a file sets it."""
        return PairSize(self.dim or 2) if self.file is None else None


@register
class ConvexMapOptions(PairOptions):
    """Q = (grad phi)#P for a random convex network phi: the optimal map of the squared distance is known."""

    title: ClassVar[str] = "Convex map (known W2 map)"
    summary: ClassVar[str] = (
        "A Gaussian mixture and its image under the gradient of a random convex network: squared W2, and how "
        "far a map is from the true one, are known."
    )
    source: ClassVar[str] = "Korotin et al., arXiv 2106.01954, Section 4 (there: trained networks)"
    implementation: ClassVar[str] = "wganstudio.pairs.convex_map:ConvexMapPair"

    known_solution: ClassVar[bool] = True

    kind: Literal["convex-map"] = "convex-map"
    dim: int = option(2, "Dimension D", "Dimension of the space.", symbol="D", ge=1, le=MAX_DIM)
    modes: int = option(5, "Modes", "Number of Gaussians in the mixture P.", ge=1, le=4096)
    units: int | None = option(
        None,
        "Units",
        "Units of each of the two hidden layers of phi. With fewer units the map bends more sharply.",
        ge=1,
        le=16384,
        auto="the larger of D and 8",
        unit="units",
    )
    nonlinearity: float = option(
        0.9,
        "Nonlinearity",
        "Weight of the network in grad phi; the rest is the identity.",
        gt=0,
        lt=1,
        formerly="bend",
    )
    seed: int = option(0, "Map seed", "Chooses modes and network.", ge=0, le=2**31 - 1)


@register
class GaussiansOptions(PairOptions):
    """P = N(mean_p, scale_p^2), Q = N(mean_q, scale_q^2), with diagonal covariances."""

    title: ClassVar[str] = "Gaussians"
    summary: ClassVar[str] = "Two normal distributions; all three truths are known for a common center."
    implementation: ClassVar[str] = "wganstudio.pairs.products:GaussianPair"

    kind: Literal["gaussians"] = "gaussians"
    dim: int | None = _dim()
    mean_p: Vector = option(0.0, "Mean of P", "One number for all coordinates, or a list.")
    mean_q: Vector = option(0.0, "Mean of Q", "One number for all coordinates, or a list.")
    scale_p: Vector = option(
        1.0, "Scale of P", "Standard deviation: one number, or a list with one for each coordinate."
    )
    scale_q: Vector = option(
        2.0, "Scale of Q", "Standard deviation: one number, or a list with one for each coordinate."
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        common_dim(
            self.dim, 2, mean_p=self.mean_p, mean_q=self.mean_q, scale_p=self.scale_p, scale_q=self.scale_q
        )
        _require_positive(scale_p=self.scale_p, scale_q=self.scale_q)
        return self

    def size(self) -> PairSize:
        """Return the size of the pair."""
        vectors = {"mean_p": self.mean_p, "mean_q": self.mean_q, "scale_p": self.scale_p}
        return PairSize(common_dim(self.dim, 2, **vectors, scale_q=self.scale_q))


@register
class UniformBoxesOptions(PairOptions):
    """P uniform on the box [low_p, high_p], Q uniform on [low_q, high_q]."""

    title: ClassVar[str] = "Uniform boxes"
    summary: ClassVar[str] = "Two uniform distributions on boxes; in 1-D everything is known in closed form."
    implementation: ClassVar[str] = "wganstudio.pairs.products:BoxPair"

    kind: Literal["uniform-boxes"] = "uniform-boxes"
    dim: int | None = _dim()
    low_p: Vector = option(0.0, "Lower corner of P", "One number for all coordinates, or a list.")
    high_p: Vector = option(1.0, "Upper corner of P", "One number for all coordinates, or a list.")
    low_q: Vector = option(1.5, "Lower corner of Q", "One number for all coordinates, or a list.")
    high_q: Vector = option(2.5, "Upper corner of Q", "One number for all coordinates, or a list.")

    @model_validator(mode="after")
    def _check(self) -> Self:
        dim = common_dim(
            self.dim, 2, low_p=self.low_p, high_p=self.high_p, low_q=self.low_q, high_q=self.high_q
        )
        for side, low, high in (("p", self.low_p, self.high_p), ("q", self.low_q, self.high_q)):
            corners = zip(broadcast(low, dim), broadcast(high, dim), strict=True)
            if any(a >= b for a, b in corners):
                raise ValueError(f"high_{side} must exceed low_{side} in every coordinate")
        return self

    def size(self) -> PairSize:
        """Return the size of the pair."""
        corners = {"low_p": self.low_p, "high_p": self.high_p, "low_q": self.low_q, "high_q": self.high_q}
        return PairSize(common_dim(self.dim, 2, **corners))


@register
class UniformBallsOptions(PairOptions):
    """Uniform distributions on balls, or on annuli where a hole is given."""

    title: ClassVar[str] = "Uniform balls and annuli"
    summary: ClassVar[str] = (
        "Two uniform distributions on balls or rings; with a common center all three truths are known."
    )
    implementation: ClassVar[str] = "wganstudio.pairs.balls:BallPair"

    kind: Literal["uniform-balls"] = "uniform-balls"
    dim: int | None = _dim()
    center_p: Vector = option(0.0, "Center of P", "One number for all coordinates, or a list.")
    center_q: Vector = option(0.0, "Center of Q", "One number for all coordinates, or a list.")
    radius_p: float = option(1.0, "Radius of P", "Outer radius.", gt=0)
    radius_q: float = option(2.0, "Radius of Q", "Outer radius.", gt=0)
    hole_p: float = option(0.0, "Inner radius of P", "0 gives the full ball.", ge=0)
    hole_q: float = option(0.0, "Inner radius of Q", "0 gives the full ball.", ge=0)

    @model_validator(mode="after")
    def _check(self) -> Self:
        common_dim(self.dim, 2, center_p=self.center_p, center_q=self.center_q)
        for side, hole, radius in (("p", self.hole_p, self.radius_p), ("q", self.hole_q, self.radius_q)):
            if hole >= radius:
                raise ValueError(f"hole_{side} must be smaller than radius_{side}")
        return self

    def size(self) -> PairSize:
        """Return the size of the pair."""
        return PairSize(common_dim(self.dim, 2, center_p=self.center_p, center_q=self.center_q))


@register
class MixtureOptions(PairOptions):
    """P and Q are mixtures of isotropic Gaussians; a scale of 0 makes one of them a list of points."""

    title: ClassVar[str] = "Gaussian mixtures"
    summary: ClassVar[str] = (
        "Two mixtures of round Gaussians with custom centers, widths and weights; scale 0 makes points."
    )
    implementation: ClassVar[str] = "wganstudio.pairs.mixtures:MixturePair"

    kind: Literal["mixture"] = "mixture"
    means_p: Points = option(
        ((0.0, 0.0),), "Centers of P", "A list of points.", min_length=1, max_length=4096
    )
    means_q: Points = option(
        ((3.0, 0.0), (-1.5, 2.6), (-1.5, -2.6)),
        "Centers of Q",
        "A list of points.",
        min_length=1,
        max_length=4096,
    )
    scale_p: Vector = option(
        0.5, "Scale of P", "Standard deviation: one number, or a list with one for each center; 0 for points."
    )
    scale_q: Vector = option(
        0.5, "Scale of Q", "Standard deviation: one number, or a list with one for each center; 0 for points."
    )
    weights_p: tuple[float, ...] | None = option(
        None, "Weights of P", "Weights (normalized to sum to 1).", auto="all equal"
    )
    weights_q: tuple[float, ...] | None = option(
        None, "Weights of Q", "Weights (normalized to sum to 1).", auto="all equal"
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        if len({len(point) for point in self.means_p + self.means_q}) > 1:
            raise ValueError("all centers of P and Q must have the same number of coordinates")
        if not self.means_p[0]:
            raise ValueError("a center needs at least one coordinate")
        for name, means in (("p", self.means_p), ("q", self.means_q)):
            _require_scales(name, getattr(self, f"scale_{name}"))
            for field in (f"scale_{name}", f"weights_{name}"):
                value = getattr(self, field)
                if isinstance(value, tuple) and len(value) != len(means):
                    raise ValueError(
                        f"{field} has {len(value)} entries for {len(means)} centers; give one for each"
                    )
            _require_weights(**{f"weights_{name}": getattr(self, f"weights_{name}")})
        return self

    @property
    def has_point_masses(self) -> bool:
        """True if P or Q is a list of points."""
        return 0.0 in (max(broadcast(self.scale_p, 1)), max(broadcast(self.scale_q, 1)))

    def size(self) -> PairSize:
        """Return the size of the pair."""
        points = max(broadcast(self.scale_p, 1)) == 0
        return PairSize(len(self.means_p[0]), len(self.means_p) if points else None)


@register
class PointSetsOptions(PairOptions):
    """P and Q are made of atoms."""

    title: ClassVar[str] = "Points"
    summary: ClassVar[str] = (
        "Two lists of weighted points: distributions without densities, where gradients need not exist."
    )
    source: ClassVar[str] = "Houdard, Leclaire, Papadakis, Rabin, arXiv 2102.05542, Section 3"
    implementation: ClassVar[str] = "wganstudio.pairs.atoms:PointPair"

    kind: Literal["points"] = "points"
    points_p: Points = option(
        ((-1.0, 0.0), (1.0, 0.0)), "Points of P", "A list of points.", min_length=1, max_length=4096
    )
    points_q: Points = option(
        ((0.0, 0.5),), "Points of Q", "A list of points.", min_length=1, max_length=4096
    )
    weights_p: tuple[float, ...] | None = option(
        None, "Weights of P", "Weights (normalized to sum to 1).", auto="all equal"
    )
    weights_q: tuple[float, ...] | None = option(
        None, "Weights of Q", "Weights (normalized to sum to 1).", auto="all equal"
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        if len({len(point) for point in self.points_p + self.points_q}) > 1:
            raise ValueError("all points of P and Q must have the same number of coordinates")
        if not self.points_p[0]:
            raise ValueError("a point needs at least one coordinate")
        for name, points in (("p", self.points_p), ("q", self.points_q)):
            weights = getattr(self, f"weights_{name}")
            if weights is not None and len(weights) != len(points):
                raise ValueError(
                    f"weights_{name} has {len(weights)} entries for {len(points)} points; give one for each"
                )
            _require_weights(**{f"weights_{name}": weights})
        return self

    @property
    def has_point_masses(self) -> bool:
        """True."""
        return True

    def size(self) -> PairSize:
        """Return the size of the pair."""
        return PairSize(len(self.points_p[0]), len(self.points_p))


Shape = Literal[
    "gaussian", "square", "eight-gaussians", "gaussian-grid", "moons", "rings", "checkerboard", "spirals"
]


@register
class ClassicsOptions(PairOptions):
    """The 2-D distributions of the generative-modeling literature, in any combination."""

    title: ClassVar[str] = "2-D classics"
    summary: ClassVar[str] = (
        "Eight Gaussians, a grid of 25, moons, rings, checkerboard, spirals: the usual toy distributions."
    )
    implementation: ClassVar[str] = "wganstudio.pairs.classics:ClassicPair"

    kind: Literal["classics"] = "classics"
    p: Shape = option(
        "gaussian",
        "Distribution P",
        "The shape of P; all are about 4 units wide, except the grid: 5 x 5 Gaussians, 2 units apart.",
    )
    q: Shape = option("eight-gaussians", "Distribution Q", "The shape of Q.")
    noise: float = option(
        0.1,
        "Noise",
        "Standard deviation of the noise on every shape but gaussian and square; on the grid 0.05 is usual.",
        ge=0,
        le=10,
    )


def broadcast(value: Vector, dim: int) -> tuple[float, ...]:
    """Return a vector option as one number for each coordinate."""
    return value if isinstance(value, tuple) else (value,) * dim


def _require_positive(**vectors: Vector) -> None:
    for name, value in vectors.items():
        if min(broadcast(value, 1), default=0.0) <= 0:
            raise ValueError(f"{name} must be above 0 in every coordinate")


def _require_scales(name: str, scale: Vector) -> None:
    values = broadcast(scale, 1)
    if min(values, default=0.0) < 0 or (max(values, default=0.0) > 0 and min(values) == 0):
        raise ValueError(f"scale_{name} must be above 0 for every center, or 0 for all, which makes points")


def _require_weights(**weights: tuple[float, ...] | None) -> None:
    for name, value in weights.items():
        if value is not None and (min(value) < 0 or sum(value) <= 0):
            raise ValueError(f"{name} must not be negative, and their sum must be positive")
