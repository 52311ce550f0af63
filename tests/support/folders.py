"""Folders with faults: one that nobody can write to, and a disk with little room."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Make a folder with its files read-only, also for the administrator, who ignores permissions.

    The test is skipped where that is not possible.
    """
    if sys.platform == "win32":
        pytest.skip("permissions of folders work differently on Windows")
    if os.geteuid() != 0:
        mode = folder.stat().st_mode
        folder.chmod(0o500)
        try:
            yield
        finally:
            folder.chmod(mode)
        return
    with _mounted(folder, "--bind", str(folder)):
        subprocess.run(["mount", "-o", "remount,bind,ro", folder], check=True, capture_output=True)
        yield


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[None]:
    """Mount a disk of a size such as "200k" at a folder; skip the test where that is not possible."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only the administrator of a Linux system can mount a small disk")
    folder.mkdir(exist_ok=True)
    with _mounted(folder, "-t", "tmpfs", "-o", f"size={size}", "tmpfs"):
        yield


@contextmanager
def _mounted(folder: Path, *options: str) -> Iterator[None]:
    mount = shutil.which("mount")
    if mount is None or subprocess.run([mount, *options, folder], capture_output=True).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
