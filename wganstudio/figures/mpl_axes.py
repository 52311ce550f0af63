"""Logarithmic axes for print."""

from matplotlib.axis import Axis
from matplotlib.ticker import LogLocator


def name_decades(*axes: Axis) -> None:
    """Plain numbers, as mathematical text is off, on powers of ten, or on 1, 2, 5 over less than two of them.

    The limits must be set before.
    """
    for axis in axes:
        low, high = axis.get_view_interval()
        axis.set_major_locator(LogLocator(subs=(1, 2, 5) if high < 100 * low else (1,), numticks=5))
        axis.set_major_formatter(lambda value, _: f"{value:g}")
        axis.set_minor_formatter(lambda value, _: "")
