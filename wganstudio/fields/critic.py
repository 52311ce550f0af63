"""Value and gradient of a critic on a plane."""

from typing import NamedTuple

import torch
from torch import Tensor

from wganstudio.critics.base import Critic

CHUNK = 1 << 11


class CriticValues(NamedTuple):
    """A critic at n points of a plane."""

    u: Tensor
    """Values [n]."""
    gradient_norm: Tensor
    """Norm of the gradient in the space, [n]."""
    gradient: Tensor
    """Components of the gradient along the axes of the plane, [K, n]."""


@torch.no_grad()
def evaluate_critic(critic: Critic, points: Tensor, axes: Tensor) -> CriticValues:
    """Evaluate a critic on a plane, in chunks.

    Parameters
    ----------
    critic : Critic
        The function u.
    points : Tensor
        Points of the plane in the space, [n, D].
    axes : Tensor
        Orthonormal axes of the plane, [K, D].

    Returns
    -------
    CriticValues
    """
    parts = []
    for chunk in points.split(CHUNK):
        value, gradient = critic.gradient(chunk)
        parts.append((value, torch.linalg.vector_norm(gradient, dim=1), axes @ gradient.T))
    return CriticValues(*(torch.cat(columns, dim=-1) for columns in zip(*parts, strict=True)))
