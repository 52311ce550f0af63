"""What regularized transport promises, looked at along a run: gradient error, path and bias of batches."""

from typing import Any

import torch
from numpy.typing import NDArray

from wganstudio.critics.c_transform import RegularizedCTransform
from wganstudio.pairs.base import Pair, Sampler
from wganstudio.solvers.base import Solver
from wganstudio.training.events import Promises, as_float32
from wganstudio.truths.regularization import batch_bias, gradient_error, regularization_path

POINTS = 64
"""Of either law, for the gradient error and the path."""
LEAST = 8
"""Points in different places without which there is nothing to look at."""
SIZES = (8, 16, 32, 64, 128)
IN_ALL = 512
"""Points of either law for each size of batch."""


class RegularizationChecks:
    """Looks at a solver whose ground is smoothed, on the laws as they are at that step.

    The points are drawn from the same chance at each look, so that two looks differ by the law Q alone.
    """

    def __init__(self, pair: Pair, seed: int) -> None:
        self._pair, self._seed = pair, seed

    @torch.no_grad()
    def look(self, solver: Solver, step: int, *, last: bool = False) -> Promises | None:
        """What the theory promises, and what is found, at the last step and at powers of ten.

        None of a solver without smoothing, of one whose networks alone know its features, of few points.
        """
        ground = solver.options.ground
        if ground is None or ground.epsilon == 0 or solver.scale is None:
            return None
        if not last and f"{step:d}".rstrip("0") != "1":
            return None
        critic, scale = solver.critic, solver.scale
        if ground.features != "none" and not isinstance(critic, RegularizedCTransform):
            return None
        rng = torch.Generator().manual_seed(self._seed)
        x, y = (Sampler(law, rng)(POINTS) for law in (self._pair.q, self._pair.p))
        if isinstance(critic, RegularizedCTransform):
            device = critic.psi.device
            x, y = critic.embed(x.to(device)).cpu(), critic.embed(y.to(device)).cpu()
        if min(len(points.unique(dim=0)) for points in (x, y)) < LEAST:
            return None
        error, way = gradient_error(x, y, ground, scale), regularization_path(x, y, ground, scale)
        arrays: dict[str, NDArray[Any]] = {
            "accuracies": error.accuracies,
            "certified": error.certified,
            "errors": error.errors,
            "bounds": error.bounds,
            "strengths": way.strengths,
            "lower": way.lower,
            "upper": way.upper,
            "excess": way.excess,
        }
        if ground.features == "none":
            found = batch_bias(self._pair.p, self._pair.q, ground, scale, SIZES, IN_ALL, self._seed)
            arrays |= {"sizes": found.sizes, "values": found.values, "value_errors": found.errors}
        arrays = {name: as_float32(array) for name, array in arrays.items()}
        return Promises(
            step=step,
            strength=ground.epsilon,
            regularizer=ground.regularizer,
            exact=way.exact,
            slope=error.slope,
            arrays=arrays,
        )
