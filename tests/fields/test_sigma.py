"""The sampling density on a plane, exact and estimated, against closed forms and each other."""

import numpy as np
import pytest
import torch

from wganstudio.experiment import EvaluationOptions, read
from wganstudio.fields.plane import Plane, fit_plane
from wganstudio.fields.sigma import _smooth, exact_sigma, sampled_sigma, sigma_density
from wganstudio.pairs.base import Pair, make_rng


def exact_gaussian(squared: np.ndarray, dims: int) -> np.ndarray:
    """Sigma of N(0, I), N(0, 4 I) in `dims` dimensions: v(t)^2 = (1-t)^2 + 4 t^2."""
    nodes, weights = np.polynomial.legendre.leggauss(60)
    t = (nodes + 1) / 2
    v2 = (1 - t) ** 2 + 4 * t**2
    return np.sum(
        weights / 2 * np.exp(-squared[..., None] / 2 / v2) / (2 * np.pi * v2) ** (dims / 2), axis=-1
    )


CPU = torch.device("cpu")


def made(settings: dict[str, object], **evaluation: object) -> tuple[Pair, Plane]:
    pair = read({"pair": settings}).pair.build(device=CPU)
    samples = [
        distribution.sample(4096, make_rng("cpu", k)).double().numpy()
        for k, distribution in enumerate((pair.p, pair.q))
    ]
    return pair, fit_plane(*samples, EvaluationOptions(**evaluation))


@pytest.mark.parametrize("dim", [1, 2, 5])
def test_sigma_of_two_gaussians_is_exact_sigma(dim: int) -> None:
    pair, plane = made({"kind": "gaussians", "dim": dim}, plane="axes")
    sigma, method = sigma_density(plane, pair, 0, CPU)
    assert sigma.shape == plane.shape and "exact" in method and ("marginal" in method) == (dim > 2)
    shown = plane.points()[:, : min(dim, 2)]
    form = exact_gaussian((np.asarray(shown) ** 2).sum(1), min(dim, 2)).reshape(plane.shape)
    np.testing.assert_allclose(sigma, form, rtol=1e-5)


PAIRS: dict[str, dict[str, object]] = {
    "on the line": {"kind": "uniform-boxes", "dim": 1},
    "boxes": {"kind": "uniform-boxes", "high_q": [2.5, 4]},
    "boxes in space": {"kind": "uniform-boxes", "dim": 3},
    "discs": {"kind": "uniform-balls", "center_q": [1, 0.5], "hole_p": 0.4},
    "round mixtures in space": {
        "kind": "mixture",
        "means_p": [[0, 0, 0]],
        "means_q": [[1, 2, 3], [-2, 0, 1]],
    },
}


@pytest.mark.parametrize("name", PAIRS)
def test_the_estimate_agrees_with_what_is_exact_sigma(name: str) -> None:
    plane_of = "principal" if "mixtures" in name else "axes"
    pair, plane = made(PAIRS[name], plane=plane_of, resolution=48)
    known = exact_sigma(plane, pair)
    assert known is not None and known.shape == plane.shape
    density, error = sampled_sigma(plane, pair, 0, CPU)
    assert 0 < error < 0.02
    smoothed = known
    for axis in range(known.ndim):
        smoothed = _smooth(smoothed, axis)
    assert np.abs(density - smoothed).mean() < 0.03 * known.mean()
    cell = np.prod([t[1] - t[0] for t in plane.ticks])
    assert density.sum() * cell == pytest.approx(1, abs=0.02)
    assert known.sum() * cell == pytest.approx(1, abs=0.02)


def test_the_error_of_the_estimate_is_the_spread_of_its_repeats() -> None:
    pair, plane = made({"kind": "gaussians"}, resolution=32)
    repeats = [sampled_sigma(plane, pair, seed, CPU) for seed in range(8)]
    densities = np.stack([density for density, _ in repeats])
    top = np.unravel_index(densities.mean(axis=0).argmax(), densities.shape[1:])
    around = densities[:, top[0] - 4 : top[0] + 5, top[1] - 4 : top[1] + 5]
    spread = float((around.std(axis=0, ddof=1) / around.mean(axis=0)).mean())
    assert spread == pytest.approx(repeats[0][1], rel=0.3)


@pytest.mark.parametrize(
    "settings",
    [
        {"kind": "ray-monotone"},
        {"kind": "classics", "q": "moons"},
        {"kind": "uniform-balls", "dim": 3},
        {"kind": "gaussians", "dim": 3, "scale_p": [1, 2, 3], "scale_q": 1.0},
    ],
)
def test_what_is_not_known_is_estimated_and_says_so(settings: dict[str, object]) -> None:
    points = [[0.0, 0, 0], [1, 1, 0], [0, 1, 1]]
    evaluation: dict[str, object] = {"plane": "points", "points": points} if settings.get("dim") == 3 else {}
    pair, plane = made(settings, resolution=24, **evaluation)
    assert exact_sigma(plane, pair) is None
    _, method = sigma_density(plane, pair, 0, CPU)
    assert "samples" in method and "standard error" in method
