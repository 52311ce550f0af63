"""Small widgets of the dialog."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGroupBox, QLabel, QLayout, QScrollArea, QVBoxLayout, QWidget


def plain_label(role: str) -> QLabel:
    """Return a label that wraps its text, shows no markup and never widens the dialog."""
    label = QLabel(wordWrap=True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("role", role)
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
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setMinimumWidth(width)
    return area
