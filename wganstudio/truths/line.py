"""Closed forms on the line (D = 1): the flow is w = F_P - F_Q, and sigma's density is exact."""

import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from wganstudio.experiment import BadExperiment, Problem
from wganstudio.pairs.base import CellwiseDensity, Distribution
from wganstudio.pairs.line_pieces import LinePiece
from wganstudio.truths.flow import FlowIntegrals, FlowProfile, integrate_flow

Floats = NDArray[np.float64]

MAX_COMBINATIONS = 256
"""Pairs of components up to which sigma is computed, one by one."""
NEGLIGIBLE_FLOW = 1e-12
"""Flow that is treated as 0 where a custom sigma is 0: Gaussian tails are never exactly 0."""


def line_flow(p: Distribution, q: Distribution) -> FlowIntegrals | None:
    """Return the costs of the flow between two distributions on the line.

    Parameters
    ----------
    p, q : Distribution
        Distributions on the line, as sums of pieces (`Distribution.pieces_on_line`).

    Returns
    -------
    FlowIntegrals or None
        None if one of them is no such sum. The congestion cost is None where sigma is: between pieces
        of different classes, or where there are more than 256 pairs of pieces.
    """
    profile = line_profile(p, q)
    return None if profile is None else integrate_flow(profile)


def line_profile(p: Distribution, q: Distribution) -> FlowProfile | None:
    """Return the flow along the line that `line_flow` integrates; None where a distribution has no pieces."""
    of_p, of_q = p.pieces_on_line(), q.pieces_on_line()
    return None if of_p is None or of_q is None else pieces_profile(of_p, of_q)


def pieces_profile(of_p: Sequence[LinePiece], of_q: Sequence[LinePiece]) -> FlowProfile:
    """Return the flow between two sums of weighted pieces."""
    combinations = list(itertools.product(of_p, of_q))
    has_sigma = len(combinations) <= MAX_COMBINATIONS and all(
        type(x) is type(y) and x.has_sigma for x, y in combinations
    )
    edges = np.array([edge for piece in (*of_p, *of_q) for edge in piece.breakpoints()])

    def difference(x: Floats) -> Floats:
        below_p, below_q = (sum(f.weight * f.cdf(x) for f in pieces) for pieces in (of_p, of_q))
        above_p, above_q = (sum(f.weight * f.survival(x) for f in pieces) for pieces in (of_p, of_q))
        lower_half = below_p + below_q < above_p + above_q
        return np.where(lower_half, below_p - below_q, above_q - above_p)

    def speed(x: Floats) -> tuple[Floats, Floats]:
        density, error = np.zeros_like(x), np.zeros_like(x)
        for piece, other in combinations:
            part = piece.sigma_to(other, x)
            density += piece.weight * other.weight * part[0]
            error += piece.weight * other.weight * part[1]
        return density, error

    return FlowProfile(difference, speed if has_sigma else None, edges)


def custom_sigma_profile(p: Distribution, q: Distribution, sigma: CellwiseDensity) -> FlowProfile | None:
    """Return the same flow with a custom sigma, whose box the mass beyond it does not leave."""
    free = line_profile(p, q)
    if free is None:
        return None

    def density(x: Floats) -> Floats:
        return sigma.density(x[:, None])

    def difference(x: Floats) -> Floats:
        w = free.difference(x)
        return np.where((np.abs(w) < NEGLIGIBLE_FLOW) & (density(x) == 0), 0.0, w)

    inside = np.clip(free.edges, sigma.low[0], sigma.high[0])
    return FlowProfile(
        difference,
        lambda x: (density(x), np.zeros_like(x)),
        np.unique(np.concatenate([inside, sigma.edges[0]])),
    )


def custom_sigma_flow(p: Distribution, q: Distribution, sigma: CellwiseDensity) -> FlowIntegrals | None:
    """Return the costs of the flow with a custom sigma; None where a distribution has no pieces.

    Raises
    ------
    BadExperiment
        If sigma is 0 where mass must pass.
    """
    profile = custom_sigma_profile(p, q, sigma)
    costs = None if profile is None else integrate_flow(profile)
    if costs is not None and costs.congestion_cost is None:
        message = "sigma is 0 where mass must pass, so the cost is infinite; make sigma positive on the way"
        raise BadExperiment(Problem("sigma", message))
    return costs
