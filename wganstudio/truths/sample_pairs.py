"""The reference costs between two lists of samples: of the samples, not of where they come from."""

from collections.abc import Iterator

from wganstudio.experiment import GroundCost
from wganstudio.experiment.truths import BestAvailableOptions
from wganstudio.pairs.base import Pair
from wganstudio.truths.atoms import two_lists_truth
from wganstudio.truths.certificate import Truth
from wganstudio.truths.free_bounds import w1_bounds
from wganstudio.truths.grid.reference import smoothed_truths
from wganstudio.truths.samples import sample_truth
from wganstudio.truths.transport import transport_truths

DISTANCE = GroundCost("distance")
"""The ground cost of W1."""
EXACT_PAIRS = 1 << 24
"""Pairs of samples up to which the linear program is solved: half a minute and 1 GB at most."""


def sample_pair_truths(
    pair: Pair, ground: GroundCost, penalty: float | None, options: BestAvailableOptions
) -> Iterator[Truth]:
    """Yield `w1`, `transport` at another ground cost than the distance, `congested` and `gap-limit`.

    The first two are exact up to rounding where both lists are short, otherwise bounds from subsets drawn at
    random. The last two need a penalty and the plane; they are those of the smoothed samples, as the
    congested cost of points is infinite. A later truth of a quantity is tighter than the one before.
    """
    yield _w1(pair, options)
    if ground != DISTANCE:
        exact = two_lists_truth(pair, ground, EXACT_PAIRS)
        yield from transport_truths(pair, ground, options) if exact is None else (exact,)
    if penalty is not None and pair.dim == 2:
        yield from smoothed_truths(pair, penalty, options, options.seed)


def _w1(pair: Pair, options: BestAvailableOptions) -> Truth:
    exact = two_lists_truth(pair, DISTANCE, EXACT_PAIRS)
    if exact is None:
        return w1_bounds(pair.p, pair.q).tighten(sample_truth(pair.p, pair.q, options))
    return exact.model_copy(update={"quantity": "w1"})
