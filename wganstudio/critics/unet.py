"""The mover for images."""

from torch import Tensor, cat, nn

from wganstudio.critics.images import Shape, halvings


class UNet(nn.Module):
    """H: R^D -> R^D on images: convolutions that halve the image `depth` times and others that double it
    again, with ReLU; each of those sees also what the image was at its size on the way down
    (Ronneberger, Fischer & Brox, arXiv 1505.04597; strided as in arXiv 1611.07004, without normalization).

    `width` feature maps at the first halving, twice as many at each further one. Any size will do: on the
    way up each image grows to the very size it had. BadExperiment naming solver.mover_depth where it cannot
    be halved so often.
    """

    def __init__(self, shape: Shape, width: int, depth: int) -> None:
        super().__init__()
        channels, side, _ = shape
        halvings(side, depth, "solver.mover_depth")
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
        """H at points [n, D], as [n, D]."""
        units, passed = points.unflatten(1, self._shape), []
        for down in self.down:
            passed.append(units)
            units = down(units).relu()
        for up in self.up:
            before = passed.pop()
            units = cat((up(units, output_size=before.shape[-2:]).relu(), before), dim=1)
        moved: Tensor = self.last(units).flatten(1)
        return moved
