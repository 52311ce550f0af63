"""Records of runs with a generator, with a dual over atoms, and with transport maps."""

from functools import cache

import numpy as np
from scipy import special

from figure_records.gaussians import events, share
from figure_records.snapshots import snapshot
from wganstudio.experiment import read
from wganstudio.session import RunRecord
from wganstudio.training.events import Metrics, Started, as_float32


@cache
def generator_record(dim, image=None):
    """The record of a run with a generator, whose points walk from a narrow distribution to samples of P.

    Of 60 points, the last 10 are the first once more, as particles are that were drawn twice.
    """
    run_record = RunRecord(1, read({"pair": {"kind": "gaussians"}, "generator": {"kind": "mlp"}}))
    rng = np.random.default_rng(3)
    start, end, known = (
        0.2 * rng.normal(size=(50, dim)),
        rng.normal(size=(50, dim)),
        rng.normal(size=(20, dim)),
    )
    for event in events(dim, points=24):
        if event.name == "plane" and image is not None:
            event = event.model_copy(update={"arrays": event.arrays | {"image": as_float32(np.array(image))}})
        if event.name == "critic":
            points = start + share(event.step) * (end - start)
            arrays = {"samples_q": np.concatenate((points, points[:10]))[:, :2]}
            if dim > 2:
                distances = np.linalg.norm(points[:36, None] - known, axis=2)
                arrays |= {"generated": points[:36], "nearest": known[distances.argmin(axis=1)]}
            run_record.apply(snapshot("generated", arrays, event.step, event.recorded))
        run_record.apply(event)
    return run_record


def atomic_record(
    atoms, q, epsilon=0.0, weights=None, psi=None, cost="squared", normalize=False, generator=None
):
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
    run_record = RunRecord(1, read(settings | ({"generator": generator} if generator else {})))
    run_record.apply(Started(experiment=run_record.experiment.settings(), environment={}, steps=100))
    x, y = np.linspace(-2, 2, 41), np.linspace(-1, 1, 21) if dim == 2 else np.empty(0)
    field = np.zeros((21, 41) if dim == 2 else 41)
    plane = {"origin": np.zeros(dim), "axes": np.eye(dim), "x": x, "y": y, "sigma": field}
    plane |= {"samples_p": atoms, "samples_q": q}
    labels = ("x\u2081", "x\u2082")[:dim]
    run_record.apply(snapshot("plane", plane, attributes={"labels": labels, "sigma_method": "none"}))
    for step, dual in zip(steps, (None, psi), strict=True):
        current = np.zeros(len(atoms)) if dual is None else dual
        run_record.apply(snapshot("generated", {"samples_q": q}, step))
        run_record.apply(snapshot("plan", plan_rows(atoms, nu, current, q, epsilon), step))
        run_record.apply(snapshot("atoms", {"atoms": atoms, "weights": nu, "psi": current}, step))
        run_record.apply(snapshot("critic", {"u": field, "gradient_norm": field}, step))
    return run_record


def plan_rows(atoms, nu, psi, q, epsilon):
    """The rows of the plan of the first of the points q, at the squared cost."""
    sources = q[:6]
    heights = psi - ((sources[:, None] - atoms) ** 2).sum(2)
    best = (heights == heights.max(1)[:, None]).astype(float)
    shares = special.softmax(heights / epsilon + np.log(nu), 1) if epsilon else best
    which = np.argsort(-shares, axis=1)[:, : min(4, len(atoms))]
    most, counts = np.take_along_axis(shares, which, 1), 1 / (shares**2).sum(1)
    return {"sources": sources, "partners": atoms[which], "shares": most, "effective_count": counts}


def map_record(dim, converged=1.0, gap_lower=0.999, convexity=0.01):
    """The record of a run whose maps are x to (1/2, 3/2) x + (1, -1/2) and back, the true ones unshifted."""
    run_record = RunRecord(
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
    run_record.apply(Started(experiment=run_record.experiment.settings(), environment={}, steps=100))
    rng = np.random.default_rng(5)
    axes = min(dim, 2)
    x, stretch, shift = rng.normal(size=(40, axes)), np.array([0.5, 1.5])[:axes], np.array([1, -0.5])[:axes]
    ticks, across = np.linspace(-2, 2, 12), np.linspace(-2, 2, 5)
    y = ticks if axes == 2 else np.empty(0)
    field = np.zeros((12, 12) if axes == 2 else 12)
    plane = {"origin": np.zeros(dim), "axes": np.eye(dim)[:axes], "x": ticks, "y": y, "sigma": field}
    plane |= {"samples_p": x, "samples_q": x * stretch}
    labels = ("x\u2081", "x\u2082")[:axes]
    run_record.apply(snapshot("plane", plane, attributes={"labels": labels, "sigma_method": "none"}))
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
        run_record.apply(Metrics(step=step, values=numbers))
        for to, starts, carry, true in (("q", x, to_q, x * stretch), ("p", x * stretch, to_p, x)):
            ends = carry(starts)
            arrays = {
                "starts": starts,
                "ends": ends,
                "distance": np.linalg.norm(ends - starts, axis=1),
                "true_ends": true,
                "error": np.linalg.norm(ends - true, axis=1),
            }
            if dim <= 2:
                arrays["grid"] = carry(grid)
            if dim == 1:
                arrays["line"] = grid
            run_record.apply(snapshot(f"map-to-{to}", arrays, step))
        run_record.apply(snapshot("critic", {"u": field, "gradient_norm": field}, step))
    return run_record
