"""The closed-form gradient of the perceptron agrees with automatic differentiation."""

from typing import get_args

import pytest
import torch

from wganstudio.critics.base import Critic
from wganstudio.critics.perceptron import ACTIVATIONS, MLP
from wganstudio.experiment.critics import Activation
from wganstudio.experiment.critics import MLPOptions as Options


def make(activation: str, depth: int = 3, dim: int = 5) -> MLP:
    torch.manual_seed(0)
    return MLP(Options(width=32, depth=depth, activation=activation), dim)


def test_every_activation_that_can_be_chosen_exists() -> None:
    assert set(ACTIVATIONS) == set(get_args(Activation))


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("depth", [1, 3])
def test_the_written_out_gradient_equals_automatic_differentiation(activation: str, depth: int) -> None:
    critic, points = make(activation, depth), torch.randn(200, 5)
    values, gradients = critic.gradient(points)
    expected_values, expected = Critic.gradient(critic, points)
    torch.testing.assert_close(values, expected_values)
    torch.testing.assert_close(gradients, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_so_does_its_derivative_in_the_weights(activation: str) -> None:
    critic, points = make(activation), torch.randn(100, 5)

    def weights_gradient(gradients: torch.Tensor) -> list[torch.Tensor]:
        critic.zero_grad()
        (gradients.norm(dim=1) - 1).square().mean().backward()
        return [torch.zeros_like(w) if w.grad is None else w.grad.clone() for w in critic.parameters()]

    ours = weights_gradient(critic.gradient(points)[1])
    theirs = weights_gradient(Critic.gradient(critic, points)[1])
    for a, b in zip(ours, theirs, strict=True):
        torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-6)
    assert max(float(a.abs().max()) for a in ours) > 1e-3


def test_the_width_left_to_auto_is_the_larger_of_2_d_and_128() -> None:
    assert [MLP(Options(), dim).options.width for dim in (2, 64, 100)] == [128, 128, 200]


def test_depth_counts_hidden_layers() -> None:
    linear = [m for m in make("relu", depth=4).modules() if isinstance(m, torch.nn.Linear)]
    assert len(linear) == 5


def test_without_grad_mode_nothing_is_recorded() -> None:
    with torch.no_grad():
        for values, gradients in (
            make("elu").gradient(torch.randn(3, 5)),
            Critic.gradient(make("elu"), torch.randn(3, 5)),
        ):
            assert not values.requires_grad and not gradients.requires_grad
