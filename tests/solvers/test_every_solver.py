"""Every registered solver runs, is reproducible, and yields a self-contained network."""

from copy import deepcopy
from functools import cache

import numpy as np
import pytest
import torch

from wganstudio.critics.c_transform import RegularizedCTransform
from wganstudio.critics.lipschitz_extension import LipschitzExtension
from wganstudio.experiment import BadExperiment, CriticOptions, Experiment, kinds, read, register
from wganstudio.experiment.adam import Schedule
from wganstudio.experiment.registry import forget
from wganstudio.training.events import TIMING_FIELDS, Checkpoint, Ended, Event, Metrics
from wganstudio.training.run import Run

pytestmark = pytest.mark.usefixtures("small_theory_checks", "small_references")

KINDS = tuple(kinds("solver"))
NETWORKS = {"plain": {"kind": "sll"}} | {kind: {"kind": "icnn"} for kind in ("convex", "w2-pair", "w2-cycle")}
"""Critics for the solvers that do not train every critic."""
FEW = {"dot": {"samples": 64}, "semi-discrete": {"atoms": 64}}
"""Settings that make a solver faster."""


def experiment(kind: str, steps: int = 12, dim: int = 3, interval: int = 4, **critic: object) -> Experiment:
    return read(
        {
            "pair": {"kind": "ray-monotone", "dim": dim},
            "critic": NETWORKS.get(kind, {}) | {"width": 16} | critic,
            "solver": {"kind": kind} | FEW.get(kind, {}),
            "training": {"steps": steps, "batch": 32},
            "evaluation": {"interval": interval, "samples": 64, "final_samples": 1024, "resolution": 8},
        }
    )


def said(e: Experiment) -> tuple[Run, list[Event]]:
    run = Run(e)
    return run, [event for event in run.events() if event.kind not in ("progress", "started")]


@cache
def first_run(kind: str, dim: int = 3) -> tuple[Run, list[Event]]:
    """The run of a solver that several tests look at."""
    return said(experiment(kind, dim=dim))


def bits(events: list[Event]) -> list[tuple[object, ...]]:
    return [
        (
            str(e.model_dump(exclude=TIMING_FIELDS)),
            *(a.tobytes() for a in e.arrays.values()),
        )
        for e in events
    ]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("dim", [1, 3])
def test_it_trains_and_repeats_bit_for_bit(kind: str, dim: int) -> None:
    run, once = first_run(kind, dim)
    torch.randn(7)  # other code that draws random numbers does not affect a run
    _, again = said(experiment(kind, dim=dim))
    assert bits(once) == bits(again)
    ended = once[-1]
    assert isinstance(ended, Ended) and ended.step == run.steps
    assert {"gap", "gap_se"} <= set(ended.estimates)
    assert ("value" in ended.estimates) == (run.solver.penalty is not None)
    assert set(ended.gradient) == {"cos", "l2", "cos_published", "l2_published"}


@pytest.mark.parametrize("kind", KINDS)
def test_the_curves_have_times_and_the_samples_that_the_solver_draws(kind: str) -> None:
    points = [event for event in first_run(kind)[1] if isinstance(event, Metrics)]
    seconds, samples = ([getattr(p, name) for p in points] for name in ("seconds", "samples"))
    assert seconds == sorted(seconds) and seconds[0] >= 0
    steps, batch = [p.step for p in points], 32
    if kind == "dot":  # takes no steps
        assert set(samples) == {0}
    elif kind == "regularized":  # its network and its ascent take inner steps on batches of their own
        assert all(a * batch <= b and b % batch == 0 for a, b in zip(steps, samples, strict=True))
    else:
        assert samples == [batch * step for step in steps]


@pytest.mark.parametrize("kind", KINDS)
def test_another_seed_is_another_run(kind: str) -> None:
    e = experiment(kind)
    other = e.model_copy(update={"training": e.training.model_copy(update={"seed": 1})})
    assert first_run(kind)[1][-1].estimates != said(other)[1][-1].estimates


@pytest.mark.parametrize("kind", KINDS)
def test_the_kept_weights_make_the_critic_that_was_looked_at(kind: str) -> None:
    run, events = first_run(kind)
    kept = [e for e in events if isinstance(e, Checkpoint)][-1]
    frame = [e for e in events if e.name == "critic"][-1]
    weights = {name: torch.from_numpy(array) for name, array in kept.arrays.items()}
    if isinstance(run.solver.critic, RegularizedCTransform):
        critic = deepcopy(run.solver.critic)  # the atoms are the pair's
        critic.psi.zero_()
        critic.load_state_dict(weights)
    elif isinstance(run.solver.critic, LipschitzExtension):
        critic = LipschitzExtension(**{name: weight.double() for name, weight in weights.items()})
    else:
        critic = run.experiment.critic.build(3)
        critic.load_state_dict(weights)
    points = torch.as_tensor(run.plane.points(), dtype=torch.float32)
    with torch.no_grad():
        values, gradients = critic.gradient(points)
    shape = frame.arrays["u"].shape
    np.testing.assert_allclose(values.numpy().reshape(shape), frame.arrays["u"], rtol=1e-5, atol=1e-6)
    slopes = gradients.norm(dim=1).numpy().reshape(shape)
    np.testing.assert_allclose(slopes, frame.arrays["gradient_norm"], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_training_increases_the_gap(kind: str) -> None:
    if kind == "ls":
        pytest.skip("with eps = 0.01 the penalty comes first: its gap may fall for long")
    if kind == "regularized":
        pytest.skip("its dual is solved at each step")
    steps = 150 if kind.startswith("w2") else 60
    _, events = said(experiment(kind, steps=steps, interval=steps))
    gaps = [event.values["gap"] for event in events if isinstance(event, Metrics)]
    assert gaps[-1] > gaps[0] or kinds("solver")[kind].published_steps == 0


@pytest.mark.parametrize("kind", KINDS)
def test_the_learning_rate_follows_the_cosine(kind: str) -> None:
    schedule = kinds("solver")[kind].model_fields.get("schedule")
    if schedule is None or schedule.annotation != Schedule:
        pytest.skip("it has no cosine schedule")
    e = experiment(kind, steps=4)
    run = Run(e.model_copy(update={"solver": e.solver.model_copy(update={"schedule": "cosine"})}))
    list(run.events())
    first = e.solver.settings()["learning_rate"]
    rates = [group["lr"] for adam in run.solver._optimizers for group in adam.param_groups]  # type: ignore[attr-defined]
    assert rates == pytest.approx([first * 0.5 * (1 + np.cos(np.pi * 3 / 4))] * len(rates))


@pytest.mark.parametrize(
    ("kind", "critic"), [("plain", "funnel"), ("gp", "sll"), ("mm", "sll"), ("ls", "funnel")]
)
def test_critics_of_other_kinds_are_trained_too(kind: str, critic: str) -> None:
    size = {"cones": 8} if critic == "funnel" else {"width": 8}
    e = experiment(kind)
    e = read(e.settings() | {"critic": {"kind": critic} | size})
    (run, once), (_, again) = said(e), said(e)
    assert bits(once) == bits(again) and run.solver.critic.lipschitz() == 1.0


def test_there_are_the_ten_and_the_baseline() -> None:
    assert {"wc", "gp", "lp", "sn", "so", "ls", "mm-b", "mm-bv2", "mm", "mm-r", "dot"} <= set(KINDS)


@pytest.mark.parametrize(
    ("kind", "settings", "steps"),
    [
        (
            "sn",
            {"beta1": 0.0, "beta2": 0.9, "power_iterations": 5, "differentiate_norm": False},
            10_000,
        ),
        ("so", {"beta1": 0.9, "beta2": 0.999}, 25_000),
        ("ls", {"beta1": 0.9, "beta2": 0.999, "epsilon": 0.01}, 10_000),
        ("mm-b", {"beta1": 0.9, "beta2": 0.999}, 25_000),
        ("mm-bv2", {"beta1": 0.0, "beta2": 0.9}, 25_000),
        ("mm", {"beta1": 0.0, "beta2": 0.9, "mover_steps": 12, "mover_depth": 2}, 20_000),
        ("mm-r", {"beta1": 0.0, "beta2": 0.9, "mover_steps": 12, "mover_depth": 2}, 20_000),
        ("dot", {"samples": 4096}, 0),
        ("plain", {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "schedule": "cosine"}, 10_000),
    ],
)
def test_the_settings_published_are_the_defaults(kind: str, settings: dict[str, object], steps: int) -> None:
    options = kinds("solver")[kind]()
    rate = {} if kind == "dot" else {"learning_rate": 2e-4, "schedule": "constant"}
    assert options.settings() == {"kind": kind} | rate | settings
    assert options.published_steps == steps


def test_so_sorts_by_default() -> None:
    assert experiment("so").network.settings()["activation"] == "full-sort"
    assert experiment("so", activation="relu").network.settings()["activation"] == "relu"
    assert "activation" not in experiment("sn").network.settings()
    assert Run(experiment("so")).experiment.critic.settings()["activation"] == "full-sort"


def test_a_solver_without_steps_ignores_the_number_of_steps() -> None:
    assert experiment("dot", steps=50).steps == 0
    run, events = said(experiment("dot", steps=50))
    assert events[-1].step == 0 and read(run.experiment.settings()).steps == 0


@pytest.mark.parametrize("kind", ["sn", "so"])
def test_a_critic_without_plain_layers_is_refused_in_one_sentence(kind: str) -> None:
    @register
    class Whole(CriticOptions):
        title = "Whole"
        summary = "No layers."
        implementation = "nowhere:Whole"
        kind: str = "whole"

    try:
        with pytest.raises(BadExperiment, match=r"critic\.kind: Whole has no plain layers .* choose mlp"):
            read({"critic": {"kind": "whole"}, "solver": {"kind": kind}})
    finally:
        forget(Whole)
