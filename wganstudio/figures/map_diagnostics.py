"""What is known of a solver's maps in numbers: how loose the conjugate is, moments matched, convexity."""

from wganstudio.figures.plane import Float
from wganstudio.session import RunRecord

WIDEST = 0.01
"""An interval wider than this share of the gap makes a conjugate loose."""
ROUNDING = 1e-3
"""Of the mean size of its second differences: a potential with any further below 0 is not convex."""
DIRECTIONS = {"q": "P to Q", "p": "Q to P"}
"""The maps by the law that they lead to."""


def numbers_at(record: RunRecord, step: int | None = None) -> dict[str, float]:
    """The final estimates, or the curves' newest values up to a step."""
    ended = record.ended
    if ended is not None and (step is None or step >= ended.step):
        return ended.estimates | ended.gradient
    found = {}
    for name in NAMES:
        steps, values = record.curve(name)
        known: Float = values if step is None else values[steps <= step]
        if len(known):
            found[name] = float(known[-1])
    return found


def looseness(numbers: dict[str, float]) -> str:
    """One sentence where the conjugate is loose; empty where it is sound, or none is known."""
    if "gap_lower" not in numbers:
        return ""
    low, high, missed = numbers["gap_lower"], numbers["gap"], 1 - numbers["converged"]
    if missed <= 0 and high - low <= WIDEST * abs(high):
        return ""
    share = f"{100 * missed:.{0 if missed >= 0.01 else 2}f} %"
    what = f"{share} of the points have not converged; " if missed > 0 else ""
    return f"the conjugate is loose: {what}the cost lies in [{low:.3g}, {high:.3g}]"


def moments(numbers: dict[str, float], to: str) -> str:
    """How well the map to one of the laws matches its moments; empty where there is no map."""
    if f"mean_{to}" not in numbers:
        return ""
    mean, rng, covariance, spread = (
        numbers[f"{name}_{to}{end}"] for name in ("mean", "covariance") for end in ("", "_se")
    )
    return (
        f"mean off by {mean:.2g} (chance {rng:.1g}), covariance by {_percent(covariance)} "
        f"({_percent(spread)})"
    )


def _percent(share: float) -> str:
    return f"{100 * share:,.0f} %" if share >= 0.0995 else f"{100 * share:.2g} %"


def curvature(numbers: dict[str, float]) -> str:
    """How convex the potential is along segments between samples of P; empty where that is not known."""
    if "convexity" not in numbers:
        return ""
    says = "convex" if convex(numbers) else "the potential is not convex"
    return f"{says}: least second difference on segments {numbers['convexity']:.1g}"


def convex(numbers: dict[str, float]) -> bool:
    """Whether the potential is convex there, as far as is known."""
    return numbers.get("convexity", 0.0) >= -ROUNDING


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
