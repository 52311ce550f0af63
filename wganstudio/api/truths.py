"""Truths: reference costs by quantity, of a run or computed for an experiment."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from wganstudio.api.choice import chosen_experiment
from wganstudio.api.html import table_html
from wganstudio.experiment import Experiment, Preset
from wganstudio.training.events import TruthFound, TruthMissing
from wganstudio.truths import Truth


class Truths(Mapping[str, Truth]):
    """Reference costs by quantity: `w1`, `congested`, `gap-limit`, `transport`.

    Each has a `value` between a certified `lower` and `upper` bound, the `method` that computed it, and the
    distributions that it is for (`law`).
    """

    def __init__(self, truths: Mapping[str, Truth], missing: str = "") -> None:
        self._truths = dict(truths)
        self.missing = missing
        """Why there are none, or no more; empty if nothing is missing."""

    def __getitem__(self, quantity: str) -> Truth:
        """Return the reference cost of a quantity; KeyError, which says why, if it is not known."""
        if quantity not in self._truths:
            reason = self.missing or f"known are {', '.join(self._truths) or 'none'}"
            raise KeyError(f"there is no truth {quantity!r}: {reason}")
        return self._truths[quantity]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the quantities."""
        return iter(self._truths)

    def __len__(self) -> int:
        """Return the number of reference costs."""
        return len(self._truths)

    def __repr__(self) -> str:
        """Return each quantity with its value and its bounds."""
        texts = [f"{t.quantity} = {t.value:.6g} in [{t.lower:.6g}, {t.upper:.6g}]" for t in self.values()]
        return f"<Truths: {'; '.join(texts) or self.missing or 'none'}>"

    def _repr_html_(self) -> str:
        """Return a table for a notebook."""
        rows = [
            (t.quantity, *(f"{number:.6g}" for number in (t.value, t.lower, t.upper)), t.method)
            for t in self.values()
        ]
        return table_html(("truth", "value", "lower", "upper", "method"), rows, self.missing)


def truth(experiment: Experiment | Preset | str | Path, **changes: Any) -> Truths:
    """Compute the certified reference costs of an experiment's pair.

    Parameters
    ----------
    experiment : Experiment, Preset, str or Path
        An experiment, the name of a preset or of a kind of pair, or a TOML file.
    **changes
        Settings to change, such as ``**{"pair.dim": 8}``.

    Returns
    -------
    Truths
        The reference costs by quantity; empty, with the reason in `missing`, if none is known.

    Raises
    ------
    BadExperiment
        If the settings describe no experiment.

    Examples
    --------
    Two Gaussians with equal covariance are as far apart as their means:

    >>> import wganstudio as ws
    >>> w1 = ws.truth("gaussians", **{"pair.mean_q": [3, 4], "pair.scale_q": 1})["w1"]
    >>> w1.lower <= w1.value <= w1.upper, round(w1.value, 6)
    (True, 5.0)
    >>> w1.method
    'closed form: a translation costs the distance of the means'
    """
    from wganstudio.training.device import threads_kept
    from wganstudio.training.truths import find_truths

    with threads_kept():
        return collected(find_truths(chosen_experiment(experiment, changes)))


def collected(events: "Iterator[TruthFound | TruthMissing]") -> Truths:
    """Return the truths that are found one after another; a later one of a quantity is tighter."""
    truths: dict[str, Truth] = {}
    missing = ""
    for event in events:
        match event:
            case TruthFound():
                truths[event.truth.quantity] = event.truth
            case TruthMissing():
                missing = event.message
    return Truths(truths, missing)
