"""Numbers as text: one notation for a number with its standard error, and for a duration."""

import math


def with_error(value: float, error: float) -> str:
    """Return a number with its standard error, to the digits that the error determines."""
    if not (math.isfinite(error) and error > 0):
        return f"{value:.5g}"
    digits = max(0, -math.floor(math.log10(error)) + (1 if f"{error:e}"[0] == "1" else 0))
    return f"{value:.{min(digits, 9)}f} ± {error:.{min(digits, 9)}f}"


def duration_text(seconds: float) -> str:
    """Return a duration in the two largest units that it fills."""
    if seconds < 60:
        return f"{seconds:.2g} s" if seconds < 9.95 else f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours:,} h {minutes} min"
