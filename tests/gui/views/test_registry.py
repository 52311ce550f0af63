"""A view is registered by decorator, found without edits elsewhere, and docked in its area."""

from dataclasses import dataclass
from typing import ClassVar

import pytest
from PySide6.QtCore import QByteArray

from wganstudio.gui.views.area import ViewArea
from wganstudio.gui.views.base import AREAS, Area, View
from wganstudio.gui.views.registry import register_view, registered_views, unregister_view


@dataclass(frozen=True)
class DummyFigure:
    """A figure that shows the step of the run."""

    step: int
    caption: str = "A dummy."


class DummyView(View):
    """A view without a plot."""

    name: ClassVar[str] = "dummy"
    title: ClassVar[str] = "Dummy"
    empty_text: ClassVar[str] = "Press Run to see a dummy."
    area: ClassVar[Area] = "bottom-right"

    def _cache_key(self, record):
        return record.step

    def _build_figure(self, record):
        return DummyFigure(record.step)

    def _draw(self, figure):
        self.drawn_step = figure.step

    def _show_ranges(self, figure):
        pass

    def _restyle(self):
        pass


def dummy(**attributes):
    """Return a new dummy view class with other class attributes."""
    return type(DummyView.__name__, (DummyView,), attributes)


@pytest.fixture
def registered():
    """Register a view during a test."""
    classes = []

    def register(cls):
        classes.append(cls)
        return register_view(cls)

    yield register
    for cls in classes:
        unregister_view(cls)


@pytest.fixture
def area(qtbot):
    """Return the dock area of the given views."""

    def make(*classes):
        area = ViewArea(tuple)
        qtbot.addWidget(area)
        area.resize(1000, 800)
        area.create_views(classes, dark=False)
        area.show()
        qtbot.waitExposed(area)
        return area

    return make


def test_the_views_of_the_package_are_found_in_their_order():
    assert [cls.name for cls in registered_views()] == [
        "landscape",
        "gradient",
        "costs",
        "congestion_theorem",
        "momentum",
        "gradient_norms",
        "sweep",
        "samples",
        "cells",
        "plan",
        "transport_map",
        "critic_descent",
        "accuracy",
        "theory_checks",
        "systems",
    ]
    assert len({cls.position for cls in registered_views()}) == len(registered_views())


def test_a_registered_view_is_in_the_window_its_menu_and_its_own_area(registered, request, plane_record):
    cls = registered(DummyView)
    window = request.getfixturevalue("window")
    view, dock = window.area.views["dummy"], window.area.docks["dummy"]
    actions = [
        action
        for menu in window.menuBar().findChildren(type(window.menuBar().addMenu("")))
        for action in menu.actions()
    ]
    assert isinstance(view, cls) and dock.toggleViewAction() in actions
    assert dock.isVisible() and window.area.tabifiedDockWidgets(dock) == []
    assert dock.y() > window.area.docks["gradient"].y() and dock.x() == window.area.docks["gradient"].x()
    window.area.set_records([plane_record])
    assert view.figure() == DummyFigure(2000) and view.drawn_step == 2000


def test_default_layout_of_the_package(area):
    built = area(*registered_views())
    landscape, gradient, costs = (built.docks[name] for name in ("landscape", "gradient", "costs"))
    assert gradient.x() > landscape.x() and gradient.y() == landscape.y()
    assert costs.y() > landscape.y() and costs.x() == landscape.x()
    assert gradient.height() > landscape.height() + costs.height() - 5

    def tabs(dock):
        return {tab.objectName().removeprefix("view-") for tab in built.tabifiedDockWidgets(dock)}

    assert tabs(landscape) == {"samples", "cells", "plan", "transport_map", "critic_descent"}
    assert tabs(gradient) == {"congestion_theorem", "momentum"}
    assert tabs(costs) == {"gradient_norms", "sweep", "accuracy", "theory_checks", "systems"}
    assert all(not dock.visibleRegion().isEmpty() for dock in (landscape, gradient, costs))


@pytest.mark.parametrize("place", AREAS)
def test_one_view_alone_fills_any_area(area, place):
    built = area(dummy(area=place))
    assert built.docks["dummy"].isVisible() and built.docks["dummy"].width() == built.width()


def test_any_number_of_views_in_any_area(area):
    classes = [dummy(name=f"{place}-{k}", area=place) for k in range(3) for place in AREAS]
    built = area(*classes)
    for place in AREAS:
        front = built.docks[f"{place}-0"]
        assert len(built.tabifiedDockWidgets(front)) == 2 and not front.visibleRegion().isEmpty()
    corners = {(built.docks[f"{place}-0"].x(), built.docks[f"{place}-0"].y()) for place in AREAS}
    assert len(corners) == 4
    built.reset_layout()
    assert all(dock.isVisible() and not dock.isFloating() for dock in built.docks.values())


def test_no_views_leave_the_area_empty(area):
    assert area().docks == {}


def test_a_saved_layout_is_restored(area):
    saved = area(*map(_named, "abc"))
    saved.docks["b"].hide()
    other = area(*map(_named, "abc"))
    other.restore(saved.saveState())
    assert not other.docks["b"].isVisible() and other.docks["a"].isVisible()


def test_views_that_a_saved_layout_does_not_mention_keep_their_default_place(area):
    saved = area(*map(_named, "abx"))
    saved.docks["b"].hide()
    other = area(*map(_named, "abc"))
    other.restore(saved.saveState())
    assert other.docks["a"].isVisible() and not other.docks["b"].isVisible()
    assert other.docks["c"].isVisible() and other.tabifiedDockWidgets(other.docks["a"]) == [other.docks["c"]]


def test_a_layout_saved_under_former_view_names_is_restored(area):
    former = {"congestion_theorem": "law", "gradient_norms": "slope", "theory_checks": "promises"}
    former |= {"transport_map": "map"}
    classes = registered_views()
    saved = area(*(dummy(name=former.get(cls.name, cls.name), area=cls.area) for cls in classes))
    saved.docks["sweep"].hide()
    restored = area(*classes)
    restored.restore(saved.saveState())
    assert [name for name, dock in restored.docks.items() if not dock.isVisible()] == ["sweep"]
    for renamed, front in zip(former, ("gradient", "costs", "costs", "landscape"), strict=True):
        assert restored.docks[renamed] in restored.tabifiedDockWidgets(restored.docks[front])


def test_an_unreadable_layout_leaves_the_default(area):
    built = area(*map(_named, "ab"))
    built.restore(QByteArray(b"not a layout"))
    assert built.tabifiedDockWidgets(built.docks["a"]) == [built.docks["b"]]


def _named(name):
    return dummy(name=name, area="main")


def test_a_name_or_an_unknown_area_is_refused(registered):
    registered(DummyView)
    with pytest.raises(ValueError, match="already registered"):
        register_view(type("Other", (DummyView,), {}))
    with pytest.raises(ValueError, match="no area 'nowhere'; choose one of main, right"):
        register_view(dummy(name="lost", area="nowhere"))
