"""Run a suite into its session, for the terminal, the window and the Python interface."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wganstudio import resources
from wganstudio.experiment import BadExperiment
from wganstudio.experiment.files import user_path
from wganstudio.experiment.registry import load_plugins
from wganstudio.suites.events import SuiteEvent
from wganstudio.suites.plan import Suite, SuiteError
from wganstudio.suites.pool import Pool, available_cores
from wganstudio.suites.results import begin, resume
from wganstudio.suites.scheduler import SuiteScheduler
from wganstudio.suites.workers import Workers
from wganstudio.training.memory import available_memory, size_text
from wganstudio.training.memory_estimate import estimate_on_host, remedy

PAIRS = "WGANSTUDIO_PAIRS"
"""Environment variable: the folder of the published pairs."""
IDLE_PROCESS = 350_000_000
"""Bytes of memory of a worker process that has imported PyTorch and is idle."""
POLL_SECONDS = 0.2
"""The longest time until a request to stop is answered while no worker sends anything."""


def folder_of(variable: str) -> Path | None:
    """Return the folder that an environment variable names; None if it is not set."""
    return Path(os.environ[variable]) if os.environ.get(variable) else None


def suite_file(name: str) -> Path:
    """Return the path of a suite that is given by path or by the name of a listed one."""
    if name.endswith(".toml"):
        return user_path(name)
    named = suite_files()
    if name not in named:
        raise SuiteError(
            f"There is no suite {name!r}; give a file that ends in .toml, or {', '.join(named)}."
        )
    return named[name]


def suite_files() -> dict[str, Path]:
    """Return the files of the shipped suites, and of those of plugins, by name."""
    load_plugins()
    return {file.stem: file for file in resources.files("suites")}


def check_runs(suite: Suite, stopped: threading.Event | None = None) -> None:
    """Build a run of every solver on every pair, without a step, to find errors before the suite starts.

    Stop early once `stopped` is set. SuiteError names the first pair that a solver cannot run on.
    """
    from wganstudio.training.run import Run

    checked = set()
    for cell, experiment in suite.experiments.items():
        if stopped is not None and stopped.is_set():
            return
        if (cell.solver, cell.pair) in checked:
            continue
        checked.add((cell.solver, cell.pair))
        on_cpu = experiment.training.model_copy(update={"device": "cpu"})  # workers may have other devices
        try:
            Run(experiment.model_copy(update={"training": on_cpu}))
        except BadExperiment as error:
            raise SuiteError(f"{cell.solver} on {cell.pair}: {error}") from error


def require_memory_of(suite: Suite, workers: int) -> None:
    """Raise SuiteError where the largest runs, one for each worker, need more memory than is available."""
    needed = [
        (estimate, cell)
        for cell, experiment in suite.experiments.items()
        if (estimate := estimate_on_host(experiment)) is not None
    ]
    largest = sorted(needed, key=lambda pair: pair[0].bytes, reverse=True)[:workers]
    total = sum(estimate.bytes for estimate, _ in largest) + len(largest) * IDLE_PROCESS
    free = available_memory()
    if not largest or total <= free:
        return
    estimate, cell = largest[0]
    fewer = "fewer processes, or " if len(largest) > 1 else ""
    at_once = f"{len(largest)} runs at a time need" if len(largest) > 1 else "A run needs"
    raise SuiteError(
        f'{at_once} about {size_text(total)} and {size_text(free)} are free (the largest is "{cell.name}", '
        f"{estimate.largest.name}: {size_text(estimate.largest.bytes)}); "
        f"choose {fewer}{remedy(estimate).removeprefix('choose ')}."
    )


def workers_of(count: int | None, cluster: str | None) -> Workers:
    """Return so many processes on this machine, by default one for each core, or the workers of a cluster."""
    if cluster is None:
        return Pool(count or available_cores())
    if count is not None:
        raise SuiteError("--workers and --cluster exclude each other: a cluster has its own workers.")
    from wganstudio.suites.cluster import Cluster

    return Cluster(cluster)


@contextmanager
def scheduled(
    suite: Suite, session: Path, workers: Workers, *, resuming: bool = True, ignore_memory: bool = False
) -> Iterator[SuiteScheduler]:
    """Yield the scheduler of a suite, which records into a session; close workers and session at the end.

    SuiteError if the session exists and nothing is to be resumed, or it holds another suite.
    """
    document = resume(suite, session) if resuming else begin(suite, session)
    try:
        scheduler = SuiteScheduler(suite, document, workers, ignore_memory=ignore_memory)
        try:
            yield scheduler
        finally:
            scheduler.close()
    finally:
        document.close()


def suite_events(scheduler: SuiteScheduler, stopped: threading.Event) -> Iterator[SuiteEvent]:
    """Yield the events of a suite as they come, until all cells are final or `stopped` is set."""
    while not scheduler.over and not stopped.is_set():
        yield from scheduler.poll(timeout=POLL_SECONDS)
