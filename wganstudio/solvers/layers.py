"""Solvers that constrain every layer's weight: spectral normalization, orthogonality."""

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn.utils import parametrizations

from wganstudio.critics.perceptron_pass import PerceptronPass
from wganstudio.critics.training_state import State
from wganstudio.experiment import solvers
from wganstudio.pairs.base import Sampler
from wganstudio.solvers.value_objective import ValueObjective


class ConstrainedLayers(ValueObjective):
    """max E_P u - E_Q u, every weight W(V) a function of a free matrix V, which Adam updates.

    The free matrices belong to the solver. The critic holds the constrained weights, computed once a step, so
    that it is a plain network for all other code.
    """

    state_names = (*ValueObjective.state_names, "_holders")

    def trained(self) -> Iterable[Tensor]:
        """Return the free matrices and the critic's biases."""
        critic = self.critic
        weights = {name: weight for name, weight in critic.named_parameters() if weight.ndim > 1}
        self._holders = {name: self._constrain(_Holder(weight)) for name, weight in weights.items()}
        self._biases = [bias for bias in critic.parameters() if bias.ndim == 1]
        self._update_weights()
        free = (matrix for holder in self._holders.values() for matrix in holder.parameters())
        return [*free, *self._biases]

    def constrain(self, holder: nn.Module) -> nn.Module:
        """Parametrize the holder's `weight` by a free matrix, and return the holder."""
        raise NotImplementedError

    def weight(self, holder: Any) -> Tensor:
        """Return the constrained weight of a holder as a function of its free matrix."""
        weight: Tensor = holder.weight
        return weight

    def evaluate(self, points: Tensor) -> Tensor:
        """Return u at points as a function of the free matrices."""
        values: Tensor = functional_call(self.critic, self._weights, (points,))
        return values

    def adopt_gradients(self, network: PerceptronPass) -> None:
        """Hand the gradients in the weights on to the free matrices."""
        self._adam.zero_grad(set_to_none=True)
        of_critic = {weight: network.parameter_gradients[weight] for weight in self.critic.parameters()}
        for bias in self._biases:
            bias.grad = of_critic[bias]
        of_weights = [of_critic[self.critic.get_parameter(name)] for name in self._weights]
        with torch.enable_grad():
            torch.autograd.backward(list(self._weights.values()), of_weights)

    def step(self, p: Sampler, q: Sampler) -> Tensor:
        """Take one Adam step on the free matrices, then update the critic's weights."""
        objective = super().step(p, q)
        self._update_weights()
        return objective

    def load_training_state(self, state: State) -> None:
        """Continue from a state, and compute the weights without another power iteration."""
        super().load_training_state(state)
        for holder in self._holders.values():
            holder.eval()
        self._update_weights()
        for holder in self._holders.values():
            holder.train()

    def _constrain(self, holder: nn.Module) -> nn.Module:
        device = next(self.critic.parameters()).device
        return self.constrain(holder.cpu()).to(device)  # random numbers come from the CPU on every device

    def _update_weights(self) -> None:
        self._weights = {name: self.weight(holder) for name, holder in self._holders.items()}
        with torch.no_grad():
            for name, weight in self._weights.items():
                self.critic.get_parameter(name).copy_(weight)


class _Holder(nn.Module):
    """A module with one weight that can be parametrized."""

    def __init__(self, weight: Tensor) -> None:
        super().__init__()
        self.weight = nn.Parameter(weight.detach().clone())


class SpectralNormalization(ConstrainedLayers):
    """max E_P u - E_Q u, W = V / |V| with the operator norm from power iteration.

    The benchmark's code treats |V| as a constant when it differentiates. V then grows without bound, and the
    steps shrink: the published cos on (2,4) is 0.21; differentiating the norm as well gives 0.52.

    References
    ----------
    Miyato et al., arXiv 1802.05957.
    """

    options: solvers.SpectralNormalizationOptions

    def constrain(self, holder: nn.Module) -> nn.Module:
        """Parametrize by V / (a . V b), with a and b kept from step to step."""
        return parametrizations.spectral_norm(holder, n_power_iterations=self.options.power_iterations)

    def weight(self, holder: Any) -> Tensor:
        """Return V / |V|; |V| is a constant unless `differentiate_norm` is set."""
        normalized = super().weight(holder)
        if self.options.differentiate_norm:
            return normalized
        free: Tensor = holder.parametrizations.weight.original
        return free * (normalized.detach().norm() / free.detach().norm())


class OrthogonalLayers(ConstrainedLayers):
    """max E_P u - E_Q u, every W with orthonormal rows or columns, and activations that sort.

    The gradient loses length only where a layer narrows. W = W_0 C(V): the Cayley map agrees with the
    exponential of the published code to second order and takes an eighth of its time.

    References
    ----------
    Anil, Lucas & Grosse, arXiv 1811.05381.
    """

    options: solvers.OrthogonalLayersOptions

    def constrain(self, holder: nn.Module) -> nn.Module:
        """Parametrize by an orthogonal matrix that starts at the one nearest to the initial weight."""
        return parametrizations.orthogonal(holder, orthogonal_map="cayley")
