"""The U-Net: images of any size, and a skip connection past every halving."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from wganstudio.critics.transport_networks import UNet
from wganstudio.experiment import BadExperiment


@settings(max_examples=25, deadline=None)
@given(
    side=st.integers(2, 33), channels=st.integers(1, 3), depth=st.integers(1, 4), seed=st.integers(0, 10**6)
)
def test_it_maps_images_of_any_size_to_images_each_on_its_own(
    side: int, channels: int, depth: int, seed: int
) -> None:
    torch.manual_seed(seed)
    depth = min(depth, side.bit_length() - 1)
    mover = UNet((channels, side, side), 4, depth).double()
    points = torch.randn(3, channels * side * side).double()
    with torch.no_grad():
        moved = mover(points)
        assert moved.shape == points.shape
        torch.testing.assert_close(moved[1:2], mover(points[1:2]), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("closed", [0, 1, 2])
def test_a_skip_connection_passes_every_halving(closed: int) -> None:
    torch.manual_seed(0)
    mover = UNet((1, 16, 16), 4, 3).double()
    with torch.no_grad():
        mover.down[closed].weight.zero_()
    points = torch.randn(1, 256).double().requires_grad_()
    (slopes,) = torch.autograd.grad(mover(points).sum(), points)
    assert slopes.abs().max() > 1e-3


def test_distant_pixels_meet_below() -> None:
    torch.manual_seed(0)
    mover = UNet((1, 16, 16), 8, 3).double()
    points = torch.randn(1, 256).double().requires_grad_()
    (slopes,) = torch.autograd.grad(mover(points)[0, 0], points)
    assert slopes.reshape(16, 16)[8:, 8:].abs().max() > 0


def test_an_image_is_not_halved_to_nothing() -> None:
    with pytest.raises(BadExperiment, match=r"solver\.mover_depth: an image 28 pixels wide .* at most 4"):
        UNet((1, 28, 28), 4, 5)
