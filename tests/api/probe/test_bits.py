"""A loop computes the same bits with and without a probe."""

import random
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils import parametrizations
from torch.nn.utils import spectral_norm as hooked_spectral_norm
from tqdm import tqdm

import wganstudio as ws
from training_loops import LOOPS, bits, same, seed_all

STEPS = 6
BATCH = 16


def plain(*between: nn.Module) -> nn.Sequential:
    return nn.Sequential(nn.Linear(3, 16), *between, nn.LeakyReLU(), nn.Linear(16, 1))


CRITICS: dict[str, Callable[[], nn.Module]] = {
    "plain": plain,
    "batch norm": lambda: plain(nn.BatchNorm1d(16)),
    "dropout": lambda: plain(nn.Dropout(0.3)),
    "spectral norm": lambda: nn.Sequential(
        parametrizations.spectral_norm(nn.Linear(3, 16)), nn.ReLU(), nn.Linear(16, 1)
    ),
    "spectral norm by hooks": lambda: nn.Sequential(
        hooked_spectral_norm(nn.Linear(3, 16)), nn.ReLU(), nn.Linear(16, 1)
    ),
    "[n]": lambda: nn.Sequential(plain(), nn.Flatten(0)),
    "double": lambda: plain(nn.BatchNorm1d(16)).double(),
}


def from_torch(n: int) -> Tensor:
    return torch.randn(n, 3) + 1


def from_numpy(n: int) -> np.ndarray:
    return np.random.randn(n, 3) + 1


def from_python(n: int) -> list[list[float]]:
    return torch.tensor([[random.gauss(1, 1) for _ in range(3)] for _ in range(n)])


SAMPLERS = {"torch": from_torch, "numpy": from_numpy, "random": from_python}


def train(
    make_critic: Callable[[], nn.Module],
    real: Callable,
    probed: bool,
    around: Callable = nullcontext,
    compiled: bool = False,
) -> tuple[list[Tensor], "ws.Probe | None"]:
    """Train critic and generator; the probe is asked within autocast, between backward and step."""
    seed_all()
    critic = make_critic()
    generator = nn.Sequential(nn.Linear(2, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.2), nn.Linear(8, 3))
    dtype = next(critic.parameters()).dtype
    called = torch.compile(critic, backend="aot_eager") if compiled else critic

    def fake(n: int) -> Tensor:
        return generator(torch.randn(n, 2))

    optimizers = [torch.optim.Adam(net.parameters(), lr=1e-2) for net in (critic, generator)]
    probe = ws.Probe(called, real=real, fake=fake, penalty=1.0, every=2, budget=1.0) if probed else None
    losses = []
    for step in range(1, STEPS + 1):
        for optimizer in optimizers:
            optimizer.zero_grad()
        with around():
            x = torch.as_tensor(real(BATCH)).to(dtype)
            loss = called(fake(BATCH).to(dtype)).mean() - called(x).mean()
            loss.backward()
            if probe is not None:
                probe.step(step)
        losses.append(loss.detach().clone())
        for optimizer in optimizers:
            optimizer.step()
    if probe is not None:
        probe.close()
    modes = torch.tensor([module.training for net in (critic, generator) for module in net.modules()])
    return [*losses, modes, *bits(critic, generator)], probe


@pytest.mark.parametrize("kind", CRITICS)
@pytest.mark.parametrize("source", SAMPLERS)
def test_bits_are_the_same(kind, source):
    alone, _ = train(CRITICS[kind], SAMPLERS[source], probed=False)
    watched, probe = train(CRITICS[kind], SAMPLERS[source], probed=True)
    assert same(alone, watched)
    steps = probe.curves()["step"]
    assert steps[0] == 1 and steps[-1] == STEPS and np.isfinite(probe.curves()["gap"]).any()


def test_bits_are_the_same_within_autocast():
    def around():
        return torch.autocast("cpu", dtype=torch.bfloat16)

    alone, _ = train(CRITICS["batch norm"], from_torch, False, around)
    watched, probe = train(CRITICS["batch norm"], from_torch, True, around)
    assert same(alone, watched) and np.isfinite(probe.curves()["value"]).any()


def test_bits_are_the_same_with_other_defaults():
    @contextmanager
    def double_precision() -> Iterator[None]:
        torch.set_default_dtype(torch.float64)
        try:
            yield
        finally:
            torch.set_default_dtype(torch.float32)

    with double_precision():
        alone, _ = train(CRITICS["plain"], from_torch, False)
        watched, _ = train(CRITICS["plain"], from_torch, True)
        assert same(alone, watched) and torch.get_default_dtype() == torch.float64


def test_bits_are_the_same_with_torch_compile(monkeypatch):
    monkeypatch.setattr(tqdm, "monitor_interval", 0)  # a thread, of the progress bar of torch.compile
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of torch.compile itself
        alone, _ = train(CRITICS["batch norm"], from_torch, False, compiled=True)
        watched, probe = train(CRITICS["batch norm"], from_torch, True, compiled=True)
    assert same(alone, watched) and len(probe.curves()) > 1


@pytest.mark.parametrize("name", LOOPS)
def test_bits_of_public_loops_are_the_same(name):
    alone, _ = LOOPS[name](8, False)
    watched, probe = LOOPS[name](8, True, every=2, budget=1.0)
    assert same(alone, watched)
    steps = probe.curves()["step"]
    assert steps[0] == 1 and steps[-1] == 8 and probe.run.estimates["gap_se"] > 0


def test_the_buffers_themselves_stay_so_that_a_graph_can_still_be_differentiated():
    critic = parametrizations.spectral_norm(nn.Linear(2, 1))
    critic.eval()
    probe = ws.Probe(critic, real=lambda n: torch.randn(n, 2), fake=lambda n: torch.randn(n, 2), every=1)
    buffers = {name: (buffer, buffer._version) for name, buffer in critic.named_buffers()}
    loss = critic(torch.randn(4, 2)).mean()
    probe.step(1)
    loss.backward()
    probe.close()
    for name, buffer in critic.named_buffers():
        assert buffer is buffers[name][0] and buffer._version == buffers[name][1]


def test_networks_that_a_sampler_hides_can_be_named():
    norm = nn.BatchNorm1d(2)

    class Hidden:
        """Attributes of classes are not followed."""

    Hidden.norm = norm
    before = norm.running_mean.clone()

    def fake(n: int) -> Tensor:
        return Hidden.norm(torch.randn(n, 2) + 5)

    critic = nn.Linear(2, 1)
    ws.Probe(critic, real=lambda n: torch.randn(n, 2), fake=fake, modules=[norm]).close()
    assert torch.equal(norm.running_mean, before)
    ws.Probe(critic, real=lambda n: torch.randn(n, 2), fake=fake).close()
    assert not torch.equal(norm.running_mean, before)
