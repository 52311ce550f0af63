"""Networks of the kind `own` for tests over every kind: scripted ones, whose files are written once."""

import atexit
import warnings
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
from torch import nn

from plain_torch import PlainCritic, PlainGenerator
from wganstudio.experiment import trusted_code

NETWORKS = {"critic": PlainCritic, "generator": PlainGenerator}


def script(network: nn.Module, path: Path) -> Path:
    """Write a network as TorchScript."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.jit.save(torch.jit.script(network), str(path))
    return path


@cache
def _scripted(group: str, *sizes: int) -> str:
    """Return the path of a scripted network of `plain_torch`, which is removed at the end of the process."""
    folder = TemporaryDirectory(prefix="own-")
    atexit.register(folder.cleanup)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        return str(script(NETWORKS[group](*sizes), Path(folder.name) / f"{group}.pt"))


def own(group: str, *sizes: int) -> dict[str, Any]:
    """Return the settings of a critic or generator of `plain_torch`, which may run from now on."""
    path = _scripted(group, *sizes)
    trusted_code.allow(path)
    return {"kind": "own", "script_file": path}
