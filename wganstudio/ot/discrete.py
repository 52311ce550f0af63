"""Transport between two lists of weighted points, exact or entropic: for lists short enough to solve anew."""

from typing import NamedTuple

import numpy as np

from wganstudio.ot.semi_discrete import Float

COOLING = 0.5
"""eps falls so, from the range of the costs to its own."""
ROUNDS = 60
"""Newton steps at the last eps."""
PRECISION = 1e-11
"""Largest error of a marginal, where rounding allows."""
SLACK = 1e-6
"""Of the range of the costs: by so much a cycle may fall before the plan counts as no longer optimal."""


class Solution(NamedTuple):
    """The cost of transport, and the dual and plan that give it."""

    value: float
    """<plan, c> + eps KL(plan | q x nu)."""
    phi: Float
    """The dual [m] over the rows."""
    psi: Float
    """The dual [n] over the columns; q phi + nu psi is the value."""
    plan: Float
    """[m, n]."""

    @property
    def turned(self) -> "Solution":
        """That of the problem with rows and columns exchanged."""
        return Solution(self.value, self.psi, self.phi, self.plan.T)


def solve(costs: Float, q: Float, nu: Float, epsilon: float, near: Solution | None = None) -> Solution:
    """Transport of q [m] to nu [n] at costs [m, n]; `near` is the solution of nearly the same problem."""
    if len(q) > len(nu):
        # The smaller side is the one to solve for; the dual of the other follows from it.
        return solve(costs.T, nu, q, epsilon, near and near.turned).turned
    return _exact(costs, q, nu, near) if epsilon == 0 else _entropic(costs, q, nu, epsilon, near)


def _entropic(costs: Float, q: Float, nu: Float, epsilon: float, near: Solution | None) -> Solution:
    """Newton's ascent of the dual over the rows; from afar by way of larger eps, each half the one before."""
    log_q = np.log(q)
    if near is None:
        phi, eps = 0 * q, max(epsilon, float(np.ptp(costs)))
    else:
        phi, eps = near.phi, epsilon

    def look(phi: Float, eps: float) -> tuple[float, Float, Float]:
        """The dual's value, the columns' share of each row [m, n], and the columns' dual."""
        heights = log_q[:, None] + (phi[:, None] - costs) / eps
        sums = _logsum(heights, 0)
        return float(q @ phi - eps * (nu @ sums)), np.exp(heights - sums), -eps * sums

    while True:
        last = eps <= epsilon
        value, shares, psi = look(phi, eps)
        for _ in range(ROUNDS if last else 8):
            slope = q - shares @ nu
            if np.abs(slope).max() < (PRECISION if last else 1e-3 / len(q)):
                break
            curve = (np.diag(shares @ nu) - (shares * nu) @ shares.T) / eps
            curve += (np.outer(q, q) + 1e-12 * np.diag(q)) / eps  # the constant, and what rounding takes
            step = np.linalg.solve(curve, slope)
            step *= min(1.0, 20 * eps / max(float(np.abs(step).max()), 1e-300))
            length, gain = 1.0, float(slope @ step)
            while length > 1e-6:
                ahead = look(phi + length * step, eps)
                if ahead[0] >= value + 1e-4 * length * gain - 1e-15 * (1 + abs(value)):
                    break
                length /= 2
            else:
                break
            phi, (value, shares, psi) = phi + length * step, ahead
        if last:
            return Solution(value, phi, psi, shares * nu)
        eps = max(epsilon, COOLING * eps)


def _exact(costs: Float, q: Float, nu: Float, near: Solution | None) -> Solution:
    """The plan at hand where it is still optimal, else that of the linear program."""
    if near is not None:
        plan = near.plan
    elif len(q) == 1:
        plan = nu[None]
    else:
        plan = _program(costs, q, nu)
    phi = _central(costs, plan)
    if phi is None and near is not None:
        return _exact(costs, q, nu, None)
    if phi is None:
        raise ArithmeticError("the linear program gave a plan that is not optimal")
    return Solution(float((plan * costs).sum()), phi, (costs - phi[:, None]).min(0), plan)


def _program(costs: Float, q: Float, nu: Float) -> Float:
    from scipy import optimize, sparse  # a tenth of a second: only where there is something to solve

    rows, columns = costs.shape
    of_rows = sparse.kron(sparse.eye(rows), np.ones((1, columns)))
    of_columns = sparse.kron(np.ones((1, rows)), sparse.eye(columns))
    sums = sparse.vstack([of_rows, of_columns]).tocsr()
    found = optimize.linprog(
        (costs / (np.ptp(costs) or 1.0)).ravel(), A_eq=sums, b_eq=np.concatenate((q, nu)), method="highs-ds"
    )
    if found.x is None:
        raise ArithmeticError(found.message)
    return np.asarray(np.maximum(found.x, 0).reshape(rows, columns))


def _central(costs: Float, plan: Float) -> Float | None:
    """A dual [m] over the rows for which the plan is optimal, amid all of those; None where there is none.

    A row that serves column j bounds how much higher any other may stand; along the shortest paths of
    these bounds from each row there is a dual, and all of them together are amid the whole set.
    """
    served = plan > 1e-12
    bounds = np.stack([(costs[:, on] - costs[i, on]).min(1) for i, on in enumerate(served)])
    for via in range(len(bounds)):
        np.minimum(bounds, bounds[:, via, None] + bounds[via], out=bounds)
    if bounds.diagonal().min() < -SLACK * max(float(np.ptp(costs)), 1e-300):
        return None
    return np.asarray(bounds.mean(0))


def _logsum(values: Float, axis: int) -> Float:
    top = values.max(axis, keepdims=True)
    return np.asarray(np.log(np.exp(values - top).sum(axis)) + np.squeeze(top, axis))
