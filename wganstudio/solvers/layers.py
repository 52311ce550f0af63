"""Solvers that hold every layer's weight to a constraint: spectral normalization, orthogonality."""

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn.utils import parametrizations

from wganstudio.experiment import solvers
from wganstudio.pairs.base import Sampler
from wganstudio.solvers.adam import AdamSolver


class ConstrainedLayers(AdamSolver):
    """max E_P u - E_Q u, every weight W(V) a function of a free matrix V, which is what Adam moves.

    The free matrices are the solver's own. The critic holds the constrained weights, made anew once a step,
    so that it is a plain network to whoever looks at it.
    """

    def trained(self) -> Iterable[Tensor]:
        """The free matrices, and the critic's biases."""
        critic = self.critic
        weights = {name: weight for name, weight in critic.named_parameters() if weight.ndim > 1}
        self._held = {name: self._constrain(_Holder(weight)) for name, weight in weights.items()}
        self._biases = [bias for bias in critic.parameters() if bias.ndim == 1]
        self._make_weights()
        return [*(free for holder in self._held.values() for free in holder.parameters()), *self._biases]

    def constrain(self, holder: nn.Module) -> nn.Module:
        """The holder, its `weight` made a constrained function of a free matrix."""
        raise NotImplementedError

    def weight(self, held: Any) -> Tensor:
        """The constrained weight, as a function of the free matrix, of what `constrain` made."""
        weight: Tensor = held.weight
        return weight

    def values(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        """u [n] at x and u [m] at y, as functions of the free matrices."""
        values = functional_call(self.critic, self._weights, (torch.cat((x, y)),))
        at_x, at_y = values.split((len(x), len(y)))
        return at_x, at_y

    def objective(self, x: Tensor, y: Tensor) -> Tensor:
        """The gap."""
        return self.gap(x, y)

    def step(self, p: Sampler, q: Sampler) -> Tensor:
        """One Adam step on the free matrices, then the weights that they make."""
        objective = super().step(p, q)
        self._make_weights()
        return objective

    def _constrain(self, holder: nn.Module) -> nn.Module:
        device = next(self.critic.parameters()).device
        return self.constrain(holder.cpu()).to(device)  # what chance there is, is the CPU's on every device

    def _make_weights(self) -> None:
        self._weights = {name: self.weight(held) for name, held in self._held.items()}
        with torch.no_grad():
            for name, weight in self._weights.items():
                self.critic.get_parameter(name).copy_(weight)


class _Holder(nn.Module):
    """A module with one weight, which a parametrization may take hold of."""

    def __init__(self, weight: Tensor) -> None:
        super().__init__()
        self.weight = nn.Parameter(weight.detach().clone())


class SpectralNormalization(ConstrainedLayers):
    """max E_P u - E_Q u, W = V / |V| with the operator norm found by power iteration
    (Miyato et al., arXiv 1802.05957).

    The benchmark's code takes |V| for a constant when it differentiates. V then grows without end, and the
    steps shrink: cos 0.21 was published on (2,4), where differentiating the norm as well gives 0.52.
    """

    options: solvers.SpectralNormalizationOptions

    def constrain(self, holder: nn.Module) -> nn.Module:
        """V / (a . V b), a and b carried on from step to step."""
        return parametrizations.spectral_norm(holder, n_power_iterations=self.options.power_iterations)

    def weight(self, held: Any) -> Tensor:
        """V / |V|; as a function of V, with |V| a constant where the options say so."""
        normalized = super().weight(held)
        if self.options.differentiate_norm:
            return normalized
        free: Tensor = held.parametrizations.weight.original
        return free * (normalized.detach().norm() / free.detach().norm())


class OrthogonalLayers(ConstrainedLayers):
    """max E_P u - E_Q u, every W with orthonormal rows or columns and activations that sort: the gradient
    loses length only where a layer narrows (Anil, Lucas & Grosse, arXiv 1811.05381).

    W = W_0 C(V): the Cayley map agrees with the exponential of the published code to second order and takes
    an eighth of its time.
    """

    options: solvers.OrthogonalLayersOptions

    def constrain(self, holder: nn.Module) -> nn.Module:
        """An orthogonal matrix, from the one next to the initial weight on."""
        return parametrizations.orthogonal(holder, orthogonal_map="cayley")
