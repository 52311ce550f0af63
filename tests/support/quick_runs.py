"""Experiments of a few steps, with every registered solver, critic and generator."""

from typing import Any

from own_files import own
from wganstudio.experiment import Experiment, kinds, override, read

QUICK: dict[str, Any] = {
    "pair": {"kind": "ray-monotone", "dim": 3},
    "training": {"steps": 10, "batch": 32},
    "evaluation": {"interval": 4, "samples": 64, "final_samples": 1024, "resolution": 8},
}
CRITICS = {"plain": "sll", "convex": "icnn", "w2-pair": "icnn", "w2-cycle": "icnn"}
"""Critics of the solvers that do not train every one."""
SOLVERS: dict[str, dict[str, object]] = {
    "convex": {"solver.max_iterations": 4},
    "dot": {"solver.samples": 32},
    "semi-discrete": {"solver.atoms": 48},
}
"""Settings that make a solver faster."""
EIGHT = {"pair": {"kind": "classics", "p": "eight-gaussians", "q": "gaussian"}}
DIGITS = {"pair": {"kind": "data", "p": "digits", "rows": 80, "q": "standard"}}
LINE = {"pair": {"kind": "gaussians", "dim": 1}}


def case(solver: str = "lp", critic: str = "", groups: Any = None, **changes: object) -> Experiment:
    """An experiment of a few steps; `changes` name a field as solver__epsilon."""
    chosen = own("critic", 3) if critic == "own" else {"kind": critic or CRITICS.get(solver, "mlp")}
    settings = QUICK | {"critic": chosen, "solver": {"kind": solver}}
    asked = SOLVERS.get(solver, {}) | {name.replace("__", "."): value for name, value in changes.items()}
    return read(override(settings | (groups or {}), list(asked.items())))


def of_generator(kind: str, ema_decay: float = 0.0) -> Experiment | None:
    """An experiment with a generator; None where it has no average and one is asked for."""
    changes: dict[str, object] = {"generator__kind": kind}
    if kind == "own":
        changes["generator__script_file"] = own("generator", 2, 2)["script_file"]
    if kind == "dcgan":
        changes["generator__width"] = 4
    if "ema_decay" in kinds("generator")[kind].model_fields:
        changes |= {"generator__ema_decay": ema_decay, "generator__critic_steps": 2}
    elif ema_decay:
        return None
    solver = "w2-pair" if kind == "composite" else "lp"
    return case(solver, groups=DIGITS if kind == "dcgan" else EIGHT, **changes)
