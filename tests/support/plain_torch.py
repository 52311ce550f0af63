"""Networks in plain torch, as somebody writes them who knows nothing of WGAN Studio."""

import torch
from torch import Tensor, nn


class PlainCritic(nn.Module):
    """A perceptron that returns [n, 1]."""

    def __init__(self, dim: int = 3, width: int = 16) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(dim, width), nn.ReLU(), nn.Linear(width, 1))

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(x)


class PlainGenerator(nn.Module):
    """A perceptron from the latent space."""

    def __init__(self, latent: int = 2, dim: int = 2, width: int = 16) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(latent, width), nn.Tanh(), nn.Linear(width, dim))

    def forward(self, z: Tensor) -> Tensor:
        return self.layers(z)


class Bowl(nn.Module):
    """-|x|, without parameters, which returns [n]."""

    def forward(self, x: Tensor) -> Tensor:
        return -torch.linalg.vector_norm(x, dim=1)


class Stepped(nn.Module):
    """A network without a gradient in the points."""

    def forward(self, x: Tensor) -> Tensor:
        return (x.detach() > 0).float().sum(1)


class Pair(nn.Module):
    """A network that returns [n, 2]."""

    def forward(self, x: Tensor) -> Tensor:
        return x[:, :2]


NOT_A_CLASS = 3
