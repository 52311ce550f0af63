"""Transport maps as networks: a perceptron, and a U-Net for images."""

import itertools

from torch import Tensor, cat, nn

from wganstudio.critics.images import Shape, check_halvings


class MLPTransportMap(nn.Module):
    """H: R^D -> R^D, a perceptron D - w - ... - w - D with ReLU."""

    def __init__(self, dim: int, width: int, depth: int) -> None:
        super().__init__()
        sizes = [dim] + [width] * depth
        layers: list[nn.Module] = []
        for a, b in itertools.pairwise(sizes):
            layers += [nn.Linear(a, b), nn.ReLU()]
        self.layers = nn.Sequential(*layers, nn.Linear(width, dim))

    def forward(self, points: Tensor) -> Tensor:
        """Return H [n, D] at points [n, D]."""
        images: Tensor = self.layers(points)
        return images


class UNet(nn.Module):
    """H: R^D -> R^D on images of any size, by strided convolutions with ReLU and skip connections.

    The image is halved `depth` times and doubled again, without normalization. The first halving has `width`
    feature maps, each further one twice as many. On the way up each image gets the size that it had on the
    way down.

    Raises
    ------
    BadExperiment
        The image cannot be halved `depth` times; the error names solver.mover_depth.

    References
    ----------
    Ronneberger, Fischer & Brox, arXiv 1505.04597. Strides as in Isola et al., arXiv 1611.07004.
    """

    def __init__(self, shape: Shape, width: int, depth: int) -> None:
        super().__init__()
        channels, side, _ = shape
        check_halvings(side, depth, "solver.mover_depth")
        self._shape = shape
        downs, ups = [], []
        above = channels
        for k in range(depth):
            here, deepest = width << k, k == depth - 1
            downs.append(nn.Conv2d(above, here, 4, stride=2, padding=1))
            ups.append(nn.ConvTranspose2d(here if deepest else 2 * here, width << max(k - 1, 0), 4, 2, 1))
            above = here
        self.down = nn.ModuleList(downs)
        self.up = nn.ModuleList(reversed(ups))
        self.last = nn.Conv2d(width + channels, channels, 3, padding=1)

    def forward(self, points: Tensor) -> Tensor:
        """Return H [n, D] at points [n, D]."""
        units, skips = points.unflatten(1, self._shape), []
        for down in self.down:
            skips.append(units)
            units = down(units).relu()
        for up in self.up:
            skip = skips.pop()
            units = cat((up(units, output_size=skip.shape[-2:]).relu(), skip), dim=1)
        images: Tensor = self.last(units).flatten(1)
        return images
