"""`ws.Probe`: what it records, in memory and in a session, and what it refuses."""

import sys

import numpy as np
import pytest
import torch
from torch import nn

import wganstudio as ws
from wganstudio.api.probe import probe as module
from wganstudio.experiment import BadExperiment, kinds, read
from wganstudio.session import Document, SessionError


def shifted(n):
    return torch.randn(n, 2) + torch.tensor([2.0, 0.0])


def standard(n):
    return torch.randn(n, 2)


def direction():
    """Return the optimal critic of W1 between the two, whose gap is 2."""
    critic = nn.Linear(2, 1)
    with torch.no_grad():
        critic.weight.copy_(torch.tensor([[1.0, 0.0]]))
    return critic


def recorded(steps=7, **options):
    torch.manual_seed(1)
    options = {"every": 2, "budget": 1.0, "real": shifted, "fake": standard} | options
    with ws.Probe(options.pop("critic", direction()), **options) as probe:
        for step in range(3, 3 + steps):
            probe.step(step)
    return probe


def test_first_and_last_step_are_recorded_whatever_the_budget():
    probe = recorded(steps=6, budget=1e-9, every=100)
    assert probe.curves()["step"].tolist() == [3, 8]
    assert probe.run.recorded_steps("critic") == [3, 8] == probe.run.recorded_steps("gradient-norms")
    assert probe.run.state == "ended" and probe.run.step == 8


def test_gap_value_and_truth_are_those_of_the_samplers():
    probe = recorded(penalty=10.0)
    estimates, w1 = probe.run.estimates, probe.truths["w1"]
    assert abs(estimates["gap"] - 2) < 4 * estimates["gap_se"]
    assert estimates["value"] == pytest.approx(estimates["gap"], abs=1e-5)  # |grad u| = 1
    assert w1.lower <= 2 <= w1.upper and 0 < w1.upper - w1.lower < 0.5
    assert estimates["true_lower"] == w1.lower and estimates["true_upper"] == w1.upper
    curves = probe.curves()
    last = curves["step"].tolist().index(9)
    assert curves["true_lower"][last] <= 2 <= curves["true_upper"][last]
    norms = probe.run.snapshot("gradient-norms")
    assert norms.attributes.largest_slope == pytest.approx(1)


@pytest.mark.parametrize(("one_sided", "penalty"), [(False, 0.25), (True, 0.0)])
def test_the_penalty_may_be_one_sided(one_sided, penalty):
    critic = direction()
    with torch.no_grad():
        critic.weight.mul_(0.5)
    estimates = recorded(critic=critic, penalty=2.0, one_sided=one_sided).run.estimates
    assert estimates["gap"] - estimates["value"] == pytest.approx(2 * penalty, abs=1e-5)


def test_grads_stay():
    critic = direction()
    critic(shifted(8)).mean().backward()
    before = critic.weight.grad.clone()
    recorded(critic=critic)
    assert torch.equal(critic.weight.grad, before)
    fresh = direction()
    recorded(critic=fresh)
    assert fresh.weight.grad is None


def test_a_session_is_read_while_it_is_written(tmp_path):
    path = tmp_path / "loop.wgs"
    probe = ws.Probe(
        direction(), real=shifted, fake=standard, session=path, every=1, penalty=1.0, name="mine"
    )
    with ws.open_session(path) as session:
        probe.step(1)
        session.refresh()
        run = session.runs["mine"]
        assert run.state == "running" and run.step == 1 and run.settings["solver.penalty"] == 1.0
        probe.step(2)
        probe.close()
        session.refresh()
        assert run.state == "ended" and run.curves()["step"][-1] == 2
        assert run.truths["w1"].lower == probe.truths["w1"].lower
        for name in ("costs", "landscape", "gradient_norms", "gradient", "samples"):
            run.figure(name).savefig(tmp_path / f"{name}.png")
        with pytest.raises(ValueError, match="no checkpoint"):
            run.critic()


def test_a_recorded_run_is_not_continued(tmp_path):
    path = tmp_path / "loop.wgs"
    probe = recorded(session=path)
    document = Document.open(path, read_only=False)
    with pytest.raises(SessionError, match="another program, which alone can continue it"):
        document.resume(1)
    document.close()
    assert document.records()[0].steps == probe.run.step == 9


def test_an_interrupted_loop_is_recorded_as_stopped(tmp_path):
    with pytest.raises(ZeroDivisionError), ws.Probe(direction(), real=shifted, fake=standard) as probe:
        probe.step(1)
        probe.step(2)
        1 / 0  # noqa: B018
    assert probe.run.state == "stopped" and probe.curves()["step"].tolist() == [1]
    with pytest.raises(ValueError, match="closed"):
        probe.step(3)
    probe.close()


def test_a_session_that_cannot_be_written_does_not_end_the_loop(tmp_path, monkeypatch):
    probe = ws.Probe(direction(), real=shifted, fake=standard, session=tmp_path / "full.wgs", every=1)
    monkeypatch.setattr(probe._document, "append", lambda *event: (_ for _ in ()).throw(SessionError("full")))
    with pytest.warns(RuntimeWarning, match="full The probe keeps"):
        probe.step(1)
    probe.close()


def test_numbers_that_are_not_finite_are_reported_and_left_out():
    critic = direction()
    with ws.Probe(critic, real=shifted, fake=standard, every=1, budget=1.0) as probe:
        probe.step(1)
        with torch.no_grad():
            critic.weight.fill_(torch.nan)
        with pytest.warns(RuntimeWarning, match="not finite at step 2"):
            probe.step(2)
            probe.close()
    assert 2 not in probe.run.recorded_steps("critic") and probe.run.state == "ended"


def test_other_processes_of_distributed_training_record_nothing(monkeypatch):
    monkeypatch.setattr(torch.distributed, "is_initialized", lambda: True)
    monkeypatch.setattr(torch.distributed, "get_rank", lambda: 1)
    drawn = []

    def real(n):
        drawn.append(n)
        return shifted(n)

    probe = ws.Probe(direction(), real=real, fake=standard, every=1)
    made = len(drawn)
    probe.step(1)
    probe.show()
    probe.close()
    assert len(drawn) == made and not len(probe.curves()["step"])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"critic": lambda x: x}, "give a torch.nn.Module"),
        ({"critic": nn.Linear(2, 2)}, r"critic returned \[2048, 2\]"),
        ({"real": lambda n: torch.randn(3, 2)}, r"returned the shape \[3, 2\]"),
        ({"real": lambda n: torch.randn(n)}, "as many samples"),
        ({"real": lambda n: "rows"}, "returned a str"),
        ({"real": lambda n: torch.randn(n, 3)}, r"shape \[3\], fake of \[2\]"),
        ({"every": 0}, "from 1"),
        ({"budget": 0.0}, "share"),
        ({"penalty": -1.0}, "penalty"),
    ],
)
def test_mistakes_are_explained_at_once(options, message):
    given = {"critic": direction(), "real": shifted, "fake": standard} | options
    with pytest.raises((TypeError, ValueError, BadExperiment), match=message):
        ws.Probe(given.pop("critic"), **given)


def test_steps_ascend():
    probe = ws.Probe(direction(), real=shifted, fake=standard, every=5)
    probe.step(4)
    probe.step(4)
    with pytest.raises(ValueError, match="must ascend"):
        probe.step(3)
    probe.close()
    assert probe.curves()["step"].tolist() == [4]


def test_the_window_follows_in_a_process_of_its_own(tmp_path, monkeypatch):
    started = []
    monkeypatch.setattr(module.subprocess, "Popen", lambda *command, **options: started.append(command[0]))
    path = tmp_path / "loop.wgs"
    with ws.Probe(direction(), real=shifted, fake=standard, session=path) as probe:
        probe.show()
    assert started == [[sys.executable, "-m", "wganstudio", "follow", str(path.resolve())]]
    with (
        ws.Probe(direction(), real=shifted, fake=standard) as probe,
        pytest.raises(ValueError, match="session="),
    ):
        probe.show()


def test_what_another_program_trains_is_not_offered_and_not_trained_here():
    settings = {group: {"kind": "external"} for group in ("pair", "critic", "solver", "generator")}
    experiment = read(settings)
    assert read(experiment.settings()) == experiment
    for group in settings:
        assert "external" not in kinds(group)
        with pytest.raises(BadExperiment, match="belongs to the program"):
            getattr(experiment, group).build()


def test_images_are_shown_as_images():
    critic = nn.Sequential(nn.Flatten(), nn.Linear(16, 1))

    def images(n):
        return np.random.rand(n, 1, 4, 4)

    probe = recorded(critic=critic, real=images, fake=images)
    assert probe.run.snapshot("plane").arrays["image"].tolist() == [1, 4, 4]
    assert probe.run.snapshot("generated").arrays["generated"].shape[1] == 16
