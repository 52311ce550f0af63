"""Critics and generators around networks that were made elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

import torch
from torch import Tensor, nn

from wganstudio.critics.base import Critic
from wganstudio.critics.generators import LatentGenerator
from wganstudio.critics.own.classes import build_class, load_weights, reason
from wganstudio.critics.own.lipschitz import chain_bound, chain_of
from wganstudio.critics.own.script import load_script
from wganstudio.experiment import BadExperiment, Problem
from wganstudio.experiment.own_networks import OwnCriticOptions, OwnGeneratorOptions, OwnNetworkOptions

_EXAMPLES = 3
"""Points with which a network is tried."""


class OwnCritic(Critic):
    """u of a network of the user, which returns [n] or [n, 1] at points [n, D].

    The network stays in evaluation mode: its values depend on nothing but the points and the weights.

    Raises
    ------
    BadExperiment
        The network cannot be built, or does not take the points, or is not differentiable in them.
    """

    options: OwnCriticOptions

    def __init__(self, options: OwnCriticOptions, dim: int) -> None:
        super().__init__()
        self.options, self.dim = options, dim
        with _named("critic", options):
            self.network = _network(options)
            values = _tried(self.network, torch.zeros(_EXAMPLES, dim), f"points [n, {dim}]")
            if values.shape not in ((_EXAMPLES,), (_EXAMPLES, 1)):
                raise _refused(
                    f"the network returns {_shape(values)} at points [n, {dim}]; a critic returns [n] or "
                    "[n, 1]"
                )
            self._chain = chain_of(self.network)
            try:
                self.gradient(torch.zeros(_EXAMPLES, dim))
            except RuntimeError as error:
                raise _refused(
                    "the network is not differentiable in the points, so that it has no gradient to judge"
                ) from error

    def forward(self, points: Tensor) -> Tensor:
        """Return u [n] at points [n, D]."""
        return _apply(self.network, points).reshape(len(points))

    def lipschitz(self) -> float | None:
        """Return the product of the operator norms of a chain of linear layers; None for other networks."""
        return None if self._chain is None else chain_bound(self._chain)

    def train(self, mode: bool = True) -> Self:
        """Stay in evaluation mode."""
        return super().train(False)


class OwnGenerator(LatentGenerator):
    """A network of the user, which returns points [n, D] at latent samples [n, d], in evaluation mode.

    Raises
    ------
    BadExperiment
        The network cannot be built, does not take the latent samples, or returns other than points.
    """

    options: OwnGeneratorOptions

    def __init__(self, options: OwnGeneratorOptions, dim: int) -> None:
        super().__init__(options, dim)
        with _named("generator", options):
            self.network = _network(options)
            latent = torch.zeros(_EXAMPLES, self.latent_dim)
            points = _tried(self.network, latent, f"latent samples [n, {self.latent_dim}]")
            if points.ndim < 1 or len(points) != _EXAMPLES or points.numel() != _EXAMPLES * dim:
                raise _refused(
                    f"the network returns {_shape(points)}; the points of the pair have dimension {dim}"
                )
            if not any(True for _ in self.network.parameters()):
                raise _refused("the network has no parameters; a generator needs some")

    def forward(self, latent: Tensor) -> Tensor:
        """Return the images [n, D] of latent samples [n, d]."""
        return _apply(self.network, latent).reshape(len(latent), self.dim)

    def train(self, mode: bool = True) -> Self:
        """Stay in evaluation mode."""
        return super().train(False)


def _network(options: OwnNetworkOptions) -> nn.Module:
    """Return the network as float32 in evaluation mode."""
    if options.script_file is not None:
        network = load_script(options.script_file)
    elif options.module is not None:
        network = build_class(options.module, options.keyword_arguments())
        if options.weights_file is not None:
            load_weights(network, options.weights_file)
    else:
        raise _refused("choose a TorchScript file, or name a class as module:Class")
    if any(weight.is_complex() for weight in network.state_dict().values()):
        raise _refused("the network has complex weights; real ones are supported")
    return network.float().eval()


def _apply(network: nn.Module, points: Tensor) -> Tensor:
    if isinstance(network, torch.jit.ScriptModule):
        # An optimized program would change its rounding once it is warm.
        with torch.jit.optimized_execution(False):  # type: ignore[attr-defined]
            return network(points)
    return network(points)


def _tried(network: nn.Module, points: Tensor, what: str) -> Tensor:
    """Return what a network returns, tried in the way in which it is used."""
    try:
        with torch.no_grad():
            returned = _apply(network, points)
    except Exception as error:
        raise _refused(
            f"the network does not take {what} ({reason(error)}); choose a pair or a network of another "
            "dimension"
        ) from error
    if not isinstance(returned, Tensor) or not returned.is_floating_point():
        raise _refused(f"the network returns {type(returned).__name__} instead of a tensor of numbers")
    return returned


def _shape(returned: Tensor) -> str:
    sizes = ["n" if k == 0 and size == _EXAMPLES else str(size) for k, size in enumerate(returned.shape)]
    return f"[{', '.join(sizes)}]"


@contextmanager
def _named(group: str, options: OwnNetworkOptions) -> Iterator[None]:
    """Name the group in problems, and the source of the network in those without a field."""
    source = "script_file" if options.module is None else "module"
    try:
        yield
    except BadExperiment as error:
        problems = (
            Problem(f"{group}.{problem.path or source}", problem.message) for problem in error.problems
        )
        raise BadExperiment(*problems) from error


def _refused(message: str) -> BadExperiment:
    return BadExperiment(Problem("", message))
