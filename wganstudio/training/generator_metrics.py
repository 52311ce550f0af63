"""Quality of a generator: its distance from held-out data, precision, recall and modes covered."""

from copy import deepcopy
from dataclasses import replace

import torch
from torch import Tensor, nn

from wganstudio.critics.c_transform import RegularizedCTransform
from wganstudio.critics.training_state import State, capture, restore
from wganstudio.experiment import GroundCost
from wganstudio.ot.distances import distances
from wganstudio.ot.exact import exact_transport
from wganstudio.pairs.base import Distribution, Pair, SampleSource, make_rng
from wganstudio.pairs.distributions import GaussianMixture
from wganstudio.truths.atoms import atom_bounds

ROWS = 512
"""Held-out points, and generated samples, in one exact transport."""
COMPARED = 1024
"""Points of either distribution for precision and recall."""
NEIGHBORS = 3
WITHIN = 3.0
"""Standard deviations within which a sample belongs to a mode."""
COVERED = 0.1
"""Share of its weight that a mode needs to count as covered."""


class GeneratorMetrics:
    """Compares a generator with one fixed set of points of P, held out from training where P is data.

    All numbers are drawn from the same random stream at each evaluation, so that two differ by the generator
    alone.
    """

    def __init__(
        self,
        pair: Pair,
        ground: GroundCost | None,
        scale: float | None,
        seed: int,
        features: nn.Module | None = None,
    ) -> None:
        """Draw the points of P.

        Parameters
        ----------
        ground : the solver's ground cost; None is the distance
        scale : the divisor of the solver's cost
        features : the network whose features the cost is between. A cost between learned features is not
            comparable along a run; it is then taken between the points.
        """
        pair = pair.clean
        p: Distribution = pair.p if pair.held_out is None else pair.held_out.p
        self._seed = seed
        points = p.sample(COMPARED, make_rng("cpu", seed, *b"held out")).cpu()
        self._points = points.unique(dim=0)
        exact = GroundCost("distance") if ground is None else ground.exact
        if exact.features == "learned":
            exact, scale, features = replace(exact, features="none"), None, None
        atoms = points[:ROWS].double()
        frozen = None if features is None else deepcopy(features).cpu()
        self._dual = RegularizedCTransform(atoms, atoms.new_full((ROWS,), 1 / ROWS), exact, scale, frozen)
        self._modes = pair.p if isinstance(pair.p, GaussianMixture) else None

    def training_state(self) -> State:
        """Return the scale and the features of the cost, which were fitted when the run started."""
        return {"scale": self._dual.scale, "features": capture(self._dual.features)}

    def load_training_state(self, state: State) -> None:
        """Use another scale, and features with these parameters."""
        restore(self._dual.features, state["features"])
        self._dual.cost.scale = state["scale"]
        self._dual.set_atoms(self._dual.atoms)

    def evaluate(self, q: SampleSource) -> dict[str, float]:
        """Evaluate the generator's distribution.

        Returns
        -------
        `true_lower`, `true_upper`: bounds in expectation of the exact cost to the held-out points, at the
        solver's ground cost; `distance`, the upper one at the plain distance; `precision`, `recall`
        (Kynkaanniemi et al., arXiv 1904.06991, equations 1 to 3); for a mixture `modes`, the number of
        covered modes, and `near`, the share of samples within three standard deviations of one.
        """
        rng = make_rng("cpu", self._seed, *b"generated")
        bounds = atom_bounds(self._dual, q, ROWS, rng)
        points = q.sample(COMPARED, rng).cpu()
        numbers = {"true_lower": min(bounds.lower, bounds.upper), "true_upper": bounds.upper}
        costs = distances(points[:ROWS].double(), self._dual.atoms)
        numbers["distance"] = exact_transport(costs.numpy()).cost
        distinct = points.unique(dim=0)
        if min(len(distinct), len(self._points)) > NEIGHBORS:
            numbers["precision"] = _share_within(self._points, points)
            numbers["recall"] = _share_within(distinct, self._points)
        return numbers | ({} if self._modes is None else _mode_metrics(self._modes, points))


def _share_within(reference: Tensor, points: Tensor) -> float:
    """Return the share of points that a reference point is closer to than to its third nearest neighbor."""
    radii = torch.cdist(reference, reference).kthvalue(NEIGHBORS + 1, dim=1).values
    return float((torch.cdist(points, reference) <= radii).any(1).double().mean())


def _mode_metrics(mixture: GaussianMixture, points: Tensor) -> dict[str, float]:
    deviations = torch.cdist(points.double(), torch.from_numpy(mixture.means)) / torch.from_numpy(
        mixture.scales
    )
    nearest, mode = deviations.min(1)
    inside = nearest <= WITHIN
    shares = torch.bincount(mode[inside], minlength=len(mixture.means)) / len(points)
    covered = shares >= COVERED * torch.from_numpy(mixture.weights)
    return {"modes": float(covered.sum()), "near": float(inside.double().mean())}
