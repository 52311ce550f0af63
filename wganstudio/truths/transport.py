"""The truth of a transport solver: the cost at its ground cost, by the best method for the pair."""

from collections.abc import Iterator

from wganstudio.experiment import GroundCost
from wganstudio.experiment.truths import BestAvailableOptions, SampleTruthOptions
from wganstudio.pairs.base import Pair
from wganstudio.truths.atoms import atoms_truth, two_lists_truth
from wganstudio.truths.certificate import Truth
from wganstudio.truths.free_bounds import transport_bounds
from wganstudio.truths.gaussian import gaussian_truth
from wganstudio.truths.squared import known_map_truth, squared_sample_truth


def transport_truths(pair: Pair, ground: GroundCost, options: SampleTruthOptions) -> Iterator[Truth]:
    """Yield `transport` at a ground cost, if it is known.

    A known map, a closed form or a problem between atoms where that is possible and wanted, otherwise bounds
    from samples, within those that the moments give.
    """
    if not isinstance(options, BestAvailableOptions):
        yield from _sampled(pair, ground, options)
        return
    truth = (
        known_map_truth(pair, ground, options)
        or gaussian_truth(pair, ground)
        or two_lists_truth(pair, ground)
    )
    if truth is not None:
        yield truth
        return
    free = transport_bounds(pair.p, pair.q, ground)
    for truth in _sampled(pair, ground, options):
        yield truth if free is None else free.tighten(truth)


def _sampled(pair: Pair, ground: GroundCost, options: SampleTruthOptions) -> Iterator[Truth]:
    if pair.p.atoms() is not None:
        yield from atoms_truth(pair, ground, options)
    elif (truth := squared_sample_truth(pair, ground, options)) is not None:
        yield truth
