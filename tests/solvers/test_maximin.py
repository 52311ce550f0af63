"""MM and MM:R: one batch for mover and critic, the mover first, and the signs."""

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from wganstudio.critics.base import Critic

Make = Streams = Callable[..., Any]


class Witness:
    """A stream that counts what it was asked for."""

    def __init__(self, inner: object) -> None:
        self.inner, self.batches = inner, []  # type: ignore[var-annotated]

    def __call__(self, count: int) -> Tensor:
        self.batches.append(self.inner(count))  # type: ignore[operator]
        return self.batches[-1]


@pytest.mark.parametrize(("kind", "sign"), [("mm", 1.0), ("mm-r", -1.0)])
def test_one_batch_serves_twelve_mover_steps_and_then_the_critics(
    kind: str, sign: float, make: Make, streams: Streams
) -> None:
    solver, twin = make(kind), make(kind)
    p, q = map(Witness, streams())
    objective = solver.step(p, q)  # type: ignore[arg-type]
    assert len(p.batches) == len(q.batches) == 1
    still, start = (p.batches[0], q.batches[0]) if kind == "mm" else (q.batches[0], p.batches[0])

    mover, critic = twin.mover, twin.critic  # type: ignore[attr-defined]
    adam = torch.optim.Adam(mover.parameters(), lr=2e-4, betas=(0.0, 0.9))
    for _ in range(12):
        loss = ((mover(start) - start).norm(dim=1) - sign * critic(mover(start))).mean()
        adam.zero_grad()
        loss.backward()
        adam.step()
    moved = mover(start).detach()
    expected = sign * critic(still).mean() - sign * critic(moved).mean() + (moved - start).norm(dim=1).mean()
    assert float(objective) == pytest.approx(expected.item(), rel=1e-5)

    adam = torch.optim.Adam(critic.parameters(), lr=2e-4, betas=(0.0, 0.9))
    adam.zero_grad()
    (-expected).backward()
    adam.step()
    for ours, theirs in zip(solver.critic.parameters(), critic.parameters(), strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-3, atol=3e-5)


class Ramp(Critic):
    """u(x) = slope x_1."""

    dim = 3

    def __init__(self) -> None:
        super().__init__()
        self.slope = torch.nn.Parameter(torch.tensor(0.0))

    def forward(self, points: Tensor) -> Tensor:
        return self.slope * points.sum(1) / math.sqrt(3)


@pytest.mark.parametrize("kind", ["mm", "mm-r"])
def test_a_shift_is_found_with_its_cost_and_direction(kind: str, make: Make, streams: Streams) -> None:
    """P is Q shifted by (1, 1, 1): u = <x, (1, 1, 1)> / sqrt 3 is optimal, and W1 is sqrt 3."""
    solver = make(kind, Ramp(), mover_width=32, learning_rate=1e-2, schedule="cosine")
    solver.steps = 300
    p, q = streams()
    for _ in range(300):
        solver.step(p, q)
    slope = solver.critic.slope.item()
    assert slope == pytest.approx(1.0, abs=0.1)
    points = p(500)
    with torch.no_grad():
        gradients = solver.gradient(points)
    if kind == "mm":
        torch.testing.assert_close(gradients, torch.full((500, 3), slope / math.sqrt(3)))
    else:
        torch.testing.assert_close(gradients.norm(dim=1), torch.ones(500))
        assert float(gradients.mean(0).sum()) / math.sqrt(3) > 0.7, "mass moves down u"
