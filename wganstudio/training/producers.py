"""Producers: objects of a run that make the snapshots of registered topics."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, Self, cast

import numpy as np
import torch
from numpy.typing import NDArray

from wganstudio.experiment import Experiment
from wganstudio.fields.plane import Plane, pair_plane
from wganstudio.pairs.base import Pair
from wganstudio.solvers.base import Solver
from wganstudio.training.events import Snapshot
from wganstudio.training.topics import topic, topics

Rng = Callable[[str], torch.Generator]
"""Makes the random generator of a purpose, the same at every call."""


class NotFinite(Exception):
    """A number of the run is infinite or not a number."""


@dataclass(frozen=True)
class RunContext:
    """A run as its producers see it. They read it and draw from `rng` alone, so they never change the run."""

    pair: Pair
    """On the device; its Q is the generator's where there is one."""
    experiment: Experiment
    device: torch.device
    rng: Rng
    q_moves: bool
    """A generator is trained."""
    plane: Plane
    samples_p: NDArray[np.float64]
    samples_q: NDArray[np.float64]
    """Samples [n, D] of both distributions before training, around which the plane was laid."""

    @classmethod
    def of_run(
        cls, pair: Pair, experiment: Experiment, device: torch.device, rng: Rng, q_moves: bool
    ) -> Self:
        """Return the context, with the plane that the experiment asks for."""
        cpu = torch.device("cpu")
        here = pair if device == cpu or q_moves else experiment.build_pair(cpu)
        plane, p, q = pair_plane(here, experiment.evaluation, experiment.training.seed)
        return cls(pair, experiment, device, rng, q_moves, plane, p, q)


class Producer(Protocol):
    """Makes the snapshots of one or several topics."""

    def __init__(self, context: RunContext) -> None: ...

    def start(self) -> Iterator[Snapshot]:
        """Yield the snapshots that are sent once, before training."""

    def snapshots(
        self, solver: Solver, step: int, *, recorded: bool, last: bool = False
    ) -> Iterator[Snapshot]:
        """Yield the snapshots of a step, at most one for a topic; `last`: the run is over."""


class Producers:
    """All producers of a run, each created once."""

    def __init__(self, context: RunContext) -> None:
        declared: dict[str | type, set[str]] = {}
        for name, each in topics().items():
            if each.producer:
                declared.setdefault(each.producer, set()).add(name)
        self._producers: list[tuple[Producer, set[str]]] = [
            (_load(producer)(context), names) for producer, names in declared.items()
        ]

    def start(self) -> Iterator[Snapshot]:
        """Yield the snapshots that are sent once."""
        for producer, _ in self._producers:
            yield from producer.start()

    def snapshots(
        self,
        solver: Solver,
        step: int,
        watched: frozenset[str] | None = None,
        *,
        recorded: bool,
        last: bool = False,
    ) -> list[Snapshot]:
        """Return snapshots of a step, recorded or live: of the topics that are `watched`, by default all.

        The frame comes first, completed by the critic, and whole if any of its topics is watched.
        """
        declared = topics()
        live = {name for name in watched or () if name in declared and declared[name].live}
        if any(declared[name].frame for name in live):
            live |= {name for name, each in declared.items() if each.frame}
        snapshots = [
            snapshot
            for producer, names in self._producers
            if watched is None or live & names
            for snapshot in producer.snapshots(solver, step, recorded=recorded, last=last)
        ]
        return sorted(
            snapshots, key=lambda snapshot: (not declared[snapshot.topic].frame, snapshot.topic == "critic")
        )


def final_estimates(snapshots: Iterable[Snapshot]) -> dict[str, float]:
    """Return the numbers of a run's last snapshots that join its final estimates."""
    numbers: dict[str, float] = {}
    for snapshot in snapshots:
        if (estimates := topic(snapshot.topic).estimates) is not None:
            numbers |= estimates(snapshot.arrays)
    return numbers


def _load(producer: str | type) -> type[Producer]:
    if isinstance(producer, str):
        module, name = producer.split(":")
        producer = getattr(import_module(module), name)
    return cast("type[Producer]", producer)
