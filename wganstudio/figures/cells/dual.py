"""The dual over atoms of a frame."""

from collections.abc import Mapping

import numpy as np

from wganstudio.experiment import GroundCost
from wganstudio.figures.types import Float
from wganstudio.ot.semi_discrete import Dual


def dual_from_frame(arrays: Mapping[str, Float], ground: GroundCost | None) -> Dual | None:
    """Return the dual in the arrays of a frame; None where the solver has none over atoms."""
    if ground is None or "atoms" not in arrays:
        return None
    atoms, weights, psi = (np.asarray(arrays[name], float) for name in ("atoms", "weights", "psi"))
    weights = weights / weights.sum()
    if "scale" in arrays:
        scale = float(arrays["scale"][0])
    else:
        squares = (atoms**2).sum(1)
        scale = float(weights @ (squares if ground.cost == "squared" else np.sqrt(squares)))
        scale = scale if ground.normalized and scale > 0 else 1.0
    return Dual(atoms, weights, psi, ground.cost, ground.epsilon, scale)
