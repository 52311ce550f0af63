"""The menu of the colors of a run."""

from PySide6.QtGui import QAction, QColor, QIcon, QPixmap
from PySide6.QtWidgets import QMenu

from wganstudio.figures.style import Palette


def color_actions(menu: QMenu, palette: Palette, chosen: int | None) -> list[tuple[int | None, QAction]]:
    """Add an action for each color to a menu, first the automatic one, and return them with their colors."""
    actions: list[tuple[int | None, QAction]] = []
    for color in (None, *range(len(palette.runs))):
        action = QAction("Automatic color" if color is None else f"Color {color + 1}", menu)
        if color is not None:
            action.setIcon(_swatch(palette.run(color)))
        action.setCheckable(True)
        action.setChecked(color == chosen)
        menu.addAction(action)
        actions.append((color, action))
    return actions


def _swatch(color: str) -> QIcon:
    pixmap = QPixmap(16, 16)
    pixmap.fill(QColor(color))
    return QIcon(pixmap)
