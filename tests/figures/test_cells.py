"""The cells figure against the counterexample's closed forms (arXiv 2102.05542, Section 3)."""

import numpy as np
import pytest
import torch

from wganstudio.critics.c_transform import RegularizedCTransform
from wganstudio.experiment import GroundCost
from wganstudio.export import export
from wganstudio.figures import figure_of
from wganstudio.figures.cells.figure import Cells
from wganstudio.figures.cells.gradients import (
    MAX_SOLVED_ATOMS,
    DiscreteMeasure,
    epsilon_choices,
    resolve_dual,
    true_gradient,
)
from wganstudio.figures.frames import NoSuchStep
from wganstudio.ot.semi_discrete import Dual

DIRACS = np.array([[-1.0, 0.0], [1.0, 0.0]])
FIVE = [[0.0, 1.0], [0.95, 0.31], [0.59, -0.81], [-0.59, -0.81], [-0.95, 0.31]]
HERE = np.array([[0.2, 0.5]])
PARTICLE = {"kind": "particles", "count": 1}


@pytest.mark.parametrize("nu", [(0.5, 0.5), (0.3, 0.7)])
@pytest.mark.parametrize("epsilon", [0.01, 0.1, 1.0])
def test_with_entropy_the_formula_is_the_true_gradient(make_atomic, nu, epsilon):
    figure = Cells.from_record(make_atomic(DIRACS, HERE, weights=nu), epsilon=epsilon)
    expected = 2 * (HERE - np.array(nu) @ DIRACS)
    np.testing.assert_allclose(figure.gradients.automatic, expected, rtol=1e-6)
    np.testing.assert_allclose(figure.gradients.true, expected, rtol=1e-6)
    assert not np.isfinite(figure.gradients.across_border).any() and len(figure.arrows["across_border"]) == 0


@pytest.mark.parametrize("nu", [(0.5, 0.5), (0.3, 0.7)])
def test_without_entropy_the_gradient_that_training_takes_jumps(make_atomic, nu):
    figure = Cells.from_record(make_atomic(DIRACS, HERE, weights=nu), epsilon=0.0)
    sides = 2 * (HERE - DIRACS)
    (own,), (other,) = figure.gradients.automatic, figure.gradients.across_border
    assert sorted([*own, *other]) == pytest.approx(sorted(sides.ravel()))
    np.testing.assert_allclose(figure.gradients.true, 2 * (HERE - np.array(nu) @ DIRACS), rtol=1e-6)
    assert (
        figure.border_distances == pytest.approx(0, abs=1e-6)
        and "100 % of Q within 0.01" in figure.summary_lines[1]
    )
    assert "jump at the border 4" in figure.summary_lines[2]


def test_five_points_pull_to_their_mean_with_entropy_and_to_one_of_them_without(make_atomic):
    record = make_atomic(FIVE, HERE, epsilon=0.1)
    mean = np.mean(FIVE, axis=0)
    with_it, without = Cells.from_record(record, epsilon=0.1), Cells.from_record(record, epsilon=0.0)
    for figure in (with_it, without):
        np.testing.assert_allclose(figure.gradients.true, 2 * (HERE - mean), rtol=1e-5)
    np.testing.assert_allclose(with_it.gradients.automatic, 2 * (HERE - mean), rtol=1e-5)
    led_to = HERE - without.gradients.automatic / 2
    assert np.abs(led_to - FIVE).max(1).min() < 1e-6, "right to one of the points"


@pytest.mark.parametrize("epsilon", [0.0, 0.2, 1.0])
def test_several_particles_against_an_independent_cost(epsilon):
    import ot

    rng = np.random.default_rng(4)
    atoms, points = rng.normal(size=(6, 2)), rng.normal(size=(4, 2))
    dual = Dual(atoms, np.full(6, 1 / 6), np.zeros(6), "squared", epsilon, 1.0)
    q = DiscreteMeasure(points, np.array([0.1, 0.2, 0.3, 0.4]), True)
    result = true_gradient(dual, q, np.arange(4), 1e-5)
    costs = ((points[:, None] - atoms) ** 2).sum(-1)
    if epsilon:
        how = {"reg": epsilon, "reg_type": "KL", "max_iter": 100_000, "tol": 1e-8}
        plan = ot.solve(costs, q.shares, dual.weights, **how).plan
    else:
        plan = ot.emd(q.shares, dual.weights, costs)
    envelope = 2 * (points - plan @ atoms / q.shares[:, None])
    np.testing.assert_allclose(result, envelope, atol=1e-5)
    if epsilon:
        solved, left = resolve_dual(dual, q, epsilon)
        np.testing.assert_allclose(solved.gradient(points), result, atol=1e-5)
        assert left < 1e-9


@pytest.mark.parametrize("cost", ["squared", "distance"])
@pytest.mark.parametrize("epsilon", [0.0, 0.07])
@pytest.mark.parametrize("normalized", [False, True])
def test_shares_and_gradient_are_those_of_the_critic_that_trains(make_atomic, cost, epsilon, normalized):
    rng = np.random.default_rng(1)
    atoms, psi, points = (rng.normal(size=shape).astype(np.float32) for shape in ((7, 2), 7, (50, 2)))
    nu = (rng.random(7) + 0.2).astype(np.float32)
    nu /= nu.sum()
    critic = RegularizedCTransform(
        *(torch.tensor(part).double() for part in (atoms, nu)), GroundCost(cost, epsilon, normalized)
    )
    critic.psi.copy_(torch.tensor(psi))
    record = make_atomic(atoms, points, epsilon, nu, psi, cost, normalized)
    dual = Cells.from_record(record).dual
    _, slope = critic.gradient(torch.tensor(points).double())
    np.testing.assert_allclose(dual.gradient(points.astype(float)), -slope, atol=2e-5)
    np.testing.assert_allclose(dual.shares(points), critic.plan(torch.tensor(points).double()), atol=2e-5)


def test_the_border_is_as_far_as_one_has_to_go(make_atomic):
    rng = np.random.default_rng(2)
    record = make_atomic(rng.normal(size=(9, 2)), HERE, 0.1, psi=0.2 * rng.normal(size=9))
    dual = Cells.from_record(record).dual
    points = rng.uniform(-1, 1, size=(20, 2))
    place = dual.locate(points)
    turns = np.linspace(0, 2 * np.pi, 720, endpoint=False)
    around = np.stack((np.cos(turns), np.sin(turns)), axis=1)
    for at, cell, away in zip(points, place.cell, place.border_distance, strict=True):
        assert (dual.cells(at + 0.999 * away * around) == cell).all()
        assert (dual.cells(at + 1.001 * away * around) != cell).any()


def test_the_borders_lie_where_two_atoms_take_the_same_share(make_atomic):
    figure = Cells.from_record(make_atomic(FIVE, HERE, epsilon=0.1))
    points = figure.borders[np.isfinite(figure.borders[:, 0])]
    shares = np.sort(figure.dual.shares(points.astype(float)), axis=1)
    assert len(points) > 100 and np.median(shares[:, -1] - shares[:, -2]) < 1e-6


def test_on_a_line_the_border_of_two_atoms_is_where_it_must_be(make_atomic):
    """psi_2 - psi_1 = a moves it by a / (2 |y_1 - y_2|) toward the first atom."""
    figure = Cells.from_record(make_atomic([[-1.0], [1.0]], [[0.3]], psi=[-0.2, 0.2]))
    assert figure.grid.is_line and figure.color_shares.shape[0] == 1
    assert figure.borders[:, 0] == pytest.approx(-0.1, abs=1e-6) and figure.border_distances == pytest.approx(
        0.4
    )
    assert figure.cell_at(-0.11) == 0 and figure.cell_at(-0.09) == 1
    assert "p = 1 to atom 2   p = 0 to atom 1   border 0.4 away" in figure.readout(0.3)
    assert figure.readout(9.0) is None


def test_colors_blend_as_the_mass_is_divided(make_atomic):
    record = make_atomic(DIRACS, HERE)
    sharp, soft, gray = (
        Cells.from_record(record, epsilon=one).color_shares.max(-1) for one in (0.0, 0.3, 1e4)
    )
    assert sharp.min() == 1 and soft.min() < 0.55 < 0.99 < soft.max() and gray == pytest.approx(0.5, abs=1e-3)


def test_the_summary_names_the_epsilon_that_is_shown(make_atomic):
    record = make_atomic(DIRACS, HERE, epsilon=0.1)
    assert Cells.from_record(record).summary_lines[0] == "ε = 0.1 and ψ of the run"
    other = Cells.from_record(record, epsilon=0.0)
    assert other.summary_lines[0].startswith("ε = 0, instead of 0.1 in the run: ψ was solved again")
    assert other.summary_lines[0] in other.caption
    assert other.resolved and not Cells.from_record(record).resolved


def test_a_distribution_of_many_points_gets_the_automatic_gradient_alone(make_atomic):
    rng = np.random.default_rng(5)
    record = make_atomic(FIVE, rng.normal(size=(500, 2)), epsilon=0.1)
    figure = Cells.from_record(record)
    assert not np.isfinite(figure.gradients.true).any() and "automatic only" in figure.summary_lines[2]
    solved = Cells.from_record(record, epsilon=0.2)
    assert np.abs(solved.shares - 0.2).max() < 1e-6, "psi is solved for all the samples"
    exact = Cells.from_record(record, epsilon=0.0)
    assert "as at ε = " in exact.summary_lines[0] and np.abs(exact.shares - 0.2).max() < 0.01


def test_particles_have_equal_shares_however_often_they_were_drawn(make_atomic):
    q = np.array([[0.5, 0.0]] * 3 + [[-0.5, 0.2]])
    even = make_atomic(DIRACS, q, epsilon=0.1, generator={"kind": "particles", "count": 2})
    result = Cells.from_record(even, epsilon=0.1).gradients
    np.testing.assert_allclose(result.true, result.automatic, rtol=1e-6)
    skewed = Cells.from_record(make_atomic(DIRACS, q, epsilon=0.1), epsilon=0.1).gradients
    assert np.abs(skewed.true - result.true).max() > 0.05


def test_many_atoms_have_cells_and_no_solution_of_their_own(make_atomic):
    rng = np.random.default_rng(6)
    record = make_atomic(rng.uniform(-1, 1, size=(MAX_SOLVED_ATOMS + 1, 2)), HERE)
    figure = Cells.from_record(record)
    assert len(figure.borders) == 0 and figure.color_shares.max(-1).min() == 1
    with pytest.raises(ValueError, match="up to 64 atoms; this run has 65"):
        Cells.from_record(record, epsilon=0.1)


def test_the_entropies_on_offer_hold_zero_and_the_runs_own(make_atomic):
    offered = epsilon_choices(Cells.from_record(make_atomic(DIRACS, HERE, epsilon=0.033)).dual)
    assert offered[0] == 0 and 0.033 in offered and offered == sorted(set(offered))
    assert offered[1] == pytest.approx(1e-3) and offered[-1] == pytest.approx(10)


def test_steps_tables_and_runs_without_atoms(make_atomic, plane_record, tmp_path):
    record = make_atomic(FIVE, HERE, generator=PARTICLE)
    assert figure_of(record, "cells", 1).step == 1 and Cells.from_record(plane_record) is None
    with pytest.raises(NoSuchStep):
        Cells.from_record(record, 7)
    atoms, particles, borders = export(record, tmp_path, ["csv"], figures=["cells"])
    table = np.genfromtxt(atoms, delimiter=",", names=True)
    np.testing.assert_allclose(np.stack((table["x"], table["y"]), 1), FIVE, atol=1e-6)
    rows = np.genfromtxt(particles, delimiter=",", names=True)
    figure = Cells.from_record(record)
    assert rows["true_x"] == pytest.approx(figure.gradients.true[0, 0])
    assert rows["automatic_y"] == pytest.approx(figure.gradients.automatic[0, 1])
    assert float(np.genfromtxt(borders, names=True)["border"]) == pytest.approx(figure.border_distances[0])
