"""Perturbed laws: what is changed is as much as was asked for, and the clean pair stays beside it."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from wganstudio.experiment import BadExperiment, kinds, read
from wganstudio.pairs.base import Pair, Sampler, make_rng
from wganstudio.pairs.data.empirical import EmpiricalDistribution
from wganstudio.pairs.distributions import GaussianMixture
from wganstudio.pairs.perturbations import KMeansCells

EIGHT = {"kind": "classics", "p": "eight-gaussians", "q": "gaussian"}
SAMPLED = (
    EIGHT,
    {"kind": "classics", "p": "moons"},
    {"kind": "gaussians", "dim": 3},
    {"kind": "uniform-boxes"},
)
ATOMIC = ({"kind": "data", "p": "moons", "rows": 500}, {"kind": "points"})
KINDS = [kind for kind in kinds("perturbation") if kind != "none"]


def made(pair: dict[str, object], **perturbation: object) -> Pair:
    result: Pair = read({"pair": pair, "perturbation": perturbation}).build_pair()
    return result


def points(pair: Pair, count: int = 20_000, seed: int = 1) -> np.ndarray:
    return pair.p.sample(count, make_rng("cpu", seed)).double().numpy()


@pytest.mark.parametrize("pair", SAMPLED + ATOMIC)
def test_without_a_perturbation_the_pair_is_itself(pair):
    result = made(pair, kind="none")
    assert result.clean is result
    alone = read({"pair": pair}).pair.build()
    assert np.array_equal(points(result), points(alone))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("pair", SAMPLED + ATOMIC)
def test_a_perturbed_pair_keeps_the_clean_one_and_repeats(pair, kind):
    few = {"clusters": 2} if kind == "missing-mode" else {}
    result, again = (made(pair, kind=kind, **few) for _ in range(2))
    assert np.array_equal(points(result), points(again))
    assert np.array_equal(points(result.clean), points(made(pair, kind="none")))
    assert not np.array_equal(points(result), points(result.clean))
    assert "P perturbed" in result.description and "perturbed" not in result.clean.description
    assert np.array_equal(*(p.q.sample(9, make_rng("cpu", 1)).numpy() for p in (result, result.clean)))
    atoms = [Sampler(p.p, make_rng("cpu", 0)).atoms() is not None for p in (result, result.clean)]
    assert atoms[0] == atoms[1] == (pair in ATOMIC)


@pytest.mark.parametrize("pair", SAMPLED + ATOMIC)
@settings(max_examples=3, deadline=None)
@given(share=st.floats(0, 0.9), far=st.floats(2, 50))
def test_outliers_are_as_many_and_as_far_as_asked_for(pair, share, far):
    result = made(pair, kind="outliers", share=share, far=far)
    clean = points(result.clean)
    radius = far * np.sqrt(np.square(clean - clean.mean(0)).sum(1).mean())
    away = np.linalg.norm(points(result) - clean.mean(0), axis=1)
    known = np.abs(away - radius) < 0.1 * radius
    inner = np.linalg.norm(clean - clean.mean(0), axis=1)
    expected = share + (1 - share) * np.mean(np.abs(inner - radius) < 0.1 * radius)
    assert known.mean() == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize("pair", SAMPLED + ATOMIC[:1])
def test_noise_adds_its_variance(pair):
    result = made(pair, kind="noise", deviation=2.0)
    assert points(result).var(0) - points(result.clean).var(0) == pytest.approx(4, rel=0.15)


def test_a_component_of_a_mixture_goes_missing():
    pair = made(EIGHT, kind="missing-mode", which=3, share=0.5)
    assert isinstance(pair.p, GaussianMixture)
    assert pair.p.weights == pytest.approx([2 / 15 if k != 3 else 1 / 15 for k in range(8)])


@pytest.mark.parametrize("share", [0.3, 1.0])
@pytest.mark.parametrize("pair", [{"kind": "classics", "p": "moons"}, *ATOMIC[:1]])
def test_a_cluster_goes_missing(pair, share):
    result = made(pair, kind="missing-mode", which=1, share=share, clusters=4)
    if isinstance(result.clean.p, EmpiricalDistribution):
        cells = KMeansCells(torch.from_numpy(result.clean.p.points), 4)
    else:
        cells = result.p._cells
    before, after = (
        np.bincount(cells.of(torch.from_numpy(points(p))).numpy(), minlength=4) / 20_000
        for p in (result.clean, result)
    )
    left = before[1] * (1 - share)
    assert before[1] > 0.1
    assert after[1] == pytest.approx(left / (left + 1 - before[1]), abs=0.015)
    others = [0, 2, 3]
    assert after[others] / after[others].sum() == pytest.approx(
        before[others] / before[others].sum(), abs=0.02
    )


def test_clusters_are_those_that_are_there_the_largest_first():
    torch.manual_seed(0)
    centers = torch.tensor([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0]])
    sizes = (100, 400, 200)
    rows = torch.cat([c + 0.1 * torch.randn(n, 2) for c, n in zip(centers, sizes, strict=True)])
    cells = KMeansCells(rows, 3)
    assert cells.centers.float() == pytest.approx(centers[[1, 2, 0]], abs=0.1)
    assert torch.bincount(cells.of(rows)).tolist() == [400, 200, 100]
    assert len(KMeansCells(centers, 9).centers) == 3


@pytest.mark.parametrize(
    ("pair", "which", "text"),
    [
        (EIGHT, 8, "P has no such mode; its components are counted from 0 to 7"),
        ({"kind": "classics", "p": "moons"}, 10, "its clusters are counted from 0 to 9"),
        ({"kind": "data", "rows": 100}, 10, "its clusters are counted from 0 to 9"),
        ({"kind": "points", "points_p": [[0.0, 1.0]]}, 1, "its clusters are counted from 0 to 0"),
        ({"kind": "points", "points_p": [[0.0, 1.0]]}, 0, "nothing would be left of P; give less than 1"),
        ({"kind": "mixture"}, 0, "nothing would be left of P"),
    ],
)
def test_a_mode_that_is_not_there_or_is_all_there_is_cannot_go_missing(pair, which, text):
    with pytest.raises(BadExperiment, match=text):
        made(pair, kind="missing-mode", which=which)
