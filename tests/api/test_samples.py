"""`ws.truth_of`: certified costs of arrays and tensors, beside POT, scipy and closed forms."""

import numpy as np
import ot
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy.stats import wasserstein_distance

import wganstudio as ws
from wganstudio.experiment import BadExperiment, GroundCost
from wganstudio.truths import sample_pairs

FLOATS = st.floats(-1e6, 1e6, width=32)


def points(count: int, dim: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(count, dim))


@pytest.mark.parametrize(("n", "m", "dim"), [(1, 1, 1), (40, 60, 2), (50, 30, 20), (7, 90, 1)])
@pytest.mark.parametrize(
    ("cost", "metric"), [("distance", "euclidean"), ("squared", "sqeuclidean"), ("cosine", "cosine")]
)
def test_exact_costs_are_those_of_pot(n, m, dim, cost, metric):
    x, y = points(n, dim), points(m, dim, 1) + 0.5
    truths = ws.truth_of(x, y, cost=cost)
    exact = ot.emd2(np.full(n, 1 / n), np.full(m, 1 / m), ot.dist(x, y, metric))
    truth = truths["w1" if cost == "distance" else "transport"]
    assert truth.value == pytest.approx(exact, rel=1e-9, abs=1e-9)
    assert truth.lower <= truth.value <= truth.upper and truth.upper - truth.lower < 1e-9
    assert set(truths) == ({"w1"} if cost == "distance" else {"w1", "transport"})


@pytest.mark.parametrize("epsilon", [0.2, 1.0, 100.0])
def test_entropic_costs_are_those_of_sinkhorn(epsilon):
    x, y = points(30, 3), points(20, 3, 1)
    truth = ws.truth_of(x, y, cost="squared", epsilon=epsilon)["transport"]
    a, b, costs = np.full(30, 1 / 30), np.full(20, 1 / 20), ot.dist(x, y)
    plan = ot.sinkhorn(a, b, costs, epsilon, method="sinkhorn_log", stopThr=1e-12, numItermax=100_000)
    kl = float((plan * np.log(np.maximum(plan, 1e-300) / np.outer(a, b))).sum())
    assert truth.value == pytest.approx(float((plan * costs).sum()) + epsilon * kl, rel=1e-6)
    paid = ot.sinkhorn2(a, b, costs, epsilon, method="sinkhorn_log", stopThr=1e-12, numItermax=100_000)
    assert paid <= truth.upper and truth.upper - truth.lower < 1e-7
    assert "entropic transport" in truth.method


def test_on_the_line_any_number_of_samples_is_exact():
    x, y = points(40_000, 1)[:, 0], points(30_000, 1, 1)[:, 0] + 1
    truths = ws.truth_of(x, y, cost="squared")
    assert truths["w1"].value == pytest.approx(wasserstein_distance(x, y), rel=1e-10)
    assert truths["transport"].value == pytest.approx(ot.emd2_1d(x, y, dense=False), rel=1e-10)
    assert truths["transport"].upper - truths["transport"].lower < 1e-8


@settings(max_examples=40)
@given(st.data())
def test_weights_on_the_line_agree_with_scipy(data):
    x, y = (data.draw(arrays.arrays(np.float64, st.integers(1, 12), elements=FLOATS)) for _ in range(2))
    a, b = (
        data.draw(arrays.arrays(np.float64, len(each), elements=st.floats(1 / 64, 1, width=32)))
        for each in (x, y)
    )
    if 0 < max(np.abs(x).max(), np.abs(y).max()) < 1e-15:
        return
    truth = ws.truth_of(x, y, p_weights=a, q_weights=b)["w1"]
    exact, size = wasserstein_distance(x, y, a, b), max(np.abs(x).max(), np.abs(y).max())
    assert truth.lower - 1e-13 * size <= exact <= truth.upper + 1e-13 * size


@settings(max_examples=40)
@given(
    arrays.arrays(
        np.float64,
        arrays.array_shapes(min_dims=1, max_dims=4, max_side=5),
        elements=st.integers(-1000, 1000),
    ),
    st.integers(-1000, 1000),
)
def test_a_shift_costs_its_length_in_any_shape(x, shift):
    dim = x[0].size
    truths = ws.truth_of(x, x + shift, cost="squared")
    length = abs(shift) * np.sqrt(dim)
    slack = 1e-12 * (1 + length)
    assert truths["w1"].lower - slack <= length <= truths["w1"].upper + slack
    assert truths["transport"].lower - slack * length <= length**2 <= truths["transport"].upper + slack
    assert f"{len(x):,} sample" in truths["w1"].law


def test_equal_samples_cost_nothing_in_many_dimensions():
    x = points(50, 20) + 3
    truths = ws.truth_of(x, x, cost="squared")
    assert all(truth.lower == 0 and truth.upper < 1e-11 for truth in truths.values())


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.int64, torch.bool])
def test_tensors_of_any_precision_count_as_they_are(dtype):
    x = (torch.from_numpy(points(20, 2)) * 2).to(dtype)
    y = x.double() + 1
    assert ws.truth_of(x, y)["w1"].value == pytest.approx(2**0.5, rel=1e-12)
    assert ws.truth_of(x.double().numpy(), y)["w1"].value == pytest.approx(2**0.5, rel=1e-12)


def test_the_graph_and_the_random_generators_stay():
    x = torch.randn(10, 2, requires_grad=True)
    before = torch.random.get_rng_state(), np.random.get_state()[1].copy()
    ws.truth_of(x * 2, [[0, 0], [1, 2]])
    assert x.grad is None and torch.equal(before[0], torch.random.get_rng_state())
    assert (before[1] == np.random.get_state()[1]).all()


def test_a_large_offset_loses_no_digits():
    x, y = points(30, 3), points(30, 3, 1)
    near, far = ws.truth_of(x, y)["w1"], ws.truth_of(x + 2.0**20, y + 2.0**20)["w1"]
    assert far.lower <= near.value + 1e-9 and near.value - 1e-9 <= far.upper
    assert far.upper - far.lower > near.upper - near.lower
    with pytest.raises(ValueError, match="use another cost"):
        ws.truth_of(x + 2.0**20, y + 2.0**20, cost="cosine")


def test_many_samples_have_bounds_that_hold(monkeypatch):
    x, y = points(300, 3), points(300, 3, 1) + 0.3
    exact = ws.truth_of(x, y, cost="squared")
    monkeypatch.setattr(sample_pairs, "EXACT_PAIRS", 1000)
    monkeypatch.setattr("wganstudio.truths.atoms.MAX_PAIRS", 1000)
    monkeypatch.setattr("wganstudio.truths.atoms.two_lists_truth.__defaults__", (1000,))
    bounds = ws.truth_of(x, y, cost="squared", samples=64, repeats=4)
    for name, truth in bounds.items():
        assert truth.lower <= exact[name].value <= truth.upper and truth.upper - truth.lower > 1e-3
        assert "64 samples" in truth.method and "300 samples" in truth.law


def test_congested_costs_in_the_plane_are_those_of_smoothed_samples(small_references):
    x, y = points(200, 2), points(100, 2, 1) + np.array([2, 0])
    truths = ws.truth_of(x, y, penalty=5.0, cells=64, seconds=1.0)
    assert set(truths) == {"w1", "congested", "gap-limit"} and not truths.missing
    congested, limit = truths["congested"], truths["gap-limit"]
    assert congested.lower < congested.value < congested.upper < limit.value
    assert congested.value > truths["w1"].value - 0.1  # the smoothing may shorten it a little
    assert "smoothed by a Gaussian" in congested.law and "P uniform over 200 samples" in congested.law
    weighted = ws.truth_of(
        x, y, penalty=5.0, cells=64, seconds=1.0, p_weights=np.ones(200), q_weights=[1.0] * 100
    )
    assert weighted["congested"].value == pytest.approx(congested.value, rel=0.01)
    assert "weighted samples" in weighted["congested"].law


def test_where_there_is_no_congested_cost_the_truths_say_why():
    truths = ws.truth_of(points(5, 3), points(4, 3), penalty=1.0)
    with pytest.raises(KeyError, match="in the plane only, and these have 3 coordinates"):
        truths["congested"]
    same = np.zeros((3, 2))
    assert "one point" in ws.truth_of(same, same, penalty=1.0).missing


def test_weights_are_shares():
    truths = ws.truth_of([[0.0], [1.0]], [[0.0]], p_weights=[3, 1], cost=GroundCost("p-norm", p=3.0))
    assert truths["w1"].value == pytest.approx(0.25) and truths["transport"].value == pytest.approx(0.25)
    doubled = ws.truth_of([[0, 0], [0, 0], [5, 0]], [[1, 0]])["w1"].value
    assert ws.truth_of([[0, 0], [5, 0]], [[1, 0]], p_weights=torch.tensor([2, 1]))["w1"].value == doubled
    one_left = ws.truth_of([[0, 0], [5, 0]], [[1, 0]], p_weights=[0, 1e300])
    assert one_left["w1"].value == pytest.approx(4)


GOOD = np.zeros((3, 2))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([[0.0, np.nan], [1.0, 2.0]], "1 of the samples of P are not finite, row 0 first"),
        ([[0.0, 1.0], [np.inf, 2.0]], "row 1 first; remove them"),
        (torch.tensor([[0.0, float("nan")]]), "not finite"),
        ([], r"P holds no samples \(its shape is 0\)"),
        (np.zeros((0, 2)), "its shape is 0x2"),
        (np.zeros((4, 0)), "its shape is 4x0"),
        (1.0, r"its shape is \(\)"),
        ([[1.0, 2.0], [3.0]], "its rows differ in length"),
        ([["a", "b"]], "instead of real numbers"),
        (np.array([[1j, 0]]), "complex128 instead of real numbers"),
        (torch.tensor([[1j, 0]]), "complex64 instead of real numbers"),
        (None, "object instead of real numbers"),
        (np.ma.masked_less(GOOD, 1), "P has masked entries"),
        (np.zeros((3, 5)), "P has samples of 5 coordinates and Q of 2; give both the same"),
        (np.full((2, 2), 1e200) * [[1], [-1]], "another unit"),
    ],
)
def test_bad_samples_are_refused_in_one_sentence(values, message):
    with pytest.raises(ValueError, match=message) as error:
        ws.truth_of(values, GOOD)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"cost": "manhattan"}, "no cost 'manhattan'; choose from distance, squared"),
        ({"cost": GroundCost(features="pca")}, "give features as samples"),
        ({"cost": GroundCost(), "epsilon": 1.0}, "leave out the other one"),
        ({"epsilon": -1.0}, "epsilon is -1.0"),
        ({"epsilon": float("nan")}, "epsilon is nan"),
        ({"penalty": 0.0}, "The penalty is 0.0"),
        ({"penalty": float("inf")}, "give a number above 0"),
        ({"p_weights": [1.0]}, "have the shape 1; give 3"),
        ({"p_weights": [1.0, -1.0, 1.0]}, "at least 0, and not all 0"),
        ({"q_weights": [0.0, 0.0, 0.0]}, "weights of Q must be finite"),
        ({"q_weights": [1.0, np.nan, 0.0]}, "weights of Q must be finite"),
    ],
)
def test_wrong_options_are_refused_in_one_sentence(options, message):
    with pytest.raises(ValueError, match=message):
        ws.truth_of(GOOD, GOOD, **options)


def test_settings_of_the_computation_are_checked():
    with pytest.raises(BadExperiment, match=r"truth\.samples"):
        ws.truth_of(GOOD, GOOD, samples=1)
    with pytest.raises(BadExperiment, match="did you mean samples"):
        ws.truth_of(GOOD, GOOD, sample=64)
