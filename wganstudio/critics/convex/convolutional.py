"""The convolutional input-convex network."""

import itertools

from torch import Tensor, nn
from torch.nn import functional

from wganstudio.critics.activations import ACTIVATIONS
from wganstudio.critics.base import Sampler
from wganstudio.critics.convex.base import ConvexPotential
from wganstudio.critics.convex.network import NonNegativeLinear
from wganstudio.critics.convex.quadratic import PosDefMatrix
from wganstudio.critics.convolutional import KERNEL, PADDING, SMALLEST, STRIDE
from wganstudio.critics.images import check_halvings, image_shape
from wganstudio.experiment.critics import ConvolutionalInputConvexOptions


class ConvolutionalICNN(ConvexPotential):
    """f(x) = w . z_k + <x, diag(a) x> / 2 + <b, x> with convolutions that halve the image.

    The kernels of the hidden path are >= 0. Each layer also receives the image, reduced to its size by
    means of 2 x 2 pixels, which is linear and keeps f convex.

    References
    ----------
    Amos, Xu & Kolter, arXiv 1609.07152, section 3.
    """

    options: ConvolutionalInputConvexOptions

    def __init__(self, options: ConvolutionalInputConvexOptions, dim: int) -> None:
        super().__init__()
        self.dim, self.alpha = dim, options.alpha
        self.shape = image_shape(dim, options.channels, "critic.channels")
        channels, side, _ = self.shape
        depth = options.depth or max(1, (side // (SMALLEST // 2)).bit_length() - 1)
        check_halvings(side, depth, "critic.depth")
        self.options = options.model_copy(update={"channels": channels, "depth": depth})
        widths = [options.width << k for k in range(depth)]
        self.form = PosDefMatrix(dim, 0, options.alpha)
        self.skips = nn.ModuleList(nn.Conv2d(channels, width, KERNEL, STRIDE, PADDING) for width in widths)
        self.hidden = nn.ModuleList(
            NonNegativeLinear(b, a, KERNEL, KERNEL) for a, b in itertools.pairwise(widths)
        )
        self.last = NonNegativeLinear(1, widths[-1] * (side >> depth) ** 2)
        self._activation = ACTIVATIONS[options.activation]

    def setup(self, p: Sampler, q: Sampler) -> None:
        """Initialize the quadratic to the best diagonal one between samples of P and Q."""
        self.form.fit_diagonal(p, q)

    def potential(self, points: Tensor) -> Tensor:
        """Return f [n] at points [n, D]."""
        image = points.unflatten(1, self.shape)
        first, *others = self.skips
        units = self._activation(first(image))
        for skip, weight in zip(others, self.hidden, strict=True):
            image = functional.avg_pool2d(image, 2)
            through = functional.conv2d(units, weight(), None, STRIDE, PADDING)
            units = self._activation(through + skip(image))
        return self.form(points)[0] + (units.flatten(1) @ self.last().T).squeeze(1)
