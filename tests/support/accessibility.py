"""The accessibility walk: whatever keeps a window from being used by keyboard or read by a screen reader."""

import re
from collections.abc import Iterable, Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QGraphicsView,
    QLabel,
    QLineEdit,
    QMenu,
    QMenuBar,
    QPlainTextEdit,
    QScrollBar,
    QTabBar,
    QTextEdit,
    QWidget,
)

CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QGraphicsView,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QTextEdit,
)
"""Whatever a user can operate. Their own parts, such as the list of a combo box, belong to them."""


def faults(root: QWidget) -> list[str]:
    """Return every fault of a window or dialog, one line each."""
    defects = []
    for control in controls(root):
        if not spoken_name(control):
            defects.append(f"{place(control)} has no accessible name")
        if is_shown(control) and not control.focusPolicy() & Qt.FocusPolicy.TabFocus:
            defects.append(f"{place(control)} is not in the tab order")
        if isinstance(control, QGraphicsView) and is_shown(control) and not control.accessibleDescription():
            defects.append(f"{place(control)} has no text alternative")
    for title, texts in (*_menus(root), (root.windowTitle() or type(root).__name__, _mnemonic_texts(root))):
        defects += [f"{title}: {repeated}" for repeated in repeated_mnemonics(texts)]
    return defects


def controls(root: QWidget) -> Iterator[QWidget]:
    """Yield the controls of a window in the order of their focus chain."""
    for widget in root.findChildren(QWidget):
        if isinstance(widget, CONTROLS) and widget.window() is root and not _is_part(widget):
            yield widget


def spoken_name(widget: QWidget) -> str:
    """Return the name that a screen reader speaks."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return "" if interface is None else interface.text(QAccessible.Text.Name).strip()


def repeated_mnemonics(texts: Iterable[str]) -> list[str]:
    """Return the letters that more than one text claims."""
    by_letter: dict[str, list[str]] = {}
    for text in texts:
        if letter := mnemonic(text):
            by_letter.setdefault(letter, []).append(text)
    return [
        f"{letter} stands for {', '.join(texts)}" for letter, texts in by_letter.items() if len(texts) > 1
    ]


def mnemonic(text: str) -> str:
    """Return the letter behind a single ampersand."""
    mnemonic = re.search(r"&(\w)", text.replace("&&", ""))
    return mnemonic[1].lower() if mnemonic else ""


def is_shown(widget: QWidget) -> bool:
    """Return True if a widget is not hidden within its window."""
    return widget.isVisibleTo(widget.window())


def place(widget: QWidget) -> str:
    """Return where a widget stands: the names of its classes from the window down."""
    path: list[str] = []
    here: QWidget | None = widget
    while here is not None:
        name = here.objectName()
        path.insert(0, type(here).__name__ + (f" {name!r}" if name else ""))
        here = here.parentWidget()
    return " > ".join(path[-4:])


def _is_part(widget: QWidget) -> bool:
    """Tell if a control is a part of another one, or a scroll bar, which the content scrolls as well."""
    parent = widget.parentWidget()
    while parent is not None and not parent.isWindow():
        if isinstance(parent, CONTROLS):
            return True
        parent = parent.parentWidget()
    return isinstance(widget, QScrollBar) and isinstance(
        widget.parentWidget().parentWidget(), QAbstractScrollArea
    )


def _mnemonic_texts(root: QWidget) -> list[str]:
    texts = [bar.text() for bar in root.findChildren(QLabel) if bar.buddy() is not None and is_shown(bar)]
    texts += [button.text() for button in root.findChildren(QAbstractButton) if is_shown(button)]
    for bar in root.findChildren(QMenuBar):
        texts += [action.text() for action in bar.actions()]
    return texts


def _menus(root: QWidget) -> Iterator[tuple[str, list[str]]]:
    for menu in root.findChildren(QMenu):
        yield menu.title() or "a menu", [action.text() for action in menu.actions() if action.isVisible()]
