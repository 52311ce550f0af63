"""The c-transform over atoms, exact or regularized: the critic of semi-discrete transport."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from wganstudio.critics.base import Critic
from wganstudio.critics.parts import Parts, finish
from wganstudio.critics.training_state import State, capture, restore
from wganstudio.experiment import GroundCost
from wganstudio.ot.costs import CostFunction
from wganstudio.ot.regularizers import CTransform, regularizer_of

CHUNK = 1 << 24
"""Largest number of entries of a table of points times atoms: 64 MiB of float32."""
EMBED_CHUNK = 1 << 12
"""Number of atoms whose features are computed at once."""


class RegularizedCTransform(Critic):
    r"""u = -psi^{c,eps}, high where the atoms y_j are.

    .. math:: \psi^{c,\epsilon}(x) = -\epsilon \log \sum_j \nu_j \exp((\psi_j - c(x, y_j)) / \epsilon)

    for the entropy, sup over phi of phi - sum_j nu_j (phi + psi_j - c(x, y_j))_+^2 / (4 eps) for the squared
    density, and min_j c(x, y_j) - psi_j for eps = 0; c and eps are those of the ground cost.

    Parameters
    ----------
    atoms : Tensor
        y [n, D].
    weights : Tensor
        nu [n], of sum 1.
    ground : GroundCost
        Ground cost and regularization.
    scale : float, optional
        The divisor of the cost; by default its mean where the ground cost is normalized.
    features : nn.Module, optional
        The features that the ground cost names, already fitted.
    moving : bool
        Store the atoms in the state dict along with psi.

    References
    ----------
    Houdard et al., arXiv 2102.05542, Section 2. Sanjabi et al., arXiv 1802.08249.
    """

    psi: Tensor
    """The dual potential [n] that the solver updates; it counts up to a constant."""
    atoms: Tensor
    weights: Tensor
    _embedded_atoms: Tensor
    _atom_costs: Tensor

    def __init__(
        self,
        atoms: Tensor,
        weights: Tensor,
        ground: GroundCost,
        scale: float | None = None,
        features: nn.Module | None = None,
        *,
        moving: bool = False,
    ) -> None:
        super().__init__()
        self.dim, self.ground, self.epsilon = atoms.shape[1], ground, ground.epsilon
        self.features = features
        self.cost = CostFunction(ground)
        self._regularizer = regularizer_of(ground) if ground.epsilon > 0 else None
        self.register_buffer("psi", atoms.new_zeros(len(atoms)))
        self.register_buffer("atoms", atoms, persistent=moving)
        self.register_buffer("weights", weights, persistent=False)
        for name in ("_embedded_atoms", "_atom_costs"):
            self.register_buffer(name, atoms, persistent=False)
        self.set_atoms(atoms)
        self.mean_cost = float(self._atom_costs @ weights)
        """Mean cost of the atoms at x = 0, not normalized."""
        normalizer = self.mean_cost if ground.normalized and self.mean_cost > 0 else 1.0
        self.cost.scale = scale or normalizer
        self.register_load_state_dict_post_hook(_renew_atoms)  # type: ignore[no-untyped-call]

    @property
    def scale(self) -> float:
        """The divisor of the cost."""
        return self.cost.scale

    @torch.no_grad()
    def set_atoms(self, atoms: Tensor) -> None:
        """Set the atoms [n, D] and recompute their features; psi and the weights stay."""
        self.atoms = atoms
        self._embedded_atoms = (
            atoms if self.features is None else torch.cat([self.embed(a) for a in atoms.split(EMBED_CHUNK)])
        )
        self._atom_costs = self.cost.costs_from_origin(self._embedded_atoms)

    def training_state(self) -> State:
        """Return all that determines u: the atoms, psi, the scale, and the features."""
        own = {"atoms": self.atoms, "weights": self.weights, "psi": self.psi}
        numbers = {"scale": self.scale, "mean_cost": self.mean_cost}
        return own | numbers | {"features": capture(self.features)}

    def load_training_state(self, state: State) -> None:
        """Replace atoms, psi, scale and the parameters of the features."""
        restore(self.features, state["features"])
        self.weights, self.psi = state["weights"], state["psi"]
        self.cost.scale, self.mean_cost = state["scale"], state["mean_cost"]
        self.set_atoms(state["atoms"])

    def embed(self, points: Tensor) -> Tensor:
        """Return the features [n, F] of points [n, D], or the points where there are none."""
        return points if self.features is None else self.features(points.float()).to(points.dtype)

    @torch.no_grad()
    def forward(self, points: Tensor) -> Tensor:
        """Return u [n] at points [n, D]."""
        parts = map(self.embed, self._chunks(points))
        if self._regularizer is None:
            return torch.cat([self._nearest(part)[0] for part in parts])
        return torch.cat([self._transform(part)[0] for part in parts])

    @torch.no_grad()
    def gradient(self, points: Tensor) -> tuple[Tensor, Tensor]:
        """Return u [n] and grad u [n, D] = -sum_j p_j(x) grad_x c(x, y_j).

        For eps = 0 all weight is on the atom whose Laguerre cell contains x; on a boundary, where u has no
        gradient, on one of the atoms whose cells meet there.
        """
        values, gradients = zip(
            *(self._value_and_gradient(part) for part in self._chunks(points)), strict=True
        )
        return torch.cat(values), torch.cat(gradients)

    @torch.no_grad()
    def marginal(self, points: Tensor) -> tuple[Tensor, Tensor]:
        """Return u [n] at points [n, D], and E p_j [atoms], the share of the mass that each atom takes."""
        return finish(self.marginal_in_parts(points))

    @torch.no_grad()
    def marginal_in_parts(self, points: Tensor) -> Parts[tuple[Tensor, Tensor]]:
        """Return the same, chunk by chunk."""
        shares = torch.zeros_like(self.psi)
        values: list[Tensor] = []
        chunks = self._chunks(points)
        for number, part in enumerate(chunks):
            yield number / len(chunks)
            embedded = self.embed(part)
            if self._regularizer is None:
                value, nearest = self._nearest(embedded)
                shares += torch.bincount(nearest, minlength=len(shares))
            else:
                value, transform = self._transform(embedded)
                shares += transform.shares.sum(0)
            values.append(value)
        return torch.cat(values), shares / len(points)

    @torch.no_grad()
    def plan(self, points: Tensor) -> Tensor:
        """Return p_j(x) [n, atoms], the shares of the mass at each of the points [n, D]."""
        embedded = self.embed(points)
        if self._regularizer is None:
            return nn.functional.one_hot(self._nearest(embedded)[1], len(self.psi)).to(points)
        return self._transform(embedded)[1].shares

    @torch.no_grad()
    def costs(self, points: Tensor, others: Tensor | None = None) -> Tensor:
        """Return c(x_i, y_j) [n, m] between points [n, D] and the atoms, or others [m, D]."""
        targets = self._embedded_atoms if others is None else self.embed(others)
        return self.cost.pairwise(self.embed(points), targets)

    def weighted_gradient(self, shares: Tensor, points: Tensor, others: Tensor | None = None) -> Tensor:
        """Return sum_j p_ij grad_x c(x_i, y_j) [n, D].

        Parameters
        ----------
        shares : Tensor
            p [n, m], the shares of the mass at the points that go to the atoms, or to the others.
        points : Tensor
            x [n, D].
        others : Tensor, optional
            y [m, D]; the atoms by default.
        """
        targets = self._embedded_atoms if others is None else self.embed(others)
        return self._chain(points, lambda embedded: self.cost.weighted_gradient(shares, embedded, targets))

    def _chain(self, points: Tensor, slope: Callable[[Tensor], Tensor]) -> Tensor:
        """Return the gradient [n, D] in the points from the gradient [n, F] in their features."""
        if self.features is None:
            return slope(points)
        with torch.enable_grad():
            points = points.detach().requires_grad_(True)
            embedded = self.embed(points)
        (gradient,) = torch.autograd.grad(embedded, points, slope(embedded.detach()))
        return gradient

    def _chunks(self, points: Tensor) -> tuple[Tensor, ...]:
        if torch.compiler.is_compiling():  # a traced network takes any number of points
            return (points,)
        return points.split(max(1, CHUNK // len(self.atoms)))

    def _nearest(self, embedded: Tensor) -> tuple[Tensor, Tensor]:
        """Return u [n], and the index of the atom that attains the minimum at each point."""
        scores, offset = self._scores(embedded)
        top, nearest = scores.max(1)
        return top - offset, nearest

    def _transform(self, embedded: Tensor) -> tuple[Tensor, CTransform]:
        """Return u [n], and the c-transform of the scores without their offset."""
        assert self._regularizer is not None
        scores, offset = self._scores(embedded)
        transform = self._regularizer.c_transform(scores, self.weights)
        return -transform.value - offset, transform

    def _scores(self, embedded: Tensor) -> tuple[Tensor, Tensor]:
        """Return psi_j - c(x_i, y_j) [n, atoms] plus an offset [n], and the offset.

        The offset depends on i alone. For the squared cost the scores are then one matrix product.
        """
        if self.cost.kind == "squared":
            level = self.psi - self._atom_costs / self.scale
            scores = (embedded * (2 / self.scale)) @ self._embedded_atoms.T
            return scores.add_(level), embedded.square().sum(1) / self.scale
        scores = self.cost.pairwise_fast(embedded, self._embedded_atoms).neg_().add_(self.psi)
        return scores, embedded.new_zeros(len(embedded))

    def _value_and_gradient(self, points: Tensor) -> tuple[Tensor, Tensor]:
        values = []

        def slope(embedded: Tensor) -> Tensor:
            if self._regularizer is None:
                value, nearest = self._nearest(embedded)
                cells, index = nearest.unique(return_inverse=True)
                shares, targets = (
                    nn.functional.one_hot(index, len(cells)).to(embedded),
                    self._embedded_atoms[cells],
                )
            else:
                value, (_, _, shares) = self._transform(embedded)
                targets = self._embedded_atoms
            values.append(value)
            return -self.cost.weighted_gradient(shares, embedded, targets)

        gradients = self._chain(points, slope)
        return values[0], gradients


class BarycentricMap(nn.Module):
    """The barycentric projection sum_j p_j(x) y_j, for the squared distance of points.

    Without regularization it is the optimal map to the atoms; with regularization an estimate of it.

    References
    ----------
    Seguy et al., arXiv 1711.02283, Section 4.
    """

    def __init__(self, transform: RegularizedCTransform) -> None:
        super().__init__()
        self.transform = transform

    def training_state(self) -> State:
        """Return the state of the c-transform."""
        return self.transform.training_state()

    def load_training_state(self, state: State) -> None:
        """Replace the c-transform."""
        self.transform.load_training_state(state)

    def forward(self, points: Tensor) -> Tensor:
        """Return the barycentric projections [n, D] of points [n, D]."""
        transform = self.transform
        return points + transform.scale / 2 * transform.gradient(points)[1]


def _renew_atoms(transform: RegularizedCTransform, _: object) -> None:
    """Recompute what depends on atoms and features, once a state dict has replaced them."""
    transform.set_atoms(transform.atoms)
