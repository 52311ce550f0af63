"""Critic, samplers and penalty of another program as a critic, distributions and a solver of this one."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from wganstudio.api.probe.isolation import default_dtype
from wganstudio.critics.base import Critic
from wganstudio.experiment.external import ExternalCriticOptions, ExternalSolverOptions
from wganstudio.pairs.base import Distribution, make_rng
from wganstudio.solvers.base import Solver, SolverContext
from wganstudio.training.producers import NotFinite

Draw = Callable[[int], Any]
"""Returns that many samples, a tensor or an array [n, ...]."""
CHECKED = 4
"""Samples that the first call of a sampler is asked for."""


def unwrapped(module: nn.Module) -> nn.Module:
    """Return the module within the wrappers of parallel training and of torch.compile."""
    while True:
        if isinstance(module, nn.parallel.DistributedDataParallel | nn.DataParallel):
            module = module.module
        elif isinstance(inner := getattr(module, "_orig_mod", None), nn.Module):
            module = inner
        else:
            return module


class SampledDistribution(Distribution):
    """The distribution of a sampler, whose samples are flattened to [n, D].

    The sampler is called with the default type of its own program, `default`.
    """

    def __init__(self, name: str, draw: Draw, default: torch.dtype) -> None:
        self._name, self._draw, self._dtype = name, draw, default
        first = self._drawn(CHECKED)
        self.shape = tuple(first.shape[1:])
        """The shape of one sample."""
        self.dim = first[0].numel()
        self.device = first.device

    def sample(self, count: int, rng: torch.Generator) -> Tensor:
        """Return fresh samples, float32 [count, D] on the device of `rng`, from which nothing is drawn."""
        drawn = self._drawn(count)
        if drawn.shape[1:] != self.shape:
            raise ValueError(
                f"{self._name}({count}) returned samples of shape {list(drawn.shape[1:])}, before of "
                f"{list(self.shape)}; return samples of one shape."
            )
        rows = drawn.flatten(1).to(rng.device, torch.float32)
        if not torch.isfinite(rows).all():
            raise NotFinite
        return rows

    def _drawn(self, count: int) -> Tensor:
        with default_dtype(self._dtype):
            drawn = self._draw(count)
        if isinstance(drawn, np.ndarray):
            drawn = torch.from_numpy(np.array(drawn))  # a copy, which may be written to
        if not isinstance(drawn, Tensor):
            kind = type(drawn).__name__
            raise TypeError(f"{self._name}({count}) returned a {kind}; return a tensor or an array [n, D].")
        if drawn.ndim < 2 or len(drawn) != count or not drawn[0].numel():
            raise ValueError(
                f"{self._name}({count}) returned the shape {list(drawn.shape)}; return as many samples as it "
                f"is asked for, [{count}, D]."
            )
        return drawn.detach()


class ProbedCritic(Critic):
    """A module of another program: it is called, and neither moved nor registered here.

    Points and results are float32; the module gets points of its own type, in the shape of the samples, and
    is called with the default type of its own program.
    """

    def __init__(self, module: nn.Module, shape: tuple[int, ...], default: torch.dtype) -> None:
        super().__init__()
        self.options, self.dim = ExternalCriticOptions(), int(np.prod(shape))
        self._held = (module,)  # in a tuple, so that it does not become a submodule
        self._shape, self._default = shape, default
        tensors = [t for t in (*module.parameters(), *module.buffers()) if t.is_floating_point()]
        self.dtype = tensors[0].dtype if tensors else torch.float32
        self.device = tensors[0].device if tensors else torch.device("cpu")

    def forward(self, points: Tensor) -> Tensor:
        """Return u [n] at points [n, D]."""
        with default_dtype(self._default):
            values = self._held[0](points.to(self.dtype).unflatten(1, self._shape))
        if not isinstance(values, Tensor) or values.numel() != len(points) or len(values) != len(points):
            shape = list(values.shape) if isinstance(values, Tensor) else type(values).__name__
            raise ValueError(f"critic returned {shape} for {len(points)} points; return [n] or [n, 1].")
        return values.flatten().float()


class ExternalSolver(Solver):
    """The objective of another program: the gap, less a gradient penalty if it has one."""

    options: ExternalSolverOptions

    def __init__(self, options: ExternalSolverOptions, critic: ProbedCritic, seed: int) -> None:
        rng = make_rng(critic.device, seed, *b"solver")
        context = SolverContext(critic=critic, steps=0, batch=1, rng=rng)
        super().__init__(options, context)

    def penalty_of(self, lengths: Tensor) -> Tensor:
        """Return (|grad u| - 1)^2, or (|grad u| - 1)_+^2 for a one-sided penalty, from |grad u|."""
        excess = lengths - 1
        return (excess.clamp(min=0) if self.options.one_sided else excess).square()
