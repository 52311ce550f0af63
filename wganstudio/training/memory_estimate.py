"""How much memory a run will need, from its options alone, and the refusal of one that needs too much."""

import os
from collections.abc import Sequence
from dataclasses import dataclass

from wganstudio.experiment import BadExperiment, Experiment, Problem
from wganstudio.experiment.sizes import NetworkSize, PairSize, Workload
from wganstudio.training.memory import available_memory, size_text

FLOAT = 4
BASE = 100_000_000
"""Bytes that every run needs, whatever its options are."""
PER_WEIGHT = 12
"""Float32 numbers for each weight: itself, its gradient, Adam's two averages, two checkpoints, and a saved
state with the copy that is being sent."""
GPU_DRIVERS = ("/proc/driver/nvidia", "/dev/kfd", "/dev/dxg", r"C:\Windows\System32\nvcuda.dll")
"""One of these files is there where torch may have a CUDA device."""
PER_PLANE_COORDINATE = 5
"""Float32 numbers for each coordinate of a point of the plane."""
PER_PLANE_POINT = 160
"""Float32 numbers for each of its points: the fields on it, and the quadrature of the density of sigma."""


@dataclass(frozen=True)
class MemoryPart:
    """Something that a run holds in memory."""

    name: str
    bytes: int
    lower: tuple[str, ...]
    """The settings that make it smaller."""
    on_device: bool = False
    """True if it is held by the device that trains."""


@dataclass(frozen=True)
class MemoryEstimate:
    """The parts of a run in memory. What is not held at the same time as a larger part is left out."""

    parts: tuple[MemoryPart, ...]

    @property
    def bytes(self) -> int:
        """All parts together."""
        return BASE + sum(part.bytes for part in self.parts)

    @property
    def largest(self) -> MemoryPart:
        """The largest part."""
        return max(self.parts, key=lambda part: part.bytes)

    def only(self, *, on_device: bool) -> "MemoryEstimate":
        """Return the parts that the device holds, or those that it does not."""
        return MemoryEstimate(tuple(part for part in self.parts if part.on_device is on_device))

    def __str__(self) -> str:
        return f"about {size_text(self.bytes)}"


class NotEnoughMemory(BadExperiment):
    """A run needs more memory than is available."""

    def __init__(self, message: str) -> None:
        super().__init__(Problem("", message))

    def __str__(self) -> str:
        return self.problems[0].message


def estimate_memory(experiment: Experiment, size: PairSize | None = None) -> MemoryEstimate | None:
    """Return what a run and the computation of its truths need beyond what their idle processes hold.

    Parameters
    ----------
    size : PairSize, optional
        The size of the pair. None: as the options tell; where only the files of the pair tell it, the result
        is None.
    """
    size = size or experiment.pair.size()
    if size is None:
        return None
    network = experiment.network
    load = Workload(
        network.size(size.dim),
        size,
        experiment.training.batch,
        experiment.evaluation.final_samples,
        images=network.convolutional,
    )
    needed = (_weights(experiment, load), _data(size), _plane(experiment, size), _truths(experiment, size))
    return MemoryEstimate((*needed, max(_step(experiment, load), _final(experiment, load), key=_bytes)))


def require_memory(
    estimate: MemoryEstimate | None, available: int | None = None, *, of: str = "This run", where: str = ""
) -> None:
    """Raise NotEnoughMemory where an estimate is above the available memory, by default that of the system.

    Parameters
    ----------
    of : what needs the memory, as the subject of the sentence
    where : " on the GPU", for the memory of a device
    """
    free = available_memory() if available is None else available
    if estimate is not None and estimate.bytes > free:
        raise NotEnoughMemory(
            f"{of} needs {estimate}{where} ({_share(estimate)}) and {size_text(free)} are free; "
            f"{remedy(estimate)}."
        )


def require_memory_here(experiment: Experiment) -> None:
    """Raise NotEnoughMemory where a run needs more memory than this process knows to be available.

    The process that trains knows more: the memory of the GPU, and the size of data in files.
    """
    require_memory(estimate_on_host(experiment))


def estimate_on_host(experiment: Experiment) -> MemoryEstimate | None:
    """Return what a run needs of the memory of the system, without what a GPU may hold."""
    estimate = estimate_memory(experiment)
    if estimate is not None and may_use_gpu(experiment.training.device):
        estimate = estimate.only(on_device=False)
    return estimate


def may_use_gpu(device: str) -> bool:
    """Tell if a run may train in the memory of a GPU, which only torch knows for certain."""
    return device == "cuda" or (device == "auto" and any(map(os.path.exists, GPU_DRIVERS)))


def remedy(estimate: MemoryEstimate | None) -> str:
    """Return what to change in an experiment that needs too much memory: choose a smaller ..."""
    if estimate is None:
        return "choose a smaller batch, network or resolution"
    return f"choose a smaller {_either(estimate.largest.lower)}"


def _share(estimate: MemoryEstimate) -> str:
    return f"{estimate.largest.name}: {size_text(estimate.largest.bytes)}"


def _either(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _bytes(part: MemoryPart) -> int:
    return part.bytes


def _weights(experiment: Experiment, load: Workload) -> MemoryPart:
    """Return the trained networks with their optimizers and copies."""
    networks = [*experiment.solver.networks(load), experiment.generator.size(load.dim)]
    if not experiment.solver.uses_critic:  # it is built all the same
        networks.append(NetworkSize(load.critic.weights // PER_WEIGHT, 0))
    fields = [f"critic.{name}" for name in experiment.critic.size_fields]
    fields += [f"generator.{name}" for name in experiment.generator.size_fields]
    count = PER_WEIGHT * sum(network.weights for network in networks)
    return MemoryPart("weights and optimizer", FLOAT * count, tuple(fields) or ("pair.dim",), on_device=True)


def _step(experiment: Experiment, load: Workload) -> MemoryPart:
    """Return what the largest step holds: the activations of networks, or tables of costs."""
    solver, generator = experiment.solver, experiment.generator
    critic = [f"critic.{name}" for name in experiment.critic.size_fields] if solver.uses_critic else []
    own = [f"solver.{name}" for name in solver.size_fields]
    of_solver = solver.step_size(load) + 6 * load.batch * load.dim
    of_generator = generator.size(load.dim).passes(load.batch, 3)
    names = ("training.batch", *own, *critic) if solver.published_steps else tuple(own)
    name = "activations of a training step" if solver.uses_critic else "tables of a training step"
    if of_generator > of_solver:
        name, names = "activations of the generator", ("training.batch", *_fields("generator", generator))
    size = FLOAT * (max(of_solver, of_generator) + min(of_solver, of_generator) // 4)
    return MemoryPart(name, size, names, on_device=bool(solver.published_steps))


def _final(experiment: Experiment, load: Workload) -> MemoryPart:
    """Return what estimates from many samples hold, during the run or at its end."""
    samples = experiment.evaluation.samples
    final = MemoryPart(
        "final samples",
        FLOAT * experiment.solver.final_size(load),
        ("evaluation.final_samples",),
        on_device=True,
    )
    judged = 6 * samples * load.dim + load.critic.passes(samples, 4) if experiment.pair.known_solution else 0
    live = MemoryPart("live samples", FLOAT * judged, ("evaluation.samples",), on_device=True)
    return max(live, final, key=_bytes)


def _data(size: PairSize) -> MemoryPart:
    """Return the data, as read, as trained on and as the truths are computed from."""
    count = 6 * (size.rows or 0) * size.dim
    return MemoryPart("data", FLOAT * count, ("pair.rows",))


def _plane(experiment: Experiment, size: PairSize) -> MemoryPart:
    """Return the points of the plane and the fields on it."""
    points = experiment.evaluation.resolution ** min(size.dim, 2)
    count = points * (PER_PLANE_COORDINATE * size.dim + PER_PLANE_POINT)
    return MemoryPart("the plane of the views", FLOAT * count, ("evaluation.resolution",))


def _truths(experiment: Experiment, size: PairSize) -> MemoryPart:
    """Return what the process that computes the truths holds; there are none for a moving Q."""
    truth = experiment.truth
    count = 0 if experiment.generator.moves else truth.size(size)
    return MemoryPart("computation of the truths", FLOAT * count, _fields("truth", truth) or ("pair.dim",))


def _fields(group: str, options: object) -> tuple[str, ...]:
    return tuple(f"{group}.{name}" for name in getattr(options, "size_fields", ()))
