"""The device of a run, its memory, and a description of the machine."""

import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch

import wganstudio
from wganstudio.experiment import BadExperiment, Experiment, Problem, TrainingOptions
from wganstudio.experiment.registry import plugin_packages
from wganstudio.experiment.sizes import PairSize
from wganstudio.pairs.base import Pair
from wganstudio.training.memory_estimate import estimate_memory, require_memory


def choose(training: TrainingOptions) -> torch.device:
    """Return the requested device; BadExperiment if this machine or this build of torch lacks it."""
    available = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if training.device == "auto":
        return torch.device("cuda" if available["cuda"] else "cpu")
    if not available[training.device]:
        there = " or ".join(name for name, there in available.items() if there)
        message = f"this machine has no {training.device} device that torch can use; choose auto or {there}"
        raise BadExperiment(Problem("training.device", message))
    return torch.device(training.device)


def require_memory_for(experiment: Experiment, pair: Pair, device: torch.device) -> None:
    """Raise NotEnoughMemory where a run on a pair, which is in memory already, needs more than there is."""
    atoms = pair.p.atoms()
    size = PairSize(pair.dim, None if atoms is None else len(atoms[0]))
    estimate = estimate_memory(experiment, size)
    assert estimate is not None
    if device.type != "cuda":  # the GPU of a Mac shares the memory of the system
        require_memory(estimate)
        return
    free, _ = torch.cuda.mem_get_info(device)
    free += torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
    require_memory(estimate.only(on_device=True), free, where=" on the GPU")
    require_memory(estimate.only(on_device=False))


def environment(device: torch.device, threads: int) -> dict[str, Any]:
    """Return what is needed to repeat a run: versions, machine, device, threads."""
    name = (
        torch.cuda.get_device_name(device)
        if device.type == "cuda"
        else platform.processor() or platform.machine()
    )
    plugins = plugin_packages()
    return {
        "wganstudio": wganstudio.__version__,
        **({"plugins": ", ".join(plugins)} if plugins else {}),
        "torch": str(torch.__version__),
        "numpy": np.__version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": os.cpu_count(),
        "device": str(device),
        "device_name": name,
        "threads": threads,
    }


@contextmanager
def threads_kept() -> Iterator[None]:
    """Restore the number of threads of torch, which a run sets, at the end of the block."""
    threads = torch.get_num_threads()
    try:
        yield
    finally:
        torch.set_num_threads(threads)
