"""Critics that are 1-Lipschitz for all weights, and their closed-form gradients."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from wganstudio.critics.base import Critic
from wganstudio.critics.perceptron import MLP
from wganstudio.experiment import BadExperiment, CriticOptions, critics, kinds, read
from wganstudio.pairs.base import make_rng

CERTIFIED: list[CriticOptions] = [
    critics.ResidualOptions(width=24, depth=3),
    critics.FunnelOptions(cones=30),
    critics.FunnelOptions(cones=30, tips="q"),
]


def wild(options: CriticOptions, dim: int, seed: int, scale: float) -> Critic:
    """A critic with weights far from where training begins."""
    torch.manual_seed(seed)
    critic: Critic = options.build(dim)
    with torch.no_grad():
        for weight in critic.parameters():
            weight.copy_(scale * torch.randn_like(weight))
    return critic


def test_every_critic_that_says_so_is_tested_here() -> None:
    certified = {name for name, options in kinds("critic").items() if options.lipschitz}
    assert certified == {options.name() for options in CERTIFIED}


@settings(max_examples=20, deadline=None)
@given(
    which=st.sampled_from(CERTIFIED),
    dim=st.integers(1, 20),
    seed=st.integers(0, 2**31 - 1),
    scale=st.sampled_from([0.01, 0.3, 1.0, 3.0]),
)
def test_no_slope_exceeds_1(which: CriticOptions, dim: int, seed: int, scale: float) -> None:
    u = wild(which, dim, seed, scale).double()
    x, y = 3 * torch.randn(2, 300, dim, generator=make_rng("cpu", seed)).double()
    near = x + 1e-3 * y
    with torch.no_grad():
        for other in (y, near):
            rise = (u(x) - u(other)).abs()
            assert (rise <= torch.linalg.vector_norm(x - other, dim=1) * (1 + 1e-9)).all()
        assert float(u.gradient(x)[1].norm(dim=1).max()) <= 1 + 1e-9
    assert u.lipschitz() == 1.0


@pytest.mark.parametrize("options", CERTIFIED, ids=str)
@pytest.mark.parametrize("dim", [2, 12])
def test_the_written_out_gradient_equals_automatic_differentiation(options: CriticOptions, dim: int) -> None:
    critic, points = wild(options, dim, 0, 0.5).double(), torch.randn(200, dim).double()
    for ours, theirs in zip(critic.gradient(points), Critic.gradient(critic, points), strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-9, atol=1e-12)


def test_the_residual_gradient_can_be_differentiated_in_the_weights() -> None:
    critic, points = (
        wild(critics.ResidualOptions(width=16, depth=2), 3, 0, 0.5).double(),
        torch.randn(50, 3).double(),
    )
    result = []
    for gradient in (critic.gradient, lambda x: Critic.gradient(critic, x)):
        critic.zero_grad()
        gradient(points)[1].square().sum().backward()
        result.append(
            [torch.zeros_like(w) if w.grad is None else w.grad.clone() for w in critic.parameters()]
        )
    for ours, theirs in zip(*result, strict=True):
        torch.testing.assert_close(ours, theirs)


def test_a_perceptrons_bound_holds_and_is_met_by_a_linear_one() -> None:
    torch.manual_seed(0)
    u = MLP(critics.MLPOptions(width=8, depth=3, activation="silu"), 3).double()
    _, gradients = u.gradient(10 * torch.randn(5000, 3).double())
    assert gradients.norm(dim=1).max().item() <= u.lipschitz()
    narrow = MLP(critics.MLPOptions(width=1, depth=1, activation="relu"), 3)
    slope = (narrow.last.weight.abs() * narrow.hidden[0].weight.norm()).item()
    assert narrow.lipschitz() == pytest.approx(slope, rel=1e-6)


@pytest.mark.parametrize(("tips", "sign"), [("p", -1.0), ("q", 1.0)])
def test_cones_start_at_samples_and_keep_their_values_there(tips: str, sign: float) -> None:
    critic = critics.FunnelOptions(cones=5, tips=tips).build(2)
    p, q = torch.tensor([[3.0, 0.0]]).repeat(5, 1), torch.tensor([[0.0, 4.0]]).repeat(5, 1)
    critic.setup(lambda count: p[:count], lambda count: q[:count])
    tip = p if tips == "p" else q
    assert torch.equal(critic.centers.detach(), tip)
    with torch.no_grad():
        assert critic(torch.zeros(1, 2)).item() == sign * float(tip[0].norm())


def test_too_narrow_a_residual_critic_is_refused() -> None:
    with pytest.raises(
        BadExperiment,
        match=r"critic\.width: the width must be at least .* 9; it is 8",
    ):
        critics.ResidualOptions(width=8).build(9)


def test_the_plain_gap_of_an_unbounded_critic_is_refused() -> None:
    with pytest.raises(
        BadExperiment, match=r"critic\.kind: the gap of Perceptron \(MLP\) alone has no maximum"
    ):
        read({"critic": {"kind": "mlp"}, "solver": {"kind": "plain"}})
    for kind in ("sll", "funnel"):
        read({"critic": {"kind": kind}, "solver": {"kind": "plain"}})
