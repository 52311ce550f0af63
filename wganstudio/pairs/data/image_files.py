"""Folders of image files, decoded by Pillow: sizes are checked before anything is decoded."""

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
"""Pixels of a side of an image, at most."""
_DECODERS = ("PNG", "JPEG", "BMP", "WEBP")  # the common ones of Pillow
_GRAY = ("1", "L", "LA")


def read_image_files(files: Sequence[Path], size: int | None) -> PixelArray:
    """Return images [n, c, h, w]: c = 1 if all are gray, otherwise 3.

    `size` resamples their central squares; without it they must have equal sizes. Transparency is ignored.
    Raises BadExperiment with the name of the first image that cannot be used.
    """
    images: list[PixelArray] = []
    total = 0
    for file in files:
        images.append(_read_image(file, size))
        total += images[-1].size
        if total > MAX_VALUES:
            fail(
                f"{len(files):,} images give more than {MAX_VALUES:,} values; choose a smaller image size",
                "pair.image_size",
            )
        (height, width), (first_height, first_width) = images[-1].shape[1:], images[0].shape[1:]
        if (height, width) != (first_height, first_width):
            fail(
                f"{file} has {width} x {height} pixels but {files[0].name} {first_width} x {first_height}; "
                "give an image size to resample all of them",
                "pair.image_size",
            )
    channels = max(len(image) for image in images)
    pixels = np.empty((len(images), channels, *images[0].shape[1:]), dtype=np.uint8)
    for k, image in enumerate(images):
        pixels[k] = image
    return pixels


def _read_image(path: Path, size: int | None) -> PixelArray:
    """Return one image [c, h, w], rounded to whole numbers if it is resampled."""
    with open_regular(path) as file:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # Pillow may warn of anything in an untrusted image
                with Image.open(file, formats=_DECODERS) as image:
                    shape = image.size
                    if max(shape) <= MAX_SIDE:
                        decoded = _decode(image)
        except Exception:  # the decoder may raise anything on a broken image
            fail(f"{path} is not an image that can be decoded; remove it from the folder")
    if max(shape) > MAX_SIDE:
        fail(f"{path} has {shape[0]} x {shape[1]} pixels; a side may have 1 to {MAX_SIDE}")
    if size is None:
        return np.ascontiguousarray(decoded)
    resampled = resample(decoded[None].astype(np.float32), size)[0]
    return np.rint(resampled).clip(0, 255).astype(np.uint8)


def _decode(image: Image.Image) -> PixelArray:
    if image.mode == "I;16":
        return (np.asarray(image) >> 8).astype(np.uint8)[None]
    if image.mode in _GRAY:
        return np.asarray(image.convert("L"))[None]
    return np.asarray(image.convert("RGB")).transpose(2, 0, 1)
