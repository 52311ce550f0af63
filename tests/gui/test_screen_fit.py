"""The window on small, usual and enlarged screens: nothing starves, overlaps or leaves the screen."""

from itertools import combinations
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QSlider

from every_dialog import with_every_dialog
from figure_records.gaussians import gaussian_record
from wganstudio.gui.views.folding import MIN_PLOT
from wganstudio.gui.widgets.docks import in_sight

SIZES = {"1280x720": (1280, 720), "1440x900": (1440, 900), "1920x1080 at 200 %": (960, 540)}
SMALLEST = (960, 540)
TITLE_BAR = 36
"""Height in pixels that window managers add."""
LEAST_PLOT = (130, 100)
LEAST_SHARE = 0.6


@pytest.fixture(params=SIZES.values(), ids=SIZES)
def fitted(window, qtbot, request):
    """The window in one of the sizes, in its default layout, with a run."""
    window.resize(*SMALLEST)
    window.layout_.reset()
    window.resize(*request.param)
    window.layout_.reset()
    qtbot.waitUntil(lambda: window.size().toTuple() == request.param)
    window.area.set_records([gaussian_record(2)])
    qtbot.wait(50)
    return window


def test_the_views_have_most_of_the_width_and_no_plot_starves(fitted, qtbot):
    assert fitted.area.width() >= LEAST_SHARE * fitted.width()
    plots = 0
    for name, view in fitted.area.views.items():
        fitted.area.docks[name].raise_()
        qtbot.waitUntil(lambda name=name: in_sight(fitted.area.docks[name]))
        fitted.area.refresh()
        qtbot.wait(30)
        for box in view.boxes if view.drawn is not None else ():
            plots += 1
            width, height = round(box.width()), round(box.height())
            assert width >= LEAST_PLOT[0] and height >= LEAST_PLOT[1], f"{name}: {width} x {height}"
    assert plots > 8


def test_no_text_lies_over_another(fitted, qtbot):
    for name, view in fitted.area.views.items():
        fitted.area.docks[name].raise_()
        qtbot.wait(20)
        kinds = (QLabel, QAbstractButton, QSlider)
        shown = [w for kind in kinds for w in view.findChildren(kind) if in_sight(w) and not _is_inside(w)]
        for one, other in combinations(shown, 2):
            assert not _place(one).intersects(_place(other)), f"{name}: {one} {other}"


def _is_inside(widget):
    return isinstance(widget.parentWidget(), QAbstractButton | QLabel)


def _place(widget):
    return QRect(widget.mapToGlobal(QPoint()), widget.size())


def test_every_dialog_fits_the_smallest_screen(window, tmp_path):
    large = {}

    def measure(name, dialog):
        least = dialog.minimumSizeHint().expandedTo(dialog.minimumSize())
        if least.width() > SMALLEST[0] or least.height() > SMALLEST[1] - TITLE_BAR:
            large[name] = least.toTuple()

    with_every_dialog(window, tmp_path, measure)
    assert large == {}


def test_an_arrangement_of_a_larger_screen_is_not_restored(window, monkeypatch):
    window.resize(1440, 900)
    window.layout_.reset()
    window.layout_.save()
    width = window.minimumSizeHint().width() - 20
    screen = SimpleNamespace(availableGeometry=lambda: QRect(0, 0, width, SMALLEST[1]))
    monkeypatch.setattr(window, "screen", lambda: screen)
    monkeypatch.setattr(window, "restoreGeometry", lambda _: False)
    window.layout_.restore()
    assert window.minimumSizeHint().width() <= width and window.width() <= width


def test_text_folds_away_where_there_is_little_height(window, qtbot):
    view, dock = window.area.views["costs"], window.area.docks["costs"]
    window.area.set_records([gaussian_record(2)])
    dock.setFloating(True)
    dock.resize(420, 700)
    qtbot.waitUntil(lambda: view.height() > 500)
    assert not view.folding.folded and view.folding.line.isHidden()
    dock.resize(420, 260)
    qtbot.waitUntil(lambda: view.folding.folded)
    line = view.folding.line
    assert in_sight(line) and not in_sight(view.summary) and "gap 2.6" in line.label.text()
    assert "value" in line.toolTip() and "<span" not in line.toolTip()
    tall = view.canvas.height()
    qtbot.mouseClick(line.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: in_sight(view.summary))
    assert view.canvas.height() < tall
    qtbot.mouseClick(line.button, Qt.MouseButton.LeftButton)
    assert not in_sight(view.summary)
    dock.resize(420, 700)
    qtbot.waitUntil(lambda: in_sight(view.summary) and not in_sight(line))


def test_a_folded_line_shows_what_is_under_the_mouse(window, qtbot):
    view, dock = window.area.views["momentum"], window.area.docks["momentum"]
    dock.setFloating(True)
    dock.resize(600, 260)
    window.area.set_records([gaussian_record(2)])
    qtbot.waitUntil(lambda: view.folding.folded and view.drawn is not None)
    view.hover(1.0, 0.0)
    assert "|w_u|" in view.folding.line.toolTip()
    assert view.folding.line.label.text()[:6] == view.readout.text()[:6]
    view.leave()
    assert view.folding.line.label.text()[:6] != view.readout.text()[:6]


def test_texts_fold_at_once_where_a_plot_needs_more_height(window, qtbot):
    view, dock = window.area.views["momentum"], window.area.docks["momentum"]
    dock.setFloating(True)
    dock.resize(900, 560)
    window.area.set_records([gaussian_record(2)])
    qtbot.waitUntil(lambda: view.drawn is not None and view.panel.wide and not view.folding.folded)
    view.folding.leave(dock.height())
    assert view.folding.folded and in_sight(view.folding.line)
    view.folding.leave(MIN_PLOT)
    assert not view.folding.folded
