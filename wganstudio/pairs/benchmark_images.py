"""The Wasserstein-1 benchmark's pairs on images: images moved along the rays of a MinFunnel."""

import torch

from wganstudio.experiment import BadExperiment, Problem
from wganstudio.experiment.images import RayMonotoneImagesOptions
from wganstudio.pairs.data.empirical import EmpiricalDistribution
from wganstudio.pairs.data.images import DIGITS, read_images
from wganstudio.pairs.data.untrusted_files import attribute_to
from wganstudio.pairs.ray_monotone import FunnelPair, MinFunnel, cube, draw_funnels

HALF_WIDTH = 1.2
"""Pixels lie in [-1, 1], and the rays end on the faces of [-HALF_WIDTH, HALF_WIDTH]^D."""
DIGITS_SIZE = 16


class BenchmarkImagesPair(FunnelPair):
    """P = T#Q, Q uniform on the images of a file (arXiv 2206.07767; there a generator's images).

    The box where rays end has half-width 1.2, the centers are drawn from U[-1, 1]^D.
    """

    def __init__(self, options: RayMonotoneImagesOptions, *, device: torch.device | str = "cpu") -> None:
        size = DIGITS_SIZE if options.image_size is None and options.file is None else options.image_size
        with attribute_to("pair.file"):
            images = read_images(DIGITS if options.file is None else options.file, size)
        _, height, width = images.shape
        if height != width:
            message = (
                f"these images have {height} x {width} pixels; "
                "give an image size to use their central squares"
            )
            raise BadExperiment(Problem("pair.image_size", message))
        self.options = options.model_copy(update={"image_size": height})
        base = EmpiricalDistribution(images.pixels)
        centers, biases = draw_funnels(cube(base.dim, 1.0), options.funnels, options.seed)
        funnel = MinFunnel(centers.to(device), biases.to(device))
        self.set_distributions(base, funnel, options.power, HALF_WIDTH)
