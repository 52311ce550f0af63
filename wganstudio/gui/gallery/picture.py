"""Draws the picture of a preset: the critic from Q to P, samples of both, or images."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from wganstudio.figures.preset_picture import PresetPicture
from wganstudio.figures.style import Palette

STRENGTH = 0.62
"""Share of the color of P or Q where the critic is highest or lowest."""
DOT = 1.3
BARS = 48


def paint_picture(
    painter: QPainter, rect: QRect, picture: PresetPicture, frame: int, palette: Palette
) -> None:
    """Draw one frame of a picture into a rectangle."""
    painter.save()
    painter.setClipRect(rect)
    if picture.images.size:
        _paint_images(painter, rect, picture.images[frame])
    elif picture.critic.shape[1] == 1:
        _paint_line(painter, rect, picture, frame, palette)
    else:
        _paint_plane(painter, rect, picture, frame, palette)
    painter.restore()


def _paint_plane(
    painter: QPainter, rect: QRect, picture: PresetPicture, frame: int, palette: Palette
) -> None:
    """Draw the critic as large as fits, with samples on it."""
    width = min(float(rect.width()), rect.height() * float(picture.aspect[0]))
    height = width / float(picture.aspect[0])
    place = QRectF(0, 0, width, height)
    place.moveCenter(QRectF(rect).center())
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(place, _colored(picture.critic[frame][::-1], palette))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    rim = QColor(palette.background)
    rim.setAlpha(170)
    for samples, color in ((picture.p, palette.p), (picture.q[min(frame, len(picture.q) - 1)], palette.q)):
        painter.setBrush(QColor(color))
        painter.setPen(QPen(rim, 0.6))
        for x, y in samples / 255:
            at = QPointF(place.left() + x * place.width(), place.bottom() - y * place.height())
            painter.drawEllipse(at, DOT, DOT)


def _paint_line(painter: QPainter, rect: QRect, picture: PresetPicture, frame: int, palette: Palette) -> None:
    """Draw histograms of P and Q on the line, and the critic above them."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    inner = QRectF(rect).adjusted(4, 8, -4, -2)
    counts = [
        np.bincount(samples[:, 0].astype(int) * BARS // 256, minlength=BARS)
        for samples in (picture.p, picture.q[min(frame, len(picture.q) - 1)])
    ]
    step, highest = inner.width() / BARS, max(1, *(int(one.max()) for one in counts))
    for count, name in zip(counts, (palette.p, palette.q), strict=True):
        color = QColor(name)
        color.setAlphaF(STRENGTH)
        for at, number in enumerate(count):
            size = inner.height() * 0.6 * float(number) / highest
            painter.fillRect(QRectF(inner.left() + at * step, inner.bottom() - size, step, size), color)
    values = picture.critic[frame][0] / 255
    path = QPainterPath()
    for at, value in enumerate(values):
        x = inner.left() + inner.width() * at / max(1, len(values) - 1)
        point = QPointF(x, inner.bottom() - inner.height() * float(value))
        path.lineTo(point) if at else path.moveTo(point)
    painter.strokePath(path, QPen(QColor(palette.foreground), 1.6))


def _paint_images(painter: QPainter, rect: QRect, gray: NDArray[np.uint8]) -> None:
    """Draw rows of gray images as large as fit."""
    gray = np.ascontiguousarray(gray)
    height, width = gray.shape
    image = QImage(gray.data, width, height, width, QImage.Format.Format_Grayscale8).copy()
    scaled = image.size().scaled(rect.size(), Qt.AspectRatioMode.KeepAspectRatio)
    place = QRect(rect.topLeft(), scaled)
    place.moveCenter(rect.center())
    painter.drawImage(place, image)


def _rgb(name: str) -> NDArray[np.float64]:
    color = QColor(name)
    return np.array([color.red(), color.green(), color.blue()], np.float64)


def _colored(critic: NDArray[np.uint8], palette: Palette) -> QImage:
    """Return the critic [h, w] in the color of P where it is high, and of Q where it is low."""
    low, middle, high = (_rgb(name) for name in (palette.q, palette.background, palette.p))
    level = critic[..., None] / 127.5 - 1
    toward = np.where(level > 0, high, low)
    rgb = np.round(middle + STRENGTH * np.abs(level) * (toward - middle)).astype(np.uint8)
    rgb = np.ascontiguousarray(rgb)
    height, width = critic.shape
    return QImage(rgb.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
