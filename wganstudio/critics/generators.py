"""Generators: networks, and free points, that make the law Q."""

import itertools
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from wganstudio.critics.base import Sampler
from wganstudio.critics.images import image_shape
from wganstudio.experiment import generators as options_of
from wganstudio.experiment.generators import LatentGeneratorOptions, TrainedGeneratorOptions

MOST_LATENT = 100
_SMALLEST = 4
_SLOPE = 0.2


class Generator(nn.Module):
    """A law on R^D: the image under a map of a latent law, made from its options, every `auto` filled in."""

    options: TrainedGeneratorOptions
    dim: int

    def begin(self, q: Sampler) -> None:
        """Start from samples of the pair's own Q, where it is a generator that does."""

    def latent(self, count: int, rng: torch.Generator) -> Tensor:
        """`count` independent samples of the latent law."""
        raise NotImplementedError

    def forward(self, latent: Tensor) -> Tensor:
        """The points [n, D] that the latent ones become."""
        raise NotImplementedError

    @torch.no_grad()
    def sample(self, count: int, generator: torch.Generator) -> Tensor:
        """`count` independent samples, float32 [count, D] on the generator's device."""
        made: Tensor = self(self.latent(count, generator))
        return made


def none(options: options_of.NoGeneratorOptions, dim: int) -> None:
    """Q is the pair's own."""


def drawn(uniform: bool, count: int, dim: int, rng: torch.Generator) -> Tensor:
    """Samples [count, d] of the uniform law on [-1, 1]^d, or else of N(0, I)."""
    if uniform:
        return torch.rand((count, dim), generator=rng, device=rng.device).mul_(2).sub_(1)
    return torch.randn((count, dim), generator=rng, device=rng.device)


class _FromLatent(Generator):
    """A map of N(0, I) or of the uniform law on [-1, 1]^d."""

    def __init__(self, options: LatentGeneratorOptions, dim: int, **filled: Any) -> None:
        super().__init__()
        self.dim = dim
        self.latent_dim = options.latent_dim or min(dim, MOST_LATENT)
        self.options = options.model_copy(update={"latent_dim": self.latent_dim, **filled})
        self._uniform = options.latent == "uniform"

    def latent(self, count: int, rng: torch.Generator) -> Tensor:
        """`count` samples [count, d]."""
        return drawn(self._uniform, count, self.latent_dim, rng)


class MLPGenerator(_FromLatent):
    """A perceptron d - w_1 - ... - w_k - D."""

    def __init__(self, options: options_of.MLPGeneratorOptions, dim: int) -> None:
        super().__init__(options, dim)
        layers: list[nn.Module] = []
        for a, b in itertools.pairwise((self.latent_dim, *options.widths)):
            layers += [nn.Linear(a, b), _ACTIVATIONS[options.activation]()]
        self.layers = nn.Sequential(*layers, nn.Linear(options.widths[-1], dim), _OUTPUTS[options.output]())

    def forward(self, latent: Tensor) -> Tensor:
        """The points [n, D]."""
        made: Tensor = self.layers(latent)
        return made


class ConvolutionalGenerator(_FromLatent):
    """A linear map to small feature maps, then transposed convolutions that double them until they are as
    large as the image (Radford, Metz & Chintala, arXiv 1511.06434)."""

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
        """The images [n, D]."""
        units = self.first(latent).unflatten(1, self._start)
        for norm, grow, side in zip(self.norms, (*self.grow, self.last), self._sides or [0], strict=True):
            units = norm(units).relu()
            units = grow(units, output_size=(side, side)) if side else grow(units)
        made: Tensor = self.output(units).flatten(1)
        return made


class AffineGenerator(_FromLatent):
    """x = A z + b; A starts as the identity, b as 0."""

    def __init__(self, options: options_of.AffineGeneratorOptions, dim: int) -> None:
        super().__init__(options, dim)
        self.matrix = nn.Parameter(torch.eye(dim, self.latent_dim))
        self.shift = nn.Parameter(torch.zeros(dim))

    def forward(self, latent: Tensor) -> Tensor:
        """The points [n, D]."""
        return torch.addmm(self.shift, latent, self.matrix.T)


class ParticleGenerator(Generator):
    """Free points of equal weight: the latent law chooses one of them."""

    def __init__(self, options: options_of.ParticleGeneratorOptions, dim: int) -> None:
        super().__init__()
        self.dim, self.options = dim, options
        self.points = nn.Parameter(torch.zeros(options.num_particles, dim))

    @torch.no_grad()
    def begin(self, q: Sampler) -> None:
        """Set the points down at samples of Q."""
        self.points.copy_(q(len(self.points)))

    def latent(self, count: int, rng: torch.Generator) -> Tensor:
        """Numbers [count] of points: each as often as any other, but for the last round."""
        rounds = [
            torch.randperm(len(self.points), generator=rng, device=rng.device)
            for _ in range(-(-count // len(self.points)))
        ]
        return torch.cat(rounds)[:count]

    def forward(self, latent: Tensor) -> Tensor:
        """The points [n, D] of these numbers."""
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
