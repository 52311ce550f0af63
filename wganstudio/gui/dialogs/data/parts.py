"""Small widgets of the dialog."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGroupBox, QLayout, QScrollArea, QTreeWidget, QVBoxLayout, QWidget

from wganstudio.gui.text_roles import TextRole, set_role
from wganstudio.gui.widgets.plain_text import Label


class CheckTree(QTreeWidget):
    """A tree with boxes to tick; the theme lets the edges of this class stand out."""


def plain_label(role: TextRole) -> Label:
    """Return a label that wraps its text, shows no markup and never widens the dialog."""
    label = Label(wordWrap=True)
    set_role(label, role)
    label.setMinimumWidth(1)
    return label


def titled(title: str, widget: QWidget) -> QGroupBox:
    """Return a frame with a title around a widget."""
    group = QGroupBox(title)
    column = QVBoxLayout(group)
    column.setContentsMargins(9, 6, 9, 9)
    column.addWidget(widget)
    return group


def scrolled(layout: QLayout, width: int) -> QScrollArea:
    """Return an area of at least this width that scrolls a layout, so that the dialog fits small screens."""
    content = QWidget()
    content.setLayout(layout)
    area = QScrollArea()
    area.setWidget(content)
    area.setWidgetResizable(True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setMinimumWidth(width)
    return area
