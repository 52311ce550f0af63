"""Fits the power law c lambda^slope to measured excesses, which may be negative within their errors."""

import warnings
from dataclasses import dataclass

import numpy as np

from wganstudio.figures.types import Float

LEAST = 3
"""Fewest values of lambda for a fit of two parameters."""
SIGNIFICANT = 2.0
"""Standard errors from 0 beyond which a number is significant."""


@dataclass(frozen=True)
class PowerFit:
    """The slope of a power law on logarithmic axes, or the reason why there is none."""

    count: int
    """Number of points."""
    slope: float = float("nan")
    error: float = float("nan")
    """Standard error of the slope."""
    reason: str = ""

    @property
    def text(self) -> str:
        """The result in words."""
        if self.reason:
            return f"no slope ({self.reason})"
        return f"slope {self.slope:.2f} ± {self.error:.2f} (n = {self.count})"


def fit_power(penalties: Float, excess: Float, errors: Float, shift: float = 0.0) -> PowerFit:
    """Fit excess = c lambda^slope by weighted least squares on the linear scale.

    The scatter about the law beyond the errors, as that of critics which are not optimal, widens the standard
    error of the slope by the square root of the reduced chi^2.

    Parameters
    ----------
    penalties, excess, errors
        lambda, excess and its standard error, [n].
    shift
        Half width of the bracket of W1, an error that all points share.
    """
    fit = _fit(penalties, excess, errors)
    if fit.reason or not shift > 0:
        return fit
    ends = [_fit(penalties, excess + sign * shift, errors) for sign in (-1, 1)]
    if any(end.reason for end in ends):
        return PowerFit(fit.count, reason="not significant within the bounds of W₁")
    spread = max(abs(end.slope - fit.slope) for end in ends)
    return _checked(PowerFit(fit.count, fit.slope, float(np.hypot(fit.error, spread))))


def _fit(penalties: Float, excess: Float, errors: Float) -> PowerFit:
    count = len(penalties)
    if np.unique(penalties).size < LEAST:
        return PowerFit(count, reason=f"fewer than {LEAST} values of λ")
    if not (np.isfinite(errors) & (errors > 0)).all():
        return PowerFit(count, reason="a standard error is missing")
    above = excess > SIGNIFICANT * errors
    if np.unique(penalties[above]).size < 2:
        return PowerFit(count, reason=f"fewer than 2 values exceed W₁ by more than {SIGNIFICANT:g} SE")
    from scipy.optimize import OptimizeWarning, curve_fit  # takes a while

    logarithms = np.log(penalties)
    center = logarithms.mean()
    slope, height = np.polyfit(logarithms[above] - center, np.log(excess[above]), 1)

    def law(at: Float, height: float, slope: float) -> Float:
        return np.exp(height + slope * at)

    try:
        with warnings.catch_warnings(), np.errstate(over="ignore", invalid="ignore"):
            warnings.simplefilter("error", OptimizeWarning)
            (height, slope), covariance = curve_fit(
                law, logarithms - center, excess, (height, slope), sigma=errors, absolute_sigma=True
            )
    except (RuntimeError, ValueError, OptimizeWarning):
        return PowerFit(count, reason="the points determine none")
    residuals = (excess - law(logarithms - center, height, slope)) / errors
    scatter = max(1.0, float((residuals**2).sum()) / (count - 2))
    return _checked(PowerFit(count, float(slope), float(np.sqrt(scatter * covariance[1, 1]))))


def _checked(fit: PowerFit) -> PowerFit:
    """Return the fit, or the reason against it if its slope does not differ significantly from 0."""
    if abs(fit.slope) > SIGNIFICANT * fit.error:
        return fit
    return PowerFit(fit.count, reason=f"{fit.slope:.2f} ± {fit.error:.2f} is not significant")
