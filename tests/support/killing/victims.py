"""Killing processes, and looking for those that outlive the one that started them."""

import contextlib
import time
from multiprocessing.process import BaseProcess

import psutil

from killing.notes import Reader

TRAINERS = ("wganstudio-train",)


def children(reader: Reader, names: tuple[str, ...] = ()) -> list[psutil.Process]:
    """Return the living children that a process has noted, by default of all names."""
    reader.update()
    living = []
    for note in reader.of("child"):
        if (not names or note["name"] in names) and is_alive(note["pid"]):
            living.append(psutil.Process(note["pid"]))
    return living


def is_alive(pid: int) -> bool:
    """Return True for a process that has not ended."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def kill_all(process: BaseProcess, others: list[psutil.Process]) -> None:
    """Kill a process and others."""
    process.kill()
    for other in others:
        kill(other)


def kill(process: psutil.Process) -> None:
    """Kill a process that may have ended."""
    with contextlib.suppress(psutil.NoSuchProcess):
        process.kill()


def orphans(reader: Reader, patience: float) -> list[str]:
    """Return the children that have not ended after some seconds, and kill them."""
    deadline = time.monotonic() + patience
    while (left := children(reader)) and time.monotonic() < deadline:
        time.sleep(0.05)
    for one in left:
        kill(one)
    return [f"{one.pid}" for one in left]
