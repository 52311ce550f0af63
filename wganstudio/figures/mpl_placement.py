"""Legends and labels of printed plots, placed where they cover no curve."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patches import StepPatch
from matplotlib.text import Text

from wganstudio.figures.placement import CORNERS, Corner, Occupancy, PixelBox, best_corner, place_labels

NAMES: dict[Corner, Any] = dict(
    zip(CORNERS, ("upper right", "lower right", "upper left", "lower left"), strict=True)
)
BESIDE_SHARE = 0.3
"""Share of the width of the axes that a legend beside them may take."""
MARGIN = 5.0
"""Pixels between a legend and the axes."""
GROUND = {"facecolor": "white", "alpha": 0.75, "linewidth": 0, "pad": 0.6}
"""The ground of a label."""
NO_OBSTACLE = "no-obstacle"
"""Group of artists that labels may cover, such as grid lines."""


def place_legend(axes: Axes, handles: Sequence[Any] | None = None, **style: Any) -> None:
    """Add a legend in the corner where it covers no curve; where there is none, make room for it.

    A legend that is narrow stands beside the axes then, another one above the curves, within the axes.

    Parameters
    ----------
    axes
        The axes with everything else drawn.
    handles
        Entries of the legend, by default the labeled artists.
    style
        Options of matplotlib's legend.
    """
    if handles is None and not axes.get_legend_handles_labels()[0]:
        return
    entries = {} if handles is None else {"handles": list(handles)}
    legend = axes.legend(**entries, framealpha=0.85, loc="upper right", **style)
    plot, extent = occupancy_of(axes), legend.get_window_extent()
    corner, is_free = best_corner(plot, (extent.width, extent.height), MARGIN)
    if is_free:
        legend.set_loc(NAMES[corner])
    elif extent.width < BESIDE_SHARE * plot.width and len(axes.figure.axes) == 1:
        axes.legend(
            **entries, loc="upper left", bbox_to_anchor=(1.01, 1.0), borderaxespad=0, frameon=False, **style
        )
    else:
        _make_headroom(axes, (extent.height + 2 * MARGIN) / plot.height)


def _make_headroom(axes: Axes, share: float) -> None:
    """Extend the vertical axis upwards, so that a share of its height is free; at most half of it."""
    low, high = axes.get_ylim()
    factor = 1 / (1 - min(share, 0.5))
    if axes.get_yscale() == "log":
        axes.set_ylim(low, low * (high / low) ** factor)
    else:
        axes.set_ylim(low, low + (high - low) * factor)


def place_band_labels(
    axes: Axes, bands: Sequence[tuple[float, float]], labels: Sequence[tuple[str, str]], size: float = 6.5
) -> None:
    """Label horizontal bands by text and color where the labels cover neither curves nor one another."""
    plot, frame = occupancy_of(axes, with_legend=True), axes.get_window_extent()
    texts = [
        axes.text(0, 0, text, color=color, fontsize=size, va="bottom", zorder=6, in_layout=False, bbox=GROUND)
        for text, color in labels
    ]
    extents = [text.get_window_extent() for text in texts]
    edges = [tuple(axes.transData.transform([(0.0, end) for end in band])[:, 1] - frame.y0) for band in bands]
    places = place_labels(plot, edges, [(extent.width, extent.height) for extent in extents])
    for text, place, (_, color) in zip(texts, places, labels, strict=True):
        if place is None:
            text.remove()
            continue
        _move(text, axes, place.box)
        if place.needs_leader:
            end = place.box.bottom if place.box.bottom > place.anchor else place.box.top
            x = (place.box.left + 1.5) / frame.width
            ends = np.array([end, place.anchor]) / frame.height
            axes.plot([x, x], ends, color=color, linewidth=0.5, transform=axes.transAxes, gid=NO_OBSTACLE)


def occupancy_of(axes: Axes, *, with_legend: bool = False) -> Occupancy:
    """Return what the lines and markers of a plot cover, once it is laid out."""
    root = axes.get_figure(root=True)
    assert root is not None
    root.draw_without_rendering()
    frame = axes.get_window_extent()
    plot = Occupancy(frame.width, frame.height)
    for line in axes.lines:
        if line.get_gid() == NO_OBSTACLE:
            continue
        points = line.get_transform().transform(line.get_xydata()) - (frame.x0, frame.y0)
        order = np.argsort(points[:, 0], kind="stable")
        plot.add_curve(*points[order].T)
        if line.get_marker() not in ("None", "", None):
            for x, y in points[np.isfinite(points).all(axis=1)]:
                plot.add_box(PixelBox(x - 4, y - 4, 8, 8))
    for collection in axes.collections:
        if collection.get_gid() == NO_OBSTACLE:
            continue
        paths = collection.get_paths() if isinstance(collection, LineCollection) else ()
        for path in paths:
            x, y = (collection.get_transform().transform(path.vertices) - (frame.x0, frame.y0)).T
            if len(x) == 2:  # an error bar
                plot.add_curve(x, y) if x[0] <= x[1] else plot.add_curve(x[::-1], y[::-1])
    for patch in axes.patches:
        if isinstance(patch, StepPatch):
            heights, edges, _ = patch.get_data()
            x, y = (
                axes.transData.transform(np.c_[edges.repeat(2)[1:-1], heights.repeat(2)])
                - (frame.x0, frame.y0)
            ).T
            plot.add_curve(x, y)
    if with_legend and (legend := axes.get_legend()) is not None:
        extent = legend.get_window_extent()
        plot.add_box(PixelBox(extent.x0 - frame.x0, extent.y0 - frame.y0, extent.width, extent.height))
    return plot


def _move(text: Text, axes: Axes, box: PixelBox) -> None:
    frame = axes.get_window_extent()
    text.set_transform(axes.transAxes)
    text.set_position((box.left / frame.width, box.bottom / frame.height))
