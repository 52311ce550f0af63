"""The critic's value and gradient on a plane."""

from typing import NamedTuple

import torch
from torch import Tensor

from wganstudio.critics.base import Critic

CHUNK = 1 << 11


class Seen(NamedTuple):
    """u [n], |grad u| [n] in all of space, and grad u in the plane's axes, [K, n]."""

    u: Tensor
    slope: Tensor
    gradient: Tensor


@torch.no_grad()
def see(critic: Critic, points: Tensor, axes: Tensor) -> Seen:
    """The critic at points [n, D] of the plane with orthonormal axes [K, D], in chunks."""
    seen = []
    for chunk in points.split(CHUNK):
        value, gradient = critic.gradient(chunk)
        seen.append((value, torch.linalg.vector_norm(gradient, dim=1), axes @ gradient.T))
    return Seen(*(torch.cat(parts, dim=-1) for parts in zip(*seen, strict=True)))
