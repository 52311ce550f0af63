"""Images as points: the digits that are shipped, IDX files, CIFAR-10's files, folders of pictures."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wganstudio import resources
from wganstudio.experiment.pairs import MAX_DIM
from wganstudio.pairs.data.pictures import MAX_SIDE, PICTURES, Pixels, read_pictures
from wganstudio.pairs.data.resampling import resample
from wganstudio.pairs.data.untrusted_files import (
    GZIP,
    MAX_VALUES,
    bad,
    folder,
    inflated,
    is_folder,
    opened,
    read_up_to,
    refuse_bomb,
)

DIGITS = "digits"
DIGITS_TOP = 16
"""The digits' values are 0 to 16, all others' 0 to 255."""
IDX = b"\0\0\x08\x03"
BATCH = ".bin"
_CIFAR_SHAPE = (3, 32, 32)
_CIFAR_RECORD = 3073
_CIFAR_CLASSES = 10
_CHUNK = 1 << 22  # values resampled at once


class Images(NamedTuple):
    """n images of one shape."""

    pixels: NDArray[np.float32]
    """[n, D] in [-1, 1], D = channels * height * width: channel by channel, row by row."""
    shape: tuple[int, int, int]
    """Channels, height, width."""
    source: str
    """What they are, in words."""
    total: int
    """How many there are in all."""


class Raw(NamedTuple):
    """Images as they are stored, the first of `total`."""

    pixels: Pixels
    """[n, c, h, w]."""
    total: int


def read_images(source: str, size: int | None = None, most: int | None = None) -> Images:
    """Images from "digits" (1,797 of 8 x 8, shipped), or from a path.

    A path leads to an IDX file as MNIST's (unsigned bytes, plain or gzipped), to one of CIFAR-10's binary
    files or a folder of them (but for those named test...), or to a folder of pictures. `size` resamples
    their middle square to size x size: by areas where that is smaller, bilinearly where it is larger. No
    more than the first `most` are read.

    Raises BadExperiment, with one sentence, for whatever is none of these, is damaged, holds fewer than two
    images, or more than MAX_DIM values an image and MAX_VALUES in all; memory follows what the files hold.
    """
    if source == DIGITS:
        path, top = resources.path("data", "digits.idx.gz"), DIGITS_TOP
        (raw, total), words = read_idx(path, most), "handwritten digits (UCI)"
    else:
        path, top = Path(source).expanduser(), 255
        (raw, total), words = _read_path(path, size, most), f"images of {path.name}"
    count, channels, height, width = raw.shape
    height, width = (height, width) if size is None else (size, size)
    if count < 2:
        bad(f"{path} holds {count} image; a law needs at least 2")
    if channels * height * width > MAX_DIM:
        side = int((MAX_DIM / channels) ** 0.5)
        bad(
            f"{path} gives {channels * height * width:,} values an image, more than {MAX_DIM:,}; "
            f"choose an image size of at most {side}",
            "pair.image_size",
        )
    if count * channels * height * width > MAX_VALUES:
        bad(
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
    return Images(pixels, (channels, height, width), f"{total:,} {words}", total)


def read_idx(path: Path, most: int | None = None) -> Raw:
    """Images [n, 1, h, w] of an IDX file of unsigned bytes with three axes, plain or gzipped."""
    with opened(path) as file, inflated(path, file) as unpacked:
        head = read_up_to(unpacked, 16)
        if head[:2] != IDX[:2] or len(head) < 8:
            bad(f"{path} is no IDX file of images; choose one such as train-images-idx3-ubyte.gz")
        if head[2] != IDX[2]:
            bad(f"{path} is an IDX file of other numbers than unsigned bytes, which images are made of")
        if head[3] != IDX[3]:
            bad(f"{path} is an IDX file of {head[3]} axes, perhaps of labels; images have three")
        count, height, width = (int.from_bytes(head[k : k + 4], "big") for k in (4, 8, 12))
        if len(head) < 16 or not (1 <= height <= MAX_SIDE and 1 <= width <= MAX_SIDE):
            bad(f"{path} announces images of {height} x {width} pixels; a side may have 1 to {MAX_SIDE}")
        announced = count * height * width
        if announced > MAX_VALUES:
            bad(f"{path} announces {announced:,} pixels, more than {MAX_VALUES:,}; choose a smaller file")
        if unpacked is not file:
            refuse_bomb(path, path.stat().st_size, announced)
        wanted = announced if most is None else min(most, count) * height * width
        pixels = read_up_to(unpacked, wanted)
        whole = len(pixels) == wanted and (wanted < announced or not unpacked.read(1))
    if not whole:
        held = "more" if len(pixels) == wanted else f"only {len(pixels) // (height * width):,}"
        bad(f"{path} holds {held} than the {count:,} images that it announces; fetch it again")
    return Raw(np.frombuffer(pixels, dtype=np.uint8).reshape(-1, 1, height, width), count)


def read_cifar(path: Path, most: int | None = None) -> Raw:
    """Images [n, 3, 32, 32] of one of CIFAR-10's binary files; their labels are left out."""
    with opened(path) as file:
        size = file.seek(0, 2)
        file.seek(0)
        count = size // _CIFAR_RECORD
        if not size or size % _CIFAR_RECORD:
            bad(f"{path} is no whole CIFAR-10 file: its {size:,} bytes are no multiple of {_CIFAR_RECORD}")
        if size > MAX_VALUES:
            bad(f"{path} is larger than CIFAR-10 in all; choose a smaller file")
        raw = read_up_to(file, (count if most is None else min(most, count)) * _CIFAR_RECORD)
    records = np.frombuffer(raw, dtype=np.uint8).reshape(-1, _CIFAR_RECORD)
    if records[:, 0].max() >= _CIFAR_CLASSES:
        bad(f"{path} is no CIFAR-10 file: a label in it is {records[:, 0].max()}, and they are 0 to 9")
    return Raw(records[:, 1:].reshape(-1, *_CIFAR_SHAPE), count)


def _read_path(path: Path, size: int | None, most: int | None) -> Raw:
    if is_folder(path):
        return _read_folder(path, size, most)
    if path.suffix.lower() == BATCH:  # before the others: it may begin with any two bytes
        return read_cifar(path, most)
    with opened(path) as file:
        head = file.read(2)
    if head in (GZIP, IDX[:2]):
        return read_idx(path, most)
    if path.suffix.lower() in PICTURES:
        bad(f"{path} is one picture; choose the folder that holds all of them")
    bad(f"{path} holds no images: choose an IDX file, CIFAR-10's {BATCH} files, or a folder of pictures")


def _read_folder(path: Path, size: int | None, most: int | None) -> Raw:
    batches = [file for file in folder(path, (BATCH,)) if not file.name.startswith("test")]
    if not batches:
        pictures = folder(path, PICTURES)
        if not pictures:
            bad(f"{path} holds no pictures ({', '.join(PICTURES)}) itself; choose the folder that does")
        return Raw(read_pictures(pictures[:most], size), len(pictures))
    parts = list[Pixels]()
    total = 0
    for file in batches:
        part = read_cifar(file, most)
        parts.append(part.pixels)
        total += part.total
        if total * _CIFAR_RECORD > MAX_VALUES:
            bad(f"{path} holds more than {MAX_VALUES:,} values; choose one file of it")
    return Raw(np.concatenate(parts)[:most], total)
