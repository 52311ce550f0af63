"""SurfaceDialog: the field of a map as a surface that the user turns, in a window of its own.

A widget of OpenGL in the main window would make the whole window be drawn by OpenGL, which slows live views
where there is no graphics card.
"""

import importlib.util
import itertools
import sys
from typing import Any

import numpy as np
from PySide6.QtGui import QColor, QGuiApplication, QOpenGLContext
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from wganstudio.figures.grid import ColorScale, coordinate_text
from wganstudio.figures.plane_field import PlaneField
from wganstudio.figures.style import LIGHT, Palette
from wganstudio.figures.types import Float
from wganstudio.gui.views.plot_items import color_map_of
from wganstudio.gui.widgets.plain_text import Label

MAX_POINTS = 128
"""Points of the surface along the longer side; of a finer grid every second (third, ...) one is drawn."""
HEIGHT = 0.6
"""Height of the surface relative to the longer side of the plane."""
NO_LIBRARY = (
    'The surface needs PyOpenGL, so the map stays flat; install it with: pip install "wganstudio[surface]".'
)
NO_OPENGL = "This display offers no OpenGL, so the map stays flat."
HINT = "Drag to turn, use the wheel to zoom; the arrow keys turn as well."


def surface_problem() -> str:
    """Return one sentence on why no surface can be shown; empty if one can."""
    if importlib.util.find_spec("OpenGL") is None:
        return NO_LIBRARY
    if QGuiApplication.platformName() in ("offscreen", "minimal", "vnc", "linuxfb"):
        return NO_OPENGL
    _keep_triton_out()
    return "" if QOpenGLContext().create() else NO_OPENGL


def _keep_triton_out() -> None:
    """Let `import triton` fail from now on, unless it is loaded already.

    Mesa brings LLVM into the process. Triton, which torch imports where it finds it, brings another LLVM, and
    crashes when it is loaded second.
    """
    sys.modules.setdefault("triton", None)  # type: ignore[arg-type]


class SurfaceDialog(QDialog):
    """A surface whose colors are those of the map, or a sentence where it cannot be shown."""

    def __init__(self, parent: QWidget, title: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"Surface: {title}")
        self.text = Label(wordWrap=True)
        self.canvas: Any = None
        """The widget of pyqtgraph.opengl; None where there is no OpenGL."""
        self._item: Any = None
        self._palette = LIGHT
        self._corners: tuple[float, float] | None = None
        """Half the sides of the plane."""
        self._frame: Any = None
        column = QVBoxLayout(self)
        problem = surface_problem()
        if not problem:
            self.canvas = _make_canvas(title)
            column.addWidget(self.canvas, 1)
        self.text.setText(problem)
        column.addWidget(self.text)
        self.resize(640, 520)

    def set_palette(self, palette: Palette) -> None:
        """Change the theme."""
        self._palette = palette
        if self.canvas is not None:
            self.canvas.setBackgroundColor(palette.background)
            self._draw_frame()

    def show_field(self, field: PlaneField, scale: ColorScale, step: int) -> None:
        """Draw a field, with the heights and colors of a scale."""
        if self.canvas is None:
            return
        x, y, heights, shares = surface_of(field, scale)
        colors = color_map_of(scale.name).map(shares, mode=color_map_of(scale.name).FLOAT)
        if self._item is None or self._item._z.shape != heights.shape:
            self._replace(x, y, heights, colors)
        else:
            self._item.setData(x=x, y=y, z=heights, colors=colors)
        corners = float(x[-1]), float(y[-1])
        if corners != self._corners:
            self._corners = corners
            self._draw_frame()
        low, high = float(np.nanmin(field.values)), float(np.nanmax(field.values))
        sentence = (
            f"{field.label} at step {step:,}, from {low:.4g} to {high:.4g}, over {_sides(field)}. {HINT}"
        )
        self.text.setText(sentence)
        self.canvas.setAccessibleDescription(sentence)

    def _draw_frame(self) -> None:
        """Draw the edges of the box about the surface."""
        from pyqtgraph.opengl import GLLinePlotItem

        if self._frame is not None:
            self.canvas.removeItem(self._frame)
        if self._corners is not None:
            color = QColor(self._palette.faint).getRgbF()
            edges = box_edges(*self._corners)
            self._frame = GLLinePlotItem(pos=edges, color=color, mode="lines", glOptions="opaque")
            self.canvas.addItem(self._frame)

    def _replace(self, x: Float, y: Float, heights: Float, colors: Float) -> None:
        from pyqtgraph.opengl import GLSurfacePlotItem

        if self._item is not None:
            self.canvas.removeItem(self._item)
        self._item = GLSurfacePlotItem(x=x, y=y, z=heights, colors=colors, computeNormals=False)
        self.canvas.addItem(self._item)


def surface_of(field: PlaneField, scale: ColorScale) -> tuple[Float, Float, Float, Float]:
    """Return x [n], y [m], heights [n, m] and places in the colors [n, m] of a surface within a unit box.

    What lies outside the limits of the scale is drawn at its end; a hole at its lower end.
    """
    stride = -(-max(field.values.shape) // MAX_POINTS)
    x, y = field.grid.x[::stride].astype(float), field.grid.y[::stride].astype(float)
    size = max(np.ptp(x), np.ptp(y)) or 1.0
    low, high = scale.ends
    values = scale.on_axis(np.asarray(field.values[::stride, ::stride], float)).T
    shares = np.nan_to_num(np.clip((values - low) / (high - low), 0, 1))
    x, y = ((part - (part[0] + part[-1]) / 2) / size for part in (x, y))
    return x, y, HEIGHT * (shares - 0.5), shares


def _sides(field: PlaneField) -> str:
    """Return the names and ends of both axes."""
    grid = field.grid
    return " and ".join(
        f"{name} from {coordinate_text(ticks[0], 1.0)} to {coordinate_text(ticks[-1], 1.0)}"
        for name, ticks in zip(grid.names, (grid.along(0, grid.x), grid.along(1, grid.y)), strict=True)
    )


def box_edges(x: float, y: float) -> Float:
    """Return the ends of the edges of the box about the surface, [24, 3], from half its sides."""
    corners = np.array(list(itertools.product((-x, x), (-y, y), (-HEIGHT / 2, HEIGHT / 2))))
    pairs = itertools.combinations(corners, 2)
    return np.array([corner for pair in pairs if np.sum(pair[0] != pair[1]) == 1 for corner in pair])


def _make_canvas(title: str) -> Any:
    from pyqtgraph.opengl import GLViewWidget

    canvas = GLViewWidget()
    canvas.setAccessibleName(f"Surface of {title}")
    canvas.setCameraPosition(distance=1.7, elevation=28, azimuth=-60)
    canvas.setMinimumSize(240, 200)
    return canvas
