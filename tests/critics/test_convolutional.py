"""The convolutional critic: its closed-form gradient, its Lipschitz bound, and the images it accepts."""

import math
from typing import get_args

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from wganstudio.critics.base import Critic
from wganstudio.critics.convolutional import ConvolutionalCritic
from wganstudio.critics.images import image_shape
from wganstudio.experiment import BadExperiment, read
from wganstudio.experiment.critics import Activation
from wganstudio.experiment.critics import ConvolutionalCriticOptions as Options


def make(dim: int, **options: object) -> ConvolutionalCritic:
    torch.manual_seed(0)
    return ConvolutionalCritic(Options(**{"width": 6} | options), dim).double()


def image(dim: int, count: int = 20) -> torch.Tensor:
    torch.manual_seed(1)
    return torch.randn(count, dim).double()


@pytest.mark.parametrize("activation", get_args(Activation))
@pytest.mark.parametrize("dim", [4, 49, 3 * 100, 256])
def test_the_written_out_gradient_equals_automatic_differentiation(dim: int, activation: str) -> None:
    critic, points = make(dim, activation=activation), image(dim)
    for ours, theirs in zip(critic.gradient(points), Critic.gradient(critic, points), strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("activation", get_args(Activation))
def test_so_does_its_derivative_in_the_weights(activation: str) -> None:
    critic, points = make(225, activation=activation), image(225)
    result = []
    for gradient in (critic.gradient, lambda x: Critic.gradient(critic, x)):
        critic.zero_grad()
        (gradient(points)[1].norm(dim=1) - 1).square().mean().backward()
        result.append(
            [torch.zeros_like(w) if w.grad is None else w.grad.clone() for w in critic.parameters()]
        )
    for ours, theirs in zip(*result, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-6, atol=1e-9)
    assert max(float(weight.abs().max()) for weight in result[0]) > 1e-3


def test_u_at_one_point_does_not_depend_on_the_others() -> None:
    critic, points = make(256), image(256)
    alone = torch.cat([critic(point[None]) for point in points])
    torch.testing.assert_close(critic(points), alone, rtol=1e-12, atol=1e-12)


@settings(max_examples=20, deadline=None)
@given(
    dim=st.sampled_from([4, 36, 49, 75, 256]),
    seed=st.integers(0, 2**31 - 1),
    scale=st.sampled_from([0.01, 0.3, 2.0]),
    activation=st.sampled_from(get_args(Activation)),
)
def test_no_slope_exceeds_the_certified_bound(dim: int, seed: int, scale: float, activation: str) -> None:
    critic = make(dim, activation=activation)
    torch.manual_seed(seed)
    with torch.no_grad():
        for weight in critic.parameters():
            weight.copy_(scale * torch.randn_like(weight))
    _, gradients = critic.gradient(3 * torch.randn(50, dim).double())
    assert gradients.norm(dim=1).max().item() <= critic.lipschitz() * (1 + 1e-9)


def test_the_bound_of_a_convolution_is_met_by_a_flat_kernel_on_a_large_image() -> None:
    kernel, picture = torch.ones(1, 1, 4, 4), torch.ones(1, 1, 200, 200)
    stretch = functional.conv2d(picture, kernel, None, 2, 1).norm() / picture.norm()
    assert 0.97 < stretch.item() / (2 * kernel.norm().item()) <= 1


@given(channels=st.integers(1, 8), side=st.integers(2, 64))
def test_an_image_is_read_off_its_dimension(channels: int, side: int) -> None:
    dim = channels * side * side
    assert image_shape(dim, channels, "critic.channels") == (channels, side, side)
    if channels in (1, 3):
        assert image_shape(dim, None, "critic.channels") == (channels, side, side)


def test_no_dimension_is_an_image_of_both_one_and_three_channels() -> None:
    assert not {side**2 for side in range(2, 600)} & {3 * side**2 for side in range(2, 400)}


@pytest.mark.parametrize(
    ("dim", "options", "sentence"),
    [
        (
            2,
            {},
            "critic.channels: this network needs square images with 1 or 3 channels; "
            "the data have dimension 2. Choose",
        ),
        (1, {}, "critic.channels: this network needs square images with 1 or 3 channels"),
        (
            64,
            {"channels": 2},
            "critic.channels: this network needs square images with 2 channels",
        ),
        (
            256,
            {"channels": 3},
            "critic.channels: this network needs square images with 3 channels",
        ),
        (256, {"depth": 5}, "critic.depth: an image 16 pixels wide cannot be halved 5 times; give at most 4"),
    ],
)
def test_points_that_are_no_images_are_rejected_in_one_sentence(
    dim: int, options: dict[str, int], sentence: str
) -> None:
    with pytest.raises(BadExperiment) as caught:
        make(dim, **options)
    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize(
    ("dim", "layers"), [(4, 1), (49, 1), (64, 1), (256, 2), (784, 2), (3 * 32**2, 3), (64**2, 4)]
)
def test_the_depth_left_to_auto_leaves_less_than_8_pixels(dim: int, layers: int) -> None:
    critic = make(dim)
    widths = [m.out_channels for m in critic.modules() if isinstance(m, torch.nn.Conv2d)]
    assert widths == [6 * 2**k for k in range(layers)] and critic.options.depth == layers
    assert critic.options.channels == (3 if dim == 3 * 32**2 else 1)
    left = math.isqrt(critic.last.in_features // widths[-1])
    assert left < 8 and left == critic.shape[1] >> layers


def test_max_min_needs_an_even_width() -> None:
    with pytest.raises(BadExperiment, match=r"critic\.width: width must be even for max-min"):
        read({"critic": {"kind": "conv", "width": 5, "activation": "max-min"}})
