"""The inner flow of a cell beside the same flow computed on many small cells."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wganstudio.truths.grid.inner_flow import InnerFlow

COUNT = 64
SIDE = 0.3
AT = (np.arange(COUNT) + 0.5) / COUNT


def density(kind: str, rng: np.random.Generator) -> np.ndarray:
    """Return P - Q on small cells."""
    if kind == "cut":
        return np.where(rng.normal() * (AT[:, None] - 0.4) + rng.normal() * (AT - 0.6) > 0, 1.7, 0.0)
    if kind == "corner":
        return 2.0 * (AT[:, None] > rng.uniform()) * (rng.uniform() < AT)
    return np.kron(rng.uniform(-1, 1, (4, 4)), np.ones((COUNT // 4, COUNT // 4)))


def explicit_flow(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return c in the middle of the small cells, first along x, then along y."""
    step = SIDE / COUNT
    rest = values - values.mean()
    columns = rest.mean(axis=1, keepdims=True)
    ends_x, ends_y = np.cumsum(columns, axis=0) * step, np.cumsum(rest - columns, axis=1) * step
    return ends_x - columns * step / 2 + 0 * rest, ends_y - (rest - columns) * step / 2


@pytest.mark.parametrize("kind", ["cut", "corner", "blocks"])
@given(seed=st.integers(0, 10**6), size=st.sampled_from([0.0, 0.05, 1.0, 20.0]))
@settings(max_examples=25, deadline=None)
def test_it_costs_no_more_than_is_said(kind: str, seed: int, size: float) -> None:
    rng = np.random.default_rng(seed)
    values = density(kind, rng)
    shares = np.stack([1 - AT, AT])
    corners = np.einsum("ax,xy,by->ab", shares, values, shares)[None, None] * (SIDE / COUNT) ** 2
    inner = InnerFlow.from_masses(corners, np.array([[np.ptp(values)]]), SIDE)
    flow = explicit_flow(values)
    assert np.hypot(*flow).max() <= inner.longest[0, 0] * (1 + 1e-12)
    assert [part.mean() for part in flow] == pytest.approx(
        [inner.along_x[0, 0], inner.along_y[0, 0]], abs=1e-4
    )

    low, high = size * rng.normal(size=2), size * rng.normal(size=2)
    sigma = 0.4
    cost = inner.cost(
        *((low[:1, None], low[1:, None]), (high[:1, None], high[1:, None])), np.full((1, 1), sigma), SIDE**2
    )
    w = (low[0] + (high[0] - low[0]) * AT[:, None], low[1] + (high[1] - low[1]) * AT)
    whole = np.hypot(w[0] + flow[0], w[1] + flow[1])
    alone = np.hypot(*np.broadcast_arrays(*w))
    slack = 1e-4 * (1 + size) * SIDE**2  # of the sums over small cells
    assert (whole - alone).mean() * SIDE**2 <= cost.length + slack
    added = (whole**2 - alone**2).mean() * SIDE**2 / sigma
    assert added <= cost.congestion + slack / sigma
    assert cost.congestion - added <= cost.excess + slack / sigma
