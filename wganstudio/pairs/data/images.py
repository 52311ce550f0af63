"""Images as points: the digits included, IDX files, CIFAR-10 files, folders of image files."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wganstudio import resources
from wganstudio.experiment.files import user_path
from wganstudio.experiment.pairs import MAX_DIM
from wganstudio.pairs.data.image_files import (
    IMAGE_SUFFIXES,
    MAX_SIDE,
    ImageFiles,
    PixelArray,
    read_image_files,
)
from wganstudio.pairs.data.resampling import resample
from wganstudio.pairs.data.untrusted_files import (
    GZIP,
    MAX_VALUES,
    check_ratio,
    decompress,
    fail,
    is_folder,
    list_folder,
    open_regular,
    read_up_to,
)

DIGITS = "digits"
DIGITS_TOP = 16
"""The values of the digits are 0 to 16, all others 0 to 255."""
IDX = b"\0\0\x08\x03"
BATCH = ".bin"
_CIFAR_SHAPE = (3, 32, 32)
_CIFAR_RECORD = 3073
_CIFAR_CLASSES = 10
_CHUNK = 1 << 22  # values resampled at once


class ImageSet(NamedTuple):
    """n images of one shape."""

    pixels: NDArray[np.float32]
    """[n, D] in [-1, 1], D = channels * height * width: channel by channel, row by row."""
    shape: tuple[int, int, int]
    """Channels, height, width."""
    source: str
    """Description of the images."""
    total: int
    """Number of images in the source, as far as they were read."""
    notes: tuple[str, ...] = ()
    """Conversions of images of the source, and images that were skipped."""


class RawImages(NamedTuple):
    """Images as stored: the first ones of `total`."""

    pixels: PixelArray
    """[n, c, h, w]."""
    total: int
    notes: tuple[str, ...] = ()


def read_images(source: str, size: int | None = None, most: int | None = None) -> ImageSet:
    """Return images from "digits" (1,797 of 8 x 8, included) or from a path.

    Parameters
    ----------
    source : str
        "digits", or the path of an IDX file such as MNIST (unsigned bytes, plain or gzipped), of a binary
        file of CIFAR-10 or a folder of them (without those named test...), or of a folder of image files.
    size : int, optional
        The central squares are resampled to size x size: by areas if smaller, bilinearly if larger.
    most : int, optional
        Only the first images are read.

    Raises
    ------
    BadExperiment
        If the source is none of these, is damaged, or contains fewer than two images, more than MAX_DIM
        values per image or more than MAX_VALUES in all. Memory is allocated only for the data that are there.
    """
    if source == DIGITS:
        path, top = resources.path("data", "digits.idx.gz"), DIGITS_TOP
        (raw, total, notes), content = read_idx(path, most), "handwritten digits (UCI)"
    else:
        path, top = user_path(source), 255
        (raw, total, notes), content = _read_path(path, size, most), f"images of {path.name}"
    count, channels, height, width = raw.shape
    height, width = (height, width) if size is None else (size, size)
    if count < 2:
        more = f" ({'; '.join(notes)})" if notes else ""
        fail(f"{path} contains {count} image{more}; a distribution needs at least 2")
    if channels * height * width > MAX_DIM:
        side = int((MAX_DIM / channels) ** 0.5)
        fail(
            f"{path} gives {channels * height * width:,} values per image, more than {MAX_DIM:,}; "
            f"choose an image size of at most {side}",
            "pair.image_size",
        )
    if count * channels * height * width > MAX_VALUES:
        fail(
            f"{path} gives more than {MAX_VALUES:,} values; choose a smaller image size or fewer images",
            "pair.image_size",
        )
    pixels = np.empty((count, channels * height * width), dtype=np.float32)
    step = max(1, _CHUNK // (channels * raw.shape[2] * raw.shape[3]))
    for start in range(0, count, step):
        part = resample(raw[start : start + step].astype(np.float32), size)
        pixels[start : start + step] = part.reshape(len(part), -1)
    pixels *= 2 / top
    pixels -= 1
    np.clip(pixels, -1, 1, out=pixels)  # resampling rounds
    description = ", ".join((f"{total:,} {content}", *notes))
    return ImageSet(pixels, (channels, height, width), description, total, notes)


def read_idx(path: Path, most: int | None = None) -> RawImages:
    """Return the images [n, 1, h, w] of an IDX file of unsigned bytes with three axes, plain or gzipped."""
    with open_regular(path) as file, decompress(path, file) as unpacked:
        head = read_up_to(unpacked, 16)
        if head[:2] != IDX[:2] or len(head) < 8:
            fail(f"{path} is not an IDX file of images; choose one such as train-images-idx3-ubyte.gz")
        if head[2] != IDX[2]:
            fail(f"{path} is an IDX file whose values are not unsigned bytes, so it does not contain images")
        if head[3] != IDX[3]:
            fail(f"{path} is an IDX file with {head[3]} axes, perhaps of labels; images have three")
        count, height, width = (int.from_bytes(head[k : k + 4], "big") for k in (4, 8, 12))
        if len(head) < 16 or not (1 <= height <= MAX_SIDE and 1 <= width <= MAX_SIDE):
            fail(f"{path} declares images of {height} x {width} pixels; a side may have 1 to {MAX_SIDE}")
        declared = count * height * width
        if declared > MAX_VALUES:
            fail(f"{path} declares {declared:,} pixels, more than {MAX_VALUES:,}; choose a smaller file")
        if unpacked is not file:
            check_ratio(path, path.stat().st_size, declared)
        wanted = declared if most is None else min(most, count) * height * width
        pixels = read_up_to(unpacked, wanted)
        complete = len(pixels) == wanted and (wanted < declared or not unpacked.read(1))
    if not complete:
        actual = "more data" if len(pixels) == wanted else f"only {len(pixels) // (height * width):,}"
        fail(f"{path} declares {count:,} images but contains {actual}; download it again")
    return RawImages(np.frombuffer(pixels, dtype=np.uint8).reshape(-1, 1, height, width), count)


def read_cifar(path: Path, most: int | None = None) -> RawImages:
    """Return the images [n, 3, 32, 32] of a binary file of CIFAR-10, without labels."""
    with open_regular(path) as file:
        size = file.seek(0, 2)
        file.seek(0)
        count = size // _CIFAR_RECORD
        if not size or size % _CIFAR_RECORD:
            fail(
                f"{path} is not a complete CIFAR-10 file: "
                f"its {size:,} bytes are not a multiple of {_CIFAR_RECORD}"
            )
        if size > MAX_VALUES:
            fail(f"{path} is larger than all of CIFAR-10; choose a smaller file")
        raw = read_up_to(file, (count if most is None else min(most, count)) * _CIFAR_RECORD)
    records = np.frombuffer(raw, dtype=np.uint8).reshape(-1, _CIFAR_RECORD)
    if records[:, 0].max() >= _CIFAR_CLASSES:
        fail(f"{path} is not a CIFAR-10 file: it has the label {records[:, 0].max()}, but labels are 0 to 9")
    return RawImages(records[:, 1:].reshape(-1, *_CIFAR_SHAPE), count)


def _read_path(path: Path, size: int | None, most: int | None) -> RawImages:
    if is_folder(path):
        return _read_folder(path, size, most)
    if path.suffix.lower() == BATCH:  # first, since such a file may begin with any two bytes
        return read_cifar(path, most)
    with open_regular(path) as file:
        head = file.read(2)
    if head in (GZIP, IDX[:2]):
        return read_idx(path, most)
    if path.suffix.lower() in IMAGE_SUFFIXES:
        fail(f"{path} is a single image; choose the folder that contains all images")
    fail(f"{path} contains no images; choose an IDX file, CIFAR-10's {BATCH} files, or a folder of images")


def _read_folder(path: Path, size: int | None, most: int | None) -> RawImages:
    batches = [file for file in list_folder(path, (BATCH,)) if not file.name.startswith("test")]
    if not batches:
        pictures = list_folder(path, IMAGE_SUFFIXES)
        if not pictures:
            fail(f"{path} contains no images ({', '.join(IMAGE_SUFFIXES)}); choose the folder that does")
        images = read_image_files(pictures, size, most)
        return RawImages(images.pixels, len(pictures) - len(images.skipped), _notes(images))
    parts = list[PixelArray]()
    total = 0
    for file in batches:
        part = read_cifar(file, most)
        parts.append(part.pixels)
        total += part.total
        if total * _CIFAR_RECORD > MAX_VALUES:
            fail(f"{path} contains more than {MAX_VALUES:,} values; choose one of its files")
    return RawImages(np.concatenate(parts)[:most], total)


def _notes(images: ImageFiles) -> tuple[str, ...]:
    """Return what a user should know of a folder of image files."""
    notes = []
    if images.transparent:
        notes.append(f"{images.transparent:,} with transparency blended over white")
    if images.animated:
        notes.append(f"only the first frame of {images.animated:,} with several")
    if images.skipped:
        count = len(images.skipped)
        notes.append(
            f"{count:,} unreadable file{'s' * (count != 1)} skipped (the first: {images.skipped[0]})"
        )
    return tuple(notes)
