"""Diagnostics of transport maps: matched moments, convexity of the potential."""

from wganstudio.figures.types import Float
from wganstudio.session import RunRecord

CONVEXITY_TOLERANCE = 1e-3
"""A potential with a second difference below minus this share of their mean size is not convex."""
DIRECTIONS = {"q": "P to Q", "p": "Q to P"}
"""The directions of maps, by the target distribution."""


def metrics_at(record: RunRecord, step: int | None = None) -> dict[str, float]:
    """Return the final estimates, or the newest values of the curves up to a step."""
    ended = record.ended
    if ended is not None and ended.estimates and (step is None or step >= ended.step):
        return ended.estimates | ended.gradient
    metrics = {}
    for name in NAMES:
        steps, values = record.curve(name)
        until: Float = values if step is None else values[steps <= step]
        if len(until):
            metrics[name] = float(until[-1])
    return metrics


def moment_errors(metrics: dict[str, float], to: str) -> str:
    """Return the errors of the moments of a map's image in words; empty where there is no map."""
    if f"mean_{to}" not in metrics:
        return ""
    mean, mean_noise, covariance, covariance_noise = (
        metrics[f"{name}_{to}{end}"] for name in ("mean", "covariance") for end in ("", "_se")
    )
    return (
        f"error in mean {mean:.2g} (sampling noise {mean_noise:.1g}); in covariance {_percent(covariance)} "
        f"({_percent(covariance_noise)})"
    )


def convexity_text(metrics: dict[str, float]) -> str:
    """Return the convexity of the potential along segments of P in words; empty where it is not known."""
    if "convexity" not in metrics:
        return ""
    verdict = "convex" if is_convex(metrics) else "the potential is not convex"
    return f"{verdict}: minimum second difference on segments {metrics['convexity']:.1g}"


def is_convex(metrics: dict[str, float]) -> bool:
    """Return False if the potential was found not to be convex."""
    return metrics.get("convexity", 0.0) >= -CONVEXITY_TOLERANCE


def _percent(share: float) -> str:
    return f"{100 * share:,.0f} %" if share >= 0.0995 else f"{100 * share:.2g} %"


NAMES = (
    "gap",
    "gap_lower",
    "converged",
    "conjugate_residual",
    "convexity",
    "uvp",
    "cos_map",
    "uvp_back",
    "cos_back",
    *(f"{name}_{to}{end}" for to in DIRECTIONS for name in ("mean", "covariance") for end in ("", "_se")),
)
