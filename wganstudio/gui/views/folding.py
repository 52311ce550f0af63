"""Folding: the texts of a view become one line where they would leave its plot too little height."""

from PySide6.QtCore import QObject, QPoint, QSize, Qt, Slot
from PySide6.QtGui import QFontMetrics, QResizeEvent, QTextDocumentFragment
from PySide6.QtWidgets import (
    QHBoxLayout,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from wganstudio.gui.theme import set_icon
from wganstudio.gui.views.arrow_key import ArrowKey
from wganstudio.gui.views.plot_items import SummaryArea
from wganstudio.gui.widgets.plain_text import Label, tooltip

MIN_PLOT = 190
"""Height in pixels that the texts leave to the plot."""
_DIRECT = Qt.FindChildOption.FindDirectChildrenOnly
HYSTERESIS = 12
"""Pixels by which the view must grow before folded texts unfold by themselves."""


class FoldedLine(QWidget):
    """One line of text with a button that shows the rest."""

    def __init__(self) -> None:
        super().__init__()
        self.button = QToolButton()
        self.button.setAutoRaise(True)
        self.button.setFixedSize(20, 18)
        self.label = Label()
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._text = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(self.button)
        row.addWidget(self.label, 1)

    def show_text(self, line: str, whole: str) -> None:
        """Show the beginning of a line; the tooltip holds the whole text."""
        self._text = line
        self.setToolTip(tooltip(whole))
        self._elide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the line in the new width."""
        super().resizeEvent(event)
        self._elide()

    def sizeHint(self) -> QSize:
        """Return the height of one line."""
        return QSize(100, max(18, self.fontMetrics().lineSpacing() + 2))

    def _elide(self) -> None:
        metrics = QFontMetrics(self.label.font())
        self.label.setText(metrics.elidedText(self._text, Qt.TextElideMode.ElideRight, self.label.width()))


class Folding(QObject):
    """Gathers the texts of a view below its plot, and folds them while there is little height."""

    def __init__(self, view: QWidget, canvas: QWidget, column: QVBoxLayout, holder: QWidget) -> None:
        """`column` holds the canvas and the texts; `holder` is the widget whose height they share."""
        super().__init__(view)
        self._view = view
        self._holder = holder
        self._canvas = canvas
        self._column = column
        self._texts: list[Label | SummaryArea] = []
        self._keys: list[ArrowKey] = []
        self.line = FoldedLine()
        self.line.hide()
        self.line.button.clicked.connect(self._toggle)
        self.box = QWidget()
        self._rows = QVBoxLayout(self.box)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(column.spacing())
        self._least = MIN_PLOT
        self.folded = False
        self.crowded = False
        """Several plots share the view: their texts are folded, so that the plots have one size."""
        self._state: tuple[bool, bool] | None = None
        self._opened = False
        """The user has unfolded the texts where they would be folded."""

    def gather(self) -> None:
        """Move the texts of the view into one box, once all of them exist."""
        if self.box.parentWidget() is not None:
            return
        children = self._column.parentWidget().findChildren(QWidget, options=_DIRECT)
        in_column = sorted((self._column.indexOf(child), number) for number, child in enumerate(children))
        rows = [children[number] for place, number in in_column if place >= 0]
        self._texts = [row for row in rows if isinstance(row, Label | SummaryArea)]
        self._keys = [row for row in rows if isinstance(row, ArrowKey)]
        for row in (*self._keys, *self._texts):
            self._column.removeWidget(row)
            self._rows.addWidget(row)
        self._column.addWidget(self.line)
        self._column.addWidget(self.box)

    def fit(self) -> None:
        """Fold or unfold the texts as the height of the view demands."""
        self.gather()
        room = self._canvas_height_with_texts()
        low = self.crowded or room < self._least + HYSTERESIS * self.folded
        if not low:
            self._opened = False
        self._set(low)

    def leave(self, least: int) -> None:
        """Leave the plot at least so many pixels of height."""
        if least != self._least:
            self._least = least
            self.fit()

    def show_texts(self) -> None:
        """Update the folded line: what is read at the mouse, or the first line of the summary."""
        if not self.folded:
            return
        texts = [text for text in map(plain, self._texts) if text]
        hint = getattr(self._view, "hint", "")
        told = [text for text in texts if text != hint]
        readout = getattr(self._view, "readout", None)
        read = plain(readout) if isinstance(readout, Label) else ""
        line = read if read in told else (told or texts or [""])[0]
        self.line.show_text(" ".join(line.split("\n")), "\n".join(texts))

    @Slot()
    def _toggle(self) -> None:
        self._opened = not self._opened
        self._set(True)

    def _set(self, low: bool) -> None:
        state = low, low and not self._opened
        if state == self._state:
            self.show_texts()
            return
        self._state = state
        self.folded = state[1]
        self.line.setVisible(low)
        self.box.setVisible(not self.folded)
        name = "Show the text of the view" if self.folded else "Fold the text of the view"
        self.line.button.setAccessibleName(name)
        self.line.button.setToolTip(name)
        set_icon(self.line.button, "folded" if self.folded else "unfolded")
        self.line.label.setVisible(self.folded)
        self.show_texts()

    def _canvas_height_with_texts(self) -> int:
        """Return the height that the plot would have with all texts below it."""
        margins = self._column.contentsMargins()
        width = self._holder.width() - margins.left() - margins.right()
        heights = [_height(text, width) for text in self._texts]
        heights += [key.sizeHint().height() for key in self._keys if not key.isHidden()]
        texts = sum(heights) + len(heights) * self._column.spacing()
        top = self._canvas.mapTo(self._holder, QPoint()).y()
        return self._holder.height() - top - margins.bottom() - texts


def plain(text: Label | SummaryArea) -> str:
    """Return the text of a label or of a summary without its tags."""
    label = text.summary if isinstance(text, SummaryArea) else text
    if label.textFormat() == Qt.TextFormat.RichText:
        return QTextDocumentFragment.fromHtml(label.text()).toPlainText().strip()
    return label.text().strip()


def _height(text: Label | SummaryArea, width: int) -> int:
    label = text.summary if isinstance(text, SummaryArea) else text
    if not label.text():
        return 0
    if label.minimumHeight() == label.maximumHeight():
        return label.minimumHeight()
    return max(0, label.heightForWidth(width)) if label.wordWrap() else label.sizeHint().height()
