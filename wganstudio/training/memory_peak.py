"""MemoryPeak: the most memory that a run has held, in its process and on its accelerator."""

from contextlib import suppress
from pathlib import Path

import psutil
import torch

from wganstudio.critics.training_state import State

PROCESS = Path("/proc/self")


class MemoryPeak:
    """The most memory since the run began, interruptions included.

    Linux can begin anew with each run; elsewhere the peak of the process includes its earlier runs.
    """

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._before, self._before_on_device = 0, 0
        with suppress(OSError):
            (PROCESS / "clear_refs").write_text("5", encoding="ascii")  # resets VmHWM, and nothing else
        if device.type == "cuda":
            torch.cuda.reset_peak_memory_stats(device)

    @property
    def bytes(self) -> int:
        """Bytes of the process that were in memory at once, those of its libraries included."""
        return max(self._before, _resident_peak())

    @property
    def device_bytes(self) -> int | None:
        """Bytes of tensors that were on the GPU at once; None for a run on another device."""
        if self._device.type != "cuda":
            return None
        return max(self._before_on_device, torch.cuda.max_memory_allocated(self._device))

    def training_state(self) -> State:
        """Return both peaks."""
        return {"bytes": self.bytes, "device_bytes": self.device_bytes or 0}

    def load_training_state(self, state: State) -> None:
        """Take the peaks of the run before it was interrupted into account."""
        self._before, self._before_on_device = state["bytes"], state["device_bytes"]


def _resident_peak() -> int:
    """Return the largest resident size of this process."""
    with suppress(OSError):
        for line in (PROCESS / "status").read_text(encoding="ascii", errors="replace").splitlines():
            name, _, value = line.partition(":")
            if name == "VmHWM":
                return 1024 * int(value.split()[0])
    info = psutil.Process().memory_info()
    if hasattr(info, "peak_wset"):  # Windows
        return int(info.peak_wset)
    import resource
    import sys

    unit = 1 if sys.platform == "darwin" else 1024
    return unit * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
