"""Bounds of regularized transport to atoms hold the true cost, and close on it."""

import numpy as np
import pytest
import torch

from wganstudio.experiment import GroundCost, presets, read
from wganstudio.experiment.truths import BestAvailableOptions
from wganstudio.pairs.atoms import DiscreteDistribution
from wganstudio.pairs.base import Pair
from wganstudio.pairs.data.empirical import EmpiricalDistribution
from wganstudio.pairs.distributions import Gaussian
from wganstudio.training.truths import find_truths
from wganstudio.truths.atoms import atoms_truth, two_lists_truth

GROUNDS = [
    GroundCost("squared", 0.0),
    GroundCost("squared", 0.1),
    GroundCost("distance", 0.1),
    GroundCost("squared", 0.05, True),
    GroundCost("squared", 0.1, regularizer="l2"),
    GroundCost("p-norm", 0.1, p=1.0),
]


def pair_of(points: object, q: object) -> Pair:
    pair = Pair()
    pair.p, pair.q = EmpiricalDistribution(np.asarray(points, np.float32)), q  # type: ignore[assignment]
    return pair


@pytest.mark.parametrize("ground", GROUNDS)
def test_one_atom_costs_the_mean_distance(ground: GroundCost) -> None:
    pair = pair_of([[3.0, 4.0]], Gaussian([0.0, 0.0], [1e-3, 1e-3]))
    (truth,) = atoms_truth(pair, ground, BestAvailableOptions(samples=64, repeats=4))
    scale = 25.0 if ground.normalized else 1.0
    known = {"squared": 25.0, "distance": 5.0, "p-norm": 7.0}[ground.cost]
    known += ground.epsilon if ground.regularizer == "l2" else 0.0  # of the density 1
    assert truth.lower <= known / scale <= truth.upper
    assert truth.upper - truth.lower < 0.01


@pytest.mark.parametrize("epsilon", [0.0, 0.05, 1.0])
def test_two_atoms_in_closed_form(epsilon: float) -> None:
    # Q = N(0, 1), P = (delta_-1 + delta_1) / 2: by symmetry psi = 0
    x = np.linspace(-9, 9, 20001)
    near = (np.abs(x) - 1) ** 2
    far = (np.abs(x) + 1) ** 2
    cost = near if epsilon == 0 else near - epsilon * np.log((1 + np.exp((near - far) / epsilon)) / 2)
    exact = np.trapezoid(cost * np.exp(-x * x / 2), x) / np.sqrt(2 * np.pi)
    pair = pair_of([[-1.0], [1.0]], Gaussian([0.0], [1.0]))
    (few,) = atoms_truth(pair, GroundCost("squared", epsilon), BestAvailableOptions(samples=64))
    (many,) = atoms_truth(pair, GroundCost("squared", epsilon), BestAvailableOptions(samples=4096))
    for truth in (few, many):
        assert truth.quantity == "transport" and truth.lower <= exact <= truth.upper
    assert many.upper - many.lower < 0.3 * (few.upper - few.lower)


def test_a_small_eps_does_not_underflow() -> None:
    points = torch.randn((30, 2), generator=torch.Generator().manual_seed(0)).numpy() * 8
    pair = pair_of(points, Gaussian([0.0, 0.0], [8.0, 8.0]))
    (smooth,) = atoms_truth(pair, GroundCost("squared", 1.0), BestAvailableOptions(samples=64, repeats=2))
    (sharp,) = atoms_truth(pair, GroundCost("squared", 0.0), BestAvailableOptions(samples=64, repeats=2))
    assert sharp.lower <= smooth.upper <= sharp.upper + np.log(30)
    assert smooth.lower < smooth.upper


@pytest.mark.parametrize("count", [20, 90])
def test_with_a_squared_density_more_samples_close_on_the_same(count: int) -> None:
    points = torch.randn((count, 2), generator=torch.Generator().manual_seed(0)).numpy()
    pair = pair_of(points, Gaussian([1.0, 0.0], [1.0, 1.0]))
    (few,) = atoms_truth(
        pair, GroundCost("squared", 0.2, regularizer="l2"), BestAvailableOptions(samples=48, repeats=4)
    )
    (many,) = atoms_truth(
        pair, GroundCost("squared", 0.2, regularizer="l2"), BestAvailableOptions(samples=400, repeats=4)
    )
    assert few.lower <= many.value <= few.upper and many.upper - many.lower < few.upper - few.lower
    (plain,) = atoms_truth(pair, GroundCost("squared"), BestAvailableOptions(samples=400, repeats=4))
    assert plain.lower < many.upper and many.value - plain.value < 0.2 * count


def test_distributions_without_atoms_have_no_such_truth() -> None:
    pair = Pair()
    pair.p = pair.q = Gaussian([0.0], [1.0])
    assert not list(atoms_truth(pair, GroundCost(), BestAvailableOptions()))


LISTS = ([[0.0, 1.0], [2.0, 0.5], [-1.0, 3.0]], [[1.0, 1.0], [0.0, -2.0]])


def two_lists(scale: float = 1.0) -> Pair:
    pair = Pair()
    pair.p = DiscreteDistribution(scale * np.array(LISTS[0]), np.array([0.5, 0.25, 0.25]))
    pair.q = DiscreteDistribution(scale * np.array(LISTS[1]), np.array([0.75, 0.25]))
    return pair


@pytest.mark.parametrize(
    "ground", [*GROUNDS, GroundCost("cosine"), GroundCost("squared", 10.0, regularizer="l2")]
)
@pytest.mark.parametrize("scale", [0.125, 1.0, 1024.0])
def test_two_lists_are_solved_to_rounding(ground: GroundCost, scale: float) -> None:
    pair = two_lists(scale)
    truth = two_lists_truth(pair, ground)
    assert truth is not None and 0 <= truth.lower <= truth.value <= truth.upper
    assert truth.upper - truth.lower <= 1e-11 * truth.upper
    sampled = list(atoms_truth(pair, ground, BestAvailableOptions(samples=512, repeats=4)))
    assert sampled[0].lower <= truth.upper and truth.lower <= sampled[0].upper
    if ground == GroundCost("squared"):
        # by hand: the last atom of Q takes from the nearest of P, one linear program in two unknowns
        costs = np.array([[1.0, 9.0], [1.25, 10.25], [8.0, 26.0]]) * scale**2
        least = min(
            float((np.array([0.5, 0.25, 0.25]) * costs[:, 0]).sum() + taken @ (costs[:, 1] - costs[:, 0]))
            for taken in (np.array([0.25, 0, 0]), np.array([0, 0.25, 0]), np.array([0, 0, 0.25]))
        )
        assert truth.lower <= least <= truth.upper


@pytest.mark.parametrize("exponent", [-3, 0, 2, 6, 10, 14])
def test_two_lists_with_any_entropy_keep_their_digits(exponent: int) -> None:
    epsilon = 10.0**exponent
    truth = two_lists_truth(two_lists(), GroundCost("squared", epsilon))
    exact = two_lists_truth(two_lists(), GroundCost("squared"))
    assert truth is not None and exact is not None
    independent = 0.5 * (0.75 * 1 + 0.25 * 9) + 0.25 * (0.75 * (1.25 + 8) + 0.25 * (10.25 + 26))
    assert exact.lower <= truth.upper and truth.lower <= independent
    assert truth.upper - truth.lower < 1e-11
    if exponent >= 2:  # the dual at 0, and Hoeffding's lemma
        assert independent - 25.0**2 / (8 * epsilon) <= truth.upper


def test_atoms_without_weight_and_equal_lists_do_no_harm() -> None:
    pair = two_lists()
    pair.q = pair.p
    pair.p = DiscreteDistribution(np.array([*LISTS[0], [9.0, 9.0]]), np.array([0.5, 0.25, 0.25, 0.0]))
    truth = two_lists_truth(pair, GroundCost("squared"))
    assert truth is not None and truth.lower == 0 and truth.upper < 1e-10
    pair.q = Gaussian([0.0, 0.0], [1.0, 1.0])
    assert two_lists_truth(pair, GroundCost("squared")) is None


@pytest.mark.parametrize("cost", ["distance", "squared"])
def test_equal_lists_cost_nothing_in_many_dimensions(cost: str) -> None:
    pair = Pair()
    points = torch.randn((50, 20), generator=torch.Generator().manual_seed(0)).double().numpy() + 3
    pair.p = pair.q = EmpiricalDistribution(points)
    truth = two_lists_truth(pair, GroundCost(cost))  # type: ignore[arg-type]
    assert truth is not None and truth.lower == 0 and truth.upper < 1e-11


@pytest.mark.parametrize("cost", ["distance", "squared", "p-norm"])
def test_on_the_line_sorting_agrees_with_the_linear_program(cost: str) -> None:
    x, y = (torch.randn((n, 1), generator=torch.Generator().manual_seed(n)).double() for n in (40, 60))
    weights = torch.rand(60, generator=torch.Generator().manual_seed(0)).double().numpy()
    pair, plane = Pair(), Pair()
    pair.p, pair.q = EmpiricalDistribution(x.numpy()), DiscreteDistribution(y.numpy(), weights)
    plane.p = EmpiricalDistribution(torch.cat((x, 0 * x), 1).numpy())
    plane.q = DiscreteDistribution(torch.cat((y, 0 * y), 1).numpy(), weights)
    ground = GroundCost(cost, p=3.0)  # type: ignore[arg-type]
    sorted_truth, solved = two_lists_truth(pair, ground, max_pairs=1), two_lists_truth(plane, ground)
    assert sorted_truth is not None and solved is not None
    assert sorted_truth.lower <= solved.upper and solved.lower <= sorted_truth.upper
    assert sorted_truth.upper - sorted_truth.lower < 1e-11
    assert two_lists_truth(plane, ground, max_pairs=1) is None


def test_the_particle_and_its_points_are_no_matter_of_samples() -> None:
    for epsilon in (0.0, 0.1):
        solver = {"kind": "semi-discrete", "epsilon": epsilon, "normalize": False}
        settings = presets()["points"].settings | {"generator": {"kind": "none"}, "solver": solver}
        (event,) = find_truths(read(settings))
        assert event.kind == "truth" and event.truth.value == pytest.approx(1.29, rel=1e-6)
        assert event.truth.upper - event.truth.lower < 1e-10
