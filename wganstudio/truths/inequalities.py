"""Inequalities between the truths of one pair, by which each tightens the others."""

import math
from collections.abc import Iterable, Iterator, Sequence

from wganstudio.truths.certificate import Bounds, Quantity, Truth

_NEGLIGIBLE = 1e-9
"""Relative change of a bound or of a value that is not reported again."""
_MAX_ROUNDS = 20
_SOURCE = "; tightened by the bounds of the other costs"


def tighten(truths: Sequence[Truth], penalty: float | None) -> list[Truth]:
    """Return the truths with bounds as tight as those of the others allow; they never become wider.

    With L = INT |w| and T = INT |w|^2 / (4 lambda sigma) of the optimal flow w, C = L + T and the gap limit
    is G = L + 2 T. L >= W1, since no flow is shorter, and T >= L^2 / (4 lambda), by the inequality of Cauchy
    and Schwarz, as sigma integrates to 1. Hence C >= W1 + W1^2 / (4 lambda), 2 C - G >= W1, and
    W1 <= L <= inverse(C), where inverse(C) + inverse(C)^2 / (4 lambda) = C. Only truths of the same
    distributions (`law`) are compared. Values move into their bounds and agree with these inequalities too.

    Parameters
    ----------
    truths : sequence of Truth
        At most one of each quantity for each law.
    penalty : float or None
        lambda, for all truths; with None, or 0, nothing follows.
    """
    if penalty is None or penalty <= 0:
        return list(truths)
    result = list(truths)
    for law in dict.fromkeys(truth.law for truth in truths):
        same = {truth.quantity: truth for truth in truths if truth.law == law}
        bounds = _closure({name: Bounds(truth.lower, truth.upper) for name, truth in same.items()}, penalty)
        tightened = _consistent_values(
            {name: intersect(same[name], bound, _SOURCE) for name, bound in bounds.items() if name in same},
            penalty,
        )
        result = [tightened[truth.quantity] if truth.law == law else truth for truth in result]
    return result


def consistent(truths: Iterable[Truth], penalty: float | None) -> Iterator[Truth]:
    """Yield truths as they come, each tightened by those before it, and those again that it tightens.

    A later truth of one quantity and law replaces the one before, within the bounds of both.
    """
    newest: dict[tuple[str, Quantity], Truth] = {}
    for truth in truths:
        key = truth.law, truth.quantity
        if key in newest:
            truth = intersect(truth, newest[key], _SOURCE if _SOURCE in newest[key].method else "")
        newest[key] = truth
        before, after = list(newest.values()), tighten(list(newest.values()), penalty)
        newest = {(each.law, each.quantity): each for each in after}
        yield newest[key]
        for old, new in zip(before, after, strict=True):
            if (new.law, new.quantity) != key and new.law == truth.law and _changed(old, new):
                yield new


def intersect(truth: Truth, bounds: Truth | Bounds, source: str = "") -> Truth:
    """Return the truth within the bounds as well, with their source in its method where they are tighter.

    Bounds that contradict the truth, as those from samples may, by chance, leave it as it is.
    """
    lower, upper = max(truth.lower, bounds.lower), min(truth.upper, bounds.upper)
    if lower > upper or (lower, upper) == (truth.lower, truth.upper):
        return truth
    tighter = upper - lower < (1 - _NEGLIGIBLE) * (truth.upper - truth.lower)
    value = (lower + upper) / 2 if tighter and truth.quantity != "gap-limit" else truth.value
    named = not tighter or source in truth.method
    return truth.model_copy(
        update={
            "lower": lower,
            "upper": upper,
            "value": min(max(value, lower), upper),
            "method": truth.method if named else truth.method + source,
        }
    )


def _closure(bounds: dict[Quantity, Bounds], penalty: float) -> dict[Quantity, Bounds]:
    """Apply the inequalities to bounds of W1, C and G until nothing changes; what is not given is free."""
    free = Bounds(0.0, math.inf)
    w1, cost, limit = (bounds.get(name, free) for name in ("w1", "congested", "gap-limit"))
    for _ in range(_MAX_ROUNDS):
        before = w1, cost, limit
        w1 = _shrink(w1, 0.0, min(_length(cost.upper, penalty), _minus(2 * cost.upper, limit.lower)))
        cost = _shrink(
            cost,
            max(w1.lower + w1.lower**2 / (4 * penalty), (limit.lower + w1.lower) / 2),
            (limit.upper + _length(limit.upper, penalty / 2)) / 2,
        )
        limit = _shrink(
            limit, 2 * cost.lower - _length(cost.lower, penalty), _minus(2 * cost.upper, w1.lower)
        )
        if (w1, cost, limit) == before:
            break
    return {"w1": w1, "congested": cost, "gap-limit": limit}


def _consistent_values(truths: dict[Quantity, Truth], penalty: float) -> dict[Quantity, Truth]:
    """Move values within their bounds so that they agree: each by the same share of its width.

    Where that is not enough, the gap limit moves, then W1, to where the value of C allows them.
    """
    cost, limit, w1 = (truths.get(name) for name in ("congested", "gap-limit", "w1"))
    if cost is not None and limit is not None and w1 is not None:
        excess = w1.value + limit.value - 2 * cost.value
        widths = [each.upper - each.lower for each in (w1, limit, cost, cost)]
        if excess > 0 and sum(widths) > 0:
            share = excess / sum(widths)
            w1, limit = (
                _moved(each, 0.0, each.value - share * width)
                for each, width in zip((w1, limit), widths, strict=False)
            )
            cost = _moved(cost, cost.value + share * widths[2], math.inf)
    most = math.inf
    if cost is not None:
        most = _length(cost.value, penalty)
        if limit is not None:
            shortest = w1.lower if w1 is not None else 0.0
            limit = _moved(limit, 2 * cost.value - most, 2 * cost.value - shortest)
            most = min(most, 2 * cost.value - limit.value)
    elif limit is not None:
        most = _length(limit.value, penalty / 2)
    if w1 is not None:
        w1 = _moved(w1, 0.0, most)
    return {truth.quantity: truth for truth in (w1, cost, limit) if truth is not None}


def _moved(truth: Truth, least: float, most: float) -> Truth:
    value = min(max(truth.value, least), most)
    value = min(max(value, truth.lower), truth.upper)
    return truth if value == truth.value else truth.model_copy(update={"value": value})


def _shrink(bounds: Bounds, lower: float, upper: float) -> Bounds:
    """Return the intersection of two brackets; the first one where they do not meet."""
    lower, upper = max(bounds.lower, lower), min(bounds.upper, upper)
    return Bounds(lower, upper) if lower <= upper else bounds


def _length(cost: float, penalty: float) -> float:
    """Return the L >= 0 with L + L^2 / (4 penalty) = cost."""
    if math.isinf(cost):
        return cost
    return 2 * max(cost, 0.0) / (1 + math.sqrt(1 + max(cost, 0.0) / penalty))


def _minus(one: float, other: float) -> float:
    return one if math.isinf(one) else one - other


def _changed(old: Truth, new: Truth) -> bool:
    pairs = ((old.lower, new.lower), (old.value, new.value), (old.upper, new.upper))
    return any(abs(one - other) > _NEGLIGIBLE * abs(other) for one, other in pairs)
