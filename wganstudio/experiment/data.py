"""Options of the pair whose P is data."""

from typing import Any, ClassVar, Literal, Self

from pydantic import field_validator, model_validator

from wganstudio.experiment.options import PairOptions, option
from wganstudio.experiment.registry import register
from wganstudio.experiment.sizes import PairSize

MAX_ROWS = 1 << 24
Sets = Literal["digits", "eight-gaussians", "gaussian-grid", "moons", "rings", "checkerboard", "spirals"]
Partner = Literal["gaussian", "standard", "box", "held-out"]
Encoding = Literal[
    "utf-8",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "cp1252",
    "latin-1",
    "cp1250",
    "cp1251",
    "mac-roman",
    "shift-jis",
    "gb18030",
]
Delimiter = Literal["comma", "semicolon", "tab", "bar", "blank", "none"]
Decimal = Literal["point", "comma"]
Thousands = Literal["none", "comma", "point", "blank", "apostrophe"]
YesNo = Literal["yes", "no"]
SHIPPED_ROWS = {"digits": 1797}
"""Rows of the shipped data; there are 2,048 of every other set unless more are wanted."""
CHARACTERS = {
    ",": "comma",
    ";": "semicolon",
    "\t": "tab",
    "|": "bar",
    " ": "blank",
    ".": "point",
    "'": "apostrophe",
}
"""The names of delimiters, decimal marks and thousands separators in the options."""
_GUESSED = "guessed for each file"


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
    split_column: str | None = option(
        None,
        "Split by column",
        "Column of the file of P whose values divide its rows into P and Q, such as species. If Q has a file "
        "of its own, the column selects rows in both files.",
        auto="none: all rows",
        max_length=1000,
    )
    p_values: str | None = option(
        None,
        "Values of P",
        "Values of that column whose rows belong to P, with commas between them: setosa, 3.",
        auto="all values that are not those of Q",
        max_length=100_000,
    )
    q_values: str | None = option(
        None,
        "Values of Q",
        "Values of that column whose rows belong to Q.",
        auto="all values that are not those of P",
        max_length=100_000,
    )
    encoding: Encoding | None = option(
        None, "Encoding", "Character encoding of text files.", auto=_GUESSED, advanced=True
    )
    delimiter: Delimiter | None = option(
        None,
        "Delimiter",
        "Character between the fields of a text file; none for a file of one column.",
        auto=_GUESSED,
        advanced=True,
    )
    decimal: Decimal | None = option(
        None, "Decimal mark", "Decimal mark of all columns of a text file.", auto=_GUESSED, advanced=True
    )
    thousands: Thousands | None = option(
        None,
        "Thousands separator",
        "Character between groups of three digits in a text file.",
        auto="guessed for each column",
        advanced=True,
    )
    skip_rows: int | None = option(
        None,
        "Skipped lines",
        "Number of lines above the table in a text file, such as titles.",
        auto=_GUESSED,
        unit="lines",
        ge=0,
        le=10_000,
        advanced=True,
    )
    header: YesNo | None = option(
        None,
        "Header",
        "Whether the first row of a text file names its columns.",
        auto=_GUESSED,
        advanced=True,
    )
    units_row: YesNo | None = option(
        None,
        "Units row",
        "Whether the row below the names contains the units of the columns.",
        auto=_GUESSED,
        advanced=True,
    )
    comment: str | None = option(
        None,
        "Comment mark",
        "Characters at the beginning of lines that are comments.",
        auto=_GUESSED,
        min_length=1,
        max_length=4,
        advanced=True,
    )

    @field_validator("delimiter", "decimal", "thousands", mode="before")
    @classmethod
    def _character(cls, value: Any) -> Any:
        """Accept the character itself in place of its name."""
        return CHARACTERS.get(value, value) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.q == "held-out" and not self.has_q_rows and self.held_out == 0:
            raise ValueError("held_out must be above 0 where Q is what P holds out")
        if self.split_column is None and (self.p_values or self.q_values):
            field = "p_values" if self.p_values else "q_values"
            raise ValueError(f"{field} needs split_column, the column that contains these values")
        if self.split_column is not None and not (self.p_values or self.q_values):
            raise ValueError("p_values must list the values of split_column whose rows belong to P")
        if self.split_column is not None and self.p_file is None:
            raise ValueError("split_column needs p_file, a table with that column")
        if self.decimal is not None and self.decimal == self.thousands:
            raise ValueError("thousands and decimal must be different characters")
        return self

    @property
    def has_q_rows(self) -> bool:
        """True if Q consists of rows of a file, not of a distribution fitted to P."""
        return self.q_file is not None or self.split_column is not None

    def size(self) -> PairSize | None:
        """Return the size of the pair; None where a file sets it."""
        if self.p_file is not None:
            return None
        dim = (self.image_size or 8) ** 2 if self.p == "digits" else 2
        return PairSize(dim, min(self.rows or MAX_ROWS, SHIPPED_ROWS.get(self.p, self.rows or 2048)))
