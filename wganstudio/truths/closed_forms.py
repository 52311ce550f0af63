"""W1 of the pairs of which it is known in closed form."""

from typing import NamedTuple

from wganstudio.pairs.base import Distribution
from wganstudio.truths.flow import FlowIntegrals
from wganstudio.truths.known_plans import one_coordinate_flow, translation_cost


class ClosedForm(NamedTuple):
    """A known W1, a bound of its error, and the method."""

    w1: float
    error: float
    method: str


def closed_form_w1(p: Distribution, q: Distribution, flow: FlowIntegrals | None) -> ClosedForm | None:
    """Return W1 of translates, of a pair with a known flow, or of one that differs in one coordinate.

    Parameters
    ----------
    p, q : Distribution
    flow : FlowIntegrals or None
        The flow on the line or about the common center, if it is known.
    """
    shift = translation_cost(p, q)
    if shift is not None:
        return ClosedForm(shift, 0.0, "closed form: a translation costs the distance of the means")
    if flow is not None:
        return ClosedForm(flow.w1, flow.w1_error, f"closed form, {flow_method(p.dim)}")
    line = one_coordinate_flow(p, q)
    if line is not None:
        method = "closed form on the line of the one coordinate in which the distributions differ, quadrature"
        return ClosedForm(line.w1, line.w1_error, method)
    return None


def flow_method(dim: int) -> str:
    """Return the name of the flow of closed form in a dimension."""
    if dim == 1:
        return "the flow on the line, quadrature"
    return "the radial flow about the common center, quadrature"
