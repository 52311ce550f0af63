"""Transport between two short lists of weighted points, exact or entropic, in numpy alone.

The window solves these problems while a figure is on the screen, so this module needs neither POT nor torch.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wganstudio.ot.regularized import DualCertificate, RegularizedOT
from wganstudio.ot.regularizers import EntropyRegularizer

Floats = NDArray[np.floating[Any]]

ACCURACY = 1e-12
"""Certified gap at which the entropic solver stops, in units of the range of the costs."""
MARGINAL_ERROR = 1e-11
"""Error of the marginals, in sum, down to which Newton steps refine the entropic solution."""
REFINEMENTS = 20
OPTIMALITY_TOLERANCE = 1e-6
"""Slack of a cycle, in units of the range of the costs, beyond which a plan is no longer optimal."""


class OTResult(NamedTuple):
    """The cost of transport, its dual potentials and its plan."""

    value: float
    """<plan, c> + eps KL(plan | q x nu)."""
    phi: Floats
    """Potential [m] of the rows."""
    psi: Floats
    """Potential [n] of the columns; q phi + nu psi is the value."""
    plan: Floats
    """[m, n]."""

    @property
    def transposed(self) -> "OTResult":
        """The solution of the problem with rows and columns exchanged."""
        return OTResult(self.value, self.psi, self.phi, self.plan.T)


def solve(costs: Floats, q: Floats, nu: Floats, epsilon: float, start: OTResult | None = None) -> OTResult:
    r"""Solve exact or entropic optimal transport.

    .. math:: \min_\pi \langle \pi, c \rangle + \epsilon KL(\pi | q \times \nu)

    Parameters
    ----------
    costs : array
        Costs c [m, n].
    q, nu : array
        Weights [m] of the rows and [n] of the columns, above 0 and of sum 1.
    epsilon : float
        Strength of the entropy; 0 for the linear program.
    start : OTResult, optional
        The solution of a similar problem: a warm start.

    Returns
    -------
    OTResult
        Value, dual potentials and plan. For `epsilon` 0 the potentials lie inside the face of all optimal
        ones.

    Raises
    ------
    ArithmeticError
        The linear program was not solved.
    """
    if len(q) > len(nu):  # the rows are the shorter list, for which the dual is solved
        return solve(costs.T, nu, q, epsilon, start and start.transposed).transposed
    return _exact(costs, q, nu, start) if epsilon == 0 else _entropic(costs, q, nu, epsilon, start)


def _entropic(costs: Floats, q: Floats, nu: Floats, epsilon: float, start: OTResult | None) -> OTResult:
    """Solve the entropic problem for the potential of the rows, and refine its marginals."""
    problem = RegularizedOT(np.ascontiguousarray(costs.T), EntropyRegularizer(epsilon), rows=nu, columns=q)
    best = problem.solve(ACCURACY * float(np.ptp(costs)), None if start is None else start.phi)
    for _ in range(REFINEMENTS):
        refined = None if best.marginal < MARGINAL_ERROR else _refined(problem, best)
        if refined is None:
            break
        best = refined
    return OTResult(best.lower, best.psi, best.transform.phi, problem.plan(best.transform).T)


def _refined(problem: RegularizedOT, best: DualCertificate) -> DualCertificate | None:
    """Return the certificate after a Newton step; None where the marginals do not improve."""
    step = problem.newton_step(best.psi, best.transform)
    refined = None if step is None else problem.certify(*step)
    return refined if refined is not None and refined.marginal < best.marginal else None


def _exact(costs: Floats, q: Floats, nu: Floats, start: OTResult | None) -> OTResult:
    """Keep the plan of the start where it is still optimal, otherwise solve the linear program."""
    if start is not None:
        plan = start.plan
    elif len(q) == 1:
        plan = nu[None]
    else:
        plan = _linear_program(costs, q, nu)
    phi = _central_potential(costs, plan)
    if phi is None and start is not None:
        return _exact(costs, q, nu, None)
    if phi is None:
        raise ArithmeticError("the linear program returned a plan that is not optimal")
    return OTResult(float((plan * costs).sum()), phi, (costs - phi[:, None]).min(0), plan)


def _linear_program(costs: Floats, q: Floats, nu: Floats) -> Floats:
    from scipy import optimize, sparse  # takes 0.1 s to import

    rows, columns = costs.shape
    row_sums = sparse.kron(sparse.eye(rows), np.ones((1, columns)))
    column_sums = sparse.kron(np.ones((1, rows)), sparse.eye(columns))
    result = optimize.linprog(
        (costs / (np.ptp(costs) or 1.0)).ravel(),
        A_eq=sparse.vstack([row_sums, column_sums]).tocsr(),
        b_eq=np.concatenate((q, nu)),
        method="highs-ds",
    )
    if result.x is None:
        raise ArithmeticError(result.message)
    return np.asarray(np.maximum(result.x, 0).reshape(rows, columns))


def _central_potential(costs: Floats, plan: Floats) -> Floats | None:
    """Return a potential [m] of the rows in the interior of those for which the plan is optimal, or None.

    A row that serves column j bounds the potential of every other row. The shortest paths of these bounds
    from each row give an optimal potential; the average of these potentials lies in the interior of the
    optimal dual face.
    """
    served = plan > 1e-12
    bounds = np.stack([(costs[:, on] - costs[i, on]).min(1) for i, on in enumerate(served)])
    for via in range(len(bounds)):
        np.minimum(bounds, bounds[:, via, None] + bounds[via], out=bounds)
    if bounds.diagonal().min() < -OPTIMALITY_TOLERANCE * max(float(np.ptp(costs)), 1e-300):
        return None
    return np.asarray(bounds.mean(0))
