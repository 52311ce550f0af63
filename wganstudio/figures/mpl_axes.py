"""Logarithmic axes for print."""

from matplotlib.axis import Axis
from matplotlib.ticker import LogLocator


def label_decades(*axes: Axis) -> None:
    """Label powers of ten with plain numbers, or also 2 and 5 over less than two decades.

    The limits must be set before.
    """
    for axis in axes:
        low, high = axis.get_view_interval()
        axis.set_major_locator(LogLocator(subs=(1, 2, 5) if high < 100 * low else (1,), numticks=5))
        axis.set_major_formatter(lambda value, _: f"{value:g}")
        axis.set_minor_formatter(lambda value, _: "")
