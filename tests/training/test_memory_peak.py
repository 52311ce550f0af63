"""The memory that a run has held is measured and recorded with its end."""

import sys

import numpy as np
import pytest
import torch

from quick_runs import case
from wganstudio.training.events import Ended, TrainingState
from wganstudio.training.memory_peak import MemoryPeak
from wganstudio.training.run import Run

CPU = torch.device("cpu")
SIZE = 200_000_000


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux begins anew with each run")
def test_the_peak_is_that_of_the_run_and_not_of_what_came_before() -> None:
    np.ones(SIZE, dtype=np.uint8)
    before = MemoryPeak(CPU).bytes
    peak = MemoryPeak(CPU)
    np.ones(SIZE, dtype=np.uint8)
    assert before + 0.9 * SIZE < peak.bytes < before + 1.5 * SIZE
    assert MemoryPeak(CPU).bytes < before + 0.5 * SIZE


def test_a_resumed_run_keeps_the_peak_of_its_first_part() -> None:
    first = MemoryPeak(CPU)
    state = first.training_state() | {"bytes": first.bytes + SIZE}
    second = MemoryPeak(CPU)
    second.load_training_state(state)
    assert second.bytes == state["bytes"] and second.device_bytes is None


def test_the_last_event_of_a_run_holds_it_and_old_states_without_it_are_continued() -> None:
    experiment = case("lp")
    events = list(Run(experiment, state_period=0).events())
    ended, state = events[-1], next(e for e in events if isinstance(e, TrainingState))
    assert isinstance(ended, Ended) and ended.memory_peak is not None and ended.memory_peak > 50e6
    assert ended.device_memory_peak is None
    body = state.body.replace('["memory", ', '["another", ')
    assert body != state.body
    continued = list(Run(experiment, resume=state.model_copy(update={"body": body})).events())[-1]
    assert isinstance(continued, Ended) and continued.estimates == ended.estimates
