"""The critic's value and the length of its gradient on a plane."""

import torch
from torch import Tensor

from wganstudio.critics.base import Critic

CHUNK = 1 << 11


@torch.no_grad()
def value_and_slope(critic: Critic, points: Tensor) -> tuple[Tensor, Tensor]:
    """u [n] and |grad u| [n] at points [n, D], in chunks that fit any memory."""
    values, slopes = [], []
    for chunk in points.split(CHUNK):
        value, gradient = critic.gradient(chunk)
        values.append(value)
        slopes.append(torch.linalg.vector_norm(gradient, dim=1))
    return torch.cat(values), torch.cat(slopes)
