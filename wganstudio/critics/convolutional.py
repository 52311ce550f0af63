"""The convolutional critic, with its input gradient in closed form."""

import itertools
import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from wganstudio.critics.activations import ACTIVATIONS
from wganstudio.critics.base import Critic
from wganstudio.critics.images import check_halvings, image_shape
from wganstudio.experiment.critics import ConvolutionalCriticOptions

KERNEL, STRIDE, PADDING = 4, 2, 1
"""Every layer halves the image; an odd last row or column is dropped (arXiv 1511.06434)."""
SMALLEST = 8
_OVERLAP = KERNEL / STRIDE  # square root of the number of patches that contain a pixel


class ConvolutionalCritic(Critic):
    """Convolutions that halve the image, each twice as wide as the previous one, and a linear output.

    There is no batch normalization: u at one point would depend on the others, and a penalty on |grad u|
    would have no meaning. `gradient` multiplies the layers' Jacobians explicitly, so that a gradient penalty
    is differentiated once instead of twice.

    References
    ----------
    Radford, Metz & Chintala, arXiv 1511.06434 (the discriminator). Gulrajani et al., arXiv 1704.00028,
    section 4.
    """

    options: ConvolutionalCriticOptions

    def __init__(self, options: ConvolutionalCriticOptions, dim: int) -> None:
        super().__init__()
        self.dim = dim
        self.shape = image_shape(dim, options.channels, "critic.channels")
        channels, side, _ = self.shape
        depth = options.depth or max(1, (side // (SMALLEST // 2)).bit_length() - 1)
        check_halvings(side, depth, "critic.depth")
        activation = options.activation or "leaky-relu"
        filled = {"channels": channels, "depth": depth, "activation": activation}
        self.options = options.model_copy(update=filled)
        widths = [channels, *(options.width << k for k in range(depth))]
        self._layers = [nn.Conv2d(a, b, KERNEL, STRIDE, PADDING) for a, b in itertools.pairwise(widths)]
        self.hidden = nn.ModuleList(self._layers)
        self.last = nn.Linear(widths[-1] * (side >> depth) ** 2, 1)
        self._activation = ACTIVATIONS[activation]

    def forward(self, points: Tensor) -> Tensor:
        """Return u [n] at points [n, D]."""
        units = points.unflatten(1, self.shape)
        for layer in self._layers:
            units = self._activation(layer(units))
        return self.last(units.flatten(1)).squeeze(-1)

    def gradient(self, points: Tensor) -> tuple[Tensor, Tensor]:
        """Return u [n] and grad u [n, D] at points [n, D]."""
        units, pullbacks, sides = points.unflatten(1, self.shape), [], []
        for layer in self._layers:
            sides.append(units.shape[-1])
            units, pullback = self._activation.linearized(layer(units))
            pullbacks.append(pullback)
        slope = self.last.weight.unflatten(1, units.shape[1:])
        for layer, pullback, side in reversed(list(zip(self._layers, pullbacks, sides, strict=True))):
            slope = functional.conv_transpose2d(
                pullback(slope), layer.weight, None, STRIDE, PADDING, output_padding=side % 2
            )
        return self.last(units.flatten(1)).squeeze(-1), slope.flatten(1)

    @torch.no_grad()
    def lipschitz(self) -> float:
        """Return the product of the layers' bounds, which is often far too large.

        A convolution's bound is twice the operator norm of its kernel as a matrix [out, in 4 4], since a
        pixel lies in at most four patches.
        """
        norms = [
            float(torch.linalg.matrix_norm(layer.weight.flatten(1).cpu().double(), 2))
            for layer in self._layers
        ]
        last = float(torch.linalg.vector_norm(self.last.weight.double()))
        return math.prod(_OVERLAP * norm * self._activation.lipschitz for norm in norms) * last
