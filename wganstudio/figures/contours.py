"""Contour lines on the plane."""

import contourpy
import numpy as np

from wganstudio.figures.grid import PlaneGrid
from wganstudio.figures.types import Float

CONTOUR_POINTS = 160
"""Contours of a finer grid use every second (third, ...) point, to stay cheap in live views."""


def contour_levels(low: float, high: float, count: int = 10) -> Float:
    """Return about `count` round numbers strictly between low and high; none for an empty interval."""
    span = high - low
    if not np.isfinite(span) or span <= 1e-9 * max(abs(low), abs(high), 1e-9):
        return np.empty(0)
    power = 10.0 ** np.floor(np.log10(span / count))
    step = power * next(nice for nice in (1, 2, 2.5, 5, 10) if nice * power >= span / count)
    levels = np.arange(np.floor(low / step) + 1, np.ceil(high / step)) * step
    return np.asarray(levels[(levels > low) & (levels < high)])


def contours(grid: PlaneGrid, field: Float, levels: Float) -> tuple[Float, ...]:
    """Return one array [k, 2] per level: its contour lines, a row of NaN between two."""
    if grid.is_line or not len(levels):
        return ()
    stride = -(-max(field.shape) // CONTOUR_POINTS)
    field = np.ma.masked_invalid(field[::stride, ::stride])
    if min(field.shape) < 2:
        return tuple(np.empty((0, 2)) for _ in levels)
    generator = contourpy.contour_generator(
        grid.x[::stride], grid.y[::stride], field, line_type=contourpy.LineType.ChunkCombinedNan
    )
    lines = [generator.lines(float(level))[0][0] for level in levels]
    return tuple(np.empty((0, 2)) if line is None else line for line in lines)


def join_lines(lines: tuple[Float, ...]) -> Float:
    """Return the lines of all levels as one array [k, 2], a row of NaN between two."""
    parts = [part for line in lines if len(line) for part in (line, np.full((1, 2), np.nan))]
    return np.concatenate(parts[:-1]) if parts else np.empty((0, 2))
