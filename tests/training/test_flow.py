"""The momentum of a critic beside the true one."""

import math

import pytest
import torch

from wganstudio.experiment import read
from wganstudio.pairs.base import Sampler, make_rng
from wganstudio.solvers.base import Solver, SolverContext
from wganstudio.training.estimates import estimate
from wganstudio.training.flow import flow_error

CPU = torch.device("cpu")


def trained(steps: int, solver: dict[str, object] | None = None, **pair: object) -> tuple[object, Solver]:
    solver = solver or {
        "kind": "lp",
        "penalty": 1.0,
        "learning_rate": 3e-3,
        "beta1": 0.5,
        "schedule": "cosine",
    }
    critic = {"kind": "mlp", "width": 64, "depth": 2, "activation": "elu"}
    experiment = read({"pair": pair, "solver": solver, "critic": critic})
    made = experiment.pair.build(device=CPU)
    torch.manual_seed(0)
    network = experiment.critic.build(made.dim)
    result: Solver = experiment.solver.build(SolverContext(network, steps, 256, make_rng(CPU, 1)))
    p, q = (Sampler(distribution, make_rng(CPU, k)) for k, distribution in enumerate((made.p, made.q)))
    for _ in range(steps):
        result.step(p, q)
    return made, result


def test_momentum_nears_the_truth_and_keeps_its_bound() -> None:
    settings = {"kind": "mixture", "means_p": [[0, 0]], "means_q": [[2, 0], [-1, 1.5]], "scale_p": 0.7}
    errors = []
    for steps in (20, 400):
        pair, solver = trained(steps, **settings)
        errors.append(flow_error(pair, solver, CPU))
    assert errors[1]["l2"] < 0.5 * errors[0]["l2"] and errors[1]["l2"] < 0.35
    assert errors[1]["angle"] < 20
    # INT |w - w_u|^2 / sigma <= 4 lambda eps
    from wganstudio.truths.field import GridField, optimal_field

    truth = optimal_field(pair, 1.0)
    assert isinstance(truth, GridField)
    streams = (Sampler(distribution, make_rng(CPU, 5 + k)) for k, distribution in enumerate((pair.p, pair.q)))
    numbers = estimate(solver, *streams, make_rng(CPU, 7), 1 << 17)
    eps = truth.level.upper - numbers["value"] + 4 * numbers["value_se"]
    assert errors[1]["weighted_l2"] <= 1.05 * math.sqrt(4 * eps / truth.level.bounds.congestion_cost)


@pytest.mark.parametrize(
    "pair", [{"kind": "gaussians", "dim": 1, "mean_q": 1.0}, {"kind": "gaussians", "dim": 4}]
)
def test_where_the_flow_is_exact_it_is_compared_too(pair: dict[str, object]) -> None:
    made, solver = trained(200, **pair)
    result = flow_error(made, solver, CPU)
    assert 0 < result["l2"] < 1 and 0 <= result["angle"] < 90


def test_without_a_penalty_or_a_known_flow_there_is_nothing_to_compare() -> None:
    made, solver = trained(1, kind="classics", q="moons")
    assert flow_error(made, solver, CPU) == {}
    made, solver = trained(1, solver={"kind": "wc"}, kind="gaussians")
    assert flow_error(made, solver, CPU) == {}
