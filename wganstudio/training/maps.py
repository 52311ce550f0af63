"""What is seen of a solver's maps: a grid and samples that they carry."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from wganstudio.fields.plane import Plane
from wganstudio.pairs.base import Pair
from wganstudio.solvers.base import Solver
from wganstudio.training.events import as_float32
from wganstudio.training.metrics import Chance

SHOWN = 200
"""Samples of either law that are carried."""
NODES, NODES_ON_LINE = 17, 101
"""Of the grid along each axis, and where the plane is a line."""
DRAWN, TAIL = 2000, 0.01
"""The grid reaches over samples of the law but for this share at either end."""


def drawn(pair: Pair, rng: Chance) -> tuple[Tensor, Tensor]:
    """Samples of P and of Q to be carried; where the pair's map is known, what that makes of P's."""
    x = pair.p.sample(DRAWN, rng("map p"))
    return x, pair.q.sample(DRAWN, rng("map q")) if pair.move is None else pair.move(x)


def seen(
    solver: Solver, plane: Plane, x: Tensor, y: Tensor, *, known: bool
) -> dict[str, NDArray[np.float32]]:
    """The arrays of Fields that say where samples x of P, y of Q and, for D <= 2, a regular grid are carried;
    none without a map. Where the pair's map is `known`, it takes each of x to its y."""
    dim = x.shape[1]
    found: dict[str, NDArray[np.float32]] = {}
    for name, law, carry, true in (
        ("q", x, solver.to_q, y if known else None),
        ("p", y, solver.to_p, x if known else None),
    ):
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
