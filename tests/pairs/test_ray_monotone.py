"""Ray-monotone pairs: a plan that is optimal, and the published figures."""

import csv
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from wganstudio.experiment import BadExperiment
from wganstudio.experiment.pairs import RayMonotoneOptions
from wganstudio.pairs.base import make_rng
from wganstudio.pairs.ray_monotone import MinFunnel, RayMonotonePair

REFERENCE = Path(__file__).parents[3] / "shared" / "reference"
needs_reference = pytest.mark.skipif(
    not REFERENCE.exists(), reason="the published pairs are not beside this checkout (../shared/reference)"
)


def build(**options: object) -> RayMonotonePair:
    made: RayMonotonePair = RayMonotoneOptions.model_validate(options).build(device=torch.device("cpu"))
    return made


def published(dim: int, funnels: int) -> RayMonotonePair:
    return build(file=str(REFERENCE / "w1-pairs" / f"dim_{dim}_funnels_{funnels}.pt"))


@settings(max_examples=40, deadline=None)
@given(
    dim=st.integers(1, 24), funnels=st.integers(1, 40), power=st.floats(1, 20), seed=st.integers(0, 2**31 - 1)
)
def test_the_plan_is_optimal_sample_by_sample(dim: int, funnels: int, power: float, seed: int) -> None:
    # u(x) - u(T x) = |x - T x| makes x -> T x optimal; in the pair's orientation the potential is -u
    pair = build(dim=dim, funnels=funnels, power=power, seed=seed)
    assert pair.potential is not None
    x = pair.q.sample(512, make_rng("cpu", seed, 1))
    y = pair.p.move(x)
    moved = torch.linalg.vector_norm(x - y, dim=1)
    assert torch.isfinite(y).all()
    assert (y.abs() <= 2.5 + 1e-4).all()
    assert (pair.potential.value(y) - pair.potential.value(x) - moved).abs().max() < 3e-5


def test_no_mass_leaves_its_cone() -> None:
    pair = build(dim=2, funnels=64)
    funnel = pair.p.funnel
    x = pair.q.sample(20_000, make_rng("cpu", 1)).double()
    exact = MinFunnel(funnel.centers.double(), funnel.biases.double())
    rays = exact.rays(x)
    upper = rays.lower + (rays.below + rays.above)[:, None] * rays.direction
    own = torch.linalg.vector_norm(upper - rays.lower, dim=1) + exact.value(rays.lower)
    assert (exact.value(upper) - own).abs().max() < 1e-9  # still lowest there ...
    beyond = upper + 1e-3 * rays.direction
    outside = (beyond.abs() > 2.5).any(1)
    assert ((exact.value(beyond) < own + 1e-3 - 1e-9) | outside).all()  # ... and no longer just beyond


def test_power_one_moves_nothing() -> None:
    pair = build(dim=3, funnels=5, power=1)
    x = pair.q.sample(2000, make_rng("cpu", 1))
    assert torch.allclose(pair.p.move(x), x, atol=1e-6)


def test_the_sampler_and_displacements_are_the_map() -> None:
    pair = build(dim=4, funnels=30)
    y, x = pair.p.sample(1000, make_rng("cpu", 9)), pair.q.sample(1000, make_rng("cpu", 9))
    assert torch.equal(pair.p.move(x), y)
    moved = pair.p.lengths(pair.p.base.sample(1000, make_rng("cpu", 9)))
    assert torch.allclose(moved, torch.linalg.vector_norm(x - y, dim=1), atol=2e-6)


def test_a_center_stays_where_it_is() -> None:
    funnel = MinFunnel(torch.tensor([[0.5, 0.5], [-1.0, 0.0]]), torch.zeros(2))
    pair = build(dim=2, funnels=2)
    pair.p.funnel = funnel
    assert torch.equal(pair.p.move(funnel.centers.clone()), funnel.centers)
    assert torch.equal(funnel.gradient(funnel.centers), torch.zeros(2, 2))


def test_one_cone_alone_ends_on_the_box() -> None:
    # by hand: center 0, x on the first axis, the ray ends at (2.5, 0), t = x / 2.5
    pair = build(dim=2, funnels=1, power=2)
    pair.p.funnel = MinFunnel(torch.zeros(1, 2), torch.zeros(1))
    assert torch.allclose(pair.p.move(torch.tensor([[1.0, 0.0]])), torch.tensor([[0.4, 0.0]]))


def test_two_cones_by_hand() -> None:
    # centers at -1 and 1 on the line, no biases: the ray from 1 downwards ends at 0, where the other begins
    pair = build(dim=1, funnels=2, power=2)
    pair.p.funnel = MinFunnel(torch.tensor([[-1.0], [1.0]]), torch.zeros(2))
    moved = pair.p.move(torch.tensor([[0.5], [2.0]]))
    assert torch.allclose(moved, torch.tensor([[0.75], [1.0 + (1 / 1.5) ** 2 * 1.5]]))


@settings(max_examples=25, deadline=None)
@given(dim=st.integers(1, 16), seed=st.integers(0, 2**31 - 1))
def test_the_gradient_is_a_unit_vector_and_that_of_the_value(dim: int, seed: int) -> None:
    pair = build(dim=dim, funnels=8, seed=seed)
    exact = MinFunnel(pair.p.funnel.centers.double(), pair.p.funnel.biases.double())
    x = pair.q.sample(200, make_rng("cpu", seed, 2)).double()
    gradient = exact.gradient(x)
    assert torch.allclose(torch.linalg.vector_norm(gradient, dim=1), torch.ones(200, dtype=torch.float64))
    direction = torch.nn.functional.normalize(
        torch.randn(200, dim, generator=make_rng("cpu", seed, 3)).double(), dim=1
    )
    slope = (exact.value(x + 1e-6 * direction) - exact.value(x - 1e-6 * direction)) / 2e-6
    off = (slope - (gradient * direction).sum(1)).abs()
    assert off.median() < 1e-3  # the ridges and centers between the two points are few
    assert (off < 1e-3).double().mean() > 0.97


def test_the_potential_is_high_on_p_and_its_gap_is_w1() -> None:
    pair = build(dim=3, funnels=10)
    assert pair.potential is not None
    gap = pair.potential.value(pair.p.sample(100_000, make_rng("cpu", 1))).mean()
    gap = gap - pair.potential.value(pair.q.sample(100_000, make_rng("cpu", 2))).mean()
    w1 = pair.p.lengths(pair.p.base.sample(100_000, make_rng("cpu", 3))).mean()
    assert gap == pytest.approx(float(w1), rel=0.02)


def test_results_do_not_depend_on_how_the_batch_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    pair = build(dim=3, funnels=50)
    x = pair.q.sample(1001, make_rng("cpu", 1))
    whole = pair.p.move(x)
    monkeypatch.setattr("wganstudio.pairs.ray_monotone._CHUNK", 50 * 37)
    assert torch.equal(pair.p.move(x), whole)


def test_the_published_gradient_vanishes_near_a_center_where_the_exact_one_does_not() -> None:
    pair = build(dim=2, funnels=4)
    center = pair.p.funnel.centers[pair.p.funnel.biases.argmin()]
    near = center + 1e-5 * torch.nn.functional.normalize(
        torch.randn(4096, 2, generator=make_rng("cpu", 1)), dim=1
    )
    assert pair.potential is not None
    assert torch.linalg.vector_norm(pair.potential.gradient(near), dim=1).min() > 0.99
    assert (
        torch.linalg.vector_norm(pair.potential.published_gradient(near), dim=1) < 0.5
    ).float().mean() > 0.3


def test_both_gradients_agree_away_from_the_centers() -> None:
    pair = build(dim=8, funnels=16)
    assert pair.potential is not None
    x = pair.q.sample(2000, make_rng("cpu", 1))
    exact, as_published = pair.potential.gradient(x), pair.potential.published_gradient(x)
    assert torch.allclose(exact, as_published, atol=1e-4)


def test_reading_the_published_gradient_leaves_no_graph() -> None:
    pair = build()
    assert pair.potential is not None
    x = pair.q.sample(64, make_rng("cpu", 1)).requires_grad_()
    with torch.no_grad():
        assert not pair.potential.published_gradient(x).requires_grad
    assert x.grad is None


def test_seeds_choose_the_funnels() -> None:
    first, again, other = (build(seed=s).p.funnel.centers for s in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


@needs_reference
@pytest.mark.parametrize("dim", [2, 4, 16, 64])
@pytest.mark.parametrize("funnels", [4, 16, 64, 256])
def test_w1_of_the_published_pairs(dim: int, funnels: int) -> None:
    with (REFERENCE / "w1-tables" / f"dim_{dim}_funnels_{funnels}.csv").open() as file:
        table = {row[0]: row for row in csv.reader(file)}
    published_w1 = float(table["true"][3])
    source = make_rng("cpu", dim, funnels)
    p = published(dim, funnels).p
    moved = torch.cat([p.lengths(p.base.sample(8192, source)) for _ in range(4)]).double()
    theirs, ours = moved.std() / 4096**0.5, moved.std() / len(moved) ** 0.5
    # they had 4096 samples of each law, whose potentials differ: twice the variance at the least
    assert abs(moved.mean() - published_w1) < 4 * (2 * theirs**2 + ours**2) ** 0.5 + 0.01 * published_w1


@needs_reference
@pytest.mark.parametrize(
    ("dim", "funnels", "cos"),
    [(2, 4, 0.884), (2, 16, 0.899), (2, 64, 0.877), (2, 256, 0.839), (4, 4, 0.989), (4, 256, 0.981)],
)
def test_the_truth_itself_scores_what_the_published_metric_gives_it(
    dim: int, funnels: int, cos: float
) -> None:
    # the published way: zero gradients near the centers count as cos 0, L2 1
    pair = published(dim, funnels)
    assert pair.potential is not None
    source = make_rng("cpu", 1)
    score = []
    for _ in range(8):
        y = pair.p.sample(4096, source)
        exact, as_published = pair.potential.gradient(y), pair.potential.published_gradient(y)
        error = ((exact - as_published) ** 2).sum(1).mean()
        score.append((torch.nn.functional.cosine_similarity(exact, as_published).mean(), error))
    found_cos, found_l2 = torch.tensor(score).mean(0).tolist()
    assert found_cos == pytest.approx(cos, abs=0.012)
    if dim == 2:
        assert 0.10 < found_l2 < 0.19


@needs_reference
def test_the_file_sets_dimension_and_funnels() -> None:
    pair = published(16, 64)
    options = pair.options
    assert isinstance(options, RayMonotoneOptions)
    assert (options.dim, options.funnels, pair.dim) == (16, 64, 16)


@needs_reference
@pytest.mark.parametrize("field", ["dim", "funnels"])
def test_only_an_explicit_contradiction_is_refused(field: str) -> None:
    file = str(REFERENCE / "w1-pairs" / "dim_2_funnels_4.pt")
    build(file=file, dim=2, funnels=4)
    with pytest.raises(BadExperiment, match=f"{field} is 3 but the pair file has") as caught:
        build(file=file, **{field: 3})
    assert [problem.path for problem in caught.value.problems] == [f"pair.{field}"]
