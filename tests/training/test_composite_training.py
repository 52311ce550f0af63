"""A composite appends the solver's maps stage by stage; each takes the law so far toward P, for good."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch

from wganstudio.critics.composite import CHUNK, Composite, compose
from wganstudio.experiment import BadExperiment, generators, kinds, read
from wganstudio.ot.gaussian import Moments
from wganstudio.pairs.base import make_rng
from wganstudio.pairs.distributions import Gaussian
from wganstudio.solvers.base import Solver, SolverContext
from wganstudio.training.commands import Stop
from wganstudio.training.events import TIMING_FIELDS, Checkpoint, Ended, Event, Metrics, Progress
from wganstudio.training.run import Run

pytestmark = pytest.mark.usefixtures("small_theory_checks", "small_references")

WITH_MAPS = ("convex", "w2-pair", "w2-cycle", "w2-mm", "semi-discrete", "regularized")


def experiment(kind: str = "convex", **changes: Any) -> Any:
    settings: dict[str, dict[str, Any]] = {
        "pair": {"kind": "classics", "p": "eight-gaussians", "q": "gaussian"},
        "critic": {"kind": "icnn", "width": 8},
        "solver": {"kind": kind},
        "generator": {"kind": "composite", "stages": 3},
        "training": {"steps": 12, "batch": 16},
        "evaluation": {"interval": 6, "samples": 64, "final_samples": 1024, "resolution": 8},
    }
    for group, values in changes.items():
        settings[group] = (settings[group] if "kind" not in values else {}) | values
    if kind == "semi-discrete":
        settings["solver"]["atoms"] = 64
    return read(settings)


def said(e: Any) -> list[Event]:
    return [event for event in Run(e).events() if not isinstance(event, Progress)]


@pytest.mark.parametrize(
    ("solver", "options"),
    [
        ("convex", {}),
        ("convex", {"points": 32, "latent": "uniform", "distil": "mlp", "distil_steps": 3}),
        ("w2-pair", {"warm": True}),
        ("w2-cycle", {"latent": "gaussian"}),
        ("w2-mm", {"points": 40}),
        ("semi-discrete", {}),
        ("regularized", {"warm": True}),
    ],
)
def test_it_repeats_bit_for_bit_and_says_each_stage(solver: str, options: dict[str, Any]) -> None:
    runs = [said(experiment(solver, generator=options)) for _ in range(2)]
    for one, two in zip(*runs, strict=True):
        assert one.model_dump(exclude=TIMING_FIELDS) == two.model_dump(exclude=TIMING_FIELDS)
        assert all(np.array_equal(array, two.arrays[name]) for name, array in one.arrays.items())
    stages = {e.step: e.values["stage"] for e in runs[0] if isinstance(e, Metrics)}
    assert stages == {0: 0, 1: 0, 2: 0, 4: 0, 5: 1, 6: 1, 8: 1, 9: 2, 10: 2, 12: 3}
    frames = {e.step: e.arrays["samples_q"] for e in runs[0] if e.name == "generated"}
    assert {4, 5, 8, 9, 12} <= frames.keys(), "of each law, and of each potential when it is done"
    assert np.array_equal(frames[0], frames[4]) and np.array_equal(frames[5], frames[8])
    assert not np.array_equal(frames[4], frames[5]) and not np.array_equal(frames[9], frames[12])
    ended = runs[0][-1]
    assert isinstance(ended, Ended) and ended.estimates["stage"] == 3
    assert ("unexplained" in ended.estimates) == ("distil" in options)
    kept = [e for e in runs[0] if isinstance(e, Checkpoint)][-1].arrays
    assert all(any(name.startswith(f"generator.stages.{k}.") for name in kept) for k in range(3))
    assert any(name.startswith("generator.network.") for name in kept) == ("distil" in options)


def test_a_map_by_a_quadratic_gives_the_distribution_the_moments_of_p() -> None:
    run = Run(
        experiment(
            pair={"kind": "data", "p": "moons"},
            critic={"kind": "quadratic"},
            generator={"latent": "uniform", "stages": 1},
            training={"steps": 20, "batch": 1024},
        )
    )
    *_, ended = run.events()
    assert isinstance(ended, Ended)
    rng = make_rng("cpu", 5)
    made, true = (
        Moments.of_samples(distribution.sample(40_000, rng)) for distribution in (run.pair.q, run.pair.p)
    )
    torch.testing.assert_close(made.mean, true.mean, atol=0.03, rtol=0)
    torch.testing.assert_close(made.covariance, true.covariance, atol=0.03, rtol=0)


def test_the_true_cost_falls_over_stages() -> None:
    e = experiment(
        critic={"kind": "icnn", "width": 32},
        solver={"kind": "convex", "learning_rate": 0.05},
        generator={"points": 2048, "stages": 2},
        training={"steps": 240, "batch": 128},
        evaluation={"interval": 240, "samples": 64, "final_samples": 1024, "resolution": 8},
    )
    costs = {e.values["stage"]: e.values["true_upper"] for e in said(e) if isinstance(e, Metrics)}
    assert costs[2] < 0.95 * costs[1] and costs[1] < 0.95 * costs[0]


@pytest.mark.parametrize(("asked", "stages"), [({"stage_steps": 5}, 2), ({"stage_steps": 2, "stages": 4}, 4)])
def test_a_shorter_run_has_fewer_stages_and_a_longer_one_no_more(asked: dict[str, int], stages: int) -> None:
    ended = said(experiment(generator=asked))[-1]
    assert isinstance(ended, Ended) and ended.estimates["stage"] == stages


class Twice(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.factor = torch.nn.Parameter(torch.tensor(2.0))

    def forward(self, points: torch.Tensor) -> torch.Tensor:
        return self.factor * points


def test_stages_are_copies_applied_in_turn_however_many_points_there_are() -> None:
    composite = Composite(generators.CompositeGeneratorOptions(), 2)
    distribution = Gaussian([1.0, -1.0], [0.5, 2.0])
    composite.setup(distribution)
    start = distribution.sample(CHUNK + 3, make_rng("cpu", 0))
    assert torch.equal(composite.sample(CHUNK + 3, make_rng("cpu", 0)), start)
    map = Twice()
    composite.append(map)
    map.factor.data.fill_(3.0)
    composite.append(map)
    map.factor.data.fill_(7.0)
    assert torch.equal(composite.sample(CHUNK + 3, make_rng("cpu", 0)), 3 * (2 * start))
    assert not any(weight.requires_grad for weight in composite.parameters())


def test_the_points_carried_along_are_where_the_stages_take_them() -> None:
    run = Run(experiment(generator={"points": 50}))
    start = run._generator.stream(run._stream("q"))(400).unique(dim=0)  # type: ignore[attr-defined]
    list(run.events())
    composite = run._generator.shown  # type: ignore[attr-defined]
    assert isinstance(composite, Composite)
    carried_along = run._generator.stream(run._stream("q"))(400).unique(dim=0)
    expected = compose(composite.stages, start)
    away = torch.cdist(expected, carried_along).min(1).values
    assert len(start) == 50 and len(carried_along) == 50
    assert float(away.max()) < 5e-3, "as far as the conjugates are solved"


def test_a_network_learns_the_composite_and_takes_its_place() -> None:
    options = {"stages": 2, "distil": "mlp", "widths": (32,), "distil_steps": 400, "distil_rate": 0.01}
    run = Run(experiment(generator=options))
    *_, ended = run.events()
    composite = run._generator.shown  # type: ignore[attr-defined]
    assert isinstance(ended, Ended) and isinstance(composite, Composite) and composite.network is not None
    assert ended.estimates["unexplained"] < 1
    points = composite.latent(1000, make_rng("cpu", 3))
    made, true = composite(points), compose(composite.stages, points)
    assert 0 < float((made - true).square().mean()) < 0.01 * float(true.var())


def test_stopped_while_a_network_learns_it_the_composite_stays() -> None:
    run = Run(experiment(generator={"distil": "mlp", "distil_steps": 10_000_000}))

    def until_it_learns() -> Iterator[Event]:
        for event in run.events():
            if isinstance(event, Progress) and event.step == run.steps and event.eta > 0:
                run._inbox.put(Stop())
            yield event

    *_, ended = until_it_learns()
    assert isinstance(ended, Ended) and ended.reason == "stopped" and ended.estimates["stage"] == 3
    composite = run._generator.shown  # type: ignore[attr-defined]
    assert isinstance(composite, Composite) and composite.network is None


def test_only_solvers_with_a_map_to_p_compose_and_they_say_so() -> None:
    critics = {convex: kinds("critic")["icnn" if convex else "mlp"]().build(2) for convex in (True, False)}
    for kind, options in kinds("solver").items():
        critic = critics[kind in ("convex", "w2-pair", "w2-cycle")]
        solver = type(options().build(SolverContext(critic, 1, 4, make_rng("cpu", 0))))
        known = solver.to_p is not Solver.to_p, solver.map_to_p is not Solver.map_to_p
        assert (kind in WITH_MAPS) == options().maps, kind
        assert known == (kind in WITH_MAPS,) * 2, kind
    with pytest.raises(BadExperiment, match="has no map from Q to P; choose convex"):
        experiment("lp", critic={"kind": "mlp"})
