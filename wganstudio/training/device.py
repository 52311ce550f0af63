"""The device of a run, and a description of the machine."""

import os
import platform
from typing import Any

import numpy as np
import torch

import wganstudio
from wganstudio.experiment import BadExperiment, Problem, TrainingOptions


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


def environment(device: torch.device, threads: int) -> dict[str, Any]:
    """Return what is needed to repeat a run: versions, machine, device, threads."""
    name = (
        torch.cuda.get_device_name(device)
        if device.type == "cuda"
        else platform.processor() or platform.machine()
    )
    return {
        "wganstudio": wganstudio.__version__,
        "torch": str(torch.__version__),
        "numpy": np.__version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": os.cpu_count(),
        "device": str(device),
        "device_name": name,
        "threads": threads,
    }
