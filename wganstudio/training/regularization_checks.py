"""Checks of the theory of regularized transport along a run: gradient error, path in epsilon, batch bias."""

import math
from collections.abc import Iterator
from typing import Any

import torch
from numpy.typing import NDArray

from wganstudio.critics.c_transform import RegularizedCTransform
from wganstudio.pairs.base import Sampler
from wganstudio.solvers.base import Solver
from wganstudio.training.declarations.regularization_checks import TheoryCheckAttributes
from wganstudio.training.events import Snapshot
from wganstudio.training.producers import RunContext
from wganstudio.training.topics import as_float32
from wganstudio.truths.regularization import batch_bias, gradient_error, regularization_path

POINTS = 64
"""Points of either distribution for the gradient error and the path."""
LEAST = 8
"""Fewest distinct points for a check."""
SIZES = (8, 16, 32, 64, 128)
IN_ALL = 512
"""Points of either distribution for each batch size."""


class RegularizationChecks:
    """The producer of theory-checks: checks a regularized solver on the distributions at that step.

    The points come from the same random stream at each check, so that two checks differ by Q alone.
    """

    def __init__(self, context: RunContext) -> None:
        self._pair, self._seed = context.pair, context.experiment.training.seed

    def start(self) -> Iterator[Snapshot]:
        """Yield nothing."""
        return iter(())

    def snapshots(
        self, solver: Solver, step: int, *, recorded: bool, last: bool = False
    ) -> Iterator[Snapshot]:
        """Yield the check of this step, if one is due: at powers of ten and at the last step."""
        if recorded and (last or f"{step:d}".rstrip("0") == "1"):
            snapshot = self.check(solver, step)
            if snapshot is not None:
                yield snapshot

    @torch.no_grad()
    def check(self, solver: Solver, step: int) -> Snapshot | None:
        """Return the bounds of the theory beside the measurements.

        None for a solver without regularization, for one whose networks alone know its features, and for too
        few points.
        """
        ground = solver.options.ground
        if ground is None or ground.epsilon == 0 or solver.scale is None:
            return None
        critic, scale = solver.critic, solver.scale
        if ground.features != "none" and not isinstance(critic, RegularizedCTransform):
            return None
        rng = torch.Generator().manual_seed(self._seed)
        x, y = (Sampler(distribution, rng)(POINTS) for distribution in (self._pair.q, self._pair.p))
        if isinstance(critic, RegularizedCTransform):
            device = critic.psi.device
            x, y = critic.embed(x.to(device)).cpu(), critic.embed(y.to(device)).cpu()
        if min(len(points.unique(dim=0)) for points in (x, y)) < LEAST:
            return None
        error, bounds = gradient_error(x, y, ground, scale), regularization_path(x, y, ground, scale)
        arrays: dict[str, NDArray[Any]] = {
            "accuracies": error.accuracies,
            "certified": error.certified,
            "errors": error.errors,
            "bounds": error.bounds,
            "epsilons": bounds.strengths,
            "lower": bounds.lower,
            "upper": bounds.upper,
            "excess": bounds.excess,
        }
        if ground.features == "none":
            bias = batch_bias(self._pair.p, self._pair.q, ground, scale, SIZES, IN_ALL, self._seed)
            arrays |= {"sizes": bias.sizes, "values": bias.values, "value_errors": bias.errors}
        return Snapshot(
            topic="theory-checks",
            step=step,
            recorded=True,
            arrays={name: as_float32(array) for name, array in arrays.items()},
            attributes=TheoryCheckAttributes(
                regularizer=ground.regularizer,
                epsilon=ground.epsilon,
                exact=bounds.exact,
                slope=error.slope,
                slope_error=error.slope_error if math.isfinite(error.slope_error) else None,
                fitted=error.fitted,
            ),
        )
