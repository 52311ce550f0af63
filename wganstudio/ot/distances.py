"""Distances between two sets of points, and unit vectors between them."""

import torch
from torch import Tensor


def distances(x: Tensor, y: Tensor) -> Tensor:
    """|x_i - y_j| [n, m] for points x [n, D] and y [m, D].

    By direct differences in few dimensions; from 9 on by expanding the square, in a quarter of the time. The
    square is then exact to rounding of the points' squared norms: in float64 the distance is good to 1e-8 of
    them, in float32 it decides who is near but is not to be differentiated or measured.
    """
    few = x.shape[1] <= 8
    mode = "donot_use_mm_for_euclid_dist" if few else "use_mm_for_euclid_dist"
    return torch.cdist(x, y, compute_mode=mode)


def unit(vectors: Tensor) -> Tensor:
    """The vectors [n, D] divided by their lengths; 0 stays 0."""
    lengths = torch.linalg.vector_norm(vectors, dim=1, keepdim=True)
    return torch.where(lengths > 0, vectors / lengths, 0.0)
