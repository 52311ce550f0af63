"""Published pair files (.pt), read as untrusted files: size-capped, tensors only, one-sentence errors."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

from wganstudio.experiment import BadExperiment, Problem
from wganstudio.experiment.files import read_regular, user_path
from wganstudio.experiment.pairs import MAX_DIM

MAX_BYTES = 64 << 20
MAX_PICKLE_BYTES = 1 << 16
MAX_FUNNELS = 4096
_KEYS = ("net.centers", "net.bias")


def read_pair_file(path: str | Path) -> tuple[Tensor, Tensor]:
    """Return centers [N, D] and biases [N], float32, of a published W1 benchmark pair (arXiv 2206.07767).

    Nothing but tensors is unpickled, and no more memory is allocated than the size of the file, 64 MiB at
    most.

    Raises
    ------
    BadExperiment
        On the field pair.file, with one sentence, if it is not such a file.
    """
    try:
        raw = read_regular(user_path(path), MAX_BYTES)
    except BadExperiment as error:
        raise _bad(str(error)) from error
    _check_members(raw, path)
    try:
        content = torch.load(io.BytesIO(raw), map_location="cpu", weights_only=True)
    except Exception as error:  # the reader may raise anything on a hostile file
        raise _bad(f"{path} contains something other than tensors; choose a published pair file") from error
    if not isinstance(content, Mapping) or set(content) != set(_KEYS):
        raise _bad(
            f"{path} is not a published pair: it must contain {_KEYS[0]} and {_KEYS[1]} and nothing else"
        )
    centers, biases = (content[key] for key in _KEYS)
    for key, tensor, rank in zip(_KEYS, (centers, biases), (2, 1), strict=True):
        if not isinstance(tensor, Tensor) or tensor.layout != torch.strided or not tensor.is_floating_point():
            raise _bad(
                f"{path} is not a published pair: {key} must be a dense array of floating-point numbers"
            )
        if tensor.ndim != rank or tensor.is_quantized:
            raise _bad(f"{path} is not a published pair: {key} must have {rank} axes, not {tensor.ndim}")
    count, dim = centers.shape
    if not (1 <= count <= MAX_FUNNELS and 1 <= dim <= MAX_DIM):
        raise _bad(
            f"{path} has {count} funnels in {dim} dimensions; at most {MAX_FUNNELS} and {MAX_DIM} are allowed"
        )
    if len(biases) != count:
        raise _bad(f"{path} has {count} centers but {len(biases)} biases; their numbers must agree")
    centers, biases = (tensor.detach().to(torch.float32).contiguous().clone() for tensor in (centers, biases))
    if not (torch.isfinite(centers).all() and torch.isfinite(biases).all()):
        raise _bad(f"{path} contains numbers that are not finite; centers and biases must be finite")
    return centers, biases


def _check_members(raw: bytes, path: str | Path) -> None:
    """Refuse archives that could expand: members must be stored uncompressed and not exceed the file."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise _bad(f"{path} is not a .pt file of PyTorch; choose a published pair file") from error
    if len(members) > 64:
        raise _bad(f"{path} has {len(members)} parts and is not a published pair; choose another file")
    packed = any(m.compress_type != zipfile.ZIP_STORED or m.file_size != m.compress_size for m in members)
    if packed or sum(m.file_size for m in members) > len(raw):
        raise _bad(f"{path} is compressed and was refused; PyTorch saves pair files uncompressed")
    if any(m.filename.endswith(".pkl") and m.file_size > MAX_PICKLE_BYTES for m in members):
        raise _bad(f"{path} contains far more than two tensors and was refused; choose a published pair file")


def _bad(message: str) -> BadExperiment:
    return BadExperiment(Problem("pair.file", message))
