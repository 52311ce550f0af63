"""One long journey: first start, gallery, two runs, comparison, time, undo, quit, reopen, continue.

With WGANSTUDIO_JOURNEY_PICTURES=FOLDER each stop of the journey leaves a screenshot in the folder.
"""

import os
from pathlib import Path

from PySide6.QtCore import Qt

from wganstudio.gui.widgets.runs.model import NAME_COLUMN

LEFT, CONTROL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier


class Album:
    """Takes a numbered picture of a window at each stop."""

    def __init__(self, qtbot):
        folder = os.environ.get("WGANSTUDIO_JOURNEY_PICTURES")
        self.folder = Path(folder) if folder else None
        self.qtbot, self.count = qtbot, 0

    def take(self, window, name):
        if self.folder is None:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        self.qtbot.wait(400)
        self.count += 1
        assert window.grab().save(str(self.folder / f"{self.count:02}-{name}.png"))


def click_run(window, qtbot, row, modifier=Qt.KeyboardModifier.NoModifier):
    view = window.runs.view
    place = view.visualRect(view.model().index(row, NAME_COLUMN)).center()
    qtbot.mouseClick(view.viewport(), LEFT, modifier, place)


def test_from_the_first_start_to_a_reopened_and_continued_session(
    user, qtbot, quick, chosen, another_window, tmp_path, monkeypatch
):
    window, album = user.window, Album(qtbot)
    window.settings.put("tour-seen", True)
    window.welcome()
    cards = window.gallery.page.cards
    album.take(window, "gallery")
    (card,) = (one for one in cards.cards if one.preset.name == "first-look")
    cards.ensureWidgetVisible(card)
    qtbot.mouseClick(card, LEFT)
    assert not window.gallery.is_open and window.form.presets.currentData() == "first-look"

    user.fills_in(quick)
    user.clicks("run")
    first = user.waits_for("ended")
    user.types("solver.penalty", "10")
    user.waits_until(lambda: window.form.name.placeholderText().startswith("λ = 10"))
    album.take(window, "lambda-changed")
    user.clicks("run")
    user.waits_until(lambda: len(window.session.records()) == 2 and user.record.state == "ended")
    second = user.record
    assert second.name.startswith("λ = 10") and second.experiment.solver.penalty == 10

    click_run(window, qtbot, 0)
    click_run(window, qtbot, 1, CONTROL)
    landscape, costs = window.area.views["landscape"], window.area.views["costs"]
    window.view_choice.want("costs")
    user.waits_until(lambda: costs.drawn is not None and len(costs.drawn.overlay.marks) == 2)
    user.waits_until(lambda: all(view.drawn is not None for view in landscape.comparison.views))
    assert [view.record for view in landscape.comparison.views] == [second, first]
    album.take(window, "compared")

    steps = second.recorded_steps("critic")
    window.time_bar.slider.setValue(steps.index(100))
    user.waits_until(lambda: [view.drawn.step for view in landscape.comparison.views] == [100, 100])
    album.take(window, "step-100")
    qtbot.mouseClick(window.time_bar.live, LEFT)
    user.waits_until(lambda: landscape.drawn.step == 300)

    click_run(window, qtbot, 0)
    window.actions_["delete"].trigger()
    assert window.session.records() == [second]
    album.take(window, "deleted")
    window.actions_["undo"].trigger()
    assert window.session.records() == [first, second] and window.run_selection.record is first

    chosen(tmp_path / "journey.wgs")
    window.actions_["save"].trigger()
    assert not window.isWindowModified() and window.close()

    again = user.window = another_window()
    again.actions_["open"].trigger()
    user.waits_until(lambda: len(again.session.records()) == 2)
    assert [record.name for record in again.session.records()] == [first.name, second.name]
    again.runs.choose(second.run)
    monkeypatch.setattr("wganstudio.gui.dialogs.questions.ask_number", lambda *arguments: 400)
    again.actions_["continue"].trigger()
    user.waits_until(lambda: user.record.step == 400 and user.record.state == "ended")
    user.waits_until(lambda: again.area.views["landscape"].drawn.step == 400)
    album.take(again, "continued")
