"""The frame schedule: bounded, even in log and linear time, and without effect on the numbers of a run."""

from queue import SimpleQueue

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wganstudio.experiment import read
from wganstudio.experiment.parsing import override
from wganstudio.training import frame_schedule
from wganstudio.training.commands import Watch
from wganstudio.training.events import TIMING_FIELDS, Ended, Metrics, Snapshot, TrainingState
from wganstudio.training.frame_schedule import MOST_FRAMES, fixed_step, schedule, spread
from wganstudio.training.run import Run
from wganstudio.training.topics import live_topics

SMALL = {
    "critic.width": 8,
    "critic.depth": 1,
    "training.steps": 120,
    "training.batch": 32,
    "training.device": "cpu",
    "evaluation.samples": 64,
    "evaluation.final_samples": 1024,
    "evaluation.resolution": 12,
}


def experiment(**changes):
    settings = SMALL | {name.replace("__", "."): value for name, value in changes.items()}
    return read(override({}, list(settings.items())))


def frame(points=100):
    u = np.zeros(points, np.float32)
    return [Snapshot(topic="critic", step=0, recorded=True, arrays={"u": u, "gradient_norm": u})]


def frames_of(stream):
    return [event.step for event in stream if event.name == "critic" and event.recorded]


@given(steps=st.integers(1, 10**8), count=st.integers(2, 300))
def test_the_steps_are_bounded_sorted_and_include_first_and_last(steps, count):
    chosen = spread(steps, count)
    assert len(chosen) <= count and chosen == sorted(set(chosen))
    assert chosen[0] == 1 and chosen[-1] == steps


@given(steps=st.integers(1000, 10**8), count=st.integers(8, 300))
def test_the_steps_are_even_in_log_and_in_linear_time(steps, count):
    chosen = np.array(spread(steps, count))
    gaps = np.diff(np.concatenate(([0], chosen)))
    assert gaps.max() <= np.ceil(steps / (count // 2)) + 1, "no part of the run lies between two frames"
    ratio = steps ** (1 / (count - count // 2 - 1))
    assert (chosen[1:] <= ratio * (chosen[:-1] + 1) + 1).all(), "no part of a decade does"


def test_no_steps_and_no_frames():
    assert spread(0, 10) == spread(10, 0) == []
    assert schedule(experiment(training__steps=0), frame()) == frozenset()


@given(
    steps=st.integers(1, 10**7),
    memory=st.integers(0, 100),
    points=st.integers(1, 10**6),
    batch=st.integers(1, 10**4),
)
def test_frames_are_bounded_by_memory_and_number(steps, memory, points, batch):
    settings = experiment(training__steps=steps, training__batch=batch, evaluation__frame_memory=memory)
    chosen = schedule(settings, frame(points))
    fixed = {step for step in chosen if fixed_step(step)}
    assert len(chosen - fixed) <= MOST_FRAMES
    assert chosen == fixed or 8 * points * (len(chosen) + 2) <= memory * 10**6


def test_a_larger_memory_keeps_more_frames_and_none_the_fixed_ones_only():
    big = frame(30_000)
    counts = [
        len(schedule(experiment(training__steps=10**6, evaluation__frame_memory=memory), big))
        for memory in (0, 8, 16, 10_000)
    ]
    assert counts == sorted(set(counts))[:2] + counts[2:] and counts[-1] > counts[1] > counts[0]
    fixed = schedule(experiment(training__steps=1000, evaluation__frame_memory=0), big)
    assert sorted(fixed) == [1, 2, 5, 10, 20, 50, 100, 200, 500]


def test_a_longer_run_of_large_frames_takes_as_few_as_its_work_allows():
    few = schedule(experiment(training__steps=1000, training__batch=1), frame(10**6))
    assert all(map(fixed_step, few)), "a frame would cost more than the whole run"


def test_a_run_records_frames_at_its_schedule_and_other_topics_at_the_fixed_steps():
    inbox = SimpleQueue()
    inbox.put(Watch(live_topics()))
    stream = list(Run(experiment(evaluation__interval=50), inbox).events())
    steps = frames_of(stream)
    norms = [event.step for event in stream if event.name == "gradient-norms" and event.recorded]
    assert norms == [0, 1, 2, 5, 10, 20, 50, 100, 120]
    assert set(norms) < set(steps) and len(steps) > 30 and steps == sorted(set(steps))


def test_a_run_that_keeps_no_frames_records_the_fixed_steps_only():
    assert frames_of(Run(experiment(), keep_frames=False).events()) == [0, 1, 2, 5, 10, 20, 50, 100, 120]


@pytest.mark.parametrize("generator", ["none", "mlp"])
def test_keeping_frames_changes_no_number_of_a_run(generator):
    many, few = (
        list(Run(experiment(generator__kind=generator, evaluation__frame_memory=memory)).events())
        for memory in (8, 0)
    )
    assert len(frames_of(many)) > len(frames_of(few))
    numbers, others = (
        [e.model_dump(exclude=TIMING_FIELDS) for e in stream if isinstance(e, Metrics)]
        for stream in (many, few)
    )
    assert numbers == others
    (ended,), (other,) = ([e for e in stream if isinstance(e, Ended)] for stream in (many, few))
    assert ended.estimates == other.estimates and ended.gradient == other.gradient
    weights, expected = ([e for e in stream if e.kind == "checkpoint"][-1].arrays for stream in (many, few))
    assert all(np.array_equal(weights[name], expected[name]) for name in expected)


def test_a_resumed_run_goes_on_with_the_schedule():
    stream = list(Run(experiment(), state_period=0.0).events())
    state = next(event for event in stream if isinstance(event, TrainingState) and event.step > 40)
    rest = frames_of(Run(experiment(), resume=state).events())
    assert rest == [step for step in frames_of(stream) if step > state.step]


def test_an_extended_run_keeps_frames_of_its_new_length():
    stream = list(Run(experiment(), state_period=0.0).events())
    state = [event for event in stream if isinstance(event, TrainingState)][-1]
    rest = frames_of(Run(experiment(training__steps=400), resume=state).events())
    assert state.step == 120 and rest[-1] == 400
    assert 10 < len(rest) <= MOST_FRAMES and max(np.diff(rest)) < 60


def test_a_frame_without_a_critic_is_no_problem():
    assert frame_schedule.schedule(experiment(), [])
