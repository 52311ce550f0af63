"""Composite: a law on R^D that is carried by one map after another."""

from copy import deepcopy
from typing import Protocol

import torch
from torch import Tensor, nn

from wganstudio.critics.generators import drawn
from wganstudio.experiment.generators import CompositeGeneratorOptions

CHUNK = 1 << 12
"""Points that go through all maps at a time."""


class _Base(Protocol):
    def sample(self, count: int, generator: torch.Generator) -> Tensor: ...


class Composite(nn.Module):
    """G_K = T_K o ... o T_1 of a base law on R^D, where T_k = grad f_k* took the law so far toward P
    (arXiv 1902.07197); or the one network that has learned it."""

    def __init__(self, options: CompositeGeneratorOptions, dim: int) -> None:
        super().__init__()
        self.options, self.dim = options, dim
        self.stages = nn.ModuleList()
        self.network: nn.Module | None = None
        self._base: _Base | None = None
        self._here: Tensor
        self.register_buffer("_here", torch.zeros(0), persistent=False)

    def begin(self, q: _Base) -> None:
        """Start from the pair's own Q, where that is the base law."""
        if self.options.latent == "q":
            self._base = q

    @property
    def version(self) -> tuple[int, bool]:
        """Another one for each law that it has been."""
        return len(self.stages), self.network is not None

    def append(self, map: nn.Module) -> None:
        """One more stage: a copy of the map as it is now, for good."""
        self.stages.append(deepcopy(map).requires_grad_(False).eval())

    def latent(self, count: int, rng: torch.Generator) -> Tensor:
        """`count` samples [count, D] of the base law."""
        if self._base is not None:
            return self._base.sample(count, rng)
        return drawn(self.options.latent == "uniform", count, self.dim, rng)

    @torch.no_grad()
    def forward(self, latent: Tensor) -> Tensor:
        """What becomes of points [n, D] of the base law."""
        if self.network is not None:
            made: Tensor = self.network(latent)
            return made
        return carried(self.stages, latent)

    def sample(self, count: int, generator: torch.Generator) -> Tensor:
        """`count` samples, float32 [count, D] on the generator's device, wherever the maps are."""
        made: Tensor = self(self.latent(count, generator).to(self._here.device))
        return made.to(generator.device)


@torch.no_grad()
def carried(maps: nn.ModuleList, points: Tensor) -> Tensor:
    """Points [n, D] after all the maps, some of them at a time."""
    parts = []
    for part in points.split(CHUNK):
        for map in maps:
            part = map(part)
        parts.append(part)
    return torch.cat(parts)
