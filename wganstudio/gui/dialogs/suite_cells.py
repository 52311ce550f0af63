"""Cells of the matrix of a suite: the mean and its standard error, tinted by the score."""

import math

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QTableWidgetItem

from wganstudio.gui.widgets.plain_text import tooltip
from wganstudio.suites import SuiteTable
from wganstudio.suites.table import TableEntry


def table_item(entry: TableEntry | None, table: SuiteTable) -> QTableWidgetItem:
    """Return a cell with the mean and its standard error, tinted by the score of the result."""
    item = QTableWidgetItem("")
    if entry is None:
        item.setToolTip("Not part of this suite")
        return item
    if not entry.seeds:
        item.setText("failed" if entry.failed else "\u00b7")
        return item
    item.setText(_text(entry, table))
    item.setToolTip(tooltip(_tip(entry, table)))
    score, color = table.score(entry), QColor("#2a9d5c")
    if not math.isnan(score):
        color.setAlphaF(0.08 + 0.5 * score)
        item.setBackground(color)
    return item


def _text(entry: TableEntry, table: SuiteTable) -> str:
    """Return the mean and its standard error, of a cost relative to the true one."""
    scale = entry.truth if table.metric.is_cost else 1.0
    marks = " *" * entry.in_class + " !" * bool(entry.warnings)
    if math.isnan(scale) or not scale:
        return f"{entry.mean:.3f} (no truth){marks}"
    text = f"{entry.mean / scale:.3f}"
    if not math.isnan(entry.error):
        text += f" \u00b1 {entry.error / scale:.3f}"
    if not table.shares_truths:
        text += f"  ({entry.mean:.4g} of {entry.truth:.4g})"
    return text + marks


def _tip(entry: TableEntry, table: SuiteTable) -> str:
    seeds = f"{entry.seeds} seed{'s' if entry.seeds > 1 else ''}, {entry.steps:,} steps"
    truth = f", {entry.cost} {entry.truth:.4g}" if entry.cost else ""
    first = f"{entry.solver} on {entry.pair}: {table.metric.description} {entry.mean:.4g}{truth}; {seeds}"
    return "\n".join([first, *entry.warnings])
