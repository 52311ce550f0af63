"""Exact transport between weighted points by POT: its network simplex, and sorting on the line."""

import os
import warnings
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MAX_ITERATIONS = 10_000_000


class ExactTransport(NamedTuple):
    """An optimal plan between n and m points, with the dual potentials that prove it optimal."""

    cost: float
    f: Floats
    """Potential [n]; f_i + g_j <= costs_ij, with equality where mass moves."""
    g: Floats
    """Potential [m]."""
    plan: Floats
    """Mass [n, m] moved from i to j."""


def exact_transport(
    costs: Floats,
    weights: Floats | None = None,
    rows: Floats | None = None,
    start: ExactTransport | None = None,
) -> ExactTransport:
    r"""Solve the linear program of optimal transport.

    .. math:: \min_\pi \sum_{ij} \pi_{ij} c_{ij} = \max_{f_i + g_j \le c_{ij}} \sum_i a_i f_i + \sum_j b_j g_j

    Parameters
    ----------
    costs : array
        Costs c [n, m].
    weights : array, optional
        Weights b [m] of the columns, of sum 1; equal by default.
    rows : array, optional
        Weights a [n] of the rows, of sum 1; equal by default.
    start : ExactTransport, optional
        The solution of a similar problem of the same size: its potentials are a warm start.

    Returns
    -------
    ExactTransport
        Cost, potentials and plan.

    Raises
    ------
    RuntimeError
        The network simplex did not reach the optimum.

    References
    ----------
    Bonneel et al., Displacement interpolation using Lagrangian mass transport, SIGGRAPH Asia 2011 (`ot.emd`).
    """
    ot = import_pot()
    n, m = costs.shape
    weights = np.full(m, 1 / m) if weights is None else weights
    rows = np.full(n, 1 / n) if rows is None else rows
    warm: dict[str, Any] = {} if start is None else {"potentials_init": (start.f, start.g)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the log holds the same message and is checked below
        plan, log = ot.emd(rows, weights, costs, numItermax=MAX_ITERATIONS, log=True, **warm)
    if log["warning"] is not None:
        raise RuntimeError(f"exact transport between {n} and {m} points did not converge: {log['warning']}")
    return ExactTransport(float(log["cost"]), np.asarray(log["u"]), np.asarray(log["v"]), np.asarray(plan))


def line_cost(x: Floats, y: Floats, a: Floats, b: Floats, *, squared: bool = False) -> float:
    """Return the exact cost between weighted points of the line, where the optimal plan sorts them.

    Parameters
    ----------
    x, y : array
        Points [n] and [m].
    a, b : array
        Weights [n] and [m], of sum 1.
    squared : bool
        The cost is |x - y|^2 instead of |x - y|.

    References
    ----------
    Peyré & Cuturi, Computational Optimal Transport, section 2.6 (`ot.emd2_1d`).
    """
    metric = "sqeuclidean" if squared else "euclidean"
    return float(import_pot().emd2_1d(x, y, a, b, metric=metric, dense=False))


def import_pot() -> Any:
    """Import POT without its backends, which would load every array library (3.2 s instead of 1.0)."""
    for backend in ("PYTORCH", "JAX", "CUPY", "TENSORFLOW"):
        os.environ.setdefault(f"POT_BACKEND_DISABLE_{backend}", "1")
    import ot

    return ot
