"""A GPU that fails, is not there, or is left for the CPU: explained, and the run goes on elsewhere."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

import faulty_trainer
from wganstudio.experiment import BadExperiment, Experiment, override, read
from wganstudio.training import process
from wganstudio.training.device import choose
from wganstudio.training.events import Ended, Event, Failed, Started, TrainingState, moved_note
from wganstudio.training.process import RunProcess
from wganstudio.training.run import Run

pytestmark = pytest.mark.usefixtures("small_references")

QUICK = [
    ("pair.kind", "gaussians"),
    ("critic.width", 8),
    ("training.batch", 16),
    ("training.steps", 10),
    ("evaluation.samples", 16),
    ("evaluation.final_samples", 1024),
    ("evaluation.resolution", 8),
]


def experiment(*changes: tuple[str, object]) -> Experiment:
    return read(override({}, [*QUICK, *changes]))


def events_of(run: RunProcess) -> list[Event]:
    events: list[Event] = []
    while run.running:
        events += run.poll(1.0)
    return events


@pytest.mark.process
def test_a_gpu_that_fails_ends_the_run_with_a_sentence_and_its_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as faulty:
        faulty.setattr(process, "serve", faulty_trainer.serve_until_the_gpu_fails)
        run = RunProcess()
    try:
        run.start(experiment(), find_truths=False)
        events = events_of(run)
        failed, broken = events[-1], run.pids["train"]
        assert isinstance(failed, Failed) and failed.cause == "device"
        assert failed.message == (
            "The GPU stopped working (unspecified launch failure); everything recorded until then is kept: "
            "resume the run, on the device cpu if it happens again."
        )
        assert "RuntimeError" in failed.detail
        state = [event for event in events if isinstance(event, TrainingState)][-1]
        run.start(experiment(), state, find_truths=False)
        assert run.pids["train"] != broken, "a process that lost its device is replaced"
        again = events_of(run)
    finally:
        run.close()
    assert isinstance(again[-1], Ended) and again[-1].step == 10
    uninterrupted = list(Run(experiment()).events())[-1]
    assert isinstance(uninterrupted, Ended) and again[-1].estimates == uninterrupted.estimates


def state_of_a_gpu(at: int) -> TrainingState:
    """Return the state of a run on a GPU, as one on the CPU and what is known of CUDA make it."""
    run = Run(experiment(), state_period=0.0)
    state = next(event for event in run.events() if isinstance(event, TrainingState) and event.step == at)
    arrays = {
        # A generator of CUDA has a state of 16 bytes, one of the CPU has 5,056.
        name: array[:16].copy() if array.dtype == np.uint8 and array.size > 1000 else array
        for name, array in state.arrays.items()
    }
    parts = dict(json.loads(state.body.replace('"cpu": true', '"cpu": false'))["items"])
    settings = json.loads(parts["experiment"])
    settings["training"]["device"] = "cuda"
    parts |= {"experiment": json.dumps(settings, sort_keys=True), "device": "cuda"}
    body = json.dumps({"items": [[name, part] for name, part in parts.items()]})
    return state.model_copy(update={"body": body, "arrays": arrays})


def test_a_run_of_a_gpu_continues_on_the_cpu_with_a_note() -> None:
    state = state_of_a_gpu(at=4)
    results = [list(Run(experiment(("training.device", "cpu")), resume=state).events()) for _ in range(2)]
    started, ended = results[0][0], results[0][-1]
    assert isinstance(started, Started) and isinstance(ended, Ended) and ended.step == 10
    assert moved_note(started) == (
        "The run was on cuda before and continues on cpu: from here on its numbers differ from those of a "
        "run that stays on one device."
    )
    again = results[1][-1]
    assert isinstance(again, Ended) and again.estimates == ended.estimates, "the same on every attempt"


def test_a_run_of_the_cpu_stays_there_and_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(experiment(), state_period=0.0)
    state = next(event for event in run.events() if isinstance(event, TrainingState) and event.step == 4)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    resumed = Run(experiment(), resume=state)
    started = next(iter(resumed.events()))
    assert isinstance(started, Started)
    assert resumed.device.type == "cpu" and moved_note(started) == ""


@pytest.mark.parametrize("device", ["cuda", "mps"])
def test_a_device_that_is_not_there_is_told_with_what_is(
    device: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    with pytest.raises(
        BadExperiment, match=rf"this machine has no {device} device that torch can use; choose"
    ):
        choose(experiment(("training.device", device)).training)


def test_a_run_on_cuda_is_checked_against_the_memory_of_the_gpu(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from wganstudio.training.device import require_memory_for
    from wganstudio.training.memory_estimate import NotEnoughMemory

    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda device: (5 << 20, 8 << 30))
    monkeypatch.setattr(torch.cuda, "memory_reserved", lambda device: 3 << 20)
    monkeypatch.setattr(torch.cuda, "memory_allocated", lambda device: 1 << 20)
    e = experiment()
    with pytest.raises(NotEnoughMemory, match=r"about \d+ MB on the GPU \(.*\) and 7 MB are free; choose"):
        require_memory_for(e, e.build_pair(), torch.device("cuda"))
