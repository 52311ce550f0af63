"""Composite: a generator that applies a sequence of maps to a base distribution on R^D."""

from copy import deepcopy
from typing import Protocol

import torch
from torch import Tensor, nn

from wganstudio.critics.generators import sample_latent
from wganstudio.experiment.generators import CompositeGeneratorOptions

CHUNK = 1 << 12
"""Number of points that pass through the maps at a time."""


class _Base(Protocol):
    def sample(self, count: int, rng: torch.Generator) -> Tensor: ...


class Composite(nn.Module):
    """G_K = T_K o ... o T_1 of a base distribution, where T_k = grad f_k* moves G_{k-1} toward P.

    After distillation one `network` replaces the maps.

    References
    ----------
    Taghvaei & Jalali, arXiv 1902.07197.
    """

    def __init__(self, options: CompositeGeneratorOptions, dim: int) -> None:
        super().__init__()
        self.options, self.dim = options, dim
        self.stages = nn.ModuleList()
        self.network: nn.Module | None = None
        self._base: _Base | None = None
        self._buffer: Tensor
        self.register_buffer("_buffer", torch.zeros(0), persistent=False)

    def setup(self, q: _Base) -> None:
        """Use the pair's Q as the base distribution if the options say so."""
        if self.options.latent == "q":
            self._base = q

    @property
    def version(self) -> tuple[int, bool]:
        """A value that changes whenever the distribution changes."""
        return len(self.stages), self.network is not None

    def append(self, map: nn.Module) -> None:
        """Append a frozen copy of a map as the next stage."""
        self.stages.append(deepcopy(map).requires_grad_(False).eval())

    def latent(self, count: int, rng: torch.Generator) -> Tensor:
        """Return samples [count, D] of the base distribution."""
        if self._base is not None:
            return self._base.sample(count, rng)
        return sample_latent(self.options.latent == "uniform", count, self.dim, rng)

    @torch.no_grad()
    def forward(self, latent: Tensor) -> Tensor:
        """Return the images [n, D] of points [n, D] of the base distribution."""
        if self.network is not None:
            images: Tensor = self.network(latent)
            return images
        return compose(self.stages, latent)

    def sample(self, count: int, rng: torch.Generator) -> Tensor:
        """Return samples, float32 [count, D] on the random generator's device."""
        samples: Tensor = self(self.latent(count, rng).to(self._buffer.device))
        return samples.to(rng.device)


@torch.no_grad()
def compose(maps: nn.ModuleList, points: Tensor) -> Tensor:
    """Return the images [n, D] of points [n, D] under all maps in turn."""
    parts = []
    traced = torch.compiler.is_compiling()  # a traced network takes any number of points
    for part in (points,) if traced else points.split(CHUNK):
        for map in maps:
            part = map(part)
        parts.append(part)
    return torch.cat(parts)
