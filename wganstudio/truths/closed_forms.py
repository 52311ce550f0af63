"""W1 of the pairs of which it is known in closed form."""

from wganstudio.pairs.base import Distribution, KnownCost
from wganstudio.truths.flow import FlowIntegrals
from wganstudio.truths.known_plans import one_coordinate_flow, translation_cost


def closed_form_w1(p: Distribution, q: Distribution, flow: FlowIntegrals | None) -> KnownCost | None:
    """Return W1 of translates, by a formula or a known flow, or of a pair that differs in one coordinate.

    Parameters
    ----------
    p, q : Distribution
    flow : FlowIntegrals or None
        The flow on the line or about the common center, if it is known.
    """
    shift = translation_cost(p, q)
    if shift is not None:
        return KnownCost(shift, 0.0, "closed form: a translation costs the distance of the means")
    known = p.w1_to(q)
    if known is not None:
        return KnownCost(known.value, known.error, f"closed form: {known.method}")
    if flow is not None:
        return KnownCost(flow.w1, flow.w1_error, f"closed form, {flow_method(p.dim)}")
    line = one_coordinate_flow(p, q)
    if line is not None:
        method = "closed form on the line of the one coordinate in which the distributions differ, quadrature"
        return KnownCost(line.w1, line.w1_error, method)
    return None


def flow_method(dim: int) -> str:
    """Return the name of the flow of closed form in a dimension."""
    if dim == 1:
        return "the flow on the line, quadrature"
    return "the radial flow about the common center, quadrature"
