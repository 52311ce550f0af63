"""The dual over atoms of a frame."""

import numpy as np

from wganstudio.experiment import GroundCost
from wganstudio.figures.frames import PlaneFrame
from wganstudio.ot.semi_discrete import Dual


def dual_from_frame(frame: PlaneFrame, ground: GroundCost | None) -> Dual | None:
    """Return the dual of a frame at a ground cost; None where the solver has none over atoms."""
    if ground is None or "atoms" not in frame:
        return None
    atoms, weights, psi = (np.asarray(frame[name], float) for name in ("atoms", "weights", "psi"))
    weights = weights / weights.sum()
    if "scale" in frame:
        scale = float(frame["scale"][0])
    else:
        squares = (atoms**2).sum(1)
        scale = float(weights @ (squares if ground.cost == "squared" else np.sqrt(squares)))
        scale = scale if ground.normalized and scale > 0 else 1.0
    return Dual(atoms, weights, psi, ground.cost, ground.epsilon, scale)
