"""The memory of this machine that a run may use, and whether the system has ended processes for lack of it.

A container or a batch job may have less than the machine: a control group of Linux limits all its processes
together, and the limit of the address space (`ulimit -v`) each of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path("/")


@dataclass(frozen=True)
class MemoryGroup:
    """A control group of Linux that this process belongs to, version 1 or 2."""

    folder: Path
    unified: bool
    """True for version 2."""

    def headroom(self) -> int | None:
        """Return the bytes that its processes may still allocate; None without a limit."""
        limit = _number(self.folder / ("memory.max" if self.unified else "memory.limit_in_bytes"))
        used = _number(self.folder / ("memory.current" if self.unified else "memory.usage_in_bytes"))
        if limit is None or used is None:
            return None
        # Pages of files that were read or written long ago count as used, but are given up first.
        cached = _entry(
            self.folder / "memory.stat", "inactive_file" if self.unified else "total_inactive_file"
        )
        return max(0, limit - used + (cached or 0))

    def kills(self) -> int | None:
        """Return the number of its processes that the system has ended for lack of memory; None: unknown."""
        return _entry(self.folder / ("memory.events" if self.unified else "memory.oom_control"), "oom_kill")


def available_memory() -> int:
    """Return the bytes that a process started now may allocate without swapping or breaking a limit."""
    limits = [psutil.virtual_memory().available, *(group.headroom() for group in memory_groups())]
    return max(0, min(limit for limit in (*limits, _address_space()) if limit is not None))


def out_of_memory_kills() -> int | None:
    """Return the number of processes that the system has ended for lack of memory; None: not counted here.

    Counts those of the innermost control group that counts, otherwise those of the whole machine.
    """
    for group in memory_groups():
        if (kills := group.kills()) is not None:
            return kills
    return _entry(ROOT / "proc/vmstat", "oom_kill")


def memory_groups() -> Iterator[MemoryGroup]:
    """Yield the control groups of this process, the innermost first; none outside of Linux."""
    for line in _lines(ROOT / "proc/self/cgroup"):
        _, controllers, path = line.split(":", 2)
        if controllers and "memory" not in controllers.split(","):
            continue
        base = ROOT / "sys/fs/cgroup" / ("memory" if controllers else "")
        inner = base / path.lstrip("/")
        # Seen from within a container, the path may be that of the host.
        for folder in (inner, *inner.parents):
            if folder.is_relative_to(base) and ".." not in folder.parts and folder.is_dir():
                yield MemoryGroup(folder, unified=not controllers)


def size_text(count: float) -> str:
    """Return a number of bytes in words: 640 MB, 1.2 GB, 41 GB."""
    if count < 0.95e9:
        return f"{max(1, round(count / 1e6, -1 if count > 1e8 else 0)):.0f} MB"
    return f"{count / 1e9:.1f} GB" if count < 9.95e9 else f"{count / 1e9:,.0f} GB"


def _address_space() -> int | None:
    """Return the bytes of address space that `ulimit -v` leaves this process; None without a limit."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    return None if limit == resource.RLIM_INFINITY else limit - psutil.Process().memory_info().vms


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return []


def _number(file: Path) -> int | None:
    lines = _lines(file)
    return int(lines[0]) if lines and lines[0].isdecimal() else None  # without a limit: "max"


def _entry(file: Path, name: str) -> int | None:
    """Return a number from a file of names and numbers."""
    for line in _lines(file):
        key, _, value = line.partition(" ")
        if key == name and value.strip().isdecimal():
            return int(value)
    return None
