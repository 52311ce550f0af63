"""The budget of a probe, with a clock of its own."""

import pytest

from wganstudio.api.probe.budget import Budget


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize("share", [0.02, 0.05, 0.5])
@pytest.mark.parametrize("cost", [0.01, 1.0, 7.0])
def test_recordings_take_at_most_the_share_of_the_loop_and_nearly_all_of_it(share, cost):
    clock = Clock()
    budget = Budget(share, {"curves": 0.75, "truth": 0.25}, clock)
    costs = {"curves": cost, "truth": 3 * cost}
    for kind, seconds in costs.items():
        with budget.charged(kind):
            clock.now += seconds
    budget.start()
    assert budget.spent == 0.0 == budget.loop_seconds and not budget.affords("curves")
    made = dict.fromkeys(costs, 0)
    for _ in range(20_000):
        clock.now += cost
        for kind, seconds in costs.items():
            if budget.affords(kind):
                made[kind] += 1
                with budget.charged(kind):
                    clock.now += seconds
        assert budget.spent <= share * budget.loop_seconds * (1 + 1e-9)
    assert budget.loop_seconds == pytest.approx(20_000 * cost)
    assert budget.spent > 0.95 * share * budget.loop_seconds and min(made.values()) > 10


def test_a_recording_that_took_longer_than_expected_delays_the_next_ones():
    clock = Clock()
    budget = Budget(0.1, {"curves": 1.0}, clock)
    with budget.charged("curves"):
        clock.now += 1.0
    budget.start()
    clock.now += 10.0
    assert budget.affords("curves")
    with budget.charged("curves"):
        clock.now += 5.0
    clock.now += 85.0  # 5 s are spent, and 5 s are expected of the next one
    assert budget.loop_seconds == pytest.approx(95.0) and not budget.affords("curves")
    clock.now += 5.5
    assert budget.affords("curves")
