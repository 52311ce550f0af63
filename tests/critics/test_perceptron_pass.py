"""The written-out gradients of a perceptron agree with automatic differentiation."""

import pytest
import torch

from wganstudio.critics.activations import ACTIVATIONS
from wganstudio.critics.perceptron import MLP
from wganstudio.critics.perceptron_pass import PerceptronPass
from wganstudio.experiment.critics import MLPOptions

FLAT, SLOPED, DIM = 40, 24, 5


def objective(values, slopes):
    """Of u at the first points and of grad u at the last ones, neither of them linear."""
    return values[:FLAT].square().mean() + (slopes.norm(dim=1) - 1).square().mean()


def expected(critic, points):
    """Return objective and gradients by autograd, with grad u by double backward."""
    points = points.clone().requires_grad_(True)
    values = critic(points)
    (slopes,) = torch.autograd.grad(values[FLAT:].sum(), points, create_graph=True)
    loss = objective(values, slopes[FLAT:])
    return loss.detach(), torch.autograd.grad(loss, list(critic.parameters()), allow_unused=True)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("depth", [1, 2, 4])
def test_every_gradient_equals_that_of_automatic_differentiation(activation, depth):
    torch.manual_seed(0)
    critic = MLP(MLPOptions(width=16, depth=depth, activation=activation), DIM)
    whole = PerceptronPass(critic, FLAT + SLOPED, SLOPED)
    for _ in range(2):  # the second time in used buffers
        whole.points.copy_(torch.randn(FLAT + SLOPED, DIM))
        loss, gradients = expected(critic, whole.points)
        values, slopes = whole.values().requires_grad_(True), whole.input_gradients().requires_grad_(True)
        ours = objective(values, slopes)
        of_values, of_slopes = torch.autograd.grad(ours, (values, slopes))
        whole.backward(of_values[:FLAT], of_slopes)
        torch.testing.assert_close(ours.detach(), loss)
        for parameter, gradient in zip(critic.parameters(), gradients, strict=True):
            torch.testing.assert_close(whole.parameter_gradients[parameter], gradient, rtol=2e-5, atol=2e-7)
    assert max(float(gradient.abs().max()) for gradient in gradients) > 1e-2


@pytest.mark.parametrize("activation", ["relu", "elu", "max-min"])
def test_an_objective_of_the_values_alone(activation):
    torch.manual_seed(0)
    critic = MLP(MLPOptions(width=16, activation=activation), DIM)
    flat = PerceptronPass(critic, FLAT, 0)
    flat.points.copy_(torch.randn(FLAT, DIM))
    critic(flat.points).square().sum().backward()
    flat.backward(2 * flat.values())
    for parameter in critic.parameters():
        torch.testing.assert_close(flat.parameter_gradients[parameter], parameter.grad, rtol=2e-5, atol=2e-6)
