"""Generators of Q: networks, affine maps and free particles."""

import itertools
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from wganstudio.critics.base import Sampler
from wganstudio.critics.images import image_shape
from wganstudio.experiment import generators as options_of
from wganstudio.experiment.generators import LatentGeneratorOptions, TrainedGeneratorOptions

MAX_LATENT_DIM = 100
_SMALLEST = 4
_SLOPE = 0.2


class Generator(nn.Module):
    """A distribution on R^D: the image of a latent distribution under a map, built from its options.

    `options` holds the value in use for every option that was left at `auto`.
    """

    options: TrainedGeneratorOptions
    dim: int

    def setup(self, q: Sampler) -> None:
        """Initialize from samples of the pair's Q. The default does nothing."""

    def latent(self, count: int, rng: torch.Generator) -> Tensor:
        """Return independent samples [count, ...] of the latent distribution."""
        raise NotImplementedError

    def forward(self, latent: Tensor) -> Tensor:
        """Return the images [n, D] of latent samples [n, d]."""
        raise NotImplementedError

    @torch.no_grad()
    def sample(self, count: int, rng: torch.Generator) -> Tensor:
        """Return independent samples, float32 [count, D] on the random generator's device."""
        samples: Tensor = self(self.latent(count, rng))
        return samples


def no_generator(options: options_of.NoGeneratorOptions, dim: int) -> None:
    """Return None: Q is the pair's."""


def sample_latent(uniform: bool, count: int, dim: int, rng: torch.Generator) -> Tensor:
    """Return samples [count, d] of the uniform distribution on [-1, 1]^d, or of N(0, I)."""
    if uniform:
        return torch.rand((count, dim), generator=rng, device=rng.device).mul_(2).sub_(1)
    return torch.randn((count, dim), generator=rng, device=rng.device)


class LatentGenerator(Generator):
    """A map of N(0, I) or of the uniform distribution on [-1, 1]^d."""

    def __init__(self, options: LatentGeneratorOptions, dim: int, **filled: Any) -> None:
        super().__init__()
        self.dim = dim
        self.latent_dim = options.latent_dim or min(dim, MAX_LATENT_DIM)
        self.options = options.model_copy(update={"latent_dim": self.latent_dim, **filled})
        self._uniform = options.latent == "uniform"

    def latent(self, count: int, rng: torch.Generator) -> Tensor:
        """Return samples [count, d] of the latent distribution."""
        return sample_latent(self._uniform, count, self.latent_dim, rng)


class MLPGenerator(LatentGenerator):
    """A perceptron d - w_1 - ... - w_k - D."""

    def __init__(self, options: options_of.MLPGeneratorOptions, dim: int) -> None:
        super().__init__(options, dim)
        layers: list[nn.Module] = []
        for a, b in itertools.pairwise((self.latent_dim, *options.widths)):
            layers += [nn.Linear(a, b), _ACTIVATIONS[options.activation]()]
        self.layers = nn.Sequential(*layers, nn.Linear(options.widths[-1], dim), _OUTPUTS[options.output]())

    def forward(self, latent: Tensor) -> Tensor:
        """Return the images [n, D] of latent samples [n, d]."""
        points: Tensor = self.layers(latent)
        return points


class ConvolutionalGenerator(LatentGenerator):
    """A linear map to small feature maps, then transposed convolutions that double them to the image's size.

    References
    ----------
    Radford, Metz & Chintala, arXiv 1511.06434.
    """

    def __init__(self, options: options_of.ConvolutionalGeneratorOptions, dim: int) -> None:
        channels, side, _ = image_shape(dim, options.channels, "generator.channels")
        super().__init__(options, dim, channels=channels)
        sides = [side]
        while sides[-1] > _SMALLEST:
            sides.append(sides[-1] // 2)
        sides.reverse()
        widths = [options.width << k for k in range(len(sides) - 1)][::-1] or [options.width]
        self._start = widths[0], sides[0], sides[0]
        self._sides = sides[1:]
        self.first = nn.Linear(self.latent_dim, widths[0] * sides[0] ** 2)
        self.norms = nn.ModuleList(nn.BatchNorm2d(width) for width in widths)
        self.grow = nn.ModuleList(
            nn.ConvTranspose2d(a, b, 4, stride=2, padding=1) for a, b in itertools.pairwise(widths)
        )
        self.last = (
            nn.ConvTranspose2d(widths[-1], channels, 4, stride=2, padding=1)
            if self._sides
            else nn.Conv2d(widths[-1], channels, 3, padding=1)
        )
        self.output = _OUTPUTS[options.output]()

    def forward(self, latent: Tensor) -> Tensor:
        """Return the images [n, D] of latent samples [n, d]."""
        units = self.first(latent).unflatten(1, self._start)
        for norm, grow, side in zip(self.norms, (*self.grow, self.last), self._sides or [0], strict=True):
            units = norm(units).relu()
            units = grow(units, output_size=(side, side)) if side else grow(units)
        images: Tensor = self.output(units).flatten(1)
        return images


class AffineGenerator(LatentGenerator):
    """x = A z + b, initially with A = I and b = 0."""

    def __init__(self, options: options_of.AffineGeneratorOptions, dim: int) -> None:
        super().__init__(options, dim)
        self.matrix = nn.Parameter(torch.eye(dim, self.latent_dim))
        self.shift = nn.Parameter(torch.zeros(dim))

    def forward(self, latent: Tensor) -> Tensor:
        """Return the images [n, D] of latent samples [n, d]."""
        return torch.addmm(self.shift, latent, self.matrix.T)


class ParticleGenerator(Generator):
    """Free points of equal weight; the latent distribution is uniform on their indices."""

    def __init__(self, options: options_of.ParticleGeneratorOptions, dim: int) -> None:
        super().__init__()
        self.dim, self.options = dim, options
        self.points = nn.Parameter(torch.zeros(options.num_particles, dim))

    @torch.no_grad()
    def setup(self, q: Sampler) -> None:
        """Initialize the points to samples of Q."""
        self.points.copy_(q(len(self.points)))

    def latent(self, count: int, rng: torch.Generator) -> Tensor:
        """Return indices [count] of points, by random permutations, so that all occur equally often."""
        rounds = [
            torch.randperm(len(self.points), generator=rng, device=rng.device)
            for _ in range(-(-count // len(self.points)))
        ]
        return torch.cat(rounds)[:count]

    def forward(self, latent: Tensor) -> Tensor:
        """Return the points [n, D] of these indices."""
        return self.points[latent]

    def atoms(self) -> tuple[Tensor, Tensor]:
        """The points [n, D] and their weights [n]."""
        points = self.points.detach()
        return points, points.new_full((len(points),), 1 / len(points))


_ACTIVATIONS: dict[str, Callable[[], nn.Module]] = {
    "relu": nn.ReLU,
    "leaky-relu": lambda: nn.LeakyReLU(_SLOPE),
    "tanh": nn.Tanh,
}
_OUTPUTS: dict[str, Callable[[], nn.Module]] = {
    "linear": nn.Identity,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
}
