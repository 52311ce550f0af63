"""A run that may end early ends where its curve stands still, or at the truth, and repeats."""

import pytest

from wganstudio.experiment import BadExperiment, override, preset, read
from wganstudio.training.events import Ended, Metrics
from wganstudio.training.run import Run
from wganstudio.training.stopping import POINTS, StoppingCriterion

QUICK = [
    ("critic.width", 16),
    ("critic.depth", 2),
    ("training.batch", 64),
    ("evaluation.every", 5),
    ("evaluation.samples", 256),
    ("evaluation.final_samples", 1024),
    ("evaluation.resolution", 8),
]


def experiment(*changes):
    return read(override(preset("first-look").settings, [*QUICK, *changes]))


def events_of(*changes):
    return list(Run(experiment(*changes)).events())


@pytest.mark.parametrize("rule", ["plateau", "truth"])
def test_a_run_ends_early_and_repeats(rule):
    first, second = (
        events_of(("training.stop", rule), ("training.within", 10), ("training.steps", 2000)) for _ in "ab"
    )
    ended = first[-1]
    assert isinstance(ended, Ended) and ended.reason == rule
    assert 0 < ended.step < 2000
    assert second[-1].estimates == ended.estimates and second[-1].step == ended.step
    values = [event.values["value"] for event in first if isinstance(event, Metrics)]
    newest = sum(values[-POINTS:]) / POINTS
    if rule == "truth":
        assert newest == pytest.approx(1.95786, rel=0.1)
    else:
        before = sum(values[-2 * POINTS : -POINTS]) / POINTS
        assert abs(newest - before) <= 0.1 * newest


def test_without_a_rule_all_steps_are_taken():
    ended = events_of(("training.steps", 200), ("training.within", 100))[-1]
    assert ended.reason == "done" and ended.step == 200


def test_a_noisy_curve_is_evaluated_by_its_means():
    goal = StoppingCriterion(experiment(("training.stop", "plateau"), ("training.within", 1)))
    heard = [goal.reached({"value": 1 + (0.2 if index % 2 else -0.2)}) for index in range(2 * POINTS)]
    assert heard == [False] * (2 * POINTS - 1) + [True]


def test_a_curve_that_rises_has_no_plateau():
    goal = StoppingCriterion(experiment(("training.stop", "plateau"), ("training.within", 1)))
    assert not any(goal.reached({"value": 1.01**index}) for index in range(100))


def test_without_a_penalty_the_gap_is_evaluated_against_w1():
    goal = StoppingCriterion(
        experiment(("solver.kind", "wc"), ("training.stop", "truth"), ("training.within", 1))
    )
    assert not any(goal.reached({"gap": 1.0}) for _ in range(POINTS))
    assert [goal.reached({"gap": 1.2533}) for _ in range(POINTS)][-1]


@pytest.mark.parametrize(
    "changes, words",
    [
        ([("pair.kind", "classics"), ("solver.kind", "wc")], "the cost to reach is only known to be in \\["),
        ([("pair.kind", "ray-monotone"), ("pair.dim", 3)], "the cost to reach is not known"),
    ],
)
def test_a_truth_that_is_not_known_well_enough_is_reported_before_the_run(changes, words):
    wanted = experiment(
        *changes, ("training.stop", "truth"), ("training.within", 0.01), ("truth.kind", "samples")
    )
    with pytest.raises(BadExperiment, match=f"training.stopping: {words}") as caught:
        Run(wanted)
    assert "choose plateau or steps" in str(caught.value)
