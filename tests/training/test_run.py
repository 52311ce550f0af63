"""A run says the right things in the right order, repeats, and lets its solver see nothing but samples."""

import math
from queue import SimpleQueue

import numpy as np
import pytest
import torch

from quick_runs import case
from wganstudio.experiment import BadExperiment, Experiment, kinds, override, preset, read
from wganstudio.pairs.base import Sampler
from wganstudio.solvers import lipschitz
from wganstudio.training import events
from wganstudio.training.commands import Command, Pause, Resume, SkipEstimates, Step, Stop, Watch
from wganstudio.training.frame_schedule import fixed_step
from wganstudio.training.run import Run
from wganstudio.training.topics import live_topics

LEFT_OVER = {"w1_left", "w1_left_se", "w1_left_lower"}
"""The metrics that the descent of the critic adds to the final estimates."""


def experiment(*changes: tuple[str, object]) -> Experiment:
    quick = [
        ("training.steps", 30),
        ("training.batch", 64),
        ("evaluation.every", 10),
        ("evaluation.samples", 256),
        ("evaluation.final_samples", 4096),
        ("evaluation.resolution", 16),
        ("critic.width", 16),
    ]
    return read(override(preset("first-look").settings, [*quick, *changes]))


def said(e: Experiment, *commands: Command) -> list[events.Event]:
    inbox: SimpleQueue[Command] = SimpleQueue()
    for command in commands:
        inbox.put(command)
    return list(Run(e, inbox).events())


def recorded(said: list[events.Event]) -> list[events.Event]:
    return [
        e for e in said if not events.is_coalescible(e) and e.kind not in ("started", "paused", "resumed")
    ]


def same(ours: list[events.Event], theirs: list[events.Event]) -> bool:
    def parts(e: events.Event) -> tuple[object, ...]:
        body = e.model_dump(exclude=events.TIMING_FIELDS)
        return (str(body), *(a.tobytes() for a in e.arrays.values()))

    return [parts(e) for e in ours] == [parts(e) for e in theirs]


def test_the_stream_begins_with_started_and_a_frame_and_ends_with_the_final_estimates() -> None:
    stream = said(experiment())
    assert [e.name for e in stream[:4]] == ["started", "plane", "critic", "gradient-norms"]
    assert {e.name for e in stream[-5:-2]} == {"critic", "critic-descent", "gradient-norms"}
    assert [e.name for e in stream[-2:]] == ["checkpoint", "ended"]
    ended = stream[-1]
    assert isinstance(ended, events.Ended) and ended.reason == "done" and ended.step == 30
    assert set(ended.estimates) == {"gap", "gap_se", "value", "value_se"} | LEFT_OVER


def test_curves_and_frames_are_at_fixed_steps() -> None:
    stream = said(experiment(), Watch(live_topics()))
    assert [e.step for e in stream if e.kind == "metrics"] == [0, 1, 2, 5, 10, 20, 30]
    recorded = {
        topic: [e.step for e in stream if e.name == topic and e.recorded]
        for topic in ("critic", "gradient-norms")
    }
    assert recorded["gradient-norms"] == [0, 1, 2, 5, 10, 20, 30] and set(recorded["critic"]) >= {0, 1, 2, 5}
    assert [n for n in range(0, 5001) if fixed_step(n)] == [
        1,
        2,
        5,
        10,
        20,
        50,
        100,
        200,
        500,
        1000,
        2000,
        5000,
    ]


def test_the_experiment_comes_back_with_every_auto_filled_in() -> None:
    started = said(
        read(override(experiment().settings(), [("critic.width", "auto"), ("pair.kind", "gaussians")]))
    )[0]
    assert isinstance(started, events.Started)
    assert started.experiment["critic"]["width"] == 128 and started.experiment["pair"]["dim"] == 2


def test_a_run_repeats_bit_for_bit_and_another_seed_differs() -> None:
    once, again = recorded(said(experiment())), recorded(said(experiment()))
    assert same(once, again)
    assert not same(once, recorded(said(experiment(("training.seed", 1)))))


def test_looking_pausing_and_stepping_change_nothing() -> None:
    plain = recorded(said(experiment()))
    watched = said(experiment(), Watch(live_topics()), Pause(), Step(3), Pause(), Resume())
    for topic in ("critic", "gradient-norms"):
        assert any(e.name == topic and not e.recorded for e in watched)
    assert same(plain, recorded(watched))


def test_who_looks_at_a_paused_run_gets_a_picture_of_it() -> None:
    for watched in (frozenset({"critic"}), frozenset({"gradient-norms"})):
        stream = said(experiment(), Pause(), Watch(watched), Stop())
        live = [e for e in stream if e.name in live_topics() and events.is_coalescible(e)]
        assert [(e.name, e.step) for e in live] == [(topic, 0) for topic in watched]


def test_pause_waits_and_step_takes_just_as_many() -> None:
    inbox: SimpleQueue[Command] = SimpleQueue()
    inbox.put(Pause())
    run = Run(experiment(), inbox).events()
    for event in run:
        if event.kind == "paused":
            break
    assert event.step == 0
    inbox.put(Step(7))
    kinds = []
    for event in run:
        kinds.append(event.kind)
        if event.kind == "paused":
            break
    assert event.step == 7 and "resumed" in kinds
    inbox.put(Resume())
    assert list(run)[-1].step == 30


def test_stop_keeps_what_was_reached() -> None:
    stream = said(experiment(), Pause(), Step(12), Stop())
    ended = stream[-1]
    assert isinstance(ended, events.Ended) and ended.reason == "stopped" and ended.step <= 12
    assert stream[-2].kind == "checkpoint" and stream[-2].step == ended.step
    assert math.isfinite(ended.estimates["gap"])


def test_numbers_that_leave_the_finite_stop_the_run_and_keep_the_last_good_state() -> None:
    wild = [("solver.learning_rate", 10.0), ("solver.penalty", 1e6), ("critic.activation", "silu")]
    stream = said(experiment(*wild, ("critic.depth", 16), ("critic.width", 128), ("training.steps", 4000)))
    good, failed = stream[-2:]
    assert isinstance(failed, events.Failed) and failed.cause == "numbers" and "finite" in failed.message
    assert isinstance(good, events.Checkpoint) and good.step <= failed.step
    assert all(np.isfinite(w).all() for w in good.arrays.values())


def test_final_estimates_agree_with_another_computation() -> None:
    e = experiment(("evaluation.final_samples", 1 << 17))
    run = Run(e)
    ended = list(run.events())[-1]
    assert isinstance(ended, events.Ended)
    torch.manual_seed(5)
    x, y, t = torch.randn(1 << 17, 2), 2 * torch.randn(1 << 17, 2), torch.rand(1 << 17, 1)
    z = ((1 - t) * x + t * y).requires_grad_(True)
    critic = run.solver.critic
    (slopes,) = torch.autograd.grad(critic(z).sum(), z)
    at_x, at_y, penalty = critic(x), critic(y), (slopes.norm(dim=1) - 1).clamp(min=0) ** 2
    gap = (at_x.mean() - at_y.mean()).item()
    gap_se = math.sqrt((at_x.var() / len(x) + at_y.var() / len(y)).item())
    assert ended.estimates["gap_se"] == pytest.approx(gap_se, rel=0.02)
    assert ended.estimates["gap"] == pytest.approx(gap, abs=5 * gap_se)
    value_se = math.sqrt(gap_se**2 + (penalty.var() / len(z)).item())
    assert ended.estimates["value_se"] == pytest.approx(value_se, rel=0.05)
    assert ended.estimates["value"] == pytest.approx(gap - penalty.mean().item(), abs=5 * value_se)


def test_without_a_penalty_there_is_no_value() -> None:
    ended = said(experiment(("solver.kind", "wc")))[-1]
    assert isinstance(ended, events.Ended) and set(ended.estimates) == {"gap", "gap_se"} | LEFT_OVER


def test_a_device_that_is_not_there_is_named() -> None:
    if torch.cuda.is_available():
        pytest.skip("this machine has CUDA")
    with pytest.raises(
        BadExperiment, match=r"training\.device: this machine has no cuda device .* choose auto or cpu"
    ):
        Run(experiment(("training.device", "cuda")))


# What a solver is handed


class Witness(lipschitz.OneSidedPenalty):
    """Trains as usual and keeps what it was handed."""

    def step(self, p: Sampler, q: Sampler) -> torch.Tensor:
        self.handed = p, q
        self.batches = [(p(512), q(512)) for _ in range(8)]
        return super().step(p, q)


def handed(monkeypatch: pytest.MonkeyPatch, dim: int = 3) -> tuple[Witness, Run]:
    monkeypatch.setattr(lipschitz, "OneSidedPenalty", Witness)
    run = Run(experiment(("training.steps", 1), ("pair.kind", "ray-monotone"), ("pair.dim", dim)))
    list(run.events())
    assert isinstance(run.solver, Witness)
    return run.solver, run


def assert_independent(batches: list[tuple[torch.Tensor, torch.Tensor]]) -> None:
    """Rows x_i, y_i are as far apart as rows x_i, y_(i+1): nothing couples what stands side by side."""
    x, y = (torch.cat(parts) for parts in zip(*batches, strict=True))
    beside, shifted = (x - y).norm(dim=1), (x - y.roll(1, 0)).norm(dim=1)
    error = math.sqrt(((beside.var() + shifted.var()) / len(x)).item())
    assert abs((beside.mean() - shifted.mean()).item()) < 4 * error


def assert_only_samples(solver: lipschitz.OneSidedPenalty, run: Run, handed: tuple[object, ...]) -> None:
    """Nothing that says the truth hangs on the solver or, openly, on its streams."""
    secrets = {
        id(s) for s in (run.pair, run.pair.potential, run.pair.options, run.experiment) if s is not None
    }
    for holder in (solver, *handed):
        public = [getattr(holder, n) for n in dir(holder) if not n.startswith("_")]
        assert not secrets & {id(value) for value in (*vars(solver).values(), *public)}
        assert not any(hasattr(holder, name) for name in ("potential", "plan", "transport", "law", "pair"))


def test_a_solver_is_handed_independent_streams_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    solver, run = handed(monkeypatch)
    assert_independent(solver.batches)
    assert_only_samples(solver, run, solver.handed)


def test_the_plans_order_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    _, run = handed(monkeypatch)
    base = [run.pair.q.sample(512, torch.Generator().manual_seed(k)) for k in range(8)]
    moved = [run.pair.p.sample(512, torch.Generator().manual_seed(k)) for k in range(8)]
    with pytest.raises(AssertionError):  # the moved law draws the same base points from the same seed
        assert_independent(list(zip(moved, base, strict=True)))


def test_a_truth_handed_over_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    solver, run = handed(monkeypatch)
    solver.hint = run.pair.potential  # type: ignore[attr-defined]
    with pytest.raises(AssertionError):
        assert_only_samples(solver, run, solver.handed)


def test_final_estimates_tell_how_far_they_are() -> None:
    stream = said(experiment(("evaluation.final_samples", 1 << 17)))
    shares = [e.final_share for e in stream if isinstance(e, events.Progress) and e.final_share is not None]
    assert shares and shares[0] == 0.0 and shares == sorted(shares) and shares[-1] < 1
    last = max(k for k, e in enumerate(stream) if isinstance(e, events.Progress))
    assert all(e.kind != "metrics" for e in stream[last:])


@pytest.mark.parametrize("kind", kinds("solver"))
def test_skipped_final_estimates_are_made_up_for_bit_by_bit(kind: str) -> None:
    e = case(kind)
    whole = list(Run(e).events())
    inbox: SimpleQueue[Command] = SimpleQueue()
    inbox.put(SkipEstimates())
    skipped = list(Run(e, inbox, state_period=0).events())
    ended = skipped[-1]
    assert isinstance(ended, events.Ended) and ended.reason == "done"
    assert not (ended.estimates or ended.gradient or ended.flow)
    assert same(recorded(whole)[:-1], recorded(skipped)[:-1])
    state = [event for event in skipped if isinstance(event, events.TrainingState)][-1]
    rest = list(Run(e, resume=state).events())
    assert same(recorded(whole)[-1:], recorded(rest)[-1:])


def test_a_stopped_run_makes_up_for_its_estimates_where_it_stopped() -> None:
    inbox: SimpleQueue[Command] = SimpleQueue()
    stopped = []
    for event in Run(experiment(), inbox, state_period=1e9).events():
        stopped.append(event)
        if event.kind == "metrics" and event.step == 10:
            inbox.put(Stop())
    state = [event for event in stopped if isinstance(event, events.TrainingState)][-1]
    inbox.put(Stop())
    rest = list(Run(experiment(), inbox, resume=state).events())
    assert same(recorded(stopped)[-1:], recorded(rest)[-1:]) and rest[-1].step == state.step == 10
