"""Warnings about the outcome of a run: signs in its final estimates that it has not reached its optimum.

Every sign is decided from recorded numbers, with room for SURE standard errors, so that a sound run shows
none and an opened session shows those of the day it was recorded.
"""

import math
from collections.abc import Iterator, Mapping

from wganstudio.experiment import Experiment
from wganstudio.training.events import Ended
from wganstudio.truths import Quantity, Truth

SURE = 4.0
"""Standard errors by which a number must miss a bound."""
MAX_SUBOPTIMALITY = 0.1
"""Share of the congested cost that a trained critic may miss; sound runs miss 1 to 3 %."""
SMOOTHED = "smoothed"
"""Word in the law of truths that are for smoothed samples."""
MAX_EXCESS = 0.05
"""Share by which an estimate of W1 may exceed it."""
FLAT_SLOPE = 1e-3
"""Largest gradient norm of a critic that counts as constant; the true critic of W1 has 1."""
MAX_RELATIVE_WIDTH = 0.01
"""Width of the interval of the gap, as a share of it, above which the conjugate counts as loose."""

Truths = Mapping[Quantity, Truth]


def outcome_warnings(experiment: Experiment, ended: Ended, truths: Truths) -> tuple[str, ...]:
    """Return one sentence, with what to do, for each sign that a finished run has not reached its optimum."""
    if experiment.generator.moves:  # its critic follows a moving target, and nothing is known of its limit
        return ()
    return tuple(_warnings(experiment, ended, truths))


def conjugate_warning(metrics: Mapping[str, float]) -> str:
    """Return one sentence where the conjugate is loose; empty where it is tight or unknown."""
    if "gap_lower" not in metrics:
        return ""
    low, high, missed = metrics["gap_lower"], metrics["gap"], 1 - metrics["converged"]
    if missed <= 0 and high - low <= MAX_RELATIVE_WIDTH * abs(high):
        return ""
    share = f"{100 * missed:.{0 if missed >= 0.01 else 2}f} %"
    unconverged = f"{share} of the points have not converged; " if missed > 0 else ""
    return f"the conjugate is loose: {unconverged}the cost lies in [{low:.3g}, {high:.3g}]"


def _warnings(experiment: Experiment, ended: Ended, truths: Truths) -> Iterator[str]:
    gap, margin = _with_margin(ended.estimates, "gap")
    value, value_margin = _with_margin(ended.estimates, "value")
    w1, floor = truths.get("w1"), _floor(experiment, truths)
    slope = math.inf if ended.lipschitz is None else ended.lipschitz.largest_slope
    estimates_w1 = experiment.solver.ground is None
    own = w1 if estimates_w1 else truths.get("transport")
    if gap + margin < 0 and (own is None or own.lower > 0):  # between equal distributions any sign is noise
        yield f"The gap is negative, {gap:.3g}, although the cost is not. {_advice_on_direction(experiment)}"
    elif estimates_w1 and slope < FLAT_SLOPE and w1 is not None and w1.lower > 0:
        yield (
            f"The critic is constant: its largest gradient norm is {slope:.1g}. "
            "Raise the learning rate, or choose another initialization (seed) or activation."
        )
    elif ended.reason != "stopped" and value + value_margin < (1 - MAX_SUBOPTIMALITY) * floor:
        share = 100 * (1 - value / floor)
        yield (
            f"The value is {share:.0f} % or more below its optimum, the congested transport cost. "
            "Train longer, with a larger network or another learning rate, or choose another seed."
        )
    bound = w1.upper if w1 is not None and estimates_w1 and _bounds_w1(experiment) else math.inf
    if gap - margin > (1 + MAX_EXCESS) * bound:
        yield (
            f"The gap, {gap:.3g}, is above the upper bound of W1, {bound:.3g}: it is no estimate of W1 here. "
            "Choose a solver whose critic is 1-Lipschitz (SO) or one with a penalty (LP)."
        )
    if loose := conjugate_warning(ended.estimates):
        yield f"{loose[0].upper()}{loose[1:]}. {_advice_on_conjugate(experiment)}"


def _floor(experiment: Experiment, truths: Truths) -> float:
    """Return a lower bound of the congested cost of the distributions that the run has seen, at least 0."""
    if experiment.perturbation.name() != "none":
        return 0.0
    costs = [truths[quantity] for quantity in ("w1", "congested") if quantity in truths]
    return max((cost.lower for cost in costs if SMOOTHED not in cost.law), default=0.0)


def _with_margin(estimates: Mapping[str, float], name: str) -> tuple[float, float]:
    """Return an estimate and SURE of its standard errors; NaN, which misses no bound, if it is not known."""
    return estimates.get(name, math.nan), SURE * estimates.get(f"{name}_se", math.nan)


def _advice_on_direction(experiment: Experiment) -> str:
    if experiment.solver.name() == "gp":
        return (
            "The two-sided penalty also has optima of the opposite slope; "
            "choose the one-sided penalty (solver LP), or another seed."
        )
    return "The critic points from Q to P: train longer, or choose another solver or seed."


def _advice_on_conjugate(experiment: Experiment) -> str:
    if experiment.solver.name() == "convex":
        return "Allow the conjugate more iterations, or choose a critic without sharp kinks (tau, alpha)."
    return "The gap alone is no bound: train longer, or choose the solver convex, which solves for it."


def _bounds_w1(experiment: Experiment) -> bool:
    """Return True if the gap is meant not to exceed W1: by such a solver, on clean samples."""
    return experiment.solver.gap_bounded_by_w1 and experiment.perturbation.name() == "none"
