"""Images as densities: the dark or the light pixels of a file become Gaussians on a grid."""

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QPainter

from wganstudio.gui.drawing.drawing import DrawnPart

CELLS = 30
"""Cells along the longer side."""
LARGEST = 4096
FAINTEST = 0.02
"""Share of the largest mass of a cell below which it is left out."""


class BadImage(ValueError):
    """A file that is no image, or none with mass."""


def image_parts(
    path: str, *, low: tuple[float, float], high: tuple[float, float], mass: float, light: bool
) -> list[DrawnPart]:
    """Return the parts of an image that is fitted into a box.

    Parameters
    ----------
    path
        The file.
    low, high
        Corners of the box.
    mass
        The mass of all parts.
    light
        The light pixels have mass, not the dark ones.

    Raises
    ------
    BadImage
        If the file cannot be read, is too large, or has no mass.
    """
    reader = QImageReader(path)
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid() and max(size.width(), size.height()) > LARGEST:
        raise BadImage(f"{path} has {size.width()} x {size.height()} pixels; a side may have {LARGEST:,}.")
    image = reader.read()
    if image.isNull():
        raise BadImage(f"{path} cannot be read as an image: {reader.errorString()}.")
    density = _density(image, light)
    if not density.any():
        raise BadImage(f"{path} is all {'dark' if light else 'light'}; change which pixels have mass.")
    density[density < FAINTEST * density.max()] = 0
    rows, columns = density.shape
    cell = min((high[0] - low[0]) / columns, (high[1] - low[1]) / rows)
    left = (low[0] + high[0] - columns * cell) / 2
    top = (low[1] + high[1] + rows * cell) / 2
    shares = density / density.sum() * mass
    return [
        DrawnPart(
            left + (column + 0.5) * cell, top - (row + 0.5) * cell, cell / 2, float(shares[row, column])
        )
        for row, column in np.argwhere(shares > 0)
    ]


def _density(image: QImage, light: bool) -> np.ndarray:
    """Return the darkness, or lightness, of the cells [rows, columns], from 0 to 1."""
    size = image.size().scaled(QSize(CELLS, CELLS), Qt.AspectRatioMode.KeepAspectRatio)
    size = size.expandedTo(QSize(1, 1))
    behind = QImage(image.size(), QImage.Format.Format_RGB32)
    behind.fill(Qt.GlobalColor.black if light else Qt.GlobalColor.white)  # what is transparent has no mass
    painter = QPainter(behind)
    painter.drawImage(0, 0, image)
    painter.end()
    small = behind.scaled(
        size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    ).convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(small.constBits(), np.uint8).reshape(small.height(), small.bytesPerLine())
    gray = rows[:, : small.width()].astype(float) / 255
    return gray if light else 1 - gray
