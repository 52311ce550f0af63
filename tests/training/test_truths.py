"""Truths as events."""

from wganstudio.experiment import read
from wganstudio.training.truths import find_truths


def test_without_a_penalty_only_w1_is_looked_for() -> None:
    found = list(find_truths(read({"solver": {"kind": "wc"}})))
    assert [e.truth.quantity for e in found if e.kind == "truth"] == ["w1"]
