"""What is seen of a solver's maps: a grid and samples that they carry, and how well moments are matched."""

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from wganstudio.critics.base import Critic
from wganstudio.critics.convex.base import Convex
from wganstudio.fields.plane import Plane
from wganstudio.pairs.base import Pair, Stream
from wganstudio.solvers.base import Solver
from wganstudio.training.events import as_float32

SHOWN = 200
"""Samples of either law that are carried."""
NODES, NODES_ON_LINE = 17, 101
"""Of the grid along each axis, and where the plane is a line."""
DRAWN, TAIL = 2000, 0.01
"""The grid reaches over samples of the law but for this share at either end."""
PIECES = 8
"""Of a segment along which a potential's second differences are taken."""

Chance = Callable[[str], torch.Generator]


def drawn(pair: Pair, chance: Chance) -> tuple[Tensor, Tensor]:
    """Samples of P and of Q to be carried; where the pair's map is known, what that makes of P's."""
    x = pair.p.sample(DRAWN, chance("map p"))
    return x, pair.q.sample(DRAWN, chance("map q")) if pair.move is None else pair.move(x)


def seen(
    solver: Solver, plane: Plane, x: Tensor, y: Tensor, *, known: bool
) -> dict[str, NDArray[np.float32]]:
    """The arrays of Fields that say where samples x of P, y of Q and, for D <= 2, a regular grid are carried;
    none without a map. Where the pair's map is `known`, it takes each of x to its y."""
    dim = x.shape[1]
    found: dict[str, NDArray[np.float32]] = {}
    for name, law, carry, true in (
        ("q", x, solver.to_q, y if known else None), ("p", y, solver.to_p, x if known else None),
    ):  # fmt: skip
        starts = law[:SHOWN]
        ends = carry(starts)
        if ends is None:
            continue
        arrays = {"starts": _on(plane, starts), "ends": _on(plane, ends), "way": _length(ends - starts)}
        if true is not None:
            missed = _length(ends - true[:SHOWN])
            arrays |= {"true": _on(plane, true[:SHOWN]), "missed": missed}
        if dim <= 2:
            grid = _grid(law)
            nodes = carry(grid.reshape(-1, dim))
            assert nodes is not None
            arrays["grid"] = nodes.cpu().numpy().reshape(grid.shape)
            if dim == 1:
                arrays["line"] = grid.cpu().numpy()
        found |= {f"{part}_{name}": as_float32(array) for part, array in arrays.items()}
    return found


class MomentsJudge:
    """How well a solver's maps carry the moments of one law to those of the other, on samples of both.

    `mean_q` = |m - m'|, `covariance_q` = |S - S'| / |S'| (Frobenius): m, S of what the map makes of samples
    of P, m', S' of samples of Q; `_p` the other way. `_se` is what chance alone makes of each where the laws
    agree: the root of its mean square. `convexity` is of the potential (see `convexity`), between samples
    of P.
    """

    def __init__(self, pair: Pair, count: int, chance: Chance) -> None:
        self._pair, self._count, self._chance = pair, count, chance

    @torch.no_grad()
    def judge(self, solver: Solver) -> dict[str, float]:
        """mean_q, covariance_q, their `_se` and convexity; mean_p, covariance_p and theirs; where it maps."""
        x, y = (
            Stream(law, self._chance(f"moments {name}"))(self._count)
            for name, law in (("p", self._pair.p), ("q", self._pair.q))
        )
        to_q, found = solver.to_q(x), {}
        if to_q is not None:  # then the critic is a potential on P
            found["convexity"] = convexity(solver.critic, *x[: len(x) // 2 * 2].chunk(2))
        for name, made, wanted in (("q", to_q, y), ("p", solver.to_p(y), x)):
            if made is not None:
                for key, (number, error) in apart(made, wanted).items():
                    found |= {f"{key}_{name}": number, f"{key}_{name}_se": error}
        return found


def apart(made: Tensor, wanted: Tensor) -> dict[str, tuple[float, float]]:
    """mean and covariance, each with its `_se` (see `MomentsJudge`), of samples [n, D] of two laws."""
    (m, s, near, far), (m_, s_, near_, far_) = map(_moments, (made, wanted))
    size = float(s_.norm())
    return {
        "mean": (float((m - m_).norm()), (near + near_) ** 0.5),
        "covariance": (float((s - s_).norm()) / size, (far + far_) ** 0.5 / size),
    }


@torch.no_grad()
def convexity(critic: Critic, start: Tensor, end: Tensor) -> float:
    """The least second difference of f = (|x|^2 - u) / 2 along segments, over the mean of their sizes.

    From start [n, D] to end [n, D] in eight pieces; a convex f has none below 0, but for rounding.
    """
    shares = torch.linspace(0, 1, PIECES + 1).to(start)
    points = start.lerp(end, shares[:, None, None]).flatten(0, 1)
    if isinstance(critic, Convex):
        values = critic.potential(points)
    else:
        values = (points.square().sum(1) - critic(points)) / 2
    f = values.double().reshape(PIECES + 1, -1)
    second = f[:-2] - 2 * f[1:-1] + f[2:]
    return float(second.min() / second.abs().mean().clamp_min(1e-300))


def _moments(points: Tensor) -> tuple[Tensor, Tensor, float, float]:
    """Mean and covariance of samples [n, D], and the mean squared error of either."""
    points, count = points.double(), len(points)
    mean = points.mean(0)
    centred = points - mean
    covariance = centred.T @ centred / count
    sizes = centred.square().sum(1)
    fourth = float(sizes.square().mean() - covariance.square().sum())
    return mean, covariance, float(sizes.mean()) / count, max(fourth, 0.0) / count


def _grid(points: Tensor) -> Tensor:
    """A regular grid [m, n, 2] over samples [k, 2], or [m, 1] over [k, 1]."""
    reach = torch.tensor([TAIL, 1 - TAIL], dtype=points.dtype, device=points.device)
    low, high = points.quantile(reach, 0)
    count = NODES if len(low) == 2 else NODES_ON_LINE
    ticks = [low[k] + (high[k] - low[k]) * torch.linspace(0, 1, count).to(low) for k in range(len(low))]
    if len(ticks) == 1:
        return ticks[0][:, None]
    return torch.stack(torch.meshgrid(*ticks, indexing="xy"), dim=2)


def _on(plane: Plane, points: Tensor) -> NDArray[np.float64]:
    return plane.project(points.detach().cpu().double().numpy())


def _length(ways: Tensor) -> NDArray[np.floating]:
    found: NDArray[np.floating] = torch.linalg.vector_norm(ways, dim=1).cpu().numpy()
    return found
