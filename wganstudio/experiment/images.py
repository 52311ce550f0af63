"""Options of the pairs made of images."""

from typing import ClassVar, Literal

from wganstudio.experiment.options import PairOptions, option
from wganstudio.experiment.pairs import BENCHMARK
from wganstudio.experiment.registry import register
from wganstudio.experiment.sizes import PairSize


@register
class RayMonotoneImagesOptions(PairOptions):
    """A pair of images with known transport: images moved along the rays of a MinFunnel give P."""

    title: ClassVar[str] = "Ray-monotone images (known transport)"
    summary: ClassVar[str] = (
        "Images and what a known optimal map makes of them: W1 and its gradient are exact on all pixels."
    )
    source: ClassVar[str] = BENCHMARK
    implementation: ClassVar[str] = "wganstudio.pairs.benchmark_images:BenchmarkImagesPair"

    known_solution: ClassVar[bool] = True

    kind: Literal["ray-monotone-images"] = "ray-monotone-images"
    file: str | None = option(
        None,
        "File of images",
        "IDX as MNIST's, CIFAR-10's .bin, or a folder of either .bin files or pictures.",
        auto="none: the 1,797 digits that are shipped",
        min_length=1,
        max_length=4096,
    )
    image_size: int | None = option(
        None,
        "Image size",
        "Pixels per side; the middle square of each image is resampled to it.",
        ge=2,
        le=64,
        auto="16 for the digits, otherwise the file's",
        unit="pixels",
        formerly="size",
    )
    funnels: int = option(
        1,
        "Funnels N",
        "Number of cones whose minimum is the true potential.",
        symbol="N",
        ge=1,
        le=4096,
        source=BENCHMARK,
    )
    power: float = option(
        10.0,
        "Power p",
        "How strongly mass is pulled to the lower end of its ray; published: 10 with 1 funnel, 100 with 16.",
        symbol="p",
        ge=1,
        le=1000,
        source=BENCHMARK,
    )
    seed: int = option(0, "Funnel seed", "Chooses centers and biases.", ge=0, le=2**31 - 1)

    def size(self) -> PairSize | None:
        """Return the size of the pair; None where a file sets it."""
        return PairSize((self.image_size or 16) ** 2) if self.file is None else None
