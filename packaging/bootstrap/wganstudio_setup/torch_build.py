"""The builds of PyTorch: where pip finds them, and what they take."""

import contextlib
import http.client
import sys
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass

from .console import report
from .machine import GIB

CPU_INDEX = "https://download.pytorch.org/whl/cpu"
CUDA_INDEX = "https://download.pytorch.org/whl/cu130"
PYPI = "https://pypi.org/simple/torch/"
SPACE = {"cpu": 3 * GIB, "cuda": 10 * GIB}  # the environment, and the downloads beside it
DURATION = {"cpu": "1 to 3 minutes, 0.4 GB to download", "cuda": "2 to 15 minutes, 3 GB to download"}
NAME = "import torch; print('torch', torch.__version__, 'cuda' if torch.version.cuda else 'cpu')"


@dataclass(frozen=True)
class Source:
    """The build of PyTorch that pip will find, "cpu" or "cuda", with the options that lead it there."""

    build: str
    options: tuple[str, ...] = ()


def is_reachable(address: str, seconds: float = 10) -> bool:
    """Return True if a package index answers."""
    failures = (OSError, ValueError, http.client.HTTPException)
    with contextlib.suppress(*failures), urllib.request.urlopen(address, timeout=seconds):
        return True
    return False


def find(
    wanted: str,
    system: str = sys.platform,
    reachable: Callable[[str], bool] = is_reachable,
    *,
    announce: bool = True,
) -> Source:
    """Return where the wanted build comes from: PyPI has CUDA for Linux and the CPU for Windows.

    The other build is on PyTorch's own index. If that does not answer, the one of PyPI serves as well;
    `announce` reports that.
    """
    index = {("linux", "cpu"): CPU_INDEX, ("win32", "cuda"): CUDA_INDEX}.get((system, wanted))
    if index is None:
        return Source(wanted)
    if reachable(index + "/torch/"):
        return Source(wanted, ("--extra-index-url", index))
    other, offer = {
        "cpu": ("cuda", "the larger build with CUDA, which also runs without an NVIDIA card"),
        "cuda": ("cpu", "the build for the CPU, which does not use the NVIDIA card"),
    }[wanted]
    if not announce:
        return Source(other)
    if reachable(PYPI):
        report(
            f"https://download.pytorch.org does not answer. PyPI provides {offer}.\n"
            "To wait for the other build, press Ctrl-C and try again later."
        )
    else:
        report("Neither https://download.pytorch.org nor https://pypi.org answers.")
    return Source(other)
