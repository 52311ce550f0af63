"""Delegates of the table of runs: color and star, the state with its progress, and runs in three lines."""

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPalette, QPolygonF
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from wganstudio.comparison.columns import STATE_SYMBOLS
from wganstudio.figures.style import DARK, LIGHT, Palette
from wganstudio.gui.widgets.runs.model import DETAIL, ROW, SPACE, Index
from wganstudio.gui.widgets.runs.rows import Row
from wganstudio.gui.widgets.runs.texts import STATE_COLORS

DOT = 10
STAR = 14
MARGIN = 7
SELECTION_SHARE = 0.22
"""Share of the accent color in the background of selected rows."""
FULL_STAR, EMPTY_STAR = "\u2605", "\u2606"


class RunDelegate(QStyledItemDelegate):
    """Base: the palette of the runs, and which groups are unfolded."""

    def __init__(self, parent: QWidget, unfolded: set[int]) -> None:
        super().__init__(parent)
        self.palette_: Palette = LIGHT
        self._unfolded = unfolded

    def set_dark(self, dark: bool) -> None:
        """Change the theme."""
        self.palette_ = DARK if dark else LIGHT

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """Make the selection pale, so that the colors of the runs stand out, and give numbers a margin."""
        super().initStyleOption(option, index)
        palette = option.palette
        role = QPalette.ColorRole
        base, accent = palette.color(role.Base), palette.color(role.Accent)
        palette.setColor(role.Highlight, _between(base, accent, SELECTION_SHARE))
        palette.setColor(role.HighlightedText, palette.color(role.Text))
        option.palette = palette
        if option.displayAlignment & Qt.AlignmentFlag.AlignRight:
            option.text += SPACE

    def _draw_color(self, painter: QPainter, row: Row, center: QPointF) -> None:
        """Draw the color of a run as a disk; of a group as a triangle that points down if it is unfolded."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.palette_.run_color(row.records[0])))
        half, third = DOT / 2, DOT / 3
        if not row.is_group:
            painter.drawEllipse(center, half, half)
            return
        down = row.records[0].run in self._unfolded
        corners = (
            [(-half, -third), (half, -third), (0.0, half)] if down else [(-third, -half), (-third, half)]
        )
        corners += [] if down else [(half, 0.0)]
        painter.drawPolygon(QPolygonF([center + QPointF(x, y) for x, y in corners]))

    def _draw_star(self, painter: QPainter, option: QStyleOptionViewItem, row: Row, rect: QRect) -> None:
        starred = all(record.labels.starred for record in row.records)
        color = QColor("#d99a1c") if starred else QColor(option.palette.color(QPalette.ColorRole.Text))
        color.setAlpha(255 if starred else 110)
        painter.setPen(color)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, FULL_STAR if starred else EMPTY_STAR)


class MarkDelegate(RunDelegate):
    """The color of a run and its star."""

    WIDTH = 2 * MARGIN + DOT + STAR + 6

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw both."""
        super().paint(painter, option, index)
        row = index.data(ROW)
        if row is None:
            return
        painter.save()
        rect = option.rect
        indent = 3 if row.is_member else 0
        self._draw_color(
            painter, row, QPointF(rect.left() + MARGIN + DOT / 2 + indent, rect.center().y() + 1)
        )
        self._draw_star(painter, option, row, self.star_rect(rect))
        painter.restore()

    @staticmethod
    def star_rect(rect: QRect) -> QRect:
        """Return the part of the cell that the star takes."""
        return QRect(rect.left() + MARGIN + DOT + 3, rect.top(), STAR + 6, rect.height())


class StateDelegate(RunDelegate):
    """The state in words, over a line of progress while the run is under way."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw text and progress."""
        super().paint(painter, option, index)
        row = index.data(ROW)
        if row is None or row.is_group or row.records[0].state not in ("running", "paused"):
            return
        draw_progress(painter, option.rect.adjusted(3, 0, -3, -2), row)


class ThreeLines(RunDelegate):
    """A whole run in a narrow panel: its name over its state and its numbers, with color, symbol and star."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the height of three lines."""
        return QSize(100, 3 * option.fontMetrics.height() + 2 * MARGIN + 2)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the three lines."""
        row = index.data(ROW)
        if row is None:
            return
        self.initStyleOption(option, index)
        painter.save()
        palette = option.palette
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, palette.color(QPalette.ColorRole.Highlight))
        first = self._first_line(option, row)
        self._draw_color(painter, row, QPointF(first.left() - MARGIN - DOT / 2, first.center().y() + 1))
        self._draw_star(painter, option, row, self.star_rect(option.rect))
        bold = QFont(option.font)
        bold.setWeight(QFont.Weight.DemiBold)
        symbol, color = _symbol(row)
        lines = [_name(index, row), *str(index.data(DETAIL) or "").split("\n"), ""]
        for number, text in enumerate(lines[:3]):
            rect = first.translated(0, number * (first.height() + 1))
            if number == 1 and symbol:
                painter.setPen(QColor(color))
                painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, symbol)
                rect.adjust(option.fontMetrics.horizontalAdvance(f"{symbol} "), 0, 0, 0)
            ink = QColor(palette.color(QPalette.ColorRole.Text))
            ink.setAlpha(190 if number else 255)
            painter.setPen(ink)
            painter.setFont(option.font if number else bold)
            elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
            painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, elided)
        if not row.is_group and row.records[0].state in ("running", "paused"):
            draw_progress(painter, option.rect.adjusted(MARGIN, 0, -MARGIN, -2), row)
        painter.restore()

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        """Put the editor over the name."""
        editor.setGeometry(self._first_line(option, index.data(ROW)).adjusted(-4, -4, 0, 4))

    @staticmethod
    def star_rect(rect: QRect) -> QRect:
        """Return the part of the row that the star takes."""
        return QRect(rect.right() - STAR - 2 * MARGIN, rect.top() + 2, STAR + 2 * MARGIN, STAR + 2 * MARGIN)

    def _first_line(self, option: QStyleOptionViewItem, row: Row) -> QRect:
        left = 2 * MARGIN + DOT + (2 * MARGIN if row.is_member else 0)
        rect = option.rect.adjusted(left, MARGIN, -2 * MARGIN - STAR, 0)
        return QRect(rect.left(), rect.top(), rect.width(), option.fontMetrics.height())


def draw_progress(painter: QPainter, rect: QRect, row: Row) -> None:
    """Draw the share of the steps that are done as a line at the bottom."""
    record = row.records[0]
    share = min(1.0, record.step / max(1, record.steps))
    painter.fillRect(
        QRect(rect.left(), rect.bottom() - 1, round(share * rect.width()), 2),
        QColor(STATE_COLORS[record.state]),
    )


def _between(one: QColor, other: QColor, share: float) -> QColor:
    """Return a mixture of two colors."""
    pairs = ((one.redF(), other.redF()), (one.greenF(), other.greenF()), (one.blueF(), other.blueF()))
    return QColor.fromRgbF(*((1 - share) * first + share * second for first, second in pairs))


def _name(index: Index, row: Row) -> str:
    return row.records[0].name if row.is_member else str(index.data())


def _symbol(row: Row) -> tuple[str, str]:
    if row.is_group:
        return "", ""
    state = row.records[0].state
    return STATE_SYMBOLS[state], STATE_COLORS[state]
