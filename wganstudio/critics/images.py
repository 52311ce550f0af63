"""The image that a point of R^D is: channel by channel, row by row."""

import math

from wganstudio.experiment import BadExperiment, Problem

Shape = tuple[int, int, int]
"""Channels, rows and columns."""


def image_shape(dim: int, channels: int | None, field: str) -> Shape:
    """The shape of the square image with D values in so many channels; None: in one or three.

    No D fits both. BadExperiment naming `field` where there is no such image, or it has but one pixel.
    """
    for count in (1, 3) if channels is None else (channels,):
        side = math.isqrt(dim // count)
        if count * side * side == dim and side > 1:
            return count, side, side
    known = "1 or 3 channels" if channels is None else f"{channels} channel{'s' * (channels > 1)}"
    message = f"{dim} coordinates are no square image of {known}"
    raise BadExperiment(Problem(field, f"{message}; choose images, or networks that are made for any points"))


def halvings(side: int, depth: int, field: str) -> None:
    """BadExperiment naming `field` where an image so many pixels wide cannot be halved `depth` times."""
    most = side.bit_length() - 1
    if depth > most:
        message = f"an image {side} pixels wide cannot be halved {depth} times; give at most {most}"
        raise BadExperiment(Problem(field, message))
