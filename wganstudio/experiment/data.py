"""Options of the pair whose P is data."""

from typing import ClassVar, Literal, Self

from pydantic import model_validator

from wganstudio.experiment.options import PairOptions, option
from wganstudio.experiment.registry import register

MAX_ROWS = 1 << 24
Sets = Literal["digits", "eight-gaussians", "gaussian-grid", "moons", "rings", "checkerboard", "spirals"]
Partner = Literal["gaussian", "standard", "box", "held-out"]


@register
class DataPairOptions(PairOptions):
    """P is a data set: the uniform distribution over its training rows. Q is fitted to it, or data too."""

    title: ClassVar[str] = "Data"
    summary: ClassVar[str] = (
        "Your samples or images, or shipped ones, against a simple distribution, other data or held-out rows."
    )
    implementation: ClassVar[str] = "wganstudio.pairs.data.pair:DataPair"

    kind: Literal["data"] = "data"
    p: Sets = option(
        "digits",
        "Dataset of P",
        "Shipped data: 1,797 handwritten digits of 8 x 8 pixels, or samples of a 2-D toy distribution.",
    )
    p_file: str | None = option(
        None,
        "File of P",
        "A table (.csv, .npy, .npz, .parquet), or images: IDX as MNIST's, CIFAR-10's .bin, or a folder of "
        "either .bin files or pictures.",
        auto="none: the dataset above",
        min_length=1,
        max_length=4096,
    )
    q: Partner = option(
        "gaussian",
        "Distribution Q",
        "gaussian: normal with the mean and covariance of P; standard: N(0, I); box: uniform on the smallest "
        "box that holds P; held-out: the rows of P that are held out.",
    )
    q_file: str | None = option(
        None,
        "File of Q",
        "Other data, read as those of P are.",
        auto="none: the distribution above",
        min_length=1,
        max_length=4096,
    )
    columns: str | None = option(
        None,
        "Columns",
        "Names, or numbers from 1, with commas between them: width, 3, 5-8.",
        auto="all columns of numbers",
        max_length=100_000,
    )
    array: str | None = option(
        None, "Array", "Name of the array in an .npz file.", auto="the only one", max_length=1000
    )
    image_size: int | None = option(
        None,
        "Image size",
        "Pixels per side; the middle square of each image is resampled to it.",
        ge=1,
        le=64,
        auto="as they are",
        unit="pixels",
        formerly="size",
    )
    pixels: Literal["-1 to 1", "0 to 1"] = option(
        "-1 to 1", "Pixels", "Values of black and white pixels.", advanced=True
    )
    rows: int | None = option(
        None,
        "Rows",
        "Maximum number of rows, drawn at random.",
        ge=2,
        le=MAX_ROWS,
        auto="2,048 of a 2-D toy distribution, otherwise all",
        unit="rows",
    )
    standardize: bool = option(
        False,
        "Standardize",
        "Subtract each column's mean and divide by its standard deviation, both over the training rows of P.",
        formerly="standardise",
    )
    held_out: float = option(
        0.2, "Held-out fraction", "Fraction of the rows excluded from training.", ge=0, le=0.9
    )
    smoothing: float = option(
        0.0,
        "Smoothing",
        "Standard deviation of a normal noise added to every sample of data; 0 adds none.",
        ge=0,
        le=1e6,
    )
    seed: int = option(
        0,
        "Split seed",
        "Chooses the rows and those held out, and draws the points of a 2-D toy distribution.",
        ge=0,
        le=2**31 - 1,
    )
    skip_bad: bool = option(
        False,
        "Skip bad rows",
        "Leave out rows that cannot be read, instead of refusing the file.",
        advanced=True,
    )
    header: Literal["yes", "no"] | None = option(
        None,
        "Header",
        "Whether the first row of a text file names its columns.",
        auto="looked for",
        advanced=True,
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.q == "held-out" and self.q_file is None and self.held_out == 0:
            raise ValueError("held_out must be above 0 where Q is what P holds out")
        return self
