"""Records of runs as formulas have them: the congested potentials, on the way there."""

from functools import cache

import numpy as np
import pytest
from scipy import special, stats
from scipy.integrate import cumulative_trapezoid

from wganstudio.experiment import override, read
from wganstudio.session import RunRecord
from wganstudio.training.events import (
    Ended,
    Failed,
    Fields,
    Flow,
    FlowMissing,
    Lipschitz,
    Scalars,
    Scene,
    Slopes,
    Started,
    TruthFound,
    as_float32,
)
from wganstudio.truths import Truth

RATE = 400.0
KEPT = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)
TABLE = {1: (2.0, 3.0517, 4.1035), 2: (1.25331, 1.95786, 2.66241), 8: (2.74162, 5.69037, 8.63911)}
"""W1, congested cost, gap limit at lambda = 1."""


def spread(dim, t):
    """Standard deviation of z at time t, and its mean."""
    if dim == 1:  # N(0, 1) -> N(2, 1)
        return np.sqrt((1 - t) ** 2 + t**2), 2 * t
    return np.sqrt((1 - t) ** 2 + 4 * t**2), 0 * t  # N(0, I) -> N(0, 4 I)


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
        "potential_slope": np.interp(where, r, slope),
    }
    congestion_cost = 4 * (TABLE[dim][1] - TABLE[dim][0])
    return Flow(
        penalty=1.0,
        congestion_cost=congestion_cost,
        arrays={key: as_float32(value) for key, value in arrays.items()},
    )


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


def steepness(dim, step, keep):
    """How steep the critic is at a step: the profile's slopes at samples of P, of Q and between them."""
    rng = np.random.default_rng(11)
    r, slope, u, _ = profile(dim)
    x = rng.normal(size=(1000, dim))
    y = rng.normal(size=(1000, dim)) * (1 if dim == 1 else 2) + (2 if dim == 1 else 0)
    t = rng.random((1000, 1))
    places = {"p": x, "q": y, "sigma": (1 - t) * x + t * y}
    places = {law: z[:, 0] if dim == 1 else np.linalg.norm(z, axis=1) for law, z in places.items()}
    slopes = {law: share(step) * np.interp(z, r, slope) for law, z in places.items()}
    arrays = {law: np.histogram(values, EDGES)[0] / 1000 for law, values in slopes.items()}
    at_x, at_y = (share(step) * np.interp(places[law], r, u) for law in ("p", "q"))
    known = Lipschitz(
        empirical=float((np.abs(at_x - at_y) / np.linalg.norm(x - y, axis=1)).max()),
        largest_slope=float(max(values.max() for values in slopes.values())),
        certified=5 * share(step) + 1e-3,
    )
    arrays = {name: as_float32(array) for name, array in ({"edges": EDGES} | arrays).items()}
    return Slopes(step=step, keep=keep, lipschitz=known, arrays=arrays)


def events(dim=2, until=2000, ended=True, points=64, known=True, flow=True, penalty=1.0, steps=2000):
    """All that a run of `until` steps says."""
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
        arrays |= {"potential": -where, "potential_slope": np.ones_like(where)}
    labels = {1: ("x",), 2: ("x₁", "x₂")}.get(dim, ("principal axis 1", "principal axis 2"))
    marginal = "; its marginal on this plane" if dim > 2 else ""
    yield Scene(
        labels=labels,
        sigma_method=f"estimated from 262,144 samples{marginal}",
        arrays={key: as_float32(value) for key, value in arrays.items()},
    )
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

    for step in sorted({*(k for k in KEPT if k <= until), *range(0, until + 1, 50)}):
        if step % 50 == 0:
            yield Scalars(step=step, values={k: float(v) for k, v in estimate(step, 4096).items()})
        fields = {
            "u": share(step) * np.interp(where, r, u),
            "slope": share(step) * np.interp(where, r, slope),
        }
        if dim <= 2:
            fields["gradient"] = -fields["slope"] * directions(dim, x, y)
        yield Fields(step=step, keep=step in KEPT, arrays={k: as_float32(v) for k, v in fields.items()})
        slopes = steepness(dim, step, step in KEPT)
        yield slopes
    if ended:
        final = {key: float(v) for key, v in estimate(until, 1 << 17).items()}
        reason = "done" if until == steps else "stopped"
        yield Ended(
            step=until, reason=reason, seconds=12.0, estimates=final, gradient={}, lipschitz=slopes.lipschitz
        )


def record(dim=2, **options):
    made = RunRecord(1, read({"pair": {"kind": "gaussians"}}))
    for event in events(dim, **options):
        made.apply(event)
    return made


@cache
def making(dim, image=None):
    """The record of a run with a generator, whose points walk from samples of a narrow law to those of P.

    Of 60 points, the last 10 are the first once more, as particles are that were drawn twice.
    """
    made = RunRecord(1, read({"pair": {"kind": "gaussians"}, "generator": {"kind": "mlp"}}))
    rng = np.random.default_rng(3)
    start, end, known = (
        0.2 * rng.normal(size=(50, dim)),
        rng.normal(size=(50, dim)),
        rng.normal(size=(20, dim)),
    )
    for event in events(dim, points=24):
        if isinstance(event, Scene) and image is not None:
            event = event.model_copy(update={"arrays": event.arrays | {"image": as_float32(np.array(image))}})
        if isinstance(event, Fields):
            points = start + share(event.step) * (end - start)
            arrays = {"samples_q": np.concatenate((points, points[:10]))[:, :2]}
            if dim > 2:
                away = np.linalg.norm(points[:36, None] - known, axis=2)
                arrays |= {"made": points[:36], "nearest": known[away.argmin(axis=1)]}
            arrays = {name: as_float32(array) for name, array in arrays.items()}
            event = event.model_copy(update={"arrays": event.arrays | arrays})
        made.apply(event)
    return made


def atomic(atoms, q, epsilon=0.0, weights=None, psi=None, cost="squared", normalize=False, generator=None):
    """The record of a run of the semi-discrete solver whose Q has the samples q: frames at steps 1 and 100.

    `psi` is that of the second frame; that of the first is zero, as both are by default.
    """
    atoms, q = np.asarray(atoms, float), np.asarray(q, float)
    dim, steps = atoms.shape[1], (1, 100)
    nu = np.full(len(atoms), 1 / len(atoms)) if weights is None else np.asarray(weights, float)
    settings = {
        "pair": {"kind": "gaussians", "dim": dim},
        "training": {"steps": 100},
        "solver": {"kind": "semi-discrete", "epsilon": epsilon, "cost": cost, "normalize": normalize},
    }
    made = RunRecord(1, read(settings | ({"generator": generator} if generator else {})))
    made.apply(Started(experiment=made.experiment.settings(), environment={}, steps=100))
    x, y = np.linspace(-2, 2, 41), np.linspace(-1, 1, 21) if dim == 2 else np.empty(0)
    field = np.zeros((21, 41) if dim == 2 else 41)
    plane = {"origin": np.zeros(dim), "axes": np.eye(dim), "x": x, "y": y, "sigma": field}
    plane |= {"samples_p": atoms, "samples_q": q}
    made.apply(
        Scene(
            labels=("x\u2081", "x\u2082")[:dim],
            sigma_method="none",
            arrays={name: as_float32(array) for name, array in plane.items()},
        )
    )
    for step, dual in zip(steps, (None, psi), strict=True):
        shown = {"u": field, "slope": field, "samples_q": q, "atoms": atoms, "weights": nu}
        shown["psi"] = np.zeros(len(atoms)) if dual is None else dual
        shown |= planned(atoms, nu, shown["psi"], q, epsilon)
        arrays = {name: as_float32(array) for name, array in shown.items()}
        made.apply(Fields(step=step, keep=True, arrays=arrays))
    return made


def planned(atoms, nu, psi, q, epsilon):
    """Where the first of the points q send their mass, at the squared cost."""
    sources = q[:6]
    heights = psi - ((sources[:, None] - atoms) ** 2).sum(2)
    best = (heights == heights.max(1)[:, None]).astype(float)
    shares = special.softmax(heights / epsilon + np.log(nu), 1) if epsilon else best
    which = np.argsort(-shares, axis=1)[:, : min(4, len(atoms))]
    most, breadth = np.take_along_axis(shares, which, 1), 1 / (shares**2).sum(1)
    return {"sources": sources, "partners": atoms[which], "shares": most, "breadth": breadth}


def mapped(dim, converged=1.0, gap_lower=0.999, convexity=0.01):
    """The record of a run whose maps are x to (1/2, 3/2) x + (1, -1/2) and back, the true ones unshifted."""
    made = RunRecord(
        1,
        read(
            {
                "pair": {"kind": "gaussians", "dim": dim},
                "critic": {"kind": "icnn"},
                "solver": {"kind": "convex"},
                "training": {"steps": 100},
            }
        ),
    )
    made.apply(Started(experiment=made.experiment.settings(), environment={}, steps=100))
    rng = np.random.default_rng(5)
    axes = min(dim, 2)
    x, stretch, shift = rng.normal(size=(40, axes)), np.array([0.5, 1.5])[:axes], np.array([1, -0.5])[:axes]
    ticks, across = np.linspace(-2, 2, 12), np.linspace(-2, 2, 5)
    y = ticks if axes == 2 else np.empty(0)
    field = np.zeros((12, 12) if axes == 2 else 12)
    scene = {"origin": np.zeros(dim), "axes": np.eye(dim)[:axes], "x": ticks, "y": y, "sigma": field}
    scene |= {"samples_p": x, "samples_q": x * stretch}
    made.apply(
        Scene(
            labels=("x\u2081", "x\u2082")[:axes],
            sigma_method="none",
            arrays={name: as_float32(array) for name, array in scene.items()},
        )
    )
    grid = np.stack(np.meshgrid(*[across] * axes), axis=-1)

    def to_q(points):
        return points * stretch + shift

    def to_p(points):
        return (points - shift) / stretch

    for step, off in ((1, 0.5), (100, 0.3)):
        numbers = {"gap": 1.0, "gap_se": 0.01, "gap_lower": gap_lower, "converged": converged}
        numbers |= {"convexity": convexity}
        for to in "qp":
            numbers |= {f"mean_{to}": off, f"mean_{to}_se": 0.05, f"covariance_{to}": 0.1}
            numbers |= {f"covariance_{to}_se": 0.02}
        made.apply(Scalars(step=step, values=numbers))
        arrays = {"u": field, "slope": field}
        for to, starts, carry, true in (("q", x, to_q, x * stretch), ("p", x * stretch, to_p, x)):
            ends = carry(starts)
            arrays |= {
                f"starts_{to}": starts,
                f"ends_{to}": ends,
                f"way_{to}": np.linalg.norm(ends - starts, axis=1),
                f"true_{to}": true,
                f"missed_{to}": np.linalg.norm(ends - true, axis=1),
            }
            if dim <= 2:
                arrays[f"grid_{to}"] = carry(grid)
            if dim == 1:
                arrays[f"line_{to}"] = grid
        made.apply(Fields(step=step, keep=True, arrays={n: as_float32(a) for n, a in arrays.items()}))
    return made


def failed():
    made = RunRecord(3, read({"pair": {"kind": "gaussians"}}))
    made.apply(Failed(message="The loss is not a number at step 1."))
    return made


@pytest.fixture(scope="session")
def make_record():
    """Makes a record: make_record(dim, until=..., ended=..., ...)."""
    return record


@pytest.fixture(scope="session")
def make_events():
    return events


@pytest.fixture
def failed_record():
    return failed()


@pytest.fixture(scope="session")
def make_making():
    """Makes the record of a run with a generator: make_making(dim, image=(channels, height, width))."""
    return making


@pytest.fixture(scope="session")
def make_atomic():
    """Makes the record of a semi-discrete run: make_atomic(atoms, q, epsilon=..., ...)."""
    return atomic


@pytest.fixture(scope="session")
def plane_record():
    return record(2)


@pytest.fixture(scope="session")
def line_record():
    return record(1)


@pytest.fixture(scope="session")
def space_record():
    return record(8)


@pytest.fixture(scope="session")
def make_mapped():
    """Makes the record of a run with maps: make_mapped(dim, converged=..., ...)."""
    return mapped
