"""Folders of image files, decoded by Pillow: sizes are checked before anything is decoded."""

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageOps

from wganstudio.experiment import BadExperiment
from wganstudio.pairs.data.resampling import resample
from wganstudio.pairs.data.untrusted_files import MAX_VALUES, fail, open_regular

PixelArray = NDArray[np.uint8]

IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".webp")
MAX_SIDE = 4096
"""Pixels of a side of an image, at most."""
HEADERS = 200
"""Images after the first ones of which only the header is read."""
_TURNED = 5  # the orientations from here on exchange width and height
_DECODERS = ("PNG", "JPEG", "BMP", "WEBP")  # the common ones of Pillow
_GRAY = ("1", "L", "LA")
_ALPHA = ("LA", "La", "PA", "RGBA", "RGBa")
_WHITE = 255


class ImageFiles(NamedTuple):
    """The images of a folder."""

    pixels: PixelArray
    """[n, c, h, w]."""
    skipped: tuple[str, ...]
    """One sentence for each file that cannot be used."""
    transparent: int
    """Number of images that were blended over white."""
    animated: int
    """Number of images of which only the first frame was read."""


class _DecodedImage(NamedTuple):
    pixels: PixelArray
    transparent: bool
    animated: bool


def read_image_files(files: Sequence[Path], size: int | None, most: int | None = None) -> ImageFiles:
    """Return the first `most` images that can be decoded: c = 1 if all are gray, otherwise 3.

    The EXIF orientation is applied, and transparent pixels are blended over white. Files that cannot be
    decoded are skipped. `size` resamples the central squares; without it the images must have equal sizes.
    Raises BadExperiment if the sizes differ, or if no file can be decoded.
    """
    images: list[tuple[Path, _DecodedImage]] = []
    skipped: list[str] = []
    total = 0
    for k, file in enumerate(files):
        if len(images) == most:
            if size is None:
                _require_size(images[0], files[k : k + HEADERS])
            break
        try:
            picture = _read_image(file, size)
        except BadExperiment as error:
            skipped.append(error.problems[0].message)
            continue
        images.append((file, picture))
        total += picture.pixels.size
        if total > MAX_VALUES:
            fail(
                f"{len(files):,} images give more than {MAX_VALUES:,} values; choose a smaller image size",
                "pair.image_size",
            )
        _require_equal_sizes(images[0], file, picture.pixels.shape[1:])
    if not images:
        few = "the only image file" if len(files) == 1 else f"all {len(files):,} image files"
        fail(f"{few} of {files[0].parent} cannot be used: {skipped[0]}")
    return ImageFiles(
        _stack([picture.pixels for _, picture in images]),
        tuple(skipped),
        sum(picture.transparent for _, picture in images),
        sum(picture.animated for _, picture in images),
    )


def _require_size(first: tuple[Path, _DecodedImage], others: Sequence[Path]) -> None:
    """Refuse images whose headers tell another size than that of the first image."""
    for file in others:
        size = _upright_size(file)
        if size is not None:
            _require_equal_sizes(first, file, size)


def _upright_size(path: Path) -> tuple[int, int] | None:
    """Return height and width that the header of an image tells; None if it cannot be read."""
    try:
        with open_regular(path) as file, Image.open(file, formats=_DECODERS) as image:
            width, height = image.size
            turned = image.getexif().get(ExifTags.Base.Orientation, 1) >= _TURNED
    except Exception:  # as below
        return None
    return (width, height) if turned else (height, width)


def _require_equal_sizes(first: tuple[Path, _DecodedImage], file: Path, size: tuple[int, ...]) -> None:
    height, width = size
    first_height, first_width = first[1].pixels.shape[1:]
    if (height, width) != (first_height, first_width):
        fail(
            f"{file} has {width} x {height} pixels but {first[0].name} {first_width} x {first_height}; "
            "set pair.image_size, such as 32, to resample all of them to one size",
            "pair.image_size",
        )


def _stack(images: list[PixelArray]) -> PixelArray:
    """Return [n, c, h, w]; gray images are repeated in all channels where others are in color."""
    channels = max(len(image) for image in images)
    pixels = np.empty((len(images), channels, *images[0].shape[1:]), dtype=np.uint8)
    for k, image in enumerate(images):
        pixels[k] = image
    return pixels


def _read_image(path: Path, size: int | None) -> _DecodedImage:
    """Return one image [c, h, w], rounded to whole numbers if it is resampled."""
    with open_regular(path) as file:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # Pillow may warn of anything in an untrusted image
                with Image.open(file, formats=_DECODERS) as image:
                    shape = image.size
                    if max(shape) <= MAX_SIDE:
                        picture = _decode(image)
        except Exception:  # the decoder may raise anything on a broken image
            fail(f"{path.name} is not an image that can be decoded")
    if max(shape) > MAX_SIDE:
        fail(f"{path.name} has {shape[0]} x {shape[1]} pixels; a side may have 1 to {MAX_SIDE}")
    if size is None:
        return picture._replace(pixels=np.ascontiguousarray(picture.pixels))
    resampled = resample(picture.pixels[None].astype(np.float32), size)[0]
    return picture._replace(pixels=np.rint(resampled).clip(0, 255).astype(np.uint8))


def _decode(image: Image.Image) -> _DecodedImage:
    """Return the first frame, upright and over white."""
    animated = getattr(image, "n_frames", 1) > 1
    transparency = image.info.get("transparency")
    upright = ImageOps.exif_transpose(image)
    if upright.mode.startswith("I"):  # 16 bits, as no decoder here gives more
        deep = np.asarray(upright)
        pixels = (deep >> 8).astype(np.uint8)[None]
        alpha = np.where(deep == transparency, 0, 255) if isinstance(transparency, int) else None
    elif upright.mode in _ALPHA or transparency is not None:
        mode = "LA" if upright.mode in _GRAY else "RGBA"
        *colors, alpha = np.asarray(upright.convert(mode)).transpose(2, 0, 1)
        pixels = np.stack(colors)
    else:
        gray, alpha = upright.mode in _GRAY, None
        pixels = np.asarray(upright.convert("L"))[None] if gray else _channels(upright)
    if alpha is None or alpha.min() == 255:
        return _DecodedImage(pixels, False, animated)
    return _DecodedImage(_over_white(pixels, alpha), True, animated)


def _channels(image: Image.Image) -> PixelArray:
    return np.asarray(image.convert("RGB")).transpose(2, 0, 1)


def _over_white(pixels: PixelArray, alpha: NDArray[np.generic]) -> PixelArray:
    """Return the colors [c, h, w] blended over white with opacities [h, w] of 0 to 255."""
    opacity = alpha.astype(np.float32) / 255
    return np.rint(_WHITE + opacity * (pixels.astype(np.float32) - _WHITE)).astype(np.uint8)
