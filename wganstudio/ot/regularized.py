"""Regularized transport between two lists of weighted points: its dual, its plan, and what certifies both."""

from typing import NamedTuple

import torch
from torch import Tensor

from wganstudio.ot.regularizers import CTransform, Regularizer

COOLING = 0.25
"""The strength falls so, from the spread of the costs to its own, where no psi is known."""
WARM = 6
"""Steps at each strength on the way, at most:"""
ROUGH = 0.1
"""A smaller marginal error is enough there."""
QUICK = 0.4
"""By so much a c-transform is to shrink the certified gap, or Newton's steps are quicker."""
RIDGE, DAMPING = 1e-12, 1e-3
"""Of the largest entry of the curve's diagonal, the latter times the marginal error: where psi is free."""
OWN_STEPS = 10
CAP = 200


class DualCertificate(NamedTuple):
    """A dual and what it proves: lower <= cost <= upper."""

    psi: Tensor
    """[m]."""
    weighed: CTransform
    """What the rows are told of it."""
    lower: float
    """Its value, at most the cost since phi is the c-transform of psi."""
    upper: float
    """What the feasible plan next to it costs."""
    marginal: float
    """sum_j |b_j - sum_i pi_ij|: the rows' marginals are exact."""
    steps: int = 0

    @property
    def gap(self) -> float:
        """By how much at most the dual falls short of the cost."""
        return max(self.upper - self.lower, 0.0)


class RegularizedOT:
    """min <pi, c> + charge over plans between points of weights `rows` [n] and `columns` [m], each of sum 1.

    c are the costs [n, m]; the charge is the smoothing's, lambda KL(pi | a x b) or lambda E r^2 with
    r_ij = pi_ij / (a_i b_j) (arXiv 1802.08249). Its dual is the maximum over psi [m] of
    sum_i a_i psi^{c,lambda}_i + sum_j b_j psi_j. All in double precision.
    """

    def __init__(
        self, costs: Tensor, smoothing: Regularizer, rows: Tensor | None = None, columns: Tensor | None = None
    ) -> None:
        self.costs = _double(costs)
        n, m = costs.shape
        self.rows = self.costs.new_full((n,), 1 / n) if rows is None else _double(rows)
        self.columns = self.costs.new_full((m,), 1 / m) if columns is None else _double(columns)
        self.smoothing = smoothing

    def weigh(self, psi: Tensor) -> CTransform:
        """What the rows are told of psi [m]."""
        return self.smoothing.weigh(psi - self.costs, self.columns)

    def turned(self, phi: Tensor) -> Tensor:
        """The best psi [m] for a phi [n]."""
        return self.smoothing.weigh((phi[:, None] - self.costs).T.contiguous(), self.rows).level

    def value(self, psi: Tensor, weighed: CTransform) -> Tensor:
        """The dual, 0-d."""
        return self.rows @ weighed.value + self.columns @ psi

    def look(self, psi: Tensor, weighed: CTransform | None = None) -> DualCertificate:
        """What a psi [m] proves."""
        psi = _double(psi)
        weighed = self.weigh(psi) if weighed is None else weighed
        plan = self.rows[:, None] * weighed.shares
        marginal = float((plan.sum(0) - self.columns).abs().sum())
        upper = self.charged(self.feasible(plan))
        return DualCertificate(psi, weighed, float(self.value(psi, weighed)), float(upper.sum()), marginal)

    def feasible(self, plan: Tensor, taken: Tensor | None = None) -> Tensor:
        """The plan [n, m], of exact marginals over the rows, rounded to one of both.

        Columns that take too much give the rest back, and it is dealt to those that lack (Altschuler, Weed &
        Rigollet, arXiv 1705.09634, Algorithm 2). `taken` [m] is what the columns take of all rows, where
        these are but some.
        """
        taken = plan.sum(0) if taken is None else taken
        plan = plan * torch.where(taken > self.columns, self.columns / taken, 1.0)
        lacking = (self.columns - taken).clamp(min=0)
        left = lacking.sum()
        return plan if left == 0 else plan.addr_((self.rows - plan.sum(1)).clamp(min=0), lacking / left)

    def charged(self, plan: Tensor) -> Tensor:
        """What each row [n] of a plan pays, cost and charge."""
        density = plan / (self.rows[:, None] * self.columns)
        return (plan * (self.costs + self.smoothing.rate(density))).sum(1)

    def solve(self, accuracy: float, psi: Tensor | None = None, cap: int = CAP) -> DualCertificate:
        """A dual that is certified to `accuracy`, or the best within `cap` steps, from a psi [m] if one is
        known, otherwise by way of larger strengths.

        The c-transforms are alternated, as Sinkhorn does, while that is quick; then the steps are Newton's.
        """
        psi, steps = self._cooled(cap) if psi is None else (_double(psi), 0)
        best = now = self.look(psi)
        quick = True
        while best.gap > accuracy and steps < cap:
            steps += 1
            step = None if quick else self._step(now.psi, now.weighed)
            if step is not None:
                now = self.look(*step)
            else:
                before, now = now, self.look(self.turned(now.weighed.level))
                if not quick and now.lower <= before.lower:
                    break  # no digit is left
                quick = now.gap < QUICK * before.gap
            best = min(now, best, key=lambda look: look.gap)
        return best._replace(steps=steps)

    def own(self, accuracy: float) -> DualCertificate:
        """The same where both lists are one: first by psi <- (psi + its c-transform) / 2, along which the
        dual does not fall either (arXiv 1810.08278, equation 25), then as any other."""
        psi = torch.zeros_like(self.columns)
        for _ in range(OWN_STEPS):
            psi = torch.lerp(psi, self.weigh(psi).level, 0.5)
        return self.solve(accuracy, psi)

    def _cooled(self, cap: int) -> tuple[Tensor, int]:
        """A psi to start from, and the steps it took."""
        psi, steps = torch.zeros_like(self.columns), 0
        strength = float(self.costs.max() - self.costs.min()) * COOLING
        while strength > self.smoothing.strength:
            warmer = RegularizedOT(self.costs, self.smoothing.at(strength), self.rows, self.columns)
            weighed = warmer.weigh(psi)
            for _ in range(min(WARM, cap - steps)):
                rough = float((self.rows @ weighed.shares - self.columns).abs().sum()) > ROUGH
                if not rough or (step := warmer._step(psi, weighed)) is None:
                    break
                psi, weighed = step
                steps += 1
            strength *= COOLING
        return psi, steps

    def _step(self, psi: Tensor, weighed: CTransform) -> tuple[Tensor, CTransform] | None:
        """Newton's step up the dual, shortened until that rises; None where rounding lets it rise no more."""
        a, b = self.rows, self.columns
        slope = b - a @ weighed.shares
        masses, scale = self.smoothing.curve(weighed.shares, b)
        curve = torch.outer(b, b).addmm_((masses.T * (-a / masses.sum(1))), masses)  # b b^T: the constant
        diagonal = a @ masses
        curve.diagonal().add_(diagonal + (RIDGE + DAMPING * slope.abs().sum()) * diagonal.max())
        factor, failed = torch.linalg.cholesky_ex(curve)
        if failed:
            return None
        step = scale * torch.cholesky_solve(slope[:, None], factor).squeeze(1)
        value, gain, length = float(self.value(psi, weighed)), float(slope @ step), 1.0
        while length > 1e-4:
            ahead = psi + length * step
            found = self.weigh(ahead)
            if float(self.value(ahead, found)) >= value + 1e-4 * length * gain - 1e-15 * (1 + abs(value)):
                return ahead, found
            length /= 2
        return None


def _double(values: Tensor) -> Tensor:
    """In double precision, where there is such."""
    return (values.cpu() if values.device.type == "mps" else values).double()
