"""TorchScript files: their program is checked, and written anew, before torch reads it.

torch.jit.load runs no Python, but the program of a file can do more than compute: aten::save writes files,
aten::from_file maps them, and some operators talk to other processes. Those are refused. What remains is the
risk of a fault in torch's own reader, which is not made for hostile files; therefore a file is read only with
the user's consent.
"""

import io
import re
import warnings
import zipfile
import zlib
from pathlib import Path

import torch
from torch import nn

from wganstudio.experiment import BadExperiment, Problem
from wganstudio.experiment.files import read_regular, user_path
from wganstudio.experiment.trusted_code import MAX_BYTES, file_name, require_consent

MAX_ENTRIES = 100_000
_ENTRY = re.compile(
    r"[^/\\]+/(?:(?:data|constants)\.pkl|version|byteorder|\.data/serialization_id|(?:data|constants)/\d+"
    r"|code/[\w./]+\.py)"
)
"""The entries that a program needs; others are left out."""
_WORDS = re.compile(rb"\b(?:save|from_file|load|rpc_sync|rpc_async|rpc_remote)\b")
"""Operators of the namespaces aten and prim that reach beyond the process."""
_OTHER_NAMESPACE = re.compile(rb"\bops\b(?!\.(?:aten|prim)\.)")


def load_script(path: str) -> nn.Module:
    """Return the network of a TorchScript file on the CPU.

    Raises
    ------
    BadExperiment
        The file cannot be read, is no TorchScript file, has not been allowed, or does what a network need
        not do.
    """
    content = read_regular(user_path(path), MAX_BYTES)
    archive = checked_archive(user_path(path), content)
    require_consent(file_name(path), content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # torch advises torch.export
            network: nn.Module = torch.jit.load(io.BytesIO(archive), map_location="cpu")
    except Exception as error:  # torch's reader has no common class
        raise _refused(f"{path} is a damaged TorchScript file; save it again by torch.jit.save") from error
    return network


def checked_archive(path: Path, content: bytes) -> bytes:
    """Return the archive with the entries of a program alone, as torch reads it.

    It is written anew, so that torch reads what was checked whatever else the file contains.
    """
    if path.suffix.lower() == ".pt2":
        raise _refused(
            f"{path} is a file of torch.export, which can run any code while it is read; save the network by "
            "torch.jit.save, or give its class and its weights"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _rewritten(path, archive, len(content))
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise _refused(f"{path} is no TorchScript file, or damaged; save it by torch.jit.save") from error


def _rewritten(path: Path, archive: zipfile.ZipFile, size: int) -> bytes:
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if len(names) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > max(2 * size, 1 << 20):
        raise _refused(f"{path} would expand to far more than its size, and was refused")
    if len(set(names)) < len(names) or len({name.partition("/")[0] for name in names}) != 1:
        raise _refused(f"{path} is no TorchScript file; save it by torch.jit.save")
    if not any(name.partition("/")[2].startswith("code/") for name in names):
        kind = "archive of torch.export" if any("models/" in name for name in names) else "pickle"
        raise _refused(
            f"{path} holds no TorchScript but a {kind}, which can run any code while it is read; save the "
            "network by torch.jit.save, or its state dict by safetensors"
        )
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as copy:
        for entry in entries:
            if _ENTRY.fullmatch(entry.filename):
                body = archive.read(entry)
                if entry.filename.endswith(".py"):
                    _check_program(path, body)
                copy.writestr(zipfile.ZipInfo(entry.filename), body)
    return written.getvalue()


def _check_program(path: Path, program: bytes) -> None:
    """Refuse a program that names an operator which reaches beyond the process.

    Every word counts, in a comment too: torch's parser and this one need not agree where a comment ends.
    """
    found = _WORDS.search(program) or _OTHER_NAMESPACE.search(program)
    if found is not None:
        what = found.group().decode()
        raise _refused(
            f"{path} uses {what!r} in its program, with which files and other processes can be reached, and "
            "was refused; give the class of the network and its weights instead"
        )


def _refused(message: str) -> BadExperiment:
    return BadExperiment(Problem("", message))
