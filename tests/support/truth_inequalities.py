"""The inequalities that truths of the same distributions satisfy, for tests."""

from collections.abc import Iterable

from wganstudio.truths import Truth


def assert_inequalities(truths: Iterable[Truth], penalty: float) -> None:
    """Bounds and values satisfy all inequalities, up to rounding, law by law."""
    every = list(truths)
    for law in {truth.law for truth in every}:
        same = [truth for truth in every if truth.law == law]
        values, lower, upper = (
            {t.quantity: getattr(t, end) for t in same} for end in ("value", "lower", "upper")
        )
        for low, high in ((values, values), (lower, upper)):
            slack = 1e-9 * (1 + max(high.values()))
            if {"w1", "congested"} <= low.keys():
                assert low["w1"] + low["w1"] ** 2 / (4 * penalty) <= high["congested"] + slack
            if {"w1", "gap-limit"} <= low.keys():
                assert low["w1"] + low["w1"] ** 2 / (2 * penalty) <= high["gap-limit"] + slack
            if {"w1", "congested", "gap-limit"} <= low.keys():
                assert low["w1"] + low["gap-limit"] <= 2 * high["congested"] + slack
