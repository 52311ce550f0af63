"""How near the generated law is to data on which it was not trained, and how much of that it covers."""

from copy import deepcopy
from dataclasses import replace

import torch
from torch import Tensor, nn

from wganstudio.critics.c_transform import RegularizedCTransform
from wganstudio.experiment import GroundCost
from wganstudio.ot.distances import distances
from wganstudio.ot.exact import exact_transport
from wganstudio.pairs.base import Distribution, Pair, SampleSource, make_rng
from wganstudio.pairs.distributions import GaussianMixture
from wganstudio.truths.atoms import atom_bounds

ROWS = 512
"""Points held out, and samples of the generated law, in one exact transport."""
COMPARED = 1024
"""Points of either law for precision and recall."""
NEIGHBORS = 3
WITHIN = 3.0
"""Standard deviations within which a sample belongs to a mode."""
COVERED = 0.1
"""Share of its weight that a mode needs to count as covered."""


class GeneratorMetrics:
    """Compares a generated law with one fixed set of points of P, held out from training where P is data.

    All numbers are drawn from the same chance at each look, so that two differ by the generator alone.
    """

    def __init__(
        self,
        pair: Pair,
        ground: GroundCost | None,
        scale: float | None,
        seed: int,
        features: nn.Module | None = None,
    ) -> None:
        """`scale`: what the solver divides its cost by; `features`: between which it takes it. Where these
        are learned, which leaves the cost no meaning of its own, it is taken between the points."""
        pair = pair.clean
        law: Distribution = pair.p if pair.held_out is None else pair.held_out.p
        self._seed = seed
        points = law.sample(COMPARED, make_rng("cpu", seed, *b"held out")).cpu()
        self._points = points.unique(dim=0)
        exact = GroundCost("distance") if ground is None else ground.exact
        if exact.features == "learned":
            exact, scale, features = replace(exact, features="none"), None, None
        atoms = points[:ROWS].double()
        still = None if features is None else deepcopy(features).cpu()
        self._dual = RegularizedCTransform(atoms, atoms.new_full((ROWS,), 1 / ROWS), exact, scale, still)
        self._modes = pair.p if isinstance(pair.p, GaussianMixture) else None

    def look(self, law: SampleSource) -> dict[str, float]:
        """`true_lower`, `true_upper`: bounds in expectation of the exact cost to the points held out, at the
        solver's ground; `distance`, the upper one at the plain distance, whatever the ground; `precision`,
        `recall` (Kynkaanniemi et al., arXiv 1904.06991, equations 1 to 3); of a mixture `modes`, how many are
        covered, and `near`, the share of samples within three standard deviations of one.
        """
        rng = make_rng("cpu", self._seed, *b"generated")
        bounds = atom_bounds(self._dual, law, ROWS, rng)
        made = law.sample(COMPARED, rng).cpu()
        numbers = {"true_lower": min(bounds.lower, bounds.upper), "true_upper": bounds.upper}
        costs = distances(made[:ROWS].double(), self._dual.atoms)
        numbers["distance"] = exact_transport(costs.numpy()).cost
        apart = made.unique(dim=0)
        if min(len(apart), len(self._points)) > NEIGHBORS:
            numbers |= {"precision": _within(self._points, made), "recall": _within(apart, self._points)}
        return numbers | ({} if self._modes is None else _modes(self._modes, made))


def _within(known: Tensor, asked: Tensor) -> float:
    """The share of the points asked that lie within reach of a known one: of its third nearest fellow."""
    reach = torch.cdist(known, known).kthvalue(NEIGHBORS + 1, dim=1).values
    return float((torch.cdist(asked, known) <= reach).any(1).double().mean())


def _modes(law: GaussianMixture, made: Tensor) -> dict[str, float]:
    away = torch.cdist(made.double(), torch.from_numpy(law.means)) / torch.from_numpy(law.scales)
    nearest, mode = away.min(1)
    inside = nearest <= WITHIN
    shares = torch.bincount(mode[inside], minlength=len(law.means)) / len(made)
    covered = shares >= COVERED * torch.from_numpy(law.weights)
    return {"modes": float(covered.sum()), "near": float(inside.double().mean())}
