"""Named layouts, the full screen and the log drawer."""

import logging

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QTabBar

from wganstudio.figures.tokens import LARGE_TYPE
from wganstudio.gui.controllers.named_layouts import SHIPPED
from wganstudio.gui.widgets.docks import in_sight


def shown(window):
    return {name for name, dock in window.area.docks.items() if not dock.isHidden()}


def test_every_shipped_layout_shows_its_views_and_no_others(window):
    for name, (panels, columns) in SHIPPED.items():
        window.layouts.choose(name)
        named = {view for column in columns for tabs in column for view in tabs}
        assert shown(window) == named and named <= set(window.area.docks)
        assert window.docks["form"].isHidden() is not panels
    window.layouts.choose("Default")
    assert shown(window) == set(window.area.docks) and not window.docks["form"].isHidden()


def test_a_view_that_a_layout_hides_can_be_shown_in_the_window(window, qtbot):
    window.layouts.choose("Presentation")
    dock = window.area.docks["sweep"]
    dock.toggleViewAction().trigger()
    dock.raise_()
    qtbot.waitUntil(lambda: in_sight(dock))
    assert not dock.isFloating() and dock.width() > 200


def test_a_layout_of_the_user_is_kept_and_deleted(window):
    window.layouts.choose("Maps")
    window.layouts.save("Slide & Co / 1")
    window.layouts.choose("Default")
    assert window.layouts.names()[-1] == "Slide & Co / 1"
    window.layouts.choose("Slide & Co / 1")
    assert shown(window) == {name for column in SHIPPED["Maps"][1] for tabs in column for name in tabs}
    window._menus["@layouts"].aboutToShow.emit()
    assert [action.data() for action in window._menus["@layouts"].actions()] == window.layouts.names()
    window.layouts.delete("Slide & Co / 1")
    assert window.layouts.saved() == []
    window.layouts.save("Maps")
    assert window.layouts.saved() == [] and "another name" in window.banner.label.text()


def sizes_of_plot(view) -> list[float]:
    """Return the sizes of the type of an axis and of a legend."""
    (_, label), *_ = view.legend.items
    label_size = float(label.opts["size"].removesuffix("pt"))
    return [view.plot.getAxis("bottom").label.font().pointSizeF(), label_size]


def test_the_full_screen_hides_the_panels_enlarges_the_type_and_returns(window, qtbot):
    text = window.area.views["landscape"].message
    height, plots = text.fontMetrics().height(), window.font().pointSizeF()
    view = window.area.views["costs"]
    view.legend.addItem(pg.PlotDataItem(), "P")
    sizes = sizes_of_plot(view)
    window.actions_["full-screen"].trigger()
    qtbot.waitUntil(window.isFullScreen)
    assert window.docks["form"].isHidden() and window.docks["runs"].isHidden()
    qtbot.waitUntil(lambda: text.fontMetrics().height() > 1.2 * height)
    assert QApplication.font().pointSizeF() == pytest.approx(LARGE_TYPE * plots)
    bars = window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
    assert not any(bar.isVisible() and bar.count() for bar in bars)
    assert sizes_of_plot(view) == pytest.approx(LARGE_TYPE * np.array(sizes), rel=0.02)
    window.actions_["full-screen"].trigger()
    qtbot.waitUntil(lambda: not window.isFullScreen())
    assert not window.docks["form"].isHidden() and window.docks["log"].isHidden()
    assert sizes_of_plot(view) == sizes
    assert text.fontMetrics().height() == height and not window.full_screen.on
    assert QApplication.font().pointSizeF() == plots


def test_the_log_is_a_drawer_that_counts_what_nobody_has_read(window, qtbot):
    button, dock = window.log_drawer.button, window.docks["log"]
    assert dock.isHidden() and button.text() == "Log"
    window.notifier.log("Saved.")
    assert button.text() == "Log"
    window.notifier.warn("Doubtful.")
    logging.getLogger("another").error("Lost.")
    assert button.text() == "Log: 2 new warnings" == button.accessibleName()
    button.click()
    qtbot.waitUntil(lambda: in_sight(dock))
    assert button.text() == "Log" and button.isChecked()
    window.notifier.warn("Seen at once.")
    assert button.text() == "Log"
    button.click()
    assert dock.isHidden() and not button.isChecked()
