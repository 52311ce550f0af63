"""The descent along a run: when it is recorded, what it adds to the results, and that it changes nothing."""

import numpy as np
import pytest

from quick_runs import case, of_generator
from wganstudio.session import Document, RunRecord
from wganstudio.training import critic_descent
from wganstudio.training.declarations.critic_descent import W1_LEFT
from wganstudio.training.events import Checkpoint, Ended, Metrics, Snapshot
from wganstudio.training.run import Run

SMALL = {"evaluation__descent_samples": 16, "evaluation__descent_steps": 2}


@pytest.fixture
def early(monkeypatch):
    """Let samples descend at every power of ten."""
    monkeypatch.setattr(critic_descent, "FIRST_STEP", 1)


def descents(events):
    return [event for event in events if isinstance(event, Snapshot) and event.topic == "critic-descent"]


def numbers(events):
    """Return what a run trains and measures, without its clock and its descents."""
    kept = [event for event in events if isinstance(event, Checkpoint | Metrics | Snapshot)]
    values = [event.values for event in kept if isinstance(event, Metrics)]
    arrays = [(e.name, e.step, e.arrays) for e in kept if e.arrays and e.name != "critic-descent"]
    (ended,) = [event for event in events if isinstance(event, Ended)]
    return values, arrays, {key: n for key, n in ended.estimates.items() if "w1_left" not in key}


@pytest.mark.parametrize("solver", ["lp", "gp", "wc", "sn", "so", "mm-r", "dot", "semi-discrete", "plain"])
def test_a_descent_changes_no_bit_of_a_run(early, solver):
    with_descent, without = (
        list(Run(case(solver, **SMALL | {"evaluation__descent_steps": steps})).events()) for steps in (2, 0)
    )
    steps = [0] if solver == "dot" else [1, 10]  # dot solves at once
    assert [event.step for event in descents(with_descent)] == steps and not descents(without)
    (values, arrays, estimates), (same_values, same_arrays, same_estimates) = map(
        numbers, (with_descent, without)
    )
    assert values == same_values and estimates == same_estimates
    for (name, step, ours), (same_name, same_step, theirs) in zip(arrays, same_arrays, strict=True):
        assert (name, step) == (same_name, same_step)
        for key, array in ours.items():
            np.testing.assert_array_equal(array, theirs[key], err_msg=f"{name} {step} {key}")


def test_it_repeats_and_its_first_step_joins_the_final_estimates():
    first, second = (list(Run(case(**SMALL)).events()) for _ in range(2))
    (one,), (other,) = descents(first), descents(second)
    for name, array in one.arrays.items():
        np.testing.assert_array_equal(array, other.arrays[name])
    (ended,) = [event for event in first if isinstance(event, Ended)]
    assert ended.estimates[W1_LEFT.key] == pytest.approx(one.arrays["upper"][1])
    assert ended.estimates["w1_left_lower"] == pytest.approx(one.arrays["lower"][1])
    assert one.arrays["points"].shape == (3, 192, 2) and one.arrays["lengths"].shape == (2,)
    assert one.attributes.first_length.startswith("known plan")  # of the ray-monotone pair


def test_it_is_recorded_from_step_1000_on(monkeypatch):
    monkeypatch.setattr(critic_descent, "FIRST_STEP", 10)
    experiment = case(**SMALL | {"training__steps": 20, "critic__width": 8})
    assert [event.step for event in descents(Run(experiment).events())] == [10, 20]


def test_where_a_generator_moves_q_the_samples_of_q_are_drawn_again(early):
    experiment = of_generator("mlp")
    assert experiment is not None
    first, last = descents(Run(experiment).events())
    assert not np.array_equal(first.arrays["targets"], last.arrays["targets"])
    np.testing.assert_array_equal(first.arrays["points"][0], last.arrays["points"][0])
    assert first.attributes.first_length == critic_descent.LOWER_BOUND


def test_a_session_keeps_it(tmp_path):
    path, experiment = tmp_path / "kept.wgs", case(**SMALL)
    document = Document.create(path)
    run = document.add_run(experiment)
    for event in Run(experiment).events():
        document.append(run, event)
    document.close()
    document = Document.open(path)
    (record,) = document.records()
    document.close()
    assert isinstance(record, RunRecord)
    snapshot = record.snapshot("critic-descent")
    assert snapshot is not None and snapshot.step == 10
    assert record.ended is not None and record.ended.estimates["w1_left"] >= 0
