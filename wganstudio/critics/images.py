"""Images as points of R^D: channel by channel, row by row."""

import math

from wganstudio.experiment import BadExperiment, Problem

Shape = tuple[int, int, int]
"""Channels, rows and columns."""


def image_shape(dim: int, channels: int | None, field: str) -> Shape:
    """Return the shape of the square image with D values.

    Parameters
    ----------
    dim : int
        D.
    channels : int or None
        Number of channels; None for one or three. No D fits both.
    field : str
        Name of the option that the error refers to.

    Raises
    ------
    BadExperiment
        No such image exists, or it has only one pixel.
    """
    for count in (1, 3) if channels is None else (channels,):
        side = math.isqrt(dim // count)
        if count * side * side == dim and side > 1:
            return count, side, side
    wanted = "1 or 3 channels" if channels is None else f"{channels} channel{'s' * (channels > 1)}"
    message = (
        f"this network needs square images with {wanted}; the data have dimension {dim}. "
        "Choose an image dataset or a network for points, such as the MLP"
    )
    raise BadExperiment(Problem(field, message))


def check_halvings(side: int, depth: int, field: str) -> None:
    """Raise BadExperiment naming `field` where an image of this width cannot be halved `depth` times."""
    most = side.bit_length() - 1
    if depth > most:
        message = f"an image {side} pixels wide cannot be halved {depth} times; give at most {most}"
        raise BadExperiment(Problem(field, message))
