"""Every solver of the benchmark that can train a convolutional critic does so."""

from collections.abc import Callable
from typing import Any

import pytest
import torch

from wganstudio.critics.convolutional import ConvolutionalCritic
from wganstudio.critics.transport_networks import MLPTransportMap, UNet
from wganstudio.experiment import BadExperiment, Experiment, critics, kinds, read
from wganstudio.pairs.base import make_rng
from wganstudio.solvers.base import Solver, SolverContext
from wganstudio.training.events import TIMING_FIELDS, Ended, Event
from wganstudio.training.run import Run

Build = Callable[..., Any]


SMALL = {"dot": {"samples": 64}, "mm": {"mover_width": 4}, "mm-r": {"mover_width": 4}}


def experiment(kind: str) -> Experiment:
    return read(
        {
            "pair": {"kind": "ray-monotone", "dim": 36},
            "critic": {"kind": "conv", "width": 4},
            "solver": {"kind": kind} | SMALL.get(kind, {}),
            "training": {"steps": 8, "batch": 16},
            "evaluation": {"every": 4, "samples": 64, "final_samples": 1024, "resolution": 8},
        }
    )


def build(kind: str, dim: int = 36, critic: str = "conv", **options: object) -> Solver:
    torch.manual_seed(0)
    network = kinds("critic")[critic](width=8).build(dim)
    solver: Solver = kinds("solver")[kind](**options).build(
        SolverContext(network, 10, 16, make_rng("cpu", 3))
    )
    return solver


def stream(seed: int, dim: int = 36) -> Callable[[int], torch.Tensor]:
    rng = make_rng("cpu", seed)
    return lambda count: torch.randn(count, dim, generator=rng)


def said(e: Experiment) -> tuple[Run, list[Event]]:
    run = Run(e)
    return run, [event for event in run.events() if event.kind not in ("progress", "started")]


@pytest.mark.usefixtures("small_references")
@pytest.mark.parametrize("kind", ["wc", "gp", "lp", "sn", "ls", "mm-b", "mm-bv2", "mm", "mm-r", "dot"])
def test_it_trains_and_repeats_bit_for_bit(kind: str) -> None:
    run, once = said(experiment(kind))
    _, again = said(experiment(kind))
    ended = once[-1]
    assert isinstance(ended, Ended) and ended.step == run.steps and set(ended.gradient) >= {"cos", "l2"}
    assert read(run.experiment.settings()) == run.experiment
    for one, other in zip(once, again, strict=True):
        assert one.model_dump(exclude=TIMING_FIELDS) == other.model_dump(exclude=TIMING_FIELDS)
        assert [a.tobytes() for a in one.arrays.values()] == [a.tobytes() for a in other.arrays.values()]


def test_clipping_clips_kernels() -> None:
    solver = build("wc", clip=0.02, learning_rate=1e-2)
    for _ in range(3):
        solver.step(stream(1), stream(2))
    kernels = [weight.detach() for weight in solver.critic.parameters() if weight.ndim == 4]
    assert kernels and all(float(kernel.abs().max()) == pytest.approx(0.02) for kernel in kernels)


def test_the_second_network_of_ls_is_convolutional_too() -> None:
    solver = build("ls")
    partner = solver.partner  # type: ignore[attr-defined]
    assert isinstance(partner, ConvolutionalCritic) and partner.options == solver.critic.options  # type: ignore[attr-defined]


def test_sn_divides_by_the_operator_norm_of_a_kernel_as_a_matrix() -> None:
    solver = build("sn", power_iterations=100, learning_rate=1e-2)
    p, q = stream(1), stream(2)
    for _ in range(10):
        solver.step(p, q)
    matrices = [weight.detach().flatten(1) for weight in solver.critic.parameters() if weight.ndim > 1]
    assert [float(torch.linalg.matrix_norm(m, 2)) for m in matrices] == pytest.approx([1.0] * 2, abs=1e-3)
    assert solver.critic.lipschitz() == pytest.approx(2.0, abs=1e-2), "one convolution may double a slope"


def test_so_refuses_it_in_one_sentence() -> None:
    sentence = r"^critic\.kind: an orthogonal kernel makes no orthogonal layer .*; choose mlp or sn$"
    with pytest.raises(BadExperiment, match=sentence):
        experiment("so")
    with pytest.raises(
        BadExperiment, match=r"the gap of Convolutional \(square images\) alone has no maximum"
    ):
        experiment("plain")


@pytest.mark.parametrize("kind", ["mm", "mm-r"])
@pytest.mark.parametrize(
    ("critic", "mover", "network"),
    [
        ("conv", None, UNet),
        ("mlp", None, MLPTransportMap),
        ("conv", "mlp", MLPTransportMap),
        ("mlp", "unet", UNet),
    ],
)
def test_the_mover_follows_the_critic_by_default(
    kind: str, critic: str, mover: str | None, network: type
) -> None:
    solver = build(kind, critic=critic, mover=mover, mover_width=4)
    assert type(solver.mover) is network  # type: ignore[attr-defined]


def test_the_unet_takes_the_critics_channels() -> None:
    torch.manual_seed(0)
    critic = critics.ConvolutionalCriticOptions(width=4, channels=2).build(32)
    solver = kinds("solver")["mm"]().build(SolverContext(critic, 1, 4, make_rng("cpu", 1)))
    assert solver.mover(torch.randn(3, 32)).shape == (3, 32)
    assert solver.mover.last.out_channels == 2


def test_a_unet_for_points_that_are_no_images_is_refused() -> None:
    with pytest.raises(BadExperiment, match=r"^solver\.mover: this network needs .* dimension 35"):
        build("mm", dim=35, critic="mlp", mover="unet")


@pytest.mark.parametrize("kind", ["mm", "mm-r"])
def test_a_unet_learns_to_lower_its_objective(kind: str) -> None:
    solver = build(kind, learning_rate=1e-3)
    start = stream(2)(64) + 0.3
    critic = solver.critic

    def loss() -> float:
        with torch.no_grad():
            moved = solver.mover(start)  # type: ignore[attr-defined]
            sign = solver.sign  # type: ignore[attr-defined]
            return float(((moved - start).norm(dim=1) - sign * critic(moved)).mean())

    before = loss()
    for _ in range(40):
        solver._step_mover(start)  # type: ignore[attr-defined]
    assert loss() < 0.7 * before
