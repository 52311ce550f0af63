"""A newcomer picks a preset and runs it, takes the tour, draws two distributions and trains."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton

from wganstudio.gui.tour.steps import STEPS

SHORT = [("training", "steps", "200"), ("evaluation", "final_samples", "4096")]


def shorten(user):
    for group, field, text in SHORT:
        user.types(f"{group}.{field}", text)


def click_card(user, qtbot, name):
    (card,) = (one for one in user.window.gallery.page.cards.cards if one.preset.name == name)
    user.window.gallery.page.cards.ensureWidgetVisible(card)
    qtbot.mouseClick(card, Qt.MouseButton.LeftButton)


def shown_views(window):
    return {name for name, dock in window.area.docks.items() if not dock.isHidden()}


def test_a_newcomer_picks_a_preset_from_the_gallery_and_runs_it(user, qtbot, quick):
    window = user.window
    window.settings.put("tour-seen", True)
    window.welcome()
    assert window.gallery.is_open and not window.area.isVisible()
    qtbot.keyClicks(window.gallery.page.search, "where gradient does not")
    assert [card.preset.name for card in window.gallery.page.cards.cards] == ["points"]
    click_card(user, qtbot, "points")
    assert not window.gallery.is_open and window.area.isVisible()
    assert window.form.presets.currentData() == "points"
    assert {"cells", "samples"} <= shown_views(window) and "momentum" not in shown_views(window)
    shorten(user)
    user.clicks("run")
    record = user.waits_for("ended")
    cells = window.area.views["cells"]
    user.waits_until(lambda: cells.figure() is not None)
    hidden = set(window.area.views) - shown_views(window)
    assert len(hidden) >= 3
    assert all(window.area.views[name]._build_figure(record) is None for name in hidden)


def test_the_gallery_is_opened_again_and_never_blocks(user, qtbot, quick):
    window = user.window
    qtbot.mouseClick(window.findChild(QToolButton, "button-gallery"), Qt.MouseButton.LeftButton)
    assert window.gallery.is_open
    qtbot.keyClick(window.gallery.page.search, Qt.Key.Key_Escape)
    assert not window.gallery.is_open
    window.actions_["gallery"].trigger()
    window.gallery.page.at_start.setChecked(False)
    assert not window.settings.get("gallery-at-start", True)
    user.runs(quick)  # from the form, while the gallery is open
    assert not window.gallery.is_open
    window.settings.put("tour-seen", True)
    window.welcome()
    assert not window.gallery.is_open, "the user does not want it at start"


def test_the_chosen_preset_stays_in_sight_when_the_form_scrolls(user, qtbot):
    form = user.window.form
    form.scroll_area.verticalScrollBar().setValue(form.scroll_area.verticalScrollBar().maximum())
    assert not form.presets.visibleRegion().isEmpty()


def test_a_newcomer_takes_the_tour(user, qtbot, quick):
    window = user.window
    window.welcome()
    tour = window.tour
    assert tour.step == 0 and tour.balloon.isVisible() and window.gallery.is_open
    click_card(user, qtbot, "first-look")
    qtbot.waitUntil(lambda: tour.step == 1)
    user.fills_in(quick)
    user.clicks("run")
    qtbot.waitUntil(lambda: tour.step == 2)
    assert not window.area.docks["costs"].isHidden()
    user.waits_for("ended")
    qtbot.mouseClick(tour.balloon.next_button, Qt.MouseButton.LeftButton)
    assert tour.step == 3 and "landscape" in tour.balloon.text.text()
    qtbot.mouseClick(tour.balloon.next_button, Qt.MouseButton.LeftButton)
    assert tour.step == 4
    row = window.form.groups["solver"].rows["penalty"]
    assert not row.visibleRegion().isEmpty(), "lambda is scrolled into sight"
    assert not tour.balloon.geometry().contains(row.mapTo(window, row.rect().center()))
    user.types("solver.penalty", "10")
    user.clicks("run")
    qtbot.waitUntil(lambda: tour.step == 5)
    user.waits_for("ended")
    assert len(window.session.records()) == 2
    qtbot.mouseClick(tour.balloon.next_button, Qt.MouseButton.LeftButton)
    assert tour.step is None and not tour.balloon.isVisible()
    window.welcome()
    assert tour.step is None, "it comes once"


def test_the_tour_goes_back_is_skipped_and_repeated(user, qtbot):
    window, tour = user.window, user.window.tour
    window.actions_["tour"].trigger()
    for _ in STEPS[1:]:
        qtbot.keyClick(tour.balloon, Qt.Key.Key_Right)
    assert tour.step == len(STEPS) - 1
    qtbot.keyClick(tour.balloon, Qt.Key.Key_Left)
    assert tour.step == len(STEPS) - 2
    qtbot.keyClick(tour.balloon, Qt.Key.Key_Escape)
    assert tour.step is None and not tour.balloon.isVisible()
    window.actions_["tour"].trigger()
    assert tour.step == 0
    window.resize(900, 640)
    qtbot.waitUntil(lambda: window.rect().contains(tour.balloon.geometry()))


@pytest.mark.parametrize("points", [False, True])
def test_a_newcomer_draws_two_distributions_and_trains(user, qtbot, quick, points):
    window = user.window
    user.fills_in(quick)
    window.gallery.open()
    qtbot.mouseClick(window.gallery.page.draw, Qt.MouseButton.LeftButton)
    dialog = window.drawer.dialog
    canvas = dialog.canvas

    def click(name):
        (button,) = (b for b in (*dialog.sides.buttons(), *dialog.tools.buttons()) if b.objectName() == name)
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def drag(*places):
        ends = [canvas.place_of(*place).toPoint() for place in places]
        qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=ends[0])
        qtbot.mouseMove(canvas, ends[-1])
        qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=ends[-1])

    click("draw-point" if points else "draw-stroke")
    drag((-2.0, 0.0), (-2.0, 1.5))
    click("draw-q")
    click("draw-point" if points else "draw-blob")
    drag((2.0, 0.0), (3.0, 0.0))
    qtbot.mouseClick(dialog.run_button, Qt.MouseButton.LeftButton)
    assert not window.gallery.is_open
    record = user.waits_for("ended")
    assert record.experiment.pair.name() == ("points" if points else "mixture")
    user.waits_until(lambda: "w1" in record.truths)
    truth = record.truths["w1"]
    if points:
        assert truth.lower <= 4.0 <= truth.upper + 0.05
    else:
        assert 3.9 < truth.value < 4.5 and truth.upper - truth.lower < 0.05 * truth.value
        assert "congested" in record.truths or user.waits_until(lambda: "congested" in record.truths) is None
    window.drawer.ask()
    again = window.drawer.dialog.canvas.drawing
    assert again.complete, "the form's pair can be drawn on"
    window.drawer.dialog.reject()
