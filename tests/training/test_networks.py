"""The networks of a run, made again from its experiment and its checkpoint, are those that were trained."""

import numpy as np
import pytest
import torch

from quick_runs import EIGHT, case, of_generator
from wganstudio.experiment import BadExperiment, kinds
from wganstudio.training.events import Checkpoint
from wganstudio.training.networks import networks_of
from wganstudio.training.run import Run

GENERATORS = [kind for kind in kinds("generator") if kind != "none"]


def trained(experiment):
    """Return a run after its end, and its last checkpoint."""
    run = Run(experiment)
    checkpoints = [event for event in run.events() if isinstance(event, Checkpoint)]
    return run, checkpoints[-1]


@pytest.mark.parametrize("solver", list(kinds("solver")))
def test_the_critic_is_that_of_the_run(solver):
    run, checkpoint = trained(case(solver))
    torch.manual_seed(7)
    points = torch.randn(20, 3)
    before = torch.random.get_rng_state(), torch.get_num_threads()
    networks = networks_of(run.experiment, checkpoint)
    assert torch.equal(torch.random.get_rng_state(), before[0]) and torch.get_num_threads() == before[1]
    assert networks.generator is None and not networks.critic.training
    for mine, theirs in zip(
        networks.critic.gradient(points), run.solver.critic.eval().gradient(points), strict=True
    ):
        np.testing.assert_allclose(mine.detach(), theirs.detach(), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("kind", GENERATORS)
def test_the_generator_is_that_of_the_run(kind):
    experiment = of_generator(kind)
    assert experiment is not None
    run, checkpoint = trained(experiment)
    generator = networks_of(run.experiment, checkpoint).generator
    shown = run._generator.shown
    count = 16
    mine, theirs = (
        network.sample(count, torch.Generator().manual_seed(1)) for network in (generator.eval(), shown)
    )
    torch.testing.assert_close(mine, theirs, rtol=1e-5, atol=1e-6)


def test_a_distilled_composite_is_one_network():
    changes = {"generator__kind": "composite", "generator__distill": "mlp", "generator__distill_steps": 3}
    run, checkpoint = trained(case("w2-pair", groups=EIGHT, **changes))
    generator = networks_of(run.experiment, checkpoint).generator
    assert generator.network is not None
    latent = torch.randn(5, run.pair.dim)
    torch.testing.assert_close(generator(latent), run._generator.shown(latent))


def test_weights_of_other_networks_are_refused():
    run, _ = trained(case("lp"))
    other = Checkpoint(step=1, arrays={"layers.0.weight": np.zeros((2, 2), np.float32)})
    with pytest.raises(BadExperiment, match="train the run again"):
        networks_of(run.experiment, other)
