"""The steps of the guided tour: what each says, what it points to, and what the user does in it."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

from wganstudio.gui.tour.targets import TourTargets

Target = tuple[QWidget, QRect]
"""A widget and the rectangle in it that is highlighted."""


@dataclass(frozen=True)
class TourStep:
    """One balloon."""

    title: str
    text: str
    target: Callable[[TourTargets], Target | None]
    """Returns what the balloon points to, after bringing it in sight; None if the window lacks it."""
    done_by: str = ""
    """The act that ends the step: "preset", "run" or "save"; empty if the user only looks."""


def _whole(widget: QWidget | None) -> Target | None:
    return None if widget is None else (widget, widget.rect())


def _preset(window: TourTargets) -> Target | None:
    page = window.gallery.page
    if page is not None and window.gallery.is_open:
        return _whole(page.cards.cards[0]) if page.cards.cards else _whole(page.search)
    window.docks["form"].show()
    return _whole(window.form.presets)


def _run(window: TourTargets) -> Target | None:
    return _whole(window.toolbar.widgetForAction(window.actions_["run"]))


def _view(name: str) -> Callable[[TourTargets], Target | None]:
    def find(window: TourTargets) -> Target | None:
        window.gallery.close()
        if name not in window.area.docks:
            return None
        window.view_choice.want(name)
        return _whole(window.area.views[name])

    return find


def _lambda(window: TourTargets) -> Target | None:
    window.docks["form"].show()
    solver = window.form.groups["solver"]
    if "penalty" not in solver.rows:
        return _whole(solver)
    solver.set_folded(False)
    row = solver.rows["penalty"]
    window.form.scroll_area.ensureWidgetVisible(row, 0, 60)
    return _whole(row)


def _file_menu(window: TourTargets) -> Target | None:
    bar = window.menuBar()
    return None if bar.isNativeMenuBar() else (bar, bar.actionGeometry(bar.actions()[0]))


STEPS = (
    TourStep(
        "Choose an experiment",
        "Each card is an experiment with two distributions P and Q, and the result to expect. "
        "Click the first card: it fills the form on the left.",
        _preset,
        "preset",
    ),
    TourStep(
        "Run it",
        "Run trains the critic that the form describes. You can pause, step and stop it at any time.",
        _run,
        "run",
    ),
    TourStep(
        "Read the costs",
        "The curves are what the critic estimates: its gap and its value. The horizontal bands are the true "
        "costs. Compare: which of them does the value approach?",
        _view("costs"),
    ),
    TourStep(
        "Look at the critic",
        "The landscape shows the critic over the plane, with samples of P and Q. The view Gradient beside it "
        "shows where its slope exceeds 1. Drag to move, and turn the wheel to zoom.",
        _view("landscape"),
    ),
    TourStep(
        "Change lambda, run again",
        "Enter another lambda, for example 10, and press Run. Both runs stay in the list on the right, so "
        "that you can compare them.",
        _lambda,
        "run",
    ),
    TourStep(
        "Keep your work",
        "The menu File saves the session with all its runs, and exports figures and tables. "
        "Help repeats this tour and explains every view.",
        _file_menu,
        "save",
    ),
)
