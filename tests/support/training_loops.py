"""Small WGAN loops as others write them, to be trained with and without a probe."""

import random
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn

import wganstudio as ws

Bits = list[Tensor]


def bits(*networks: nn.Module) -> Bits:
    """Return copies of everything that a loop has changed, and of the states of all random generators."""
    tensors = [tensor for network in networks for tensor in network.state_dict().values()]
    gradients = [p.grad for network in networks for p in network.parameters() if p.grad is not None]
    drawn = [torch.rand(3), torch.from_numpy(np.random.rand(3)), torch.tensor([random.random()])]
    return [tensor.detach().clone() for tensor in (*tensors, *gradients, *drawn)]


def same(one: Bits, other: Bits) -> bool:
    return len(one) == len(other) and all(
        a.dtype == b.dtype and torch.equal(a, b) for a, b in zip(one, other, strict=True)
    )


def seed_all(seed: int = 0) -> None:
    torch.manual_seed(seed)
    np.random.seed(seed)
    random.seed(seed)


def toy_loop(
    steps: int, probed: bool, *, width: int = 64, batch: int = 32, critic_steps: int = 2, **options: object
) -> tuple[Bits, "ws.Probe | None"]:
    """Train as gan_toy.py of caogang/wgan-gp does: eight Gaussians, three backward passes for the critic.

    Its samples come from numpy and Python, its noise from torch, its critic returns [n].
    """
    seed_all()
    centers = [(2 * np.cos(k * np.pi / 4), 2 * np.sin(k * np.pi / 4)) for k in range(8)]

    class ToyCritic(nn.Sequential):
        def forward(self, points: Tensor) -> Tensor:
            return super().forward(points).view(-1)

    def layers(last: int) -> list[nn.Module]:
        hidden = [nn.ReLU(True), nn.Linear(width, width), nn.ReLU(True)]
        return [nn.Linear(2, width), *hidden, nn.Linear(width, last)]

    critic, generator = ToyCritic(*layers(1)), nn.Sequential(*layers(2))

    def real(n: int) -> np.ndarray:
        rows = [np.random.randn(2) * 0.02 + random.choice(centers) for _ in range(n)]
        return np.array(rows, dtype="float32") / 1.414

    def fake(n: int) -> Tensor:
        return generator(torch.randn(n, 2))

    adam = [torch.optim.Adam(net.parameters(), lr=1e-3, betas=(0.5, 0.9)) for net in (critic, generator)]
    probe = ws.Probe(critic, real=real, fake=fake, penalty=0.1, **options) if probed else None
    for step in range(1, steps + 1):
        critic.requires_grad_(True)
        for _ in range(critic_steps):
            x = torch.from_numpy(real(batch))
            critic.zero_grad()
            critic(x).mean().neg().backward()
            y = fake(batch).detach()
            critic(y).mean().backward()
            share = torch.rand(batch, 1)
            between = (share * x + (1 - share) * y).requires_grad_(True)
            values = critic(between)
            (slopes,) = torch.autograd.grad(values, between, torch.ones_like(values), create_graph=True)
            (0.1 * (slopes.norm(dim=1) - 1).square().mean()).backward()
            adam[0].step()
        critic.requires_grad_(False)
        generator.zero_grad()
        critic(fake(batch)).mean().neg().backward()
        adam[1].step()
        if probe is not None:
            probe.step(step)
    if probe is not None:
        probe.close()
    return bits(critic, generator), probe


def image_loop(
    steps: int, probed: bool, *, width: int = 8, batch: int = 16, critic_steps: int = 2, **options: object
) -> tuple[Bits, "ws.Probe | None"]:
    """Train as wgan_gradient_penalty.py of Zeleni9/pytorch-wgan does: images, and a critic of [n, 1, 1, 1].

    Its generator has batch normalization, its critic instance normalization; the fake batch is not detached.
    """
    seed_all()
    critic = nn.Sequential(
        nn.Conv2d(1, width, 4, stride=2, padding=1),
        nn.InstanceNorm2d(width, affine=True),
        nn.LeakyReLU(0.2, inplace=True),
        nn.Conv2d(width, 1, 4),
    )
    generator = nn.Sequential(
        nn.ConvTranspose2d(6, width, 4),
        nn.BatchNorm2d(width),
        nn.ReLU(True),
        nn.ConvTranspose2d(width, 1, 4, stride=2, padding=1),
        nn.Tanh(),
    )
    data = torch.rand(256, 1, 8, 8).mul(2).sub(1)

    def real(n: int) -> Tensor:
        return data[torch.randint(len(data), (n,))]

    def fake(n: int) -> Tensor:
        return generator(torch.randn(n, 6, 1, 1))

    adam = [torch.optim.Adam(net.parameters(), lr=1e-3, betas=(0.5, 0.999)) for net in (critic, generator)]
    probe = ws.Probe(critic, real=real, fake=fake, penalty=10.0, **options) if probed else None
    for step in range(1, steps + 1):
        critic.requires_grad_(True)
        for _ in range(critic_steps):
            critic.zero_grad()
            images, images_of_q = real(batch), fake(batch)
            critic(images).mean().neg().backward()
            critic(images_of_q).mean().backward()
            eta = torch.rand(batch, 1, 1, 1)
            between = (eta * images + (1 - eta) * images_of_q.detach()).requires_grad_(True)
            values = critic(between)
            (slopes,) = torch.autograd.grad(values, between, torch.ones_like(values), create_graph=True)
            (10 * (slopes.flatten(1).norm(dim=1) - 1).square().mean()).backward()
            adam[0].step()
        critic.requires_grad_(False)
        generator.zero_grad()
        critic(fake(batch)).mean().neg().backward()
        adam[1].step()
        if probe is not None:
            probe.step(step)
    if probe is not None:
        probe.close()
    return bits(critic, generator), probe


LOOPS: dict[str, Callable[..., tuple[Bits, "ws.Probe | None"]]] = {
    "caogang/wgan-gp": toy_loop,
    "Zeleni9/pytorch-wgan": image_loop,
}
