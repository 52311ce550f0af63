"""Inequalities between the truths: they hold for known flows, tighten and never contradict."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from truth_inequalities import assert_inequalities
from wganstudio.experiment import kinds
from wganstudio.truths import Truth
from wganstudio.truths.certificate import Bounds, Quantity
from wganstudio.truths.inequalities import consistent, intersect, tighten
from wganstudio.truths.line import line_flow

POSITIVE = st.floats(1e-3, 1e3)
SHARE = st.floats(0, 1)


def truth(
    quantity: Quantity, lower: float, upper: float, value: float | None = None, law: str = "P"
) -> Truth:
    value = (lower + upper) / 2 if value is None else value
    return Truth(
        quantity=quantity, value=value, lower=lower, upper=upper, method="by hand", law=law, seconds=0.0
    )


def flow_costs(w1: float, detour: float, uneven: float, penalty: float) -> dict[Quantity, float]:
    """Return W1, C and the gap limit of a flow of length w1 + detour, T above its least by `uneven`."""
    length = w1 + detour
    congestion = length**2 / (4 * penalty) + uneven
    return {"w1": w1, "congested": length + congestion, "gap-limit": length + 2 * congestion}


@given(POSITIVE, POSITIVE, POSITIVE, POSITIVE, st.lists(st.tuples(SHARE, SHARE), min_size=3, max_size=3))
def test_brackets_of_a_flow_shrink_about_its_costs(
    w1: float, detour: float, uneven: float, penalty: float, widths: list[tuple[float, float]]
) -> None:
    costs = flow_costs(w1, detour, uneven, penalty)
    wide = [
        truth(name, cost * (1 - below), cost * (1 + above))
        for (name, cost), (below, above) in zip(costs.items(), widths, strict=True)
    ]
    result = tighten(wide, penalty)
    for before, after in zip(wide, result, strict=True):
        cost = costs[after.quantity]
        assert before.lower <= after.lower <= after.value <= after.upper <= before.upper
        assert after.lower <= cost * (1 + 1e-9) and cost * (1 - 1e-9) <= after.upper
    assert_inequalities(result, penalty)
    for before, after in zip(result, tighten(result, penalty), strict=True):
        assert after.lower == pytest.approx(before.lower, rel=1e-6, abs=1e-9)
        assert after.upper == pytest.approx(before.upper, rel=1e-6)


def test_the_inequality_is_sharp_where_the_flow_is_in_proportion_to_sigma() -> None:
    exact = flow_costs(2.0, 0.0, 0.0, 0.5)
    w1, congested, limit = tighten(
        [truth("w1", 0, 9), truth("congested", *[exact["congested"]] * 2), truth("gap-limit", 0, 99)], 0.5
    )
    assert w1.upper == pytest.approx(2.0) and congested.value == exact["congested"] == 4.0
    assert limit.lower == pytest.approx(exact["gap-limit"]) and limit.upper == pytest.approx(8.0)


@pytest.mark.parametrize("kind", ["gaussians", "uniform-boxes", "mixtures"])
def test_flows_on_the_line_satisfy_it(kind: str) -> None:
    rng = np.random.default_rng(len(kind))
    for _ in range(10):
        a, b = rng.normal(size=2)
        options = {
            "gaussians": {"dim": 1, "mean_q": a, "scale_q": np.exp(b)},
            "uniform-boxes": {"dim": 1, "low_q": a, "high_q": a + np.exp(b)},
            "mixtures": {"means_p": ((0,),), "means_q": ((a,), (b,))},
        }[kind]
        pair = kinds("pair")["mixture" if kind == "mixtures" else kind](**options).build()
        flow = line_flow(pair.p, pair.q)
        assert flow is not None and flow.congestion_cost is not None
        # INT w^2 / sigma >= (INT |w|)^2, as sigma integrates to 1
        assert flow.congestion_cost + flow.congestion_cost_error >= flow.w1**2 * (1 - 1e-9)


def test_truths_of_other_distributions_are_left_alone() -> None:
    truths = [truth("w1", 0.0, 5.0), truth("congested", 1.0, 1.1, law="smoothed")]
    assert tighten(truths, 1.0) == truths
    assert tighten([truth("w1", 0.0, 5.0), truth("congested", 1.0, 1.1)], None)[0].upper == 5.0


def test_bounds_that_contradict_are_not_crossed() -> None:
    w1, congested = tighten([truth("w1", 3.0, 5.0), truth("congested", 1.0, 1.1)], 1.0)
    assert (w1.lower, w1.upper) == (3.0, 5.0) and congested.lower <= congested.value <= congested.upper
    assert intersect(truth("w1", 1.0, 2.0), Bounds(3.0, 4.0)) == truth("w1", 1.0, 2.0)


def test_a_stream_of_truths_stays_consistent_and_nested() -> None:
    finer = [
        truth("w1", 0.8, 1.4),
        truth("congested", 0.7, 1.3),
        truth("gap-limit", 0.7, 2.5, 1.7),
        truth("congested", 1.0, 1.2),
        truth("gap-limit", 1.0, 1.9, 1.2),
        truth("w1", 0.5, 0.97),
    ]
    shown: dict[str, Truth] = {}
    for each in consistent(finer, 2.0):
        before = shown.get(each.quantity, each)
        assert before.lower <= each.lower <= each.upper <= before.upper
        shown[each.quantity] = each
    assert_inequalities(shown.values(), 2.0)
    assert shown["w1"].upper <= 0.97 and shown["congested"].lower >= 1.0
    assert any("tightened by the bounds of the other costs" in each.method for each in shown.values())


def test_what_changes_nothing_is_not_said_again() -> None:
    sharp = [truth("w1", 1.0, 1.0), truth("congested", 1.5, 1.5), truth("gap-limit", 1.9, 1.9)]
    assert list(consistent(sharp, 1.0)) == sharp
