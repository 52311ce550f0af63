"""The window and every dialog can be used by keyboard, read by a screen reader, and seen by everybody."""

import itertools

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QDockWidget, QLabel

from accessibility import faults
from contrast import contrast
from every_dialog import MAKERS, dialog_classes, with_every_dialog
from figure_records.gaussians import gaussian_record
from wganstudio.figures import style, tokens
from wganstudio.gui.widgets.docks import in_sight

TEXTS = ("text", "dim", "accent", "error", "warning")
GROUNDS = ("window", "base", "raised", "error_back", "note_back")
NAMED = ("gap", "value", "w1", "truth", "warning", "foreground")
"""Colors of curves whose labels have them too."""
MARKS = ("p", "q", "sigma", "faint")
AA_TEXT, AA_GRAPHICS = 4.5, 3.0


def test_the_window_can_be_walked_in_every_state(window):
    for group in window.form.groups.values():
        group.set_folded(False)
        group._show_advanced(True)
    window.notifier.show_error("Something went wrong.", "Traceback (most recent call last)")
    window.banner.details.show()
    for dock in window.findChildren(QDockWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
        dock.show()
    window.area.set_records([gaussian_record(2)])
    defects = set(faults(window))
    for dock in window.area.docks.values():
        dock.raise_()
        window.area.refresh()
        defects |= set(faults(window))
    assert sorted(defects) == []


def test_every_dialog_can_be_walked(window, tmp_path):
    defects = []

    def walk(name, dialog):
        defects.extend(f"{name}: {fault}" for fault in faults(dialog))
        for box in dialog.findChildren(QDialogButtonBox):
            defects.extend(
                f"{name}: {one.text()} has an icon" for one in box.buttons() if not one.icon().isNull()
            )

    with_every_dialog(window, tmp_path, walk)
    assert defects == [], "\n".join(defects)


def test_no_dialog_is_left_out():
    assert dialog_classes() == set(MAKERS)


def test_the_walk_finds_each_kind_of_fault(qtbot):
    from PySide6.QtWidgets import QGraphicsView, QHBoxLayout, QLineEdit, QPushButton

    dialog = QDialog()
    qtbot.addWidget(dialog)
    row = QHBoxLayout(dialog)
    silent, skipped, one, other = (
        QLineEdit(),
        QPushButton("Skipped"),
        QPushButton("&Open"),
        QPushButton("&Once"),
    )
    skipped.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    picture = QGraphicsView(accessibleName="Plot")
    for widget in (silent, skipped, one, other, picture):
        row.addWidget(widget)
    dialog.show()
    texts = "\n".join(faults(dialog))
    for fault in (
        "no accessible name",
        "not in the tab order",
        "no text alternative",
        "o stands for &Open, &Once",
    ):
        assert texts.count(fault) == 1, texts


@pytest.mark.parametrize("colors", [tokens.LIGHT, tokens.DARK], ids=["light", "dark"])
def test_every_text_of_the_window_stands_out(colors):
    pairs = itertools.product(TEXTS, GROUNDS)
    ratios = {
        f"{text} on {back}": contrast(getattr(colors, text), getattr(colors, back)) for text, back in pairs
    }
    ratios["on_accent on accent"] = contrast(colors.on_accent, colors.accent)
    ratios["text on progress"] = contrast(colors.text, colors.progress)
    ratios |= {f"hint on {back}": contrast(colors.dim, getattr(colors, back)) for back in GROUNDS}
    assert {name: round(ratio, 2) for name, ratio in ratios.items() if ratio < AA_TEXT} == {}
    edges = {f"faint on {back}": contrast(colors.faint, getattr(colors, back)) for back in ("window", "base")}
    assert {name: round(ratio, 2) for name, ratio in edges.items() if ratio < AA_GRAPHICS} == {}


@pytest.mark.parametrize("palette", [style.LIGHT, style.DARK], ids=["light", "dark"])
def test_every_text_and_curve_of_a_plot_stands_out(palette):
    ratios = {name: contrast(getattr(palette, name), palette.background) for name in NAMED}
    assert {name: round(ratio, 2) for name, ratio in ratios.items() if ratio < AA_TEXT} == {}
    ratios = {name: contrast(getattr(palette, name), palette.background) for name in MARKS}
    assert {name: round(ratio, 2) for name, ratio in ratios.items() if ratio < AA_GRAPHICS} == {}


def test_a_plot_says_in_words_what_it_shows(window):
    record = gaussian_record(2)
    window.area.set_records([record])
    shown = [view for name, view in window.area.views.items() if in_sight(window.area.docks[name])]
    drawn = [view for view in shown if view.drawn is not None]
    assert drawn
    for view in drawn:
        assert view.canvas.accessibleName() == view.title
        assert view.canvas.accessibleDescription() == view.drawn.caption and record.name in view.drawn.caption


def test_what_is_colored_is_also_said(window):
    window.log.add("Lost.", "", 40)
    window.log.add("Doubtful.", "", 30)
    assert "Error: Lost." in window.log.toPlainText() and "Warning: Doubtful." in window.log.toPlainText()
    row = window.form.groups["critic"].rows["width"]
    before = row.label.text()
    row.fill(row.editor.value() + 1)
    assert row.label.text() != before and row.editor.inner.accessibleDescription() == "changed"
    window.notifier.show_error("Lost.")
    signs = [label.text() for label in window.banner.findChildren(QLabel)]
    window.notifier.offer("Well.", [])
    assert signs != [label.text() for label in window.banner.findChildren(QLabel)]


@pytest.fixture
def active(window, qtbot):
    """The window with the keyboard."""
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def test_f6_reaches_every_pane_and_returns(active):
    window = active
    panes = []
    for _ in range(len(window.panes.panes())):
        window.actions_["next-pane"].trigger()
        panes.append(window.panes.current)
    assert len(set(panes)) == len(panes) and set(panes) == set(window.panes.panes())
    window.actions_["next-pane"].trigger()
    assert window.panes.current is panes[0]
    window.actions_["previous-pane"].trigger()
    assert window.panes.current is panes[-1]


def test_a_pane_gets_the_keyboard_back_where_it_was(active):
    window = active
    row = window.form.groups["critic"].rows["depth"]
    row.editor.setFocus()
    pane = window.panes.current
    window.actions_["next-pane"].trigger()
    assert window.panes.current is not pane
    window.actions_["previous-pane"].trigger()
    assert row.editor.inner.hasFocus()
    title = pane.titleBarWidget()
    assert title.look == "active-dock-title"
