"""Features: maps R^D -> R^F in whose space a ground cost is taken, fixed before training or climbing it."""

import itertools
import math
from collections.abc import Callable, Iterable
from typing import Any, Literal, Protocol

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils import parametrize

from wganstudio.critics.activations import MaxMin
from wganstudio.critics.base import Sampler
from wganstudio.critics.images import Shape, image_shape
from wganstudio.experiment import BadExperiment, Problem

Space = Literal["none", "pca", "convolutions", "encoder", "learned"]
MAX_FEATURES = 32
"""Features where their number is left to auto, of random ones MOST_RANDOM."""
MAX_RANDOM_FEATURES = 256
FIT_SAMPLES = 2048
"""Of P: what features are fitted to."""
SMALLEST = 8
"""Pixels on a side from which points that fill a square are taken for an image."""
SEED = 1802


class FeatureOptions(Protocol):
    """The options of a solver that lets the space of its cost be chosen."""

    @property
    def features(self) -> Space:
        """Which features."""

    @property
    def feature_dim(self) -> int | None:
        """How many; None for D, but at most 32, of random ones 256."""


class Features(nn.Module):
    """A map f: R^D -> R^F, differentiable in the points, whatever it is fitted to held fixed."""

    dim: int
    out_dim: int

    def setup(self, p: Sampler, q: Sampler) -> None:
        """Fit to samples of P. Those of Q are left alone: a generator's are noise when the run begins."""

    def forward(self, points: Tensor) -> Tensor:
        """f [n, F] at points [n, D]."""
        raise NotImplementedError

    def ascend(self, loss_of: Callable[[], Tensor]) -> None:
        """Make the loss larger where f is there to be trained against the generator; otherwise nothing.

        `loss_of` computes it through `forward`; it is called only where it is wanted.
        """


def features_of(options: FeatureOptions, dim: int) -> Features | None:
    """The features that a solver's options ask for, from points of R^D; None for the points themselves.

    Networks start from torch's global source of chance, but for random features, which are always the same.
    BadExperiment names solver.feature_dim where there are no so many.
    """
    kind, wanted = options.features, options.feature_dim
    if kind == "none":
        return None
    if kind == "convolutions":
        shape = _image(dim)
        random = RandomLayer(dim, wanted or MAX_RANDOM_FEATURES)
        return random if shape is None else RandomConvolutions(shape, wanted or MAX_RANDOM_FEATURES)
    count = wanted or min(dim, MAX_FEATURES)
    if kind == "pca":
        most = min(dim, FIT_SAMPLES)
        if count > most:
            message = f"there are at most {most} principal components; give no more, or leave it at auto"
            raise BadExperiment(Problem("solver.feature_dim", message))
        return PrincipalComponents(dim, count)
    return Encoder(dim, count) if kind == "encoder" else LearnedFeatures(dim, count)


class PrincipalComponents(Features):
    """The first F principal components of P, from a sample: orthonormal, so distances only shrink.

    What a generator makes beyond their span is not seen.
    """

    center: Tensor
    axes: Tensor

    def __init__(self, dim: int, count: int) -> None:
        super().__init__()
        self.dim, self.out_dim = dim, count
        self.register_buffer("center", torch.zeros(dim))
        self.register_buffer("axes", torch.eye(dim, count))

    @torch.no_grad()
    def setup(self, p: Sampler, q: Sampler) -> None:
        """An economical singular value decomposition of 2,048 samples."""
        points = p(FIT_SAMPLES).cpu().double()
        center = points.mean(0)
        axes = torch.linalg.svd(points - center, full_matrices=False).Vh[: self.out_dim].T
        self.center.copy_(center)
        self.axes.copy_(axes)

    def forward(self, points: Tensor) -> Tensor:
        """Coordinates [n, F] along the components."""
        return (points - self.center) @ self.axes


class _Scaled(Features):
    """A network of (x - mean) / deviation, one deviation for all coordinates; its features are divided by
    one number, so that over P their mean squared distance is that of the points."""

    center: Tensor
    deviation: Tensor
    factor: Tensor

    def __init__(self, dim: int, count: int) -> None:
        super().__init__()
        self.dim, self.out_dim = dim, count
        self.register_buffer("center", torch.zeros(dim))
        self.register_buffer("deviation", torch.ones(()))
        self.register_buffer("factor", torch.ones(()))

    def setup(self, p: Sampler, q: Sampler) -> None:
        """Find mean, deviation and, once the network is what it should be, the factor."""
        points = p(FIT_SAMPLES)
        self.center.copy_(points.mean(0))
        self.deviation.copy_((points - self.center).square().mean().sqrt().clamp(min=1e-12))
        self._fit(p)
        self.requires_grad_(False)
        with torch.no_grad():
            found = self.network(self.standard(points))
        spread = (found - found.mean(0)).square().sum(1).mean()
        self.factor.copy_(self.deviation * math.sqrt(self.dim) / spread.sqrt().clamp(min=1e-12))

    def standard(self, points: Tensor) -> Tensor:
        """(x - mean) / deviation [n, D]."""
        return (points - self.center) / self.deviation

    def network(self, standard: Tensor) -> Tensor:
        """What is divided by the factor, [n, F]."""
        raise NotImplementedError

    def _fit(self, p: Sampler) -> None:
        """Train the network, where it is trained."""

    def forward(self, points: Tensor) -> Tensor:
        """f [n, F] at points [n, D]."""
        return self.network(self.standard(points)) * self.factor


class RandomLayer(_Scaled):
    """One layer of random directions and shifts with leaky ReLU: its distances are those of a kernel that
    keeps growing (Cho & Saul, NeurIPS 2009), so that points far away are drawn near as well."""

    weight: Tensor
    bias: Tensor

    def __init__(self, dim: int, count: int) -> None:
        super().__init__(dim, count)
        rng = torch.Generator().manual_seed(SEED)
        self.register_buffer("weight", torch.randn(count, dim, generator=rng) / math.sqrt(dim))
        self.register_buffer("bias", torch.randn(count, generator=rng))

    def network(self, standard: Tensor) -> Tensor:
        """The layer's units [n, F]."""
        return functional.leaky_relu(functional.linear(standard, self.weight, self.bias), 0.2)


class RandomConvolutions(_Scaled):
    """Three random convolutions with leaky ReLU, each at half the size of the one before; the maps of every
    size are pooled to 4 x 4, each size counts the same, and a random projection leaves F numbers."""

    projection: Tensor
    balance: Tensor

    def __init__(self, shape: Shape, count: int) -> None:
        super().__init__(math.prod(shape), count)
        self._shape = shape
        rng = torch.Generator().manual_seed(SEED)
        widths = (shape[0], 16, 32, 64)
        self._kernels = [f"kernel{k}" for k in range(len(widths) - 1)]
        for name, (a, b) in zip(self._kernels, itertools.pairwise(widths), strict=True):
            kernel = torch.randn(b, a, 3, 3, generator=rng) * math.sqrt(2 / (9 * a))
            self.register_buffer(name, kernel)
        sizes = [16 * width for width in widths[1:]]
        self._sizes = sizes
        projection = torch.randn(sum(sizes), count, generator=rng) / math.sqrt(count)
        self.register_buffer("projection", projection)
        self.register_buffer("balance", torch.ones(sum(sizes)))

    def network(self, standard: Tensor) -> Tensor:
        """The projected maps [n, F]."""
        return (self._maps(standard) * self.balance) @ self.projection

    def _maps(self, standard: Tensor) -> Tensor:
        units, found = standard.unflatten(1, self._shape), []
        for name in self._kernels:
            units = functional.conv2d(units, self.get_buffer(name), padding=1)
            units = functional.leaky_relu(units, 0.2)
            found.append(functional.adaptive_avg_pool2d(units, 4).flatten(1))
            units = functional.avg_pool2d(units, 2)
        return torch.cat(found, dim=1)

    @torch.no_grad()
    def _fit(self, p: Sampler) -> None:
        maps = self._maps(self.standard(p(FIT_SAMPLES)))
        parts = (maps - maps.mean(0)).split(self._sizes, dim=1)
        shares = [part.new_full((part.shape[1],), float(part.square().sum(1).mean())) for part in parts]
        self.balance.copy_(torch.cat(shares).clamp(min=1e-12).rsqrt())


class Encoder(_Scaled):
    """The first half of an autoencoder, trained on P alone for 400 steps: strided convolutions for images,
    a perceptron for other points, each with its mirror image."""

    STEPS = 400
    BATCH = 128
    RATE = 2e-3

    def __init__(self, dim: int, count: int) -> None:
        super().__init__(dim, count)
        shape = _image(dim)
        code, back = _perceptrons(dim, count) if shape is None else _convolutions(shape, count)
        self.encoder, self.decoder = code, back

    def network(self, standard: Tensor) -> Tensor:
        """The code [n, F]."""
        code: Tensor = self.encoder(standard)
        return code

    def loss(self, points: Tensor) -> Tensor:
        """Mean squared error of the reconstruction, as a share of the variance of P."""
        standard = self.standard(points)
        back: Tensor = self.decoder(self.encoder(standard)) - standard
        return back.square().mean()

    def _fit(self, p: Sampler) -> None:
        adam = torch.optim.Adam(self.parameters(), lr=self.RATE)
        for done in range(self.STEPS):
            adam.param_groups[0]["lr"] = self.RATE * 0.5 * (1 + math.cos(math.pi * done / self.STEPS))
            adam.zero_grad(set_to_none=True)
            self.loss(p(self.BATCH)).backward()
            adam.step()


class LearnedFeatures(Features):
    """A 1-Lipschitz network, trained to make the cost large: orthonormal weights, and units sorted in twos
    (Anil, Lucas & Grosse, arXiv 1811.05381). Without that bound the cost has no maximum."""

    RATE = 1e-3
    BETAS = (0.5, 0.9)
    DEPTH = 2

    def __init__(self, dim: int, count: int) -> None:
        super().__init__()
        self.dim, self.out_dim = dim, count
        width = 2 * max(MAX_FEATURES, count)
        widths = [dim, *(width for _ in range(self.DEPTH)), count]
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in itertools.pairwise(widths))
        for layer in self._held():
            nn.init.orthogonal_(layer.weight)
            parametrize.register_parametrization(layer, "weight", _Orthonormal())
        self._sort = MaxMin()

    def setup(self, p: Sampler, q: Sampler) -> None:
        """There is nothing to fit: what it is to be, it becomes through `ascend`."""
        self._adam = torch.optim.Adam(self.parameters(), lr=self.RATE, betas=self.BETAS, maximize=True)

    def forward(self, points: Tensor) -> Tensor:
        """f [n, F] at points [n, D]."""
        *hidden, last = self.layers
        for layer in hidden:
            points = self._sort(layer(points))
        found: Tensor = last(points)
        return found

    def ascend(self, loss_of: Callable[[], Tensor]) -> None:
        """One Adam step up the loss; then the free matrices are set down at the weights that they make."""
        self._adam.zero_grad(set_to_none=True)
        loss_of().backward()
        self._adam.step()
        with torch.no_grad():
            for layer in self._held():
                layer.parametrizations.weight.original.copy_(layer.weight)

    @torch.no_grad()
    def lipschitz(self) -> float:
        """A bound of its Lipschitz constant: the product of the weights' operator norms."""
        norms = (torch.linalg.matrix_norm(layer.weight.cpu().double(), 2) for layer in self._held())
        return math.prod(map(float, norms))

    def _held(self) -> Iterable[Any]:
        return self.layers


class _Orthonormal(nn.Module):
    """V [a, b] -> L^-1 V with L L^T = V V^T: orthonormal rows, or columns where those are fewer.

    Time grows with a b min(a, b); torch's own maps take seconds where an image of 3,072 values comes in.
    """

    def forward(self, free: Tensor) -> Tensor:
        """The orthonormal matrix of a free one."""
        if free.shape[0] > free.shape[1]:
            return self(free.T).T
        return torch.linalg.solve_triangular(torch.linalg.cholesky(free @ free.T), free, upper=False)


def _image(dim: int) -> Shape | None:
    """The square image that a point is taken for, of 8 pixels a side at least; None for other points."""
    try:
        shape = image_shape(dim, None, "")
    except BadExperiment:
        return None
    return shape if shape[1] >= SMALLEST else None


def _perceptrons(dim: int, count: int) -> tuple[nn.Module, nn.Module]:
    width = max(128, count)
    code = nn.Sequential(nn.Linear(dim, width), nn.SiLU(), nn.Linear(width, count))
    return code, nn.Sequential(nn.Linear(count, width), nn.SiLU(), nn.Linear(width, dim))


def _convolutions(shape: Shape, count: int) -> tuple[nn.Module, nn.Module]:
    channels, side, _ = shape
    sides = side, side // 2, side // 4
    small = 32, sides[2], sides[2]
    code = nn.Sequential(
        nn.Unflatten(1, shape),
        nn.Conv2d(channels, 16, 4, 2, 1),
        nn.SiLU(),
        nn.Conv2d(16, 32, 4, 2, 1),
        nn.SiLU(),
        nn.Flatten(),
        nn.Linear(math.prod(small), count),
    )
    back = nn.Sequential(
        nn.Linear(count, math.prod(small)),
        nn.Unflatten(1, small),
        nn.SiLU(),
        nn.ConvTranspose2d(32, 16, 4, 2, 1, output_padding=sides[1] % 2),
        nn.SiLU(),
        nn.ConvTranspose2d(16, channels, 4, 2, 1, output_padding=sides[0] % 2),
        nn.Flatten(),
    )
    return code, back
