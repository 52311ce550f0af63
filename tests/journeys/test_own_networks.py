"""A critic that was trained in plain torch: chosen, confirmed, judged beside the truth, and shown."""

import pytest
import torch
from PySide6.QtWidgets import QFileDialog
from safetensors.torch import save_file

from own_files import script
from plain_torch import PlainCritic
from wganstudio.experiment import read, trusted_code
from wganstudio.experiment.pairs import GaussiansOptions

QUICK = {
    "training.steps": "0",
    "evaluation.samples": "256",
    "evaluation.final_samples": "4096",
    "evaluation.resolution": "24",
}


@pytest.fixture(scope="module")
def trained():
    """A critic that a plain loop of WGAN-LP has trained between two Gaussians, and its gap."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        pair = GaussiansOptions(dim=2).build()
        network, rng = PlainCritic(2, 32), torch.Generator().manual_seed(0)
        adam = torch.optim.Adam(network.parameters(), lr=5e-3, betas=(0.0, 0.9))
        for _ in range(300):
            real, fake = pair.p.sample(128, rng), pair.q.sample(128, rng)
            t = torch.rand(128, 1, generator=rng)
            between = (t * real + (1 - t) * fake).requires_grad_(True)
            (slope,) = torch.autograd.grad(network(between).sum(), between, create_graph=True)
            penalty = (slope.norm(dim=1) - 1).clamp(min=0).square().mean()
            loss = network(fake).mean() - network(real).mean() + 10 * penalty
            adam.zero_grad()
            loss.backward()
            adam.step()
        with torch.no_grad():
            points = pair.p.sample(100_000, rng), pair.q.sample(100_000, rng)
            gap = float(network(points[0]).mean() - network(points[1]).mean())
    return network, gap


@pytest.fixture
def own_form(user):
    """The form with the pair of the critic and the kind `own`."""
    trusted_code.adopt({})
    user.waits_until_warm()
    user.window.form.load(
        read({"pair": {"kind": "gaussians", "dim": 2}, "critic": {"kind": "own"}}).settings()
    )
    return user


def require_judged(record, gap):
    """The estimates are those of the critic, beside the truths."""
    ended = record.ended
    assert record.state == "ended" and record.step == 0
    assert abs(ended.estimates["gap"] - gap) < 5 * ended.estimates["gap_se"] + 0.01
    assert ended.lipschitz.empirical > 0.5 and {"w1", "congested"} <= set(record.truths)
    assert record.truths["congested"].upper > ended.estimates["value"] - 5 * ended.estimates["value_se"]


def test_a_script_is_chosen_confirmed_judged_and_shown(own_form, trained, tmp_path, monkeypatch, chosen):
    user, (network, gap) = own_form, trained
    path = script(network, tmp_path / "critic.pt")
    chosen(path)
    box = user.window.form.groups["critic"].rows["script_file"]
    box.editor.button.click()
    user.fills_in(QUICK)
    questions = user.answers("Cancel")
    user.clicks("run")
    assert "critic.pt" in questions[0] and user.record is None
    questions = user.answers("Run this code")
    user.clicks("run")
    record = user.waits_for("ended", "failed")
    user.waits_until(lambda: user.window.run_controller.status.finding == 0)
    assert len(questions) == 1
    require_judged(record, gap)
    view = user.window.area.views["landscape"]
    user.waits_until(lambda: view.drawn is not None)
    user.clicks("run")  # without a question: the answer is remembered
    user.waits_until(lambda: len(user.window.session.records()) == 2)
    user.waits_for("ended", "failed")
    user.waits_until(lambda: user.window.run_controller.status.finding == 0)
    require_judged(user.record, gap)
    assert QFileDialog.getOpenFileName() == (str(path), "")


def test_a_class_with_its_weights_is_judged_and_trained_further(own_form, trained, tmp_path):
    user, (network, gap) = own_form, trained
    save_file(network.state_dict(), tmp_path / "critic.safetensors")
    user.types("critic.module", "plain_torch:PlainCritic")
    user.types("critic.arguments", '{"dim": 2, "width": 32}')
    user.types("critic.weights_file", str(tmp_path / "critic.safetensors"))
    user.fills_in(QUICK)
    user.answers("Run this code")
    user.clicks("run")
    record = user.waits_for("ended", "failed")
    user.waits_until(lambda: user.window.run_controller.status.finding == 0)
    require_judged(record, gap)
    user.fills_in({"training.steps": "100", "training.batch": "64"})
    user.clicks("run")
    user.waits_until(lambda: len(user.window.session.records()) == 2)
    trained_further = user.waits_for("ended", "failed")
    user.waits_until(lambda: user.window.run_controller.status.finding == 0)
    assert trained_further.state == "ended" and trained_further.step == 100
    assert abs(trained_further.ended.estimates["gap"] - gap) < 0.5 * gap
