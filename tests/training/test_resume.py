"""A run that continues from a saved state equals one that was never interrupted, bit for bit."""

import random

import pytest
from safetensors.numpy import load, save

from quick_runs import DIGITS, EIGHT, LINE, case, of_generator
from wganstudio.experiment import Experiment, kinds
from wganstudio.training.events import (
    TIMING_FIELDS,
    Event,
    Failed,
    Progress,
    Started,
    TrainingState,
)
from wganstudio.training.run import Run

pytestmark = pytest.mark.usefixtures("small_theory_checks", "small_references")


def through_bytes(state: TrainingState) -> TrainingState:
    """Return the state as it comes back from JSON and safetensors."""
    back = TrainingState.model_validate_json(state.model_dump_json())
    return back.model_copy(update={"arrays": load(save(state.arrays))})


def bits(events: list[Event]) -> list[tuple[object, ...]]:
    return [
        (str(e.model_dump(exclude=TIMING_FIELDS)), *(a.tobytes() for a in e.arrays.values()))
        for e in events
        if not isinstance(e, Progress | TrainingState | Started)
    ]


def whole_run(e: Experiment) -> tuple[list[Event], list[int]]:
    """Return the events of a run with a state at every step, and the places of the states."""
    events = list(Run(e, state_period=0).events())
    return events, [k for k, event in enumerate(events) if isinstance(event, TrainingState)]


def assert_resumes(e: Experiment, tries: int = 1) -> None:
    """Resume from states at random steps, and compare all that follows."""
    events, states = whole_run(e)
    for k in random.Random(str(e)).sample(states, min(tries, len(states))):
        state = events[k]
        assert isinstance(state, TrainingState)
        rest = list(Run(e, resume=through_bytes(state)).events())
        assert isinstance(rest[0], Started)
        assert bits(rest) == bits(events[k:]), f"from step {state.step}"


@pytest.mark.parametrize("kind", kinds("solver"))
def test_every_solver_continues(kind: str) -> None:
    assert_resumes(case(kind), tries=3)


@pytest.mark.parametrize("kind", kinds("critic"))
def test_every_critic_continues(kind: str) -> None:
    convex = kinds("critic")[kind].convex
    groups = DIGITS if "conv" in kind else {}
    small = {"critic__width": 4} if "conv" in kind else {}
    assert_resumes(case("convex" if convex else "gp", kind, groups, **small))


@pytest.mark.parametrize("kind", kinds("generator"))
@pytest.mark.parametrize("ema_decay", [0.0, 0.9])
def test_every_generator_continues(kind: str, ema_decay: float) -> None:
    e = of_generator(kind, ema_decay)
    if e is None:
        pytest.skip("it has no average")
    assert_resumes(e)


@pytest.mark.parametrize(
    ("solver", "options"),
    [
        ("convex", {}),
        ("convex", {"points": 32, "latent": "uniform", "distill": "mlp", "distill_steps": 3}),
        ("w2-pair", {"warm_start": True}),
        ("w2-cycle", {"latent": "gaussian"}),
        ("w2-mm", {"points": 40}),
        ("semi-discrete", {}),
        ("regularized", {}),
        ("regularized", {"warm_start": True}),
    ],
)
def test_composites_continue(solver: str, options: dict[str, object]) -> None:
    assert_resumes(case(solver, groups=EIGHT | {"generator": {"kind": "composite"} | options}), tries=2)


@pytest.mark.parametrize(
    "options",
    [
        {"iterate": "averaged"},
        {"potential": "network"},
        {"epsilon": 0.0, "cost": "distance", "schedule": "constant"},
        {"debias": True, "normalize": False},
    ],
)
@pytest.mark.parametrize("generator", ["none", "affine"])
def test_semi_discrete_variants_continue(options: dict[str, object], generator: str) -> None:
    options = {f"solver__{name}": value for name, value in options.items()}
    assert_resumes(case("semi-discrete", groups=EIGHT, generator__kind=generator, **options))


@pytest.mark.parametrize(
    "options",
    [
        {"debias": True},
        {"regularizer": "l2", "cost": "cosine", "warm_start": False},
        {"potential": "networks", "inner_steps": 2},
        {"potential": "networks", "inner_steps": 2, "warm_start": False, "features": "learned"},
        {"potential": "atoms", "features": "pca", "regularizer": "l2"},
        {"potential": "atoms", "warm_start": False},
        {"features": "learned", "debias": True},
        {"features": "convolutions", "cost": "distance"},
        {"features": "encoder"},
    ],
)
def test_regularized_variants_continue(options: dict[str, object]) -> None:
    options = {f"solver__{name}": value for name, value in options.items()}
    generator = {"kind": "mlp", "widths": [16], "critic_steps": 1}
    groups = DIGITS | {"generator": generator, "truth": {"kind": "samples", "samples": 64, "repeats": 2}}
    assert_resumes(case("regularized", groups=groups, training__steps=6, training__batch=16, **options))


@pytest.mark.parametrize(
    "e",
    [
        case("convex", "quadratic"),
        case("convex", "quadratic", critic__form="low-rank", critic__rank=2),
        case("convex", "max-affine", groups=EIGHT),
        case("sn", solver__differentiate_norm=True),
        case("sn", "conv", DIGITS, critic__width=4),
        case("mm", "conv", DIGITS, critic__width=4, solver__mover_width=2, solver__mover_steps=1),
        case("so", critic__activation="full-sort"),
        case("plain", "funnel"),
        case("ls", groups=EIGHT, generator__kind="affine", generator__critic_steps=2),
        case("lp", groups=LINE, sigma__kind="formula", sigma__formula="1 + x**2"),
        case("gp", groups=EIGHT, perturbation__kind="noise", perturbation__deviation=0.1),
        case("lp", groups=DIGITS),
        case(
            "lp",
            training__stopping="plateau",
            training__tolerance=90,
            training__steps=60,
            evaluation__interval=1,
        ),
        case("lp", solver__schedule="cosine", training__steps=0),
    ],
    ids=lambda e: f"{e.solver.kind}-{e.critic.kind}-{e.pair.kind}",
)
def test_other_settings_continue(e: Experiment) -> None:
    assert_resumes(e)


def test_a_run_that_diverges_diverges_at_the_same_step_and_keeps_the_same_critic() -> None:
    e = case(
        "gp",
        groups={"pair": {"kind": "gaussians"}, "critic": {"kind": "mlp", "depth": 12, "activation": "silu"}},
        solver__learning_rate=0.8,
        solver__penalty=1e5,
        training__steps=300,
        training__batch=256,
    )
    events, states = whole_run(e)
    assert isinstance(events[-1], Failed) and events[-1].cause == "numbers" and len(states) > 10
    assert_resumes(e, tries=len(states))
