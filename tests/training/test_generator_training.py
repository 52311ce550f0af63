"""A generator is moved by the gradient of its critic's cost; what is said of it changes nothing."""

from typing import Any

import numpy as np
import pytest
import torch

from own_files import own
from wganstudio.critics.c_transform import RegularizedCTransform
from wganstudio.critics.generators import AffineGenerator, Generator, ParticleGenerator
from wganstudio.experiment import BadExperiment, GroundCost, generators, kinds, read
from wganstudio.pairs.base import Pair, make_rng
from wganstudio.pairs.distributions import Gaussian, GaussianMixture
from wganstudio.training.events import (
    TIMING_FIELDS,
    Checkpoint,
    Ended,
    FlowMissing,
    Metrics,
    TruthMissing,
)
from wganstudio.training.generator_metrics import GeneratorMetrics
from wganstudio.training.generator_training import AdversarialTrainer
from wganstudio.training.run import Run
from wganstudio.training.truths import find_flow, find_truths

pytestmark = pytest.mark.usefixtures("small_theory_checks", "small_references")

TRAINED = [
    name for name, kind in kinds("generator").items() if issubclass(kind, generators.TrainedGeneratorOptions)
]


def experiment(kind: str, **changes: Any) -> Any:
    images = kind == "dcgan"
    settings = {
        "pair": {"kind": "data", "rows": 60}
        if images
        else {"kind": "classics", "p": "eight-gaussians", "q": "gaussian"},
        "critic": {"width": 16},
        "solver": {"kind": "lp", "penalty": 1.0},
        "generator": {"kind": kind, "critic_steps": 2}
        | ({"width": 4} if images else own("generator", 2, 2) if kind == "own" else {}),
        "training": {"steps": 8, "batch": 16},
        "evaluation": {"interval": 4, "samples": 64, "final_samples": 1024, "resolution": 8},
    }
    for group, values in changes.items():
        same = "kind" not in values or values["kind"] == settings[group].get("kind")
        settings[group] = (settings[group] if same else {}) | values
    return read(settings)


@pytest.mark.parametrize("kind", TRAINED)
def test_every_generator_trains_and_repeats_bit_for_bit(kind: str) -> None:
    runs = [[e for e in Run(experiment(kind)).events() if e.kind != "progress"] for _ in range(2)]
    for one, two in zip(*runs, strict=True):
        assert one.model_dump(exclude=TIMING_FIELDS) == two.model_dump(exclude=TIMING_FIELDS)
        assert all(np.array_equal(array, two.arrays[name]) for name, array in one.arrays.items())
    ended, scalars = runs[0][-1], [e for e in runs[0] if isinstance(e, Metrics)]
    assert isinstance(ended, Ended)
    for numbers in (ended.estimates, scalars[-1].values):
        assert 0 <= numbers["true_lower"] <= numbers["true_upper"]
        assert 0 <= numbers["precision"] <= 1 and 0 <= numbers["recall"] <= 1
    frames = [e for e in runs[0] if e.name == "generated"]
    assert not np.array_equal(frames[0].arrays["samples_q"], frames[-1].arrays["samples_q"]), "it moved"
    kept = [e for e in runs[0] if isinstance(e, Checkpoint)][-1].arrays
    assert any(name.startswith("generator.") for name in kept)


def test_the_plan_that_is_shown_is_that_of_the_dual_of_the_frame() -> None:
    asked = experiment("particles", solver={"kind": "semi-discrete", "epsilon": 0.1, "atoms": 40})
    topics = ("generated", "plan", "atoms")
    events = [event for event in Run(asked).events() if event.name in topics]
    frame = {name: array for event in events[-3:] for name, array in event.arrays.items()}
    dual = RegularizedCTransform(
        *map(torch.from_numpy, (frame["atoms"], frame["weights"])), asked.solver.ground
    )
    dual.psi.copy_(torch.from_numpy(frame["psi"]))
    shares = dual.plan(torch.from_numpy(frame["sources"])).numpy()
    np.testing.assert_allclose(
        frame["shares"], -np.sort(-shares, axis=1)[:, : frame["shares"].shape[1]], rtol=1e-4
    )
    np.testing.assert_allclose(frame["effective_count"], 1 / (shares**2).sum(1), rtol=1e-4)
    away = np.abs(frame["partners"][:, 0] - frame["atoms"][shares.argmax(1)]).max()
    assert away == 0 and np.abs(frame["sources"][:, None] - frame["samples_q"]).sum(2).min(1).max() == 0


@pytest.mark.parametrize(
    "kind", ["gp", "so", "mm", "mm-r", "ls", "mm-b", "sn", "wc", "semi-discrete", "regularized"]
)
def test_a_generator_comes_nearer_to_the_data_under_every_kind_of_critic(kind: str) -> None:
    e = experiment(
        "affine",
        solver={"kind": kind} if kind != "gp" else {"kind": kind, "penalty": 1.0},
        pair={"kind": "gaussians", "mean_p": 1.5, "scale_q": 1.0},
        generator={"learning_rate": 0.06},
        training={"steps": 60, "batch": 32},
        critic={"width": 32},
        evaluation={"interval": 60, "samples": 64, "final_samples": 1024, "resolution": 8},
    )
    ended = list(Run(e.model_copy(update={"solver": _quick(e.solver)})).events())
    costs = [s.values["true_upper"] for s in ended if isinstance(s, Metrics)]
    assert costs[-1] < 0.8 * costs[0]


def _quick(solver: Any) -> Any:
    return solver.model_copy(update={"learning_rate": 5e-3} if hasattr(solver, "learning_rate") else {})


def test_the_step_follows_the_gradient_of_the_solvers_cost() -> None:
    class Steep:
        def __init__(self) -> None:
            self.moves = 0

        def cost_gradient(self, points: torch.Tensor) -> torch.Tensor:
            return torch.ones_like(points)

        def on_q_changed(self) -> None:
            self.moves += 1

    rng, solver = make_rng("cpu", 0), Steep()
    made = AffineGenerator(generators.AffineGeneratorOptions(critic_steps=3, learning_rate=0.1), 2)
    trained = AdversarialTrainer(made, 32, rng)
    for done in (1, 2):
        trained.before_step(solver, done)  # type: ignore[arg-type]
    assert solver.moves == 0 and torch.equal(made.shift, torch.zeros(2))
    trained.before_step(solver, 3)  # type: ignore[arg-type]
    assert solver.moves == 1
    torch.testing.assert_close(made.shift.detach(), torch.full((2,), -0.1), atol=1e-6, rtol=0)


def test_an_average_lags_behind_and_is_what_is_shown() -> None:
    class Down:
        def cost_gradient(self, points: torch.Tensor) -> torch.Tensor:
            return torch.ones_like(points)

        def on_q_changed(self) -> None: ...

    made = AffineGenerator(generators.AffineGeneratorOptions(critic_steps=1, average=0.9), 2)
    trained = AdversarialTrainer(made, 8, make_rng("cpu", 0))
    for done in range(1, 4):
        trained.before_step(Down(), done)  # type: ignore[arg-type]
    shown = trained.shown.sample(4000, make_rng("cpu", 1)).mean(0)
    assert (made.shift < -0.002).all() and (shown.abs() < 0.1).all()
    mean = trained.shown.generator.shift
    assert (mean > made.shift).all() and (mean < 0).all()


def test_particles_begin_at_samples_of_q_and_are_its_atoms() -> None:
    distribution = Gaussian([5.0, 5.0], [0.1, 0.1])
    cloud = ParticleGenerator(generators.ParticleGeneratorOptions(count=40), 2)
    cloud.setup(lambda count: distribution.sample(count, make_rng("cpu", 0)))
    points, weights = cloud.atoms()
    assert (
        points.shape == (40, 2)
        and float((points - 5).abs().max()) < 1
        and float(weights.sum()) == pytest.approx(1)
    )
    drawn = cloud.sample(80, make_rng("cpu", 1))
    counts = torch.cdist(drawn, points).argmin(1).bincount(minlength=40)
    assert (counts == 2).all(), "each as often as any other"


@pytest.mark.parametrize(
    ("dim", "shape"), [(64, (1, 8, 8)), (784, (1, 28, 28)), (3072, (3, 32, 32)), (25, (1, 5, 5))]
)
def test_convolutions_make_images_of_any_size(dim: int, shape: tuple[int, int, int]) -> None:
    made: Generator = generators.ConvolutionalGeneratorOptions(width=2).build(dim)
    assert made.sample(3, make_rng("cpu", 0)).shape == (3, dim)


def test_likeness_knows_the_same_distribution_a_collapsed_one_and_a_far_one() -> None:
    angles = np.arange(8) * np.pi / 4
    means = 2 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    pair = Pair()
    pair.p = pair.q = GaussianMixture(means, np.full(8, 0.1))
    likeness = GeneratorMetrics(pair, None, None, 0)
    same = likeness.evaluate(pair.p)
    assert same["modes"] == 8 and same["near"] > 0.98 and same["precision"] > 0.8 and same["recall"] > 0.8
    assert same["true_upper"] < 0.3
    one = likeness.evaluate(GaussianMixture(means[:1], np.full(1, 0.1)))
    assert one["modes"] == 1 and one["near"] > 0.98 and one["precision"] > 0.8 and one["recall"] < 0.3
    far = likeness.evaluate(Gaussian([100.0, 0.0], [0.1, 0.1]))
    assert far["modes"] == 0 and far["precision"] == 0 and far["recall"] == 0
    assert 99 < far["true_lower"] <= far["true_upper"] < 101
    squared = GeneratorMetrics(pair, GroundCost("squared"), 4.0, 0).evaluate(
        Gaussian([100.0, 0.0], [0.1, 0.1])
    )
    assert squared["true_upper"] == pytest.approx(1e4 / 4, rel=0.02)
    assert squared["distance"] == pytest.approx(100, abs=1) and squared["distance"] == far["distance"]


def test_where_q_moves_there_are_neither_truths_nor_flow_beforehand() -> None:
    e = experiment("mlp")
    (missing,) = find_truths(e)
    assert isinstance(missing, TruthMissing) and "measured during the run" in missing.message
    assert isinstance(find_flow(e), FlowMissing)


def test_a_solver_without_steps_trains_no_generator() -> None:
    with pytest.raises(BadExperiment, match="takes no steps"):
        experiment("mlp", solver={"kind": "dot"})
