"""Properties of this machine: processor, C library, disk, graphics card, display."""

import contextlib
import os
import platform
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from .console import Problem

GIB = 2**30
OLDEST_GLIBC = (2, 34)  # what PySide6's wheels are built for: Debian 12, Ubuntu 22.04, Fedora 35


def check_platform() -> None:
    """Raise a Problem on machines for which PyTorch or Qt have no build."""
    if sys.maxsize < 2**32:
        raise Problem("PyTorch needs a 64-bit Python; this one is 32-bit.")
    if sys.platform == "darwin" and platform.machine() == "x86_64":
        raise Problem("PyTorch no longer provides builds for Macs with an Intel processor.")
    if sys.platform == "linux":
        library, version = platform.libc_ver()
        if library != "glibc":
            raise Problem("Qt and PyTorch need a Linux with glibc; this system uses another C library.")
        if tuple(int(part) for part in version.split(".")[:2]) < OLDEST_GLIBC:
            raise Problem(
                f"Qt needs glibc 2.34 or newer (Debian 12, Ubuntu 22.04); this system has {version}."
            )


def check_space(folder: Path, needed: float) -> None:
    """Raise a Problem if too little disk is free; pip itself would fail after minutes only."""
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise Problem(
            f"About {needed / GIB:.1f} GB are needed in {folder}, but only {free / GIB:.1f} GB are free.",
            "Free some space, or move the checkout to another disk.",
        )


def has_nvidia_card() -> bool:
    """Return True if a working NVIDIA driver answers."""
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        return subprocess.run(["nvidia-smi", "-L"], capture_output=True, timeout=20).returncode == 0
    return False


def no_display(
    environ: Mapping[str, str] = os.environ,
    system: str = sys.platform,
    answers: Callable[[str], bool] | None = None,
) -> str | None:
    """Return the reason why no window can be opened, or None if one can."""
    if system != "linux":
        return None
    wayland, x11 = environ.get("WAYLAND_DISPLAY"), environ.get("DISPLAY")
    if wayland and (Path(environ.get("XDG_RUNTIME_DIR", "/")) / wayland).exists():
        return None
    if not x11:
        return "neither DISPLAY nor WAYLAND_DISPLAY is set to a display"
    return None if (answers or x_server_answers)(x11) else f"no X server answers at DISPLAY={x11}"


def x_server_answers(display: str) -> bool:
    """Return True if an X server listens at this address (Qt aborts if none does)."""
    host, _, number = display.rpartition(":")
    number = number.split(".")[0]
    if not number.isdigit():
        return False
    if host not in ("", "unix"):
        with contextlib.suppress(OSError), socket.create_connection((host, 6000 + int(number)), timeout=3):
            return True
        return False
    path = f"/tmp/.X11-unix/X{number}"
    for address in (path, "\0" + path):
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as client:
            client.connect(address)
            return True
    return False
