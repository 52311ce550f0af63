"""Texts of the figure costs: summaries, labels of truths, and the caption."""

from wganstudio.comparison.metrics import COMPARED
from wganstudio.comparison.numbers import with_error
from wganstudio.experiment import GroundCost
from wganstudio.experiment.external import ExternalPairOptions
from wganstudio.figures.captions import settings_text
from wganstudio.figures.costs.curves import WIDTH, Estimate
from wganstudio.figures.flow import suboptimality
from wganstudio.figures.map_diagnostics import metrics_at
from wganstudio.session import RunRecord
from wganstudio.training.outcome import conjugate_warning
from wganstudio.truths import Quantity, Truth
from wganstudio.truths.certificate import NAMES


def accuracy_text(gradient: dict[str, float]) -> str:
    """Return the accuracy of grad u or of the maps in words; empty where the truth is not known."""
    parts = []
    if "cos" in gradient:
        exact, published = (
            f"cos {gradient[f'cos{suffix}']:.3f}, L2 {gradient[f'l2{suffix}']:.3f}"
            for suffix in ("", "_published")
        )
        parts.append(f"∇u compared with the truth: {exact} (published metric: {published})")
    maps = [
        f"{gradient[name]:.3g} % ({direction})"
        for name, direction in (("uvp", "P to Q"), ("uvp_back", "Q to P"))
        if name in gradient
    ]
    if maps:
        parts.append(f"L2-UVP of the maps: {', '.join(maps)}")
    return "; ".join(parts)


def cost_name(quantity: Quantity, ground: GroundCost | None) -> str:
    """Return the name of a cost: that of the quantity, or of the transport at a ground cost."""
    return NAMES[quantity] if ground is None else ground.description


def band_label(truth: Truth) -> str:
    """Return a short label of a truth: its value, or its bounds where they differ."""
    name = NAMES[truth.quantity]
    if truth.upper - truth.lower <= 1e-3 * abs(truth.value):
        return f"{name} {truth.value:.5g}"
    return f"{name} in [{truth.lower:.4g}, {truth.upper:.4g}]"


def certificate_text(truth: Truth) -> str:
    """Return a truth with its bounds, method, distributions and time in words."""
    return (
        f"{NAMES[truth.quantity]} = {truth.value:.6g} in [{truth.lower:.6g}, {truth.upper:.6g}]: "
        f"{truth.method}; for {truth.law}; {truth.seconds:.2g} s"
    )


def warnings_while_training(record: RunRecord) -> tuple[str, ...]:
    """Return signs, before the end of a run, that its conjugate is loose."""
    return tuple(filter(None, (conjugate_warning(metrics_at(record)),)))


def missing_truths_text(record: RunRecord) -> str:
    """Return the reason why there are no truths, or no more of them."""
    if record.ended is None or record.truth_missing or record.truths:
        return record.truth_missing
    return (
        "they are still being computed, or the session was closed before. To get them, train a run with "
        "these settings again, or use the command wganstudio truth."
    )


def gradient_metrics(record: RunRecord) -> dict[str, float]:
    """Return the newest accuracies of grad u or of the maps, those of the end if there are any."""
    if record.ended is not None and record.has_estimates:
        return record.ended.gradient
    names = "cos", "l2", "cos_published", "l2_published", "uvp", "cos_map", "uvp_back", "cos_back"
    newest = {name: record.last(name) for name in names}
    return {name: value for name, value in newest.items() if value is not None}


def estimate_summary(estimate: Estimate, truths: dict[Quantity, Truth]) -> str:
    """Return an estimate compared with its truths, in words."""
    number = f"{estimate.name} {with_error(estimate.value, estimate.error)}"
    references = [truths[quantity] for quantity in COMPARED[estimate.name] if quantity in truths]
    comparison = ", ".join(_comparison(estimate, truth) for truth in references)
    return f"{number}: {comparison}" if comparison else number


def suboptimality_lines(record: RunRecord) -> tuple[str, ...]:
    """Return the suboptimality of the critic in words; it bounds the error of its momentum."""
    gap = suboptimality(record)
    if gap is None:
        return ()
    bracket = (gap.upper - gap.lower) / 2
    bounds = f", ± {bracket:.1g} from the bounds of the cost" if bracket > 0.1 * gap.error else ""
    estimate = with_error(gap.value, gap.error)
    return (f"suboptimality {estimate}: optimization gap, congested cost minus value{bounds}",)


def generator_lines(record: RunRecord) -> tuple[str, ...]:
    """Return distance to and coverage of the held-out data, or of fresh samples, in words."""
    estimates = {} if record.ended is None else record.ended.estimates
    names = ("true_lower", "true_upper", "precision", "recall", "modes", "near")
    metrics = {name: value for name in names if (value := estimates.get(name, record.last(name))) is not None}
    if "true_lower" not in metrics:
        return ()
    is_probe = isinstance(record.experiment.pair, ExternalPairOptions)
    target = "fresh samples of P" if is_probe else "held-out data"
    parts = [
        f"true cost to {target} between {metrics['true_lower']:.4g} and {metrics['true_upper']:.4g}",
    ]
    if "precision" in metrics:
        parts.append(f"precision {metrics['precision']:.2f}, recall {metrics['recall']:.2f}")
    if "modes" in metrics:
        parts.append(
            f"{metrics['modes']:.0f} modes covered, {100 * metrics['near']:.0f} % of samples near a mode"
        )
    return ("; ".join(parts),)


def costs_caption(record: RunRecord, finals: tuple[Estimate, ...], axes: str) -> str:
    """Return the caption; `axes` are sentences on smoothing and axes."""
    parts = [
        f"{record.name}.",
        f"Curves: critic gap and value on fresh samples, shaded: ± {WIDTH} standard errors (SE).",
    ]
    if finals:
        samples = record.experiment.evaluation.final_samples
        parts.append(f"Points with bars: the final estimates on {samples:,} fresh samples, ± {WIDTH} SE.")
    parts += [axes] if axes else []
    parts += [f"{certificate_text(truth)}." for truth in record.truths.values()]
    parts += record.warnings
    return " ".join([*parts, settings_text(record)])


def _comparison(estimate: Estimate, truth: Truth) -> str:
    name = NAMES[truth.quantity]
    name = name if name.startswith("W") else f"the {name[0].lower()}{name[1:]}"
    if truth.upper - truth.lower <= 0.01 * abs(truth.value):
        bound, reference = truth.value, name
    elif truth.lower <= estimate.value <= truth.upper:
        return f"between the bounds of {name}"
    else:
        above = estimate.value > truth.upper
        bound, reference = (
            (truth.upper, f"the upper bound of {name}")
            if above
            else (truth.lower, f"the lower bound of {name}")
        )
    if bound == 0:
        return f"{estimate.value:+.3g} from {reference}"
    share = 100 * (estimate.value - bound) / abs(bound)
    amount = (
        f"{abs(share):.0f}"
        if abs(share) >= 9.95
        else f"{abs(share):.1f}"
        if abs(share) >= 0.05
        else "less than 0.1"
    )
    text = f"{amount} % {'above' if share > 0 else 'below'} {reference}"
    return text + (" (within 2 SE)" if abs(estimate.value - bound) <= WIDTH * estimate.error else "")
