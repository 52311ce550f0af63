"""The smoothed laws of a pair known by samples alone."""

import numpy as np
import pytest

from wganstudio.experiment.pairs import ClassicsOptions, GaussiansOptions
from wganstudio.experiment.truths import BestAvailableOptions
from wganstudio.truths import QUANTITIES
from wganstudio.truths.grid.admm import solve
from wganstudio.truths.grid.bracket import congested_bounds
from wganstudio.truths.grid.smoothed import smoothed_problem
from wganstudio.truths.radial import radial_flow


def test_smoothing_changes_a_wide_distribution_little() -> None:
    pair = GaussiansOptions().build()
    streets, bandwidth, samples = smoothed_problem(pair, 0)
    assert 0.1 < bandwidth < 0.25 and samples > 1e6
    assert streets.sigma.sum() * streets.step**2 == pytest.approx(1)
    assert np.abs(streets.mass.sum()) < 1e-9
    laid = streets.discretize(160)
    bounds = congested_bounds(laid, solve(laid, 1.0, 1e-4), 1.0)
    flow = radial_flow(pair.p, pair.q)
    assert flow is not None and flow.congestion_cost is not None
    assert (bounds.lower + bounds.upper) / 2 == pytest.approx(flow.w1 + flow.congestion_cost / 4, rel=0.03)
    assert bounds.upper - bounds.lower < 0.02 * bounds.upper


def test_a_shape_that_no_formula_knows_gets_a_bracket_of_its_smoothed_distribution() -> None:
    options = BestAvailableOptions(samples=128, repeats=3, tolerance=0.05)
    sampled, *smoothed = options.build().truths(ClassicsOptions(q="checkerboard").build(), 1.0)
    assert "samples" in sampled.method and sampled.law == "the distributions themselves"
    w1, congested_cost, gap = ({t.quantity: t for t in smoothed}[name] for name in QUANTITIES[:3])
    for truth in (w1, congested_cost, gap):
        assert truth.law.startswith("distributions and sigma smoothed by a Gaussian of standard deviation 0.")
        assert truth.lower <= truth.value <= truth.upper < 1.3 * truth.lower
    # one smoothing of both only brings them closer
    assert w1.lower <= sampled.upper and "the distributions themselves is in [0." in w1.method
    assert w1.value + w1.value**2 / 4 <= congested_cost.value < gap.value
    assert w1.value + gap.value <= 2 * congested_cost.value + 1e-9
