"""A solver's maps on the plane: samples and a regular grid that they carry."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from wganstudio.fields.plane import Plane
from wganstudio.pairs.base import Pair
from wganstudio.solvers.base import Solver
from wganstudio.training.producers import Rng
from wganstudio.training.topics import as_float32

SHOWN = 200
"""Samples of either distribution that are carried."""
NODES, NODES_ON_LINE = 17, 101
"""Nodes of the grid along each axis, and where the plane is a line."""
GRID_SAMPLES, TAIL = 2000, 0.01
"""Samples whose range the grid covers, and the share of them that it omits at either end."""


def sample_points(pair: Pair, rng: Rng) -> tuple[Tensor, Tensor]:
    """Return samples of P and Q; if the map of the pair is known, those of Q are the images of those of P."""
    x = pair.p.sample(GRID_SAMPLES, rng("map p"))
    return x, pair.q.sample(GRID_SAMPLES, rng("map q")) if pair.move is None else pair.move(x)


def map_arrays(
    solver: Solver, plane: Plane, x: Tensor, y: Tensor, *, paired: bool
) -> dict[str, dict[str, NDArray[np.float32]]]:
    """Return the arrays of the topics map-to-q and map-to-p, each where the solver has the map.

    Parameters
    ----------
    x, y : Tensor
        Samples of P and Q, [n, D].
    paired : bool
        True if y are the images of x under the known map of the pair.
    """
    dim = x.shape[1]
    topics: dict[str, dict[str, NDArray[np.float32]]] = {}
    for topic, samples, carry, images in (
        ("map-to-q", x, solver.to_q, y if paired else None),
        ("map-to-p", y, solver.to_p, x if paired else None),
    ):
        starts = samples[:SHOWN]
        ends = carry(starts)
        if ends is None:
            continue
        arrays = {
            "starts": _on_plane(plane, starts),
            "ends": _on_plane(plane, ends),
            "distance": _norms(ends - starts),
        }
        if images is not None:
            error = _norms(ends - images[:SHOWN])
            arrays |= {"true_ends": _on_plane(plane, images[:SHOWN]), "error": error}
        if dim <= 2:
            grid = _grid(samples)
            nodes = carry(grid.reshape(-1, dim))
            assert nodes is not None
            arrays["grid"] = nodes.cpu().numpy().reshape(grid.shape)
            if dim == 1:
                arrays["line"] = grid.cpu().numpy()
        topics[topic] = {name: as_float32(array) for name, array in arrays.items()}
    return topics


def _grid(points: Tensor) -> Tensor:
    """Return a regular grid [m, n, 2] over samples [k, 2], or [m, 1] over [k, 1]."""
    shares = torch.tensor([TAIL, 1 - TAIL], dtype=points.dtype, device=points.device)
    low, high = points.quantile(shares, 0)
    count = NODES if len(low) == 2 else NODES_ON_LINE
    ticks = [low[k] + (high[k] - low[k]) * torch.linspace(0, 1, count).to(low) for k in range(len(low))]
    if len(ticks) == 1:
        return ticks[0][:, None]
    return torch.stack(torch.meshgrid(*ticks, indexing="xy"), dim=2)


def _on_plane(plane: Plane, points: Tensor) -> NDArray[np.float64]:
    return plane.project(points.detach().cpu().double().numpy())


def _norms(displacements: Tensor) -> NDArray[np.floating]:
    norms: NDArray[np.floating] = torch.linalg.vector_norm(displacements, dim=1).cpu().numpy()
    return norms
