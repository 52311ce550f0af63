"""Distributions, pairs of them, and sigma: where a penalty samples."""

from collections.abc import Callable
from typing import NamedTuple, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from wganstudio.experiment import BadExperiment, GroundCost, PairOptions, Problem, SigmaOptions
from wganstudio.ot.gaussian import Moments
from wganstudio.ot.random_streams import restore_stream
from wganstudio.pairs.hat_functions import TailMoments
from wganstudio.pairs.interpolants import Interpolant, InterpolationFamily
from wganstudio.pairs.interpolants.gaussians import GaussianComponents
from wganstudio.pairs.line_pieces import LinePiece
from wganstudio.pairs.origin import OTHER_UNIT, choose_origin
from wganstudio.pairs.radial_pieces import RadialProfile

Floats = NDArray[np.float64]

_ZERO: Floats = np.zeros(1)
_ZERO.flags.writeable = False


class SampleSource(Protocol):
    """Anything that draws samples on R^D: a distribution, or a generator network."""

    dim: int

    def sample(self, count: int, rng: torch.Generator, /) -> Tensor:
        """Return `count` independent samples, float32 [count, D] on the device of the random generator."""
        ...


class LocationShape(NamedTuple):
    """A distribution as a shift of a standard one: two with equal shapes are translates of each other."""

    family: str
    location: Floats
    """[D]."""
    shape: tuple[Floats, ...]
    """The parameters that a shift leaves as they are."""


class KnownCost(NamedTuple):
    """A cost between two distributions by a formula, a bound of its error, and the name of the formula."""

    value: float
    error: float
    method: str


class KnownPlan(NamedTuple):
    """A distribution P as the image T#Q of another one, where x -> T x is an optimal plan for W1."""

    source: "Distribution"
    """Q."""
    lengths: Callable[[Tensor], Tensor]
    """|x - T x| [n] at points x [n, D] of Q."""
    work_per_point: int
    """Distances times coordinates that one point takes."""


class Distribution:
    """A probability distribution on R^D.

    A subclass sets `dim` and implements `sample`. Every other method returns an analytic property of the
    distribution, or None if it is not available. Truths, fields and perturbations use these methods only:
    a new distribution is one class, and each method that it implements gives it more exact references.
    Samples are float32; parameters and analytic properties are float64 numpy arrays.
    """

    dim: int
    has_point_masses: bool = False
    """True where mass lies at points, so that the congested cost is infinite. Data leave it False: their rows
    represent a distribution with a density."""

    def sample(self, count: int, rng: torch.Generator) -> Tensor:
        """Return `count` independent samples, float32 [count, D] on the device of the random generator."""
        raise NotImplementedError

    def density(self, points: Floats) -> Floats | None:
        """Return the density [n] at points [n, D]."""
        return None

    def support_box(self, tail: float) -> tuple[Floats, Floats] | None:
        """Return the corners [D] of a box that holds the distribution.

        For Gaussians it holds all but what lies more than `tail` standard deviations off.
        """
        return None

    def atoms(self) -> tuple[Tensor, Tensor] | None:
        """Return the points [n, D] and weights [n] of a discrete distribution, as they are sampled."""
        return None

    def exact_atoms(self) -> tuple[Floats, Floats] | None:
        """Return the points [n, D] and weights [n] of a discrete distribution before rounding to float32."""
        atoms = self.atoms()
        return None if atoms is None else (atoms[0].double().numpy(), atoms[1].double().numpy())

    def gaussian_moments(self) -> tuple[Floats, Floats] | None:
        """Return the mean [D] and covariance [D, D] of a Gaussian."""
        return None

    def moments(self) -> Moments | None:
        """Return the exact mean [D] and covariance [D, D]."""
        known = self.gaussian_moments()
        return None if known is None else Moments(*known)

    def linear_family(self) -> tuple[object, ...] | None:
        """Return a name by which linear images are recognized.

        Two distributions of one name are images of each other under the affine map that is optimal between
        the Gaussians of their moments, so that their W2 is that of the Gaussians.
        """
        return None if self.gaussian_moments() is None else ("gaussian",)

    def gaussian_components(self) -> GaussianComponents | None:
        """Return the components of a mixture of Gaussians with independent coordinates."""
        return None

    def location_shape(self) -> LocationShape | None:
        """Return location and shape, by which translates are recognized."""
        return None

    def w1_to(self, other: "Distribution") -> KnownCost | None:
        """Return W1 to another distribution for which there is a formula."""
        return None

    def known_plan(self) -> KnownPlan | None:
        """Return the optimal plan to the distribution of which this one is the image."""
        return None

    def pieces_on_line(self) -> list[LinePiece] | None:
        """Return the distribution as a sum of weighted pieces of the line (D = 1)."""
        return None

    def coordinate_pieces(self) -> list[list[LinePiece]] | None:
        """Return the pieces of each coordinate where the D coordinates are independent."""
        return None

    def radial_profile(self) -> RadialProfile | None:
        """Return the distribution as one that is rotationally symmetric about a center."""
        return None

    def hat_masses(self, x: Floats, y: Floats) -> Floats | None:
        """Return E[f_i(z_1) g_j(z_2)], [n, m], for the hat functions f, g of nodes x [n] and y [m] (D = 2).

        The nodes are equally spaced. The first and the last hat function go on at 1 beyond the grid, so that
        the masses sum to 1.
        """
        return None

    def corner_masses(self, x: Floats, y: Floats) -> Floats | None:
        """Return the masses [n, m, 2, 2] in each cell against the bilinear functions of its corners (D = 2).

        `x` [n + 1] and `y` [m + 1] are equally spaced; what lies beyond the grid is left out.
        """
        return None

    def density_bounds(self, x: Floats, y: Floats) -> tuple[Floats, Floats] | None:
        """Return a lower and an upper bound [n, m] of the density on each cell of the grid (D = 2)."""
        return None

    def density_grid(self, x: Floats, y: Floats) -> Floats | None:
        """Return the density [n, m] on the grid that x [n] and y [m] span (D = 2)."""
        points = np.stack(np.meshgrid(x, y, indexing="ij"), axis=-1).reshape(-1, 2)
        density = self.density(points)
        return None if density is None else density.reshape(len(x), len(y))

    def tail_moments(self, low: Floats, high: Floats) -> TailMoments | None:
        """Return mass and second moment beyond the box [low, high], which holds the support if bounded."""
        return None

    def project(self, origin: Floats, axes: Floats) -> "Distribution | None":
        """Return the exact distribution of axes @ (x - origin) for orthonormal axes [K, D]."""
        return None

    def interpolation_family(self) -> InterpolationFamily | None:
        """Return the parameters by which sigma to another distribution of the same family is known."""
        return None

    def interpolant_to(self, other: "Distribution") -> Interpolant | None:
        """Return density and momentum of the interpolation to another distribution of the same family."""
        own, others = self.interpolation_family(), other.interpolation_family()
        if own is None or others is None or type(own) is not type(others):
            return None
        return own.interpolant(others)

    def with_outliers(self, share: float, draw: Callable[[int], Tensor]) -> "Distribution | None":
        """Return this distribution with a share of outliers from `draw(count)` among its own atoms."""
        return None

    def with_noise(self, deviation: float, rng: torch.Generator) -> "Distribution | None":
        """Return this distribution with noise N(0, deviation^2 I); atoms and rows of data move once."""
        return None

    def without_mode(
        self, mode: int, share: float, in_mode: Callable[[Tensor], Tensor], rng: torch.Generator
    ) -> "Distribution | None":
        """Return this distribution without a share of the mass of one mode.

        Parameters
        ----------
        mode : int
            Index of the component of a mixture.
        share : float
            Share of its mass that goes.
        in_mode : callable
            Returns for points [n, D] which ones lie in the mode [n], where modes are clusters.
        rng : torch.Generator
            Chooses rows of data that go.

        Raises
        ------
        BadExperiment
            If there is no such mode, or if nothing is left.
        """
        return None


class GeneratedDistribution(Distribution):
    """The distribution of a generator network."""

    def __init__(self, generator: SampleSource) -> None:
        self.dim, self._generator = generator.dim, generator

    @property
    def version(self) -> object:
        """A value that changes with the distribution; None where the network has none."""
        return getattr(self._generator, "version", None)

    def sample(self, count: int, rng: torch.Generator) -> Tensor:
        """Return `count` samples, float32 [count, D]."""
        return self._generator.sample(count, rng)


class Potential(Protocol):
    """A known optimal critic: 1-Lipschitz, high on P, low on Q."""

    def value(self, points: Tensor) -> Tensor:
        """Return its value [n] at points [n, D]."""
        ...

    def gradient(self, points: Tensor) -> Tensor:
        """Return its gradient [n, D] by direct differences, exact to rounding."""
        ...

    def published_gradient(self, points: Tensor) -> Tensor:
        """Return the gradient as the published tables took it, with its artifact near the centers."""
        ...


class CellwiseDensity(Protocol):
    """A density that is constant on the equal square cells of a box."""

    name: str
    low: Floats
    high: Floats
    edges: tuple[Floats, ...]
    """Edges of the cells along each axis, [n + 1]."""
    values: Floats
    """[n] or [n, m]; they integrate to 1."""

    def density(self, points: Floats) -> Floats:
        """Return the density [n] at points [n, D]."""
        ...


class Sigma:
    """The density that a penalty samples: on R^D, with integral 1."""

    is_custom: bool = False
    """True where the user gave the density, so that it does not follow from the pair."""

    def points(self, x: Tensor, y: Tensor, rng: torch.Generator) -> tuple[Tensor, Tensor | None]:
        """Return as many points z [n, D] as there are samples x of P and y of Q, and their weights [n].

        Weights None mean 1. The mean of weight * f(z) is an unbiased estimate of INT f sigma.
        """
        raise NotImplementedError

    def clamped(self, distribution: Distribution) -> Distribution:
        """Return the distribution as it is transported where sigma is positive; by default itself."""
        return distribution

    def cells(self) -> CellwiseDensity | None:
        """Return the density if it is constant on cells, otherwise None."""
        return None


class SegmentsSigma(Sigma):
    """sigma is the distribution of (1 - t) x + t y with x ~ P, y ~ Q and t ~ U[0, 1]."""

    def __init__(self, options: SigmaOptions | None = None, pair: "Pair | None" = None) -> None:
        pass

    def points(self, x: Tensor, y: Tensor, rng: torch.Generator) -> tuple[Tensor, Tensor | None]:
        """Return one point on each segment from x to y."""
        return interpolate(x, y, rng), None


class Pair:
    """Two distributions P and Q on the same R^D, and their options with every `auto` filled in.

    Where their offset is large against their spread, the coordinates are those of the options less `origin`,
    so that float32 holds the spread. Costs depend on differences only.
    """

    options: PairOptions
    p: Distribution
    q: Distribution
    origin: Floats = _ZERO
    """The point, in the coordinates of the options, that is 0 here: [D], or [1] where it is 0."""
    rounding: float = 0.0
    """Bound of the change of W1 by the rounding of the given numbers to float64."""
    potential: Potential | None = None
    move: Callable[[Tensor], Tensor] | None = None
    """The known optimal map at the squared distance: points [n, D] of P to points of Q."""
    sigma: Sigma = SegmentsSigma()
    held_out: "Pair | None" = None
    """The same distributions over data that training never sees, where they are data."""
    description: str = ""
    """The origin of the distributions, where the options alone do not tell it."""
    axis_labels: tuple[str, ...] = ()
    """Names of the coordinates with their units, where they have names."""
    unperturbed: "Pair | None" = None
    """The pair as it was before the P that is trained on was perturbed."""

    @property
    def dim(self) -> int:
        """Dimension D of the space."""
        return self.p.dim

    def set_origin(self, *corners: Floats, advice: str = OTHER_UNIT) -> Floats:
        """Choose the origin from points whose bounding box holds most of P and Q, and return it."""
        self.origin = choose_origin(*corners, advice=advice)
        self.rounding = float(2.0**-52 * 1.125 * np.linalg.norm(self.origin))  # |x| <= 1.125 |origin|
        return self.origin

    def require_cost(self, ground: GroundCost | None) -> None:
        """Raise BadExperiment if a ground cost is not one of differences, and the pair is far from 0."""
        if self.origin.any() and ground is not None and ground.cost == "cosine" and ground.features == "none":
            message = "the angles between points this far from 0 are lost to rounding; choose another cost"
            raise BadExperiment(Problem("solver.cost", message))

    @property
    def clean(self) -> "Pair":
        """The pair before it was perturbed, mostly itself: truths and generator metrics refer to it."""
        return self if self.unperturbed is None else self.unperturbed


class Sampler:
    """Fresh samples of one distribution, and its atoms. Solvers access a pair only through this class."""

    __slots__ = ("_distribution", "_rng", "drawn")

    def __init__(self, distribution: SampleSource, rng: torch.Generator) -> None:
        self._distribution = distribution
        self._rng = rng
        self.drawn = 0
        """Number of samples that were drawn."""

    def __call__(self, count: int) -> Tensor:
        """Return the next `count` samples, float32 [count, D]."""
        self.drawn += count
        return self._distribution.sample(count, self._rng)

    def of(self, distribution: SampleSource) -> "Sampler":
        """Return a sampler of another distribution that continues the same random stream."""
        return Sampler(distribution, self._rng)

    def training_state(self) -> dict[str, Tensor]:
        """Return the position in the random stream."""
        return {"rng": self._rng.get_state()}

    def load_training_state(self, state: dict[str, Tensor]) -> None:
        """Continue at another position of the random stream."""
        restore_stream(self._rng, state["rng"])

    def atoms(self) -> tuple[Tensor, Tensor] | None:
        """Return the points [n, D] and weights [n] of a discrete distribution or a generator of particles."""
        atoms_of = getattr(self._distribution, "atoms", None)  # a generator network need not have the method
        atoms = None if atoms_of is None else atoms_of()
        device = self._rng.device
        return None if atoms is None else (atoms[0].to(device), atoms[1].to(device))


def interpolate(x: Tensor, y: Tensor, rng: torch.Generator) -> Tensor:
    """Return samples of sigma: z = (1 - t) x + t y with t ~ U[0, 1], row by row, shaped like x and y."""
    return torch.lerp(x, y, torch.rand((len(x), 1), generator=rng, device=x.device))


def make_rng(device: torch.device | str, *seed: int) -> torch.Generator:
    """Return a random generator on a device whose seed depends on every number given."""
    mixed = 0x9E3779B97F4A7C15
    for number in seed:
        mixed = (mixed ^ (number + 0x9E3779B9)) * 0xBF58476D1CE4E5B9 & (2**64 - 1)
        mixed ^= mixed >> 31
    return torch.Generator(device).manual_seed(mixed & (2**63 - 1))
