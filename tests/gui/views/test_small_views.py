"""Views with little room: nothing is cut off or drawn over something else."""

from itertools import combinations

import numpy as np

from wganstudio.gui.views.costs import CostsView
from wganstudio.gui.views.gradient import GradientView


def test_the_labels_of_the_truths_stand_within_a_small_plot(shown, plane_record):
    view = shown(CostsView, plane_record, size=(380, 200))
    view.grab()  # which lays out the texts
    box = view.box.sceneBoundingRect()
    line = next(iter(view.bands.values())).text.boundingRect().height()
    assert all(items.text.isVisible() for items in view.bands.values())
    labels = [items.text.sceneBoundingRect().adjusted(0.5, 0.5, -0.5, -0.5) for items in view.bands.values()]
    assert all(box.contains(label) for label in labels) and line > 8
    assert not any(one.intersects(other) for one, other in combinations(labels, 2))


def test_the_maps_stand_below_each_other_where_the_view_is_narrow(shown, plane_record, qtbot):
    view = shown(GradientView, plane_record, size=(230, 500))

    def stands(wide):
        slope, sigma = (panel.plot.sceneBoundingRect() for panel in view.panels)
        scatter = view.scatter.plot.sceneBoundingRect()
        beside, below = sigma.left() >= slope.right() - 1, sigma.top() >= slope.bottom() - 1
        return (
            beside == wide and below != wide and scatter.top() >= sigma.bottom() - 1 and scatter.height() > 60
        )

    for width, wide in ((230, False), (420, True), (230, False)):
        view.resize(width, 500)
        qtbot.waitUntil(lambda wide=wide: view.wide == wide and stands(wide))
        np.testing.assert_allclose(view.panels[0].box.viewRange()[0][0], view.figure().x_range[0], rtol=0.5)


def test_a_legend_gives_way_where_there_is_no_room(shown, plane_record, qtbot):
    view = shown(CostsView, plane_record, size=(400, 140))
    assert "gap" in view.summary.text()
    qtbot.waitUntil(lambda: not view.legend.isVisible())
    view.resize(600, 500)
    qtbot.waitUntil(view.legend.isVisible)


def test_a_long_warning_comes_first_and_leaves_room_for_the_plot(shown, plane_record, qtbot, monkeypatch):
    warning = "The value is 19 % or more below its optimum. " * 6
    monkeypatch.setattr(type(plane_record), "warnings", (warning,))
    view = shown(CostsView, plane_record, size=(380, 220))
    assert view.summary.text().index("19 %") < view.summary.text().index("gap")
    bar = view.summary_area.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    assert view.canvas.height() >= 0.45 * view.height()
    view.resize(900, 700)
    qtbot.waitUntil(lambda: bar.maximum() == 0)
    assert view.summary_area.height() == view.summary.heightForWidth(view.summary_area.width())
