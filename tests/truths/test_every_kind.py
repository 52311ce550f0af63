"""Every kind of truth over every preset and over random pairs: ordered, nonnegative, consistent."""

from typing import Any

import numpy as np
import pytest

from truth_inequalities import assert_inequalities
from wganstudio.experiment import BadExperiment, Experiment, GroundCost, kinds, override, presets, read
from wganstudio.training.events import TruthFound
from wganstudio.training.truths import find_truths
from wganstudio.truths import Truth
from wganstudio.truths.transport import transport_truths

QUICK = {"samples": 48, "repeats": 2, "tolerance": 0.05, "cells": 32, "seconds": 1}
SLOW = {"digits-gan", "digits-transport", "data", "ray-monotone-images"}
"""Presets of many dimensions whose truths take a minute."""
GROUNDS = [
    GroundCost("squared"),
    GroundCost("squared", 0.3),
    GroundCost("squared", 1e9),
    GroundCost("distance", 0.1),
    GroundCost("squared", 0.1, regularizer="l2"),
    GroundCost("squared", 0.1, normalized=True),
]


def options_of(kind: str) -> Any:
    known = kinds("truth")[kind]
    return known(**{name: value for name, value in QUICK.items() if name in known.model_fields})


def shown(experiment: Experiment) -> dict[str, Truth]:
    """Return what a user sees at the end: the last truth of each quantity, each checked as it comes."""
    result: dict[str, Truth] = {}
    for event in find_truths(experiment):
        if isinstance(event, TruthFound):
            truth = event.truth
            assert 0 <= truth.lower <= truth.value <= truth.upper
            before = result.get(truth.quantity)
            if before is not None and before.law == truth.law:
                assert before.lower <= truth.lower and truth.upper <= before.upper
            result[truth.quantity] = truth
    return result


@pytest.mark.parametrize("kind", kinds("truth"))
@pytest.mark.parametrize("name", [name for name in presets() if name not in SLOW])
def test_presets(name: str, kind: str) -> None:
    settings = override(presets()[name].settings, [("generator.kind", "none"), ("truth.kind", kind)])
    try:
        experiment = read(settings).model_copy(update={"truth": options_of(kind)})
        truths = shown(experiment)
    except BadExperiment as problem:
        assert kind == "grid" or "generator" in str(problem), problem
        return
    if kind == "best" and (penalty := experiment.solver.gradient_penalty):
        assert_inequalities(truths.values(), penalty)
        comparable = {truth.law for truth in truths.values()}
        known_plan = "known plan" in truths["w1"].method if "w1" in truths else False
        assert len(comparable) <= 1 or known_plan or experiment.build_pair().sigma.is_custom


def random_pairs(seed: int) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    dim = int(rng.integers(1, 4))

    def vector(scale: float = 1.0) -> list[float]:
        return [float(v) for v in np.round(rng.normal(size=dim) * scale, 2)]

    def sizes() -> list[float]:
        return [float(v) for v in np.round(np.exp(rng.normal(size=dim) / 2), 2)]

    low_p, low_q = vector(), vector()
    ends = [[a + b for a, b in zip(low, sizes(), strict=True)] for low in (low_p, low_q)]
    return {
        "gaussians": {"mean_p": vector(), "mean_q": vector(), "scale_p": sizes(), "scale_q": sizes()},
        "uniform-boxes": {"low_p": low_p, "low_q": low_q, "high_p": ends[0], "high_q": ends[1]},
        "uniform-balls": {"center_p": vector(), "center_q": vector(), "hole_p": 0.5, "radius_p": 1.5},
        "mixture": {"means_p": [vector(), vector()], "means_q": [vector(2), vector(), vector()]},
        "points": {"points_p": [vector(), vector(), vector()], "points_q": [vector(), vector()]},
    }


@pytest.mark.parametrize("kind", random_pairs(0))
@pytest.mark.parametrize("seed", range(6))
def test_random_pairs(kind: str, seed: int) -> None:
    settings = {"pair": {"kind": kind, **random_pairs(seed)[kind]}, "solver": {"kind": "lp", "penalty": 0.5}}
    experiment = read(settings)
    best = shown(experiment.model_copy(update={"truth": options_of("best")}))
    sampled = shown(experiment.model_copy(update={"truth": options_of("samples")}))
    assert_inequalities(best.values(), 0.5)
    assert best["w1"].lower <= sampled["w1"].upper and sampled["w1"].lower <= best["w1"].upper
    pair = experiment.build_pair()
    for ground in GROUNDS:
        for truth in transport_truths(pair, ground, options_of("best")):
            assert 0 <= truth.lower <= truth.value <= truth.upper


def test_a_distribution_costs_nothing_to_itself() -> None:
    """No bracket of a cost that is never negative begins below 0."""
    for kind, options in random_pairs(1).items():
        same = {name: value for name, value in options.items() if name.endswith("_p")}
        same |= {name[:-1] + "q": value for name, value in same.items()}
        experiment = read({"pair": {"kind": kind, **same}, "solver": {"kind": "lp", "penalty": 0.5}})
        for kind_of_truth in ("best", "samples"):
            truths = shown(experiment.model_copy(update={"truth": options_of(kind_of_truth)}))
            assert truths["w1"].lower < 1e-9
        for truth in transport_truths(experiment.build_pair(), GroundCost("squared"), options_of("best")):
            assert truth.lower < 1e-9 and truth.upper < 5
