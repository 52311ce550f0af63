"""The critic's value and gradient on a plane."""

from typing import NamedTuple

import torch
from torch import Tensor

from wganstudio.critics.base import Critic

CHUNK = 1 << 11


class CriticValues(NamedTuple):
    """u [n], |grad u| [n] in all of space, and grad u in the plane's axes, [K, n]."""

    u: Tensor
    gradient_norm: Tensor
    gradient: Tensor


@torch.no_grad()
def critic_on(critic: Critic, points: Tensor, axes: Tensor) -> CriticValues:
    """Evaluate the critic on a plane, in chunks.

    Parameters
    ----------
    points : points of the plane in space [n, D]
    axes : orthonormal axes of the plane [K, D]
    """
    parts = []
    for chunk in points.split(CHUNK):
        value, gradient = critic.gradient(chunk)
        parts.append((value, torch.linalg.vector_norm(gradient, dim=1), axes @ gradient.T))
    return CriticValues(*(torch.cat(columns, dim=-1) for columns in zip(*parts, strict=True)))
