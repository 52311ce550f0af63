"""The interface of truth kinds, which compute reference costs of a pair."""

from collections.abc import Iterator
from typing import Protocol

from wganstudio.pairs.base import Pair
from wganstudio.truths.certificate import Truth


class Reference(Protocol):
    """The implementation of a truth kind, constructed with its options."""

    def truths(self, pair: Pair, penalty: float | None) -> Iterator[Truth]:
        """Yield the truths of a pair as they become available, W1 first.

        `penalty` is lambda for the congested cost and the gap limit; None where the solver has none.
        """
        ...
