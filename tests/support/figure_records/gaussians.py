"""Events of a run between Gaussians, whose critics tend to the optimal potentials of congested transport."""

from functools import cache

import numpy as np
from scipy import stats
from scipy.integrate import cumulative_trapezoid

from figure_records.snapshots import snapshot
from wganstudio.experiment import override, read
from wganstudio.session import RunRecord
from wganstudio.training.events import Ended, FlowMissing, Lipschitz, Metrics, Started, TruthFound
from wganstudio.truths import Truth

RATE = 400.0
RECORDED = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)
TABLE = {1: (2.0, 3.0517, 4.1035), 2: (1.25331, 1.95786, 2.66241), 8: (2.74162, 5.69037, 8.63911)}
"""W1, congested cost, gap limit at lambda = 1."""


def spread(dim, t):
    """Standard deviation of z at time t, and its mean."""
    if dim == 1:  # N(0, 1) -> N(2, 1)
        return np.sqrt((1 - t) ** 2 + t**2), 2 * t
    return np.sqrt((1 - t) ** 2 + 4 * t**2), 0 * t  # N(0, I) -> N(0, 4 I)


@cache
def profile(dim):
    """r (x for D = 1), the slope |grad u|, u, and |w| at the optimum for lambda = 1 (per r for D > 1)."""
    t = (np.arange(400) + 0.5) / 400
    v, mean = spread(dim, t)
    if dim == 1:
        r = np.linspace(-6, 8, 2801)
        flow = stats.norm.cdf(r) - stats.norm.cdf(r - 2)
        density = stats.norm.pdf(r[:, None], mean, v).mean(1)
    else:
        r = np.linspace(1e-3, 6 * np.sqrt(dim), 1500)
        flow = stats.chi.cdf(r, dim) - stats.chi.cdf(r / 2, dim)
        density = (stats.chi.pdf(r[:, None] / v, dim) / v).mean(1)
    slope = 1 + np.abs(flow) / (2 * np.maximum(density, 1e-9))
    return r, slope, -cumulative_trapezoid(slope, r, initial=0), flow


def directions(dim, x, y):
    """Where mass flows to, [K, m, n]: right for D = 1, else away from the center."""
    if dim == 1:
        return np.ones((1, len(x)))
    across, up = np.meshgrid(x, y)
    return np.stack((across, up)) / np.hypot(across, up)


def true_flow(dim, x, y, where):
    """The flow on the plane, for D <= 2."""
    r, slope, u, flow = profile(dim)
    size = np.interp(where, r, flow) / (1 if dim == 1 else 2 * np.pi * where)
    arrays = {
        "momentum": size * directions(dim, x, y),
        "sigma": sigma(dim, where),
        "potential": np.interp(where, r, u),
        "potential_norm": np.interp(where, r, slope),
    }
    congestion_cost = 4 * (TABLE[dim][1] - TABLE[dim][0])
    return snapshot("flow", arrays, attributes={"penalty": 1.0, "congestion_cost": congestion_cost})


def grid(dim, points=64):
    x = np.linspace(-3, 5, 200) if dim == 1 else np.linspace(-5, 5, points)
    return x, (np.empty(0) if dim == 1 else np.linspace(-4, 4, int(points * 0.8)))


def sigma(dim, where):
    v, mean = spread(dim, (np.arange(100) + 0.5) / 100)
    if dim == 1:
        return stats.norm.pdf(where[..., None], mean, v).mean(-1)
    return (np.exp(-0.5 * (where[..., None] / v) ** 2) / (2 * np.pi * v**2)).mean(-1)


def share(step):
    return 1 - np.exp(-step / RATE)


EDGES = np.append(np.linspace(0, 8, 161), np.inf)


def sigma_samples(dim, step):
    """The gradient norms at samples of sigma, and the first two coordinates of the samples."""
    r, slope, _, _ = profile(dim)
    z = probes(dim)["sigma"]
    norms = share(step) * np.interp(np.linalg.norm(z, axis=1), r, slope)
    return snapshot("sigma-samples", {"sigma_points": z[:, :2], "sigma_norms": norms}, step, step in RECORDED)


def probes(dim):
    """Samples of P, of Q and between them."""
    rng = np.random.default_rng(11)
    x = rng.normal(size=(1000, dim))
    y = rng.normal(size=(1000, dim)) * (1 if dim == 1 else 2) + (2 if dim == 1 else 0)
    t = rng.random((1000, 1))
    return {"p": x, "q": y, "sigma": (1 - t) * x + t * y}


def gradient_norms(dim, step):
    """The gradient norms of the critic at a step, at samples of P, of Q and between them."""
    r, slope, u, _ = profile(dim)
    samples = probes(dim)
    x, y = samples["p"], samples["q"]
    places = {name: z[:, 0] if dim == 1 else np.linalg.norm(z, axis=1) for name, z in samples.items()}
    norms = {name: share(step) * np.interp(z, r, slope) for name, z in places.items()}
    arrays = {name: np.histogram(values, EDGES)[0] / 1000 for name, values in norms.items()}
    at_x, at_y = (share(step) * np.interp(places[name], r, u) for name in ("p", "q"))
    bounds = Lipschitz(
        empirical=float((np.abs(at_x - at_y) / np.linalg.norm(x - y, axis=1)).max()),
        largest_slope=float(max(values.max() for values in norms.values())),
        certified=5 * share(step) + 1e-3,
    )
    return snapshot("gradient-norms", {"edges": EDGES} | arrays, step, step in RECORDED, bounds)


def events(dim=2, until=2000, ended=True, points=64, known=True, flow=True, penalty=1.0, steps=2000):
    """The events of a run of `until` steps."""
    mean_q = 2.0 if dim == 1 else 0.0
    changes = {
        "about.name": f"Gaussians, D = {dim}",
        "pair.dim": dim,
        "pair.mean_q": mean_q,
        "critic.depth": 3,
        "pair.scale_q": 1.0 if dim == 1 else 2.0,
        "solver.penalty": penalty,
        "training.steps": steps,
        "critic.width": 128,
        "critic.activation": "elu",
        "training.batch": 512,
    }
    settings = override({"pair": {"kind": "gaussians"}, "solver": {"kind": "lp"}}, changes.items())
    yield Started(experiment=read(settings).settings(), environment={}, steps=steps)
    rng = np.random.default_rng(7)
    r, slope, u, _ = profile(dim)
    x, y = grid(dim, points)
    where = x if dim == 1 else np.hypot(*np.meshgrid(x, y))
    p, q = rng.normal(size=(300, dim)), rng.normal(size=(300, dim)) * (1 if dim == 1 else 2) + mean_q
    axes = 1 if dim == 1 else 2
    arrays = {
        "origin": np.zeros(dim),
        "axes": np.eye(dim)[:axes],
        "x": x,
        "y": y,
        "samples_p": p[:, :axes],
        "samples_q": q[:, :axes],
        "sigma": sigma(dim, where),
    }
    if known:
        arrays |= {"potential": -where, "potential_norm": np.ones_like(where)}
    labels = {1: ("x",), 2: ("x₁", "x₂")}.get(dim, ("principal axis 1", "principal axis 2"))
    marginal = "; its marginal on this plane" if dim > 2 else ""
    method = f"estimated from 262,144 samples{marginal}"
    yield snapshot("plane", arrays, attributes={"labels": labels, "sigma_method": method})
    for quantity, value in zip(("w1", "congested", "gap-limit"), TABLE[dim], strict=True):
        yield TruthFound(
            truth=Truth(
                quantity=quantity,
                value=value,
                lower=value - 1e-5,
                upper=value + 1e-5,
                method="closed form",
                law="the laws themselves",
                seconds=0.02,
            )
        )
    if flow and dim > 2:
        yield FlowMissing(message="The flow can be shown in one and two dimensions only.")
    elif flow:
        yield true_flow(dim, x, y, where)

    def estimate(step, count):
        a, pen = share(step), penalty
        xs, ys = (
            rng.normal(size=(count, dim)),
            rng.normal(size=(count, dim)) * (1 if dim == 1 else 2) + mean_q,
        )
        t = rng.random((count, 1))
        zs = (1 - t) * xs + t * ys
        at = (lambda s: s[:, 0]) if dim == 1 else (lambda s: np.linalg.norm(s, axis=1))
        up, uq = (a * np.interp(at(s), r, u) for s in (xs, ys))
        excess = np.maximum(a * np.interp(at(zs), r, slope) - 1, 0) ** 2
        gap, gap_se = up.mean() - uq.mean(), np.sqrt((up.var() + uq.var()) / count)
        se = np.sqrt((up.var() + uq.var() + pen**2 * excess.var()) / count)
        return {"gap": gap, "gap_se": gap_se, "value": gap - pen * excess.mean(), "value_se": se}

    for step in sorted({*(k for k in RECORDED if k <= until), *range(0, until + 1, 50)}):
        if step % 50 == 0:
            values = {k: float(v) for k, v in estimate(step, 4096).items()}
            yield Metrics(step=step, values=values, seconds=step / 200, samples=512 * step)
        critic = {
            "u": share(step) * np.interp(where, r, u),
            "gradient_norm": share(step) * np.interp(where, r, slope),
        }
        if dim <= 2:
            critic["gradient"] = -critic["gradient_norm"] * directions(dim, x, y)
        else:
            yield sigma_samples(dim, step)
        yield snapshot("critic", critic, step, step in RECORDED)
        norms = gradient_norms(dim, step)
        yield norms
    if ended:
        final = {key: float(v) for key, v in estimate(until, 1 << 17).items()}
        reason = "done" if until == steps else "stopped"
        yield Ended(
            step=until, reason=reason, seconds=12.0, estimates=final, gradient={}, lipschitz=norms.attributes
        )


def gaussian_record(dim=2, **options):
    """The record of `events`."""
    run_record = RunRecord(1, read({"pair": {"kind": "gaussians"}}))
    for event in events(dim, **options):
        run_record.apply(event)
    return run_record
