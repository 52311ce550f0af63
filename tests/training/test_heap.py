"""Nothing of a run outlives it, so that a warm trainer does not grow."""

import gc
import os
import platform
import sys
import threading
import time
import weakref
from collections import Counter
from collections.abc import Iterator
from multiprocessing import Pipe
from queue import SimpleQueue
from typing import Any

import psutil
import pytest
import torch

from quick_runs import DIGITS, EIGHT, case, of_generator
from wganstudio.experiment import Experiment, kinds
from wganstudio.solvers.base import Solver
from wganstudio.training import heap, worker
from wganstudio.training.job import Job
from wganstudio.training.run import Run
from wganstudio.training.topics import live_topics

pytestmark = pytest.mark.usefixtures("small_theory_checks", "small_references")

PARTS = (torch.Tensor, torch.nn.Module, Solver, Run)


@pytest.fixture(scope="module")
def warm() -> None:
    """Do a first run: what torch imports with it keeps the frames that imported it."""
    worker._warm_up("train")


@pytest.fixture
def uncollected(warm: None) -> Iterator[None]:
    """Switch off the garbage collector."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def living_parts() -> Counter[str]:
    """Return how many objects of each class of a run are alive."""
    return Counter(type(part).__name__ for part in gc.get_objects() if issubclass(type(part), PARTS))


def assert_freed(e: Experiment) -> None:
    """Run an experiment; assert that the run needs no collection, and that nothing survives one."""
    before = living_parts()
    e = e.model_copy(update={"training": e.training.model_copy(update={"steps": 3})})
    run = Run(e, live_topics=live_topics(), state_period=0)
    for _ in run.events():
        pass
    reference = weakref.ref(run)
    del run
    assert reference() is None
    heap.release()
    assert living_parts() - before == Counter()


@pytest.mark.usefixtures("uncollected")
@pytest.mark.parametrize("kind", kinds("solver"))
def test_every_solver_is_freed_with_its_run(kind: str) -> None:
    assert_freed(case(kind))


@pytest.mark.usefixtures("uncollected")
@pytest.mark.parametrize("kind", kinds("generator"))
def test_every_generator_is_freed_with_its_run(kind: str) -> None:
    e = of_generator(kind)
    assert e is not None
    assert_freed(e)


@pytest.mark.usefixtures("uncollected")
@pytest.mark.parametrize(
    "e",
    [
        case(
            "convex",
            groups=EIGHT | {"generator": {"kind": "composite", "distill": "mlp", "distill_steps": 3}},
        ),
        case("sn", "conv", DIGITS, critic__width=4),
        case("regularized", groups=DIGITS, solver__features="learned"),
    ],
    ids=lambda e: f"{e.solver.kind}-{e.critic.kind}",
)
def test_networks_of_networks_are_freed_with_their_run(e: Experiment) -> None:
    assert_freed(e)


class Sink:
    """The pipe of a worker whose parent throws everything away."""

    def __init__(self) -> None:
        self.busy = threading.Event()

    def send(self, message: object) -> None:
        """Forget the message."""


@pytest.mark.usefixtures("warm")
def test_a_worker_keeps_nothing_of_its_jobs() -> None:
    e = case("lp")
    pipe: Any = Sink()
    counts = []
    for number in range(1, 6):
        jobs: SimpleQueue[Job] = SimpleQueue()
        jobs.put(Job(number, "train", e, live_topics=live_topics()))
        worker._serve_next(pipe, jobs, {number: SimpleQueue()})
        heap.release()
        counts.append(len(gc.get_objects()))
    assert counts[1:] == counts[1:2] * 4


def test_the_reading_thread_does_not_hold_the_job(monkeypatch: pytest.MonkeyPatch) -> None:
    """A job may carry a state of hundreds of megabytes, and the next message may be hours away."""
    monkeypatch.setattr(os, "_exit", lambda code: None)
    ours, theirs = Pipe()
    jobs: SimpleQueue[Job] = SimpleQueue()
    reader = threading.Thread(target=worker._read, args=(theirs, jobs, {}))
    reader.start()
    try:
        ours.send(Job(1, "train", case("lp")))
        job = weakref.ref(jobs.get(timeout=30))
        deadline = time.monotonic() + 30  # the thread goes back to waiting at once
        while job() is not None and time.monotonic() < deadline:
            time.sleep(0.01)
        assert job() is None
    finally:
        ours.close()
        reader.join()
        theirs.close()


def test_what_was_alive_is_left_out_of_collections() -> None:
    before = gc.get_freeze_count()
    kept = [[] for _ in range(1000)]
    heap.freeze()
    assert gc.get_freeze_count() >= before + len(kept)


@pytest.mark.skipif(
    not sys.platform.startswith("linux") or platform.libc_ver()[0] != "glibc",
    reason="other C libraries return memory by themselves",
)
def test_free_memory_goes_back_to_the_system() -> None:
    process = psutil.Process()
    blocks = [bytes(1000) for _ in range(200_000)]
    pinned = bytes(1000)  # above all of them: without help the memory below stays with the process
    full = process.memory_info().rss
    del blocks
    heap.release()
    assert full - process.memory_info().rss > 150e6
    assert pinned
