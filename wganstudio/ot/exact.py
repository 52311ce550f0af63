"""Exact transport between equally many or few samples: a linear program."""

import os
import warnings
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_ITERATIONS = 10_000_000


class Transport(NamedTuple):
    """An optimal plan between n points and m others, and what proves it optimal."""

    cost: float
    f: Floats
    """Potential [n]; f_i + g_j <= costs_ij, with equality where mass moves."""
    g: Floats
    """Potential [m]."""
    plan: Floats
    """Mass [n, m] moved from i to j."""


def exact_transport(costs: Floats, weights: Floats | None = None, rows: Floats | None = None) -> Transport:
    """Exact transport between n points and m others at mutual costs [n, m].

    They weigh the same, or have the weights `rows` [n] and `weights` [m] of sum 1. RuntimeError where the
    network simplex did not reach the optimum.
    """
    ot = import_ot()
    n, m = costs.shape
    weights = np.full(m, 1 / m) if weights is None else weights
    rows = np.full(n, 1 / n) if rows is None else rows
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the log says the same, and is looked at
        plan, log = ot.emd(rows, weights, costs, numItermax=_ITERATIONS, log=True)
    if log["warning"] is not None:
        raise RuntimeError(f"exact transport between {n} and {m} samples did not finish: {log['warning']}")
    return Transport(float(log["cost"]), np.asarray(log["u"]), np.asarray(log["v"]), np.asarray(plan))


def import_ot() -> Any:
    """POT without its backends, which would import every array library there is (3.2 s instead of 1.0)."""
    for backend in ("PYTORCH", "JAX", "CUPY", "TENSORFLOW"):
        os.environ.setdefault(f"POT_BACKEND_DISABLE_{backend}", "1")
    import ot

    return ot
