"""Regularized transport between two lists of weighted points: dual, plan and certificate of both."""

from typing import NamedTuple

from wganstudio.ot.backend import (
    Array,
    add_diagonal,
    add_matmul,
    add_outer,
    array_namespace,
    clip,
    full,
    lerp,
    solve_posdef,
    to_double,
    transpose,
)
from wganstudio.ot.regularizers import CTransform, Regularizer

EPSILON_DECAY = 0.25
"""Factor between two strengths of the epsilon scaling, which starts from the spread of the costs."""
STEPS_PER_EPSILON = 6
SCALING_TOLERANCE = 0.1
"""Marginal error at which the epsilon scaling goes on to the next strength."""
SINKHORN_CONTRACTION = 0.4
"""Newton steps take over once a Sinkhorn step leaves more than this share of the certified gap."""
RIDGE, DAMPING = 1e-12, 1e-3
"""Added to the Hessian, in units of its largest diagonal entry; the damping also times the marginal error."""
SYMMETRIC_STEPS = 10
MAX_ITERATIONS = 200


class DualCertificate(NamedTuple):
    """A dual potential and the bounds that it proves: lower <= cost <= upper."""

    psi: Array
    """[m]."""
    transform: CTransform
    """The regularized c-transform of psi at the rows."""
    lower: float
    """The dual value, at most the cost since phi is the c-transform of psi."""
    upper: float
    """The cost of the feasible plan nearest to psi's."""
    marginal: float
    """sum_j |b_j - sum_i pi_ij|; the marginals of the rows are exact."""
    steps: int = 0

    @property
    def gap(self) -> float:
        """Upper bound of the distance from the dual value to the cost."""
        return max(self.upper - self.lower, 0.0)


class RegularizedOT:
    r"""Regularized optimal transport between weighted points.

    .. math:: \min_\pi \langle \pi, c \rangle + \lambda E_{a \times b}[h(r)]

    over plans with marginals a and b and density r_ij = pi_ij / (a_i b_j), where h(r) = r log r
    or r^2. Its dual is the maximum over psi [m] of

    .. math:: \sum_i a_i \psi^{c,\lambda}_i + \sum_j b_j \psi_j.

    Computed in double precision, on numpy arrays and torch tensors alike.

    Parameters
    ----------
    costs : array
        Costs c [n, m].
    regularizer : Regularizer
        Entropy or squared density, with its strength lambda.
    rows, columns : array, optional
        Weights a [n] and b [m] of sum 1; equal by default.

    References
    ----------
    Sanjabi et al., arXiv 1802.08249. Cuturi, Sinkhorn distances, NeurIPS 2013.
    """

    def __init__(
        self,
        costs: Array,
        regularizer: Regularizer,
        rows: Array | None = None,
        columns: Array | None = None,
    ) -> None:
        self.costs = to_double(costs)
        n, m = self.costs.shape
        self.rows = full(n, 1 / n, self.costs) if rows is None else to_double(rows)
        self.columns = full(m, 1 / m, self.costs) if columns is None else to_double(columns)
        self.regularizer = regularizer
        self._xp = array_namespace(self.costs)

    def c_transform(self, psi: Array) -> CTransform:
        """Return the regularized c-transform of psi [m] at the rows."""
        return self.regularizer.c_transform(psi - self.costs, self.columns)

    def c_transform_rows(self, phi: Array) -> Array:
        """Return the best psi [m] for a phi [n]: its regularized c-transform at the columns."""
        return self.regularizer.c_transform(transpose(phi[:, None] - self.costs), self.rows).phi

    def value(self, psi: Array, transform: CTransform) -> Array:
        """Return the dual value, 0-d."""
        return self.rows @ transform.value + self.columns @ psi

    def certify(self, psi: Array, transform: CTransform | None = None) -> DualCertificate:
        """Return the lower and upper bounds of the optimal cost that psi [m] certifies."""
        psi = to_double(psi)
        transform = self.c_transform(psi) if transform is None else transform
        plan = self.plan(transform)
        marginal = float(abs(plan.sum(0) - self.columns).sum())
        upper = self.row_costs(self.feasible(plan))
        return DualCertificate(
            psi, transform, float(self.value(psi, transform)), float(upper.sum()), marginal
        )

    def plan(self, transform: CTransform) -> Array:
        """Return the plan [n, m] of a c-transform; the marginals of its rows are exact."""
        return self.rows[:, None] * transform.shares

    def feasible(self, plan: Array, taken: Array | None = None) -> Array:
        """Round a plan [n, m] whose row marginals are exact to one that has both marginals.

        Columns that receive too much return the excess, which is dealt to the columns that lack mass.

        Parameters
        ----------
        plan : array
            Plan [n, m].
        taken : array, optional
            Mass that the columns [m] receive from all rows, where the plan holds only some of the rows.

        References
        ----------
        Altschuler, Weed & Rigollet, arXiv 1705.09634, Algorithm 2.
        """
        xp = self._xp
        taken = plan.sum(0) if taken is None else taken
        over = taken > self.columns
        plan = plan * xp.where(over, self.columns / xp.where(over, taken, 1.0), 1.0)
        lacking = clip(self.columns - taken, low=0)
        total = lacking.sum()
        if total == 0:
            return plan
        return add_outer(plan, clip(self.rows - plan.sum(1), low=0), lacking / total)

    def row_costs(self, plan: Array) -> Array:
        """Return the cost of each row [n] of a plan, with its share of the regularization."""
        density = plan / (self.rows[:, None] * self.columns)
        return (plan * (self.costs + self.regularizer.cost_per_mass(density))).sum(1)

    def solve(
        self, accuracy: float, psi: Array | None = None, max_iterations: int = MAX_ITERATIONS
    ) -> DualCertificate:
        """Return a dual potential that is certified to an accuracy, or the best one found.

        The c-transforms alternate as in Sinkhorn's algorithm while that converges fast; damped Newton steps
        follow.

        Parameters
        ----------
        accuracy : float
            Certified gap at which to stop, in units of the cost.
        psi : array, optional
            Initial potential [m]; without it the solver starts by epsilon scaling.
        max_iterations : int
            Largest number of steps, those of the epsilon scaling included.
        """
        psi, steps = self._epsilon_scaling(max_iterations) if psi is None else (to_double(psi), 0)
        best = current = self.certify(psi)
        sinkhorn = True
        while best.gap > accuracy and steps < max_iterations:
            steps += 1
            step = None if sinkhorn else self.newton_step(current.psi, current.transform)
            if step is not None:
                current = self.certify(*step)
            else:
                before, current = current, self.certify(self.c_transform_rows(current.transform.phi))
                if not sinkhorn and current.lower <= before.lower:
                    break  # rounding allows no further progress
                sinkhorn = current.gap < SINKHORN_CONTRACTION * before.gap
            best = min(current, best, key=lambda certificate: certificate.gap)
        return best._replace(steps=steps)

    def solve_symmetric(self, accuracy: float) -> DualCertificate:
        """Return the certified dual of the transport of a list of points to itself.

        It starts with psi <- (psi + its c-transform) / 2, along which the dual never decreases.

        References
        ----------
        Feydy et al., arXiv 1810.08278, equation 25.
        """
        psi = self._xp.zeros_like(self.columns)
        for _ in range(SYMMETRIC_STEPS):
            psi = lerp(psi, self.c_transform(psi).phi, 0.5)
        return self.solve(accuracy, psi)

    def newton_step(self, psi: Array, transform: CTransform) -> tuple[Array, CTransform] | None:
        """Return psi [m] after a damped Newton step of the dual, with its c-transform.

        The step is halved until the dual rises. None where rounding allows no further ascent.
        """
        xp, a, b = self._xp, self.rows, self.columns
        slope = b - a @ transform.shares
        masses, scale = self.regularizer.hessian(transform.shares, b)
        outer = b[:, None] * b  # psi is free up to a constant: b b^T fixes it
        hessian = add_matmul(outer, masses.T * (-a / masses.sum(1)), masses)
        diagonal = a @ masses
        damping = RIDGE + DAMPING * xp.sum(xp.abs(slope))
        direction = solve_posdef(add_diagonal(hessian, diagonal + damping * xp.max(diagonal)), slope)
        if direction is None:
            return None
        step = scale * direction
        value, gain, length = float(self.value(psi, transform)), float(slope @ step), 1.0
        while length > 1e-4:
            ahead = psi + length * step
            reached = self.c_transform(ahead)
            if float(self.value(ahead, reached)) >= value + 1e-4 * length * gain - 1e-15 * (1 + abs(value)):
                return ahead, reached
            length /= 2
        return None

    def _epsilon_scaling(self, max_iterations: int) -> tuple[Array, int]:
        """Return an initial psi [m] found at decreasing strengths, and the number of steps it took."""
        psi, steps = self._xp.zeros_like(self.columns), 0
        strength = float(self.costs.max() - self.costs.min()) * EPSILON_DECAY
        while strength > self.regularizer.strength:
            problem = RegularizedOT(
                self.costs, self.regularizer.with_strength(strength), self.rows, self.columns
            )
            transform = problem.c_transform(psi)
            for _ in range(min(STEPS_PER_EPSILON, max_iterations - steps)):
                error = float(abs(self.rows @ transform.shares - self.columns).sum())
                if not error > SCALING_TOLERANCE or (step := problem.newton_step(psi, transform)) is None:
                    break
                psi, transform = step
                steps += 1
            strength *= EPSILON_DECAY
        return psi, steps
