"""Arrangement: puts docks into columns and rows, with several docks in one place as tabs."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow

Columns = Sequence[Sequence[Sequence[str]]]
"""Names of docks: the tabs of each row of each column; the first tab is in front."""
ROW_SHARES = [54, 46]
"""Shares of the height of two rows."""


def arrange(window: QMainWindow, docks: Mapping[str, QDockWidget], columns: Columns, *, low: bool) -> None:
    """Show the named docks in columns of rows of tabs, and hide the others; in a low window all are tabs.

    Names without a dock are left out.
    """
    rows = [[[n for n in tabs if n in docks] for tabs in column] for column in columns]
    cells = [[[docks[name] for name in tabs] for tabs in column if tabs] for column in rows]
    cells = [column for column in cells if column]
    if low and cells:
        cells = [[[dock for column in cells for tabs in column for dock in tabs]]]
    for dock in docks.values():
        if dock.isFloating():
            dock.setFloating(False)
        window.removeDockWidget(dock)
    if not cells:
        return
    top = [column[0][0] for column in cells]
    window.addDockWidget(Qt.DockWidgetArea.TopDockWidgetArea, top[0])
    for before, dock in pairwise(top):
        window.splitDockWidget(before, dock, Qt.Orientation.Horizontal)
    for column in cells:
        for above, below in pairwise(column):
            window.splitDockWidget(above[0], below[0], Qt.Orientation.Vertical)
    for column in cells:
        for front, *behind in column:
            for dock in behind:
                window.tabifyDockWidget(front, dock)
            for dock in (front, *behind):
                dock.show()
            front.raise_()
    shown = {dock for column in cells for tabs in column for dock in tabs}
    for dock in docks.values():
        if dock not in shown:
            window.tabifyDockWidget(top[0], dock)  # so that it appears there once it is shown
            dock.hide()
    for column in cells:
        for front, *_ in column:
            front.raise_()
    window.resizeDocks(top, [1] * len(top), Qt.Orientation.Horizontal)
    for column in cells:
        fronts = [tabs[0] for tabs in column]
        window.resizeDocks(fronts, ROW_SHARES[: len(fronts)], Qt.Orientation.Vertical)
