"""PointsEdit: points of the plane as text, such as "0.5, 1; -2, 0"."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLineEdit

Point = tuple[float, float]
HINT = "Type each point as two numbers, such as 0.5, 1; separate points by a semicolon."


class PointsEdit(QLineEdit):
    """Shows points; emits those that the user types."""

    typed = Signal(object)
    """The points, a list of pairs."""
    refused = Signal(str)
    """One sentence on a text that is no list of points."""

    def __init__(self, name: str, at_least: int, at_most: int) -> None:
        super().__init__()
        self._counts = at_least, at_most
        self.setAccessibleName(name)
        self.setToolTip(f"{name}. {HINT}")
        self.editingFinished.connect(self._finish)

    def show_points(self, points: Sequence[Point]) -> None:
        """Show points, unless the user is typing."""
        if not (self.hasFocus() and self.isModified()):
            self.setText("; ".join(f"{x:.4g}, {y:.4g}" for x, y in points))

    @Slot()
    def _finish(self) -> None:
        if not self.isModified():
            return
        self.setModified(False)
        points = read_points(self.text())
        low, high = self._counts
        if points is None:
            self.refused.emit(HINT)
        elif not low <= len(points) <= high:
            count = f"{low}" if low == high else f"{low} to {high}"
            self.refused.emit(f"Type {count} points; there are {len(points)}.")
        else:
            self.typed.emit(points)


def read_points(text: str) -> list[Point] | None:
    """Return the points of a text; None if it is no list of pairs of numbers."""
    points: list[Point] = []
    for part in filter(None, (one.strip(" ()") for one in text.split(";"))):
        numbers = part.replace(",", " ").split()
        try:
            x, y = (float(number) for number in numbers)
        except ValueError:
            return None
        points.append((x, y))
    return points
