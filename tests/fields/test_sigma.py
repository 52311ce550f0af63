"""The estimated sampling density against exact ones."""

import numpy as np
import pytest
import torch

from wganstudio.experiment import Evaluation, read
from wganstudio.fields.plane import plane_through
from wganstudio.fields.sigma import sigma_on
from wganstudio.pairs.base import generator


def exact_gaussian(squared: np.ndarray, dims: int) -> np.ndarray:
    """Sigma of N(0, I), N(0, 4 I) in `dims` dimensions: v(t)^2 = (1-t)^2 + 4 t^2."""
    nodes, weights = np.polynomial.legendre.leggauss(60)
    t = (nodes + 1) / 2
    v2 = (1 - t) ** 2 + 4 * t**2
    return np.sum(
        weights / 2 * np.exp(-squared[..., None] / 2 / v2) / (2 * np.pi * v2) ** (dims / 2), axis=-1
    )


@pytest.mark.parametrize("dim", [1, 2, 5])
def test_sigma_of_two_gaussians(dim: int) -> None:
    pair = read({"pair": {"kind": "gaussians", "dim": dim}}).pair.build(device=torch.device("cpu"))
    samples = [
        law.sample(4096, generator("cpu", k)).double().numpy() for k, law in enumerate((pair.p, pair.q))
    ]
    plane = plane_through(*samples, Evaluation(plane="axes"))
    sigma, method = sigma_on(plane, pair, 0, torch.device("cpu"))
    assert sigma.shape == plane.shape and "estimated" in method and ("marginal" in method) == (dim > 2)
    shown = (
        plane.project(plane.points() - (plane.origin if dim <= 2 else 0))
        if dim <= 2
        else plane.points()[:, :2]
    )
    exact = exact_gaussian((np.asarray(shown) ** 2).sum(1), min(dim, 2)).reshape(plane.shape)
    assert np.abs(sigma - exact).max() < 0.08 * exact.max()
    cell = np.prod([t[1] - t[0] for t in (plane.x, plane.y) if len(t)])
    assert sigma.sum() * cell == pytest.approx(1.0, abs=0.02)
