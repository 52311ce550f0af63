"""Folders of pictures, decoded by Pillow: sizes are checked before anything is unpacked."""

import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from wganstudio.pairs.data.resampling import resample
from wganstudio.pairs.data.untrusted_files import MAX_VALUES, fail, open_regular

PixelArray = NDArray[np.uint8]

IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".webp")
MAX_SIDE = 4096
"""Pixels that a side of an image may have."""
_DECODERS = ("PNG", "JPEG", "BMP", "WEBP")  # of Pillow's many, those that are met
_GRAY = ("1", "L", "LA")


def read_image_files(files: Sequence[Path], size: int | None) -> PixelArray:
    """Pictures [n, c, h, w]: c = 1 where all are gray, otherwise 3.

    `size` resamples their middle squares; without, they must be of one size. Transparency is left out.
    BadExperiment names the first picture that will not do.
    """
    found: list[PixelArray] = []
    total = 0
    for file in files:
        found.append(_picture(file, size))
        total += found[-1].size
        if total > MAX_VALUES:
            fail(
                f"{len(files):,} images give more than {MAX_VALUES:,} values; choose a smaller image size",
                "pair.image_size",
            )
        (height, width), (first_height, first_width) = found[-1].shape[1:], found[0].shape[1:]
        if (height, width) != (first_height, first_width):
            fail(
                f"{file} has {width} x {height} pixels but {files[0].name} {first_width} x {first_height}; "
                "give an image size to resample all of them",
                "pair.image_size",
            )
    channels = max(len(picture) for picture in found)
    pixels = np.empty((len(found), channels, *found[0].shape[1:]), dtype=np.uint8)
    for k, picture in enumerate(found):
        pixels[k] = picture
    return pixels


def _picture(path: Path, size: int | None) -> PixelArray:
    """One picture [c, h, w]; rounded to whole numbers again where it is resampled."""
    with open_regular(path) as file:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # whatever it says of a stranger's picture
                with Image.open(file, formats=_DECODERS) as picture:
                    shape = picture.size
                    if max(shape) <= MAX_SIDE:
                        decoded = _decoded(picture)
        except Exception:  # whatever a broken picture makes its decoder raise
            fail(f"{path} is not an image that can be decoded; remove it from the folder")
    if max(shape) > MAX_SIDE:
        fail(f"{path} has {shape[0]} x {shape[1]} pixels; a side may have 1 to {MAX_SIDE}")
    if size is None:
        return np.ascontiguousarray(decoded)
    resampled = resample(decoded[None].astype(np.float32), size)[0]
    return np.rint(resampled).clip(0, 255).astype(np.uint8)


def _decoded(picture: Image.Image) -> PixelArray:
    if picture.mode == "I;16":
        return (np.asarray(picture) >> 8).astype(np.uint8)[None]
    if picture.mode in _GRAY:
        return np.asarray(picture.convert("L"))[None]
    return np.asarray(picture.convert("RGB")).transpose(2, 0, 1)
