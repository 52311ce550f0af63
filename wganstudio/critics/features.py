"""Features: maps R^D -> R^F between whose images a ground cost is taken, fixed or trained adversarially."""

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
from wganstudio.critics.training_state import State, capture, restore
from wganstudio.experiment import BadExperiment, Problem

Space = Literal["none", "pca", "convolutions", "encoder", "learned"]
MAX_FEATURES = 32
"""Largest number of features for `auto`, other than random ones."""
MAX_RANDOM_FEATURES = 256
FIT_SAMPLES = 2048
"""Number of samples of P that features are fitted to."""
SMALLEST = 8
"""Least width in pixels at which points of a square number of values count as images."""
SEED = 1802


class FeatureOptions(Protocol):
    """The part of a ground cost that chooses features."""

    @property
    def features(self) -> Space:
        """The kind of features."""

    @property
    def feature_dim(self) -> int | None:
        """The number of features; None for D, at most 32, or 256 random ones."""


class Features(nn.Module):
    """A map f: R^D -> R^F, differentiable in the points; fitted parameters are constants."""

    dim: int
    out_dim: int

    def setup(self, p: Sampler, q: Sampler) -> None:
        """Fit to samples of P, not of Q: those of a generator are noise when the run starts."""

    def forward(self, points: Tensor) -> Tensor:
        """Return f [n, F] at points [n, D]."""
        raise NotImplementedError

    def ascend(self, loss_of: Callable[[], Tensor]) -> None:
        """Take a step up a loss where f is trained against the generator. The default does nothing.

        `loss_of` computes the loss through `forward`; it is called only by features that are trained.
        """


def features_of(options: FeatureOptions, dim: int) -> Features | None:
    """Return the features that a ground cost names, on R^D; None for the points themselves.

    Networks are initialized from torch's global random generator, random features from a fixed seed.

    Raises
    ------
    BadExperiment
        More principal components than exist; the error names solver.feature_dim.
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
    """The first F principal components of P, from a sample. They are orthonormal, so distances only shrink.

    Components of a generator's samples outside their span do not count.
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
        """Compute the reduced singular value decomposition of 2,048 samples of P."""
        points = p(FIT_SAMPLES).cpu().double()
        center = points.mean(0)
        axes = torch.linalg.svd(points - center, full_matrices=False).Vh[: self.out_dim].T
        self.center.copy_(center)
        self.axes.copy_(axes)

    def forward(self, points: Tensor) -> Tensor:
        """Return the coordinates [n, F] along the components."""
        return (points - self.center) @ self.axes


class _Scaled(Features):
    """A network of (x - mean) / deviation, with one deviation for all coordinates.

    The features are multiplied by one factor: over P their mean squared distance is that of the points.
    """

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
        """Estimate mean and deviation, fit the network, and set the factor."""
        points = p(FIT_SAMPLES)
        self.center.copy_(points.mean(0))
        self.deviation.copy_((points - self.center).square().mean().sqrt().clamp(min=1e-12))
        self._fit(p)
        self.requires_grad_(False)
        with torch.no_grad():
            features = self.network(self.standard(points))
        spread = (features - features.mean(0)).square().sum(1).mean()
        self.factor.copy_(self.deviation * math.sqrt(self.dim) / spread.sqrt().clamp(min=1e-12))

    def standard(self, points: Tensor) -> Tensor:
        """Return (x - mean) / deviation [n, D]."""
        return (points - self.center) / self.deviation

    def network(self, standard: Tensor) -> Tensor:
        """Return the unscaled features [n, F] of standardized points [n, D]."""
        raise NotImplementedError

    def _fit(self, p: Sampler) -> None:
        """Train the network. The default does nothing."""

    def forward(self, points: Tensor) -> Tensor:
        """Return f [n, F] at points [n, D]."""
        return self.network(self.standard(points)) * self.factor


class RandomLayer(_Scaled):
    """One layer of random directions and shifts with leaky ReLU.

    Its distances are those of an unbounded kernel, so that distant points have a gradient as well.

    References
    ----------
    Cho & Saul, Kernel methods for deep learning, NeurIPS 2009.
    """

    weight: Tensor
    bias: Tensor

    def __init__(self, dim: int, count: int) -> None:
        super().__init__(dim, count)
        rng = torch.Generator().manual_seed(SEED)
        self.register_buffer("weight", torch.randn(count, dim, generator=rng) / math.sqrt(dim))
        self.register_buffer("bias", torch.randn(count, generator=rng))

    def network(self, standard: Tensor) -> Tensor:
        """Return the layer's units [n, F]."""
        return functional.leaky_relu(functional.linear(standard, self.weight, self.bias), 0.2)


class RandomConvolutions(_Scaled):
    """Three random convolutions with leaky ReLU, each at half the size of the previous one.

    The maps of every size are pooled to 4 x 4 and weighted equally; a random projection gives F features.
    """

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
        """Return the projected maps [n, F]."""
        return (self._maps(standard) * self.balance) @ self.projection

    def _maps(self, standard: Tensor) -> Tensor:
        units, pooled = standard.unflatten(1, self._shape), []
        for name in self._kernels:
            units = functional.conv2d(units, self.get_buffer(name), padding=1)
            units = functional.leaky_relu(units, 0.2)
            pooled.append(functional.adaptive_avg_pool2d(units, 4).flatten(1))
            units = functional.avg_pool2d(units, 2)
        return torch.cat(pooled, dim=1)

    @torch.no_grad()
    def _fit(self, p: Sampler) -> None:
        maps = self._maps(self.standard(p(FIT_SAMPLES)))
        parts = (maps - maps.mean(0)).split(self._sizes, dim=1)
        shares = [part.new_full((part.shape[1],), float(part.square().sum(1).mean())) for part in parts]
        self.balance.copy_(torch.cat(shares).clamp(min=1e-12).rsqrt())


class Encoder(_Scaled):
    """The encoder of an autoencoder, trained on P alone for 400 steps.

    Strided convolutions for images, a perceptron for other points; the decoder mirrors the encoder.
    """

    STEPS = 400
    BATCH = 128
    RATE = 2e-3

    def __init__(self, dim: int, count: int) -> None:
        super().__init__(dim, count)
        shape = _image(dim)
        code, back = _perceptrons(dim, count) if shape is None else _convolutions(shape, count)
        self.encoder, self.decoder = code, back

    def network(self, standard: Tensor) -> Tensor:
        """Return the code [n, F]."""
        code: Tensor = self.encoder(standard)
        return code

    def loss(self, points: Tensor) -> Tensor:
        """Return the mean squared reconstruction error as a share of the variance of P."""
        standard = self.standard(points)
        back: Tensor = self.decoder(self.encoder(standard)) - standard
        return back.square().mean()

    def _fit(self, p: Sampler) -> None:
        adam = torch.optim.Adam(self.parameters(), lr=self.RATE, fused=True)
        for done in range(self.STEPS):
            adam.param_groups[0]["lr"] = self.RATE * 0.5 * (1 + math.cos(math.pi * done / self.STEPS))
            adam.zero_grad(set_to_none=True)
            self.loss(p(self.BATCH)).backward()
            adam.step()


class LearnedFeatures(Features):
    """A 1-Lipschitz network trained to maximize the cost: orthonormal weights, and units sorted in pairs.

    Without a Lipschitz bound the cost has no maximum.

    References
    ----------
    Anil, Lucas & Grosse, arXiv 1811.05381.
    """

    RATE = 1e-3
    BETAS = (0.5, 0.9)
    DEPTH = 2

    def __init__(self, dim: int, count: int) -> None:
        super().__init__()
        self.dim, self.out_dim = dim, count
        width = 2 * max(MAX_FEATURES, count)
        widths = [dim, *(width for _ in range(self.DEPTH)), count]
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in itertools.pairwise(widths))
        for layer in self._orthonormal_layers():
            nn.init.orthogonal_(layer.weight)
            parametrize.register_parametrization(layer, "weight", _Orthonormal())
        self._sort = MaxMin()
        self._adam = torch.optim.Adam(
            self.parameters(), lr=self.RATE, betas=self.BETAS, maximize=True, fused=True
        )

    def setup(self, p: Sampler, q: Sampler) -> None:
        """Do nothing: the network is trained by `ascend`."""

    def training_state(self) -> State:
        """Return the weights and the state of the optimizer."""
        return {"weights": capture(self.state_dict()), "optimizer": capture(self._adam)}

    def load_training_state(self, state: State) -> None:
        """Replace the weights and the state of the optimizer."""
        self.load_state_dict(state["weights"])
        restore(self._adam, state["optimizer"])

    def forward(self, points: Tensor) -> Tensor:
        """Return f [n, F] at points [n, D]."""
        *hidden, last = self.layers
        for layer in hidden:
            points = self._sort(layer(points))
        features: Tensor = last(points)
        return features

    def ascend(self, loss_of: Callable[[], Tensor]) -> None:
        """Take one Adam step up the loss, then reset the free matrices to the orthonormal weights."""
        self._adam.zero_grad(set_to_none=True)
        loss_of().backward()
        self._adam.step()
        with torch.no_grad():
            for layer in self._orthonormal_layers():
                layer.parametrizations.weight.original.copy_(layer.weight)

    @torch.no_grad()
    def lipschitz(self) -> float:
        """Return a bound of the Lipschitz constant, the product of the weights' operator norms."""
        norms = (
            torch.linalg.matrix_norm(layer.weight.cpu().double(), 2) for layer in self._orthonormal_layers()
        )
        return math.prod(map(float, norms))

    def _orthonormal_layers(self) -> Iterable[Any]:
        return self.layers


class _Orthonormal(nn.Module):
    """V [a, b] -> L^-1 V with L L^T = V V^T: orthonormal rows, or columns where there are fewer columns.

    The time grows with a b min(a, b); torch's orthogonal maps take seconds for images of 3,072 values.
    """

    def forward(self, free: Tensor) -> Tensor:
        """Return the orthonormal matrix of a free matrix."""
        if free.shape[0] > free.shape[1]:
            return self(free.T).T
        return torch.linalg.solve_triangular(torch.linalg.cholesky(free @ free.T), free, upper=False)


def _image(dim: int) -> Shape | None:
    """Return the shape of the square image that a point counts as, at least 8 pixels wide, or None."""
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
