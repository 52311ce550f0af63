"""ShownStep and its bar: slider, buttons, playing, and runs that go on."""

import pytest
from PySide6.QtCore import Qt

from figure_records.fixtures import make_events, make_record, plane_record
from wganstudio.experiment import read
from wganstudio.gui.controllers.shown_step import ShownStep
from wganstudio.gui.widgets.time_bar import SPEEDS, TimeBar
from wganstudio.session import RunRecord

__all__ = ["make_events", "make_record", "plane_record"]
STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]
"""The recorded steps before the last one, 2000."""


@pytest.fixture
def bar(qtbot):
    bar = TimeBar()
    qtbot.addWidget(bar)
    bar.show()
    return bar


@pytest.fixture
def shown(bar):
    shown = ShownStep(bar)
    yield shown
    shown.close()


@pytest.fixture
def announced(shown):
    """The steps that were announced."""
    steps = []
    shown.changed.connect(steps.append)
    return steps


def click(qtbot, button):
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_without_a_run_nothing_can_be_moved(bar, shown, announced):
    assert shown.step is None and bar.text.text() == ""
    for widget in (bar.slider, bar.first, bar.previous, bar.play, bar.next, bar.last, bar.live):
        assert not widget.isEnabled()
    shown.go_to_first()
    shown.move(3)
    shown.play_or_pause()
    shown.show_step(100)
    assert shown.step is None and not shown.playing and not announced


def test_a_finished_run_is_shown_at_its_end(bar, shown, plane_record):
    shown.set_records([plane_record])
    assert shown.step is None and list(shown.steps) == STEPS
    assert bar.slider.maximum() == bar.slider.value() == len(STEPS)
    assert bar.text.text() == f"step 2,000 of {plane_record.steps:,}"
    assert bar.live.text() == "Newest" and bar.live.isChecked() and not bar.next.isEnabled()


def test_the_slider_shows_a_recorded_step(qtbot, bar, shown, announced, plane_record):
    shown.set_records([plane_record])
    bar.slider.setValue(STEPS.index(100))
    assert shown.step == 100 and bar.text.text().startswith("step 100 of") and not bar.live.isChecked()
    qtbot.waitUntil(lambda: announced == [100])
    click(qtbot, bar.live)
    qtbot.waitUntil(lambda: announced == [100, None])
    assert bar.live.isChecked() and bar.slider.value() == len(STEPS)


def test_of_many_steps_at_once_only_the_newest_is_announced(qtbot, bar, shown, announced, plane_record):
    shown.set_records([plane_record])
    for position in range(8):
        bar.slider.setValue(position)
    qtbot.waitUntil(lambda: announced == [200])


def test_the_buttons_go_frame_by_frame_and_to_the_ends(qtbot, bar, shown, plane_record):
    shown.set_records([plane_record])
    click(qtbot, bar.first)
    assert shown.step == 1 and not bar.first.isEnabled() and not bar.previous.isEnabled()
    click(qtbot, bar.next)
    click(qtbot, bar.next)
    assert shown.step == 5
    click(qtbot, bar.previous)
    assert shown.step == 2
    shown.move(10)
    assert shown.step is None
    shown.move(-10)
    assert shown.step == 1
    click(qtbot, bar.last)
    assert shown.step is None, "the last frame of a finished run is its newest"


def test_the_nearest_recorded_step_is_shown(shown, plane_record):
    shown.set_records([plane_record])
    for wanted, step in ((-50, 1), (74, 50), (76, 100), (1400.5, 1000), (1600, None), (1e9, None)):
        shown.show_step(wanted)
        assert shown.step == step


def test_playing_begins_anew_from_the_end_and_stops_there(qtbot, bar, shown, announced, plane_record):
    shown.set_records([plane_record])
    bar.speed.setCurrentIndex(len(SPEEDS) - 1)
    click(qtbot, bar.play)
    assert shown.playing and shown.step == 1 and bar.play.accessibleName() == "Stop playing"
    qtbot.waitUntil(lambda: not shown.playing)
    qtbot.waitUntil(lambda: len(announced) == len(STEPS) + 1)
    assert announced == [*STEPS, None], "each frame was shown, in order"
    assert bar.play.accessibleName() == "Play the recorded frames"


def test_playing_goes_round_in_a_loop_until_it_is_stopped(qtbot, bar, shown, announced, plane_record):
    shown.set_records([plane_record])
    click(qtbot, bar.loop)
    shown.set_speed(100)
    shown.go_to(8)
    shown.play_or_pause()
    qtbot.waitUntil(lambda: announced[:5] == [500, 1000, None, 1, 2])
    click(qtbot, bar.play)
    assert not shown.playing


@pytest.mark.parametrize("act", ["first", "previous"])
def test_moving_stops_playing(qtbot, bar, shown, plane_record, act):
    shown.set_records([plane_record])
    shown.go_to(4)
    shown.play_or_pause()
    click(qtbot, getattr(bar, act))
    assert not shown.playing


def test_a_run_under_way_is_followed_until_an_earlier_step_is_chosen(bar, shown, make_events):
    record = RunRecord(1, read({}))
    events = iter(make_events(2, points=16))
    shown.set_records([record])
    for event in events:
        record.apply(event)
        if event.step == 200:
            break
    shown.refresh()
    assert bar.text.text().startswith("live, step ") and bar.live.text() == "Live" and bar.live.isChecked()
    shown.show_step(20)
    for event in events:
        record.apply(event)
        shown.refresh()
    assert shown.step == 20 and list(shown.steps) == STEPS and bar.slider.value() == STEPS.index(20)


def test_the_last_recorded_frame_of_a_run_under_way_stays(bar, shown, make_record):
    record = make_record(2, until=200, points=16, ended=False)
    critic = record.snapshot("critic")
    record.apply(critic.model_copy(update={"step": 230, "recorded": False}))
    shown.set_records([record])
    assert bar.text.text().startswith("live, step 230")
    shown.go_to_last()
    assert shown.step == 200 and not bar.live.isChecked()
    shown.move(1)
    assert shown.step is None


def test_another_finished_run_is_shown_at_the_same_step(shown, announced, plane_record, make_record):
    shown.set_records([plane_record])
    shown.show_step(100)
    shown.set_records([make_record(2, points=16)])
    assert shown.step == 100
    shown.set_records([make_record(2, until=200, points=16, ended=False)])
    assert shown.step is None, "a run under way is followed"


def test_the_frames_of_several_runs_are_offered_together(bar, shown, plane_record, make_record):
    shown.set_records([make_record(2, until=200, points=16), plane_record])
    assert list(shown.steps) == STEPS
    shown.set_records([])
    assert shown.steps == () and bar.text.text() == ""


def test_the_bar_fits_a_narrow_window(qtbot, bar, shown, plane_record):
    shown.set_records([plane_record])
    bar.resize(bar.minimumSizeHint())
    assert bar.width() < 440 and bar.slider.width() >= 60
    assert bar.text.toolTip() == bar.text.text()


def test_every_control_has_a_name_and_a_tooltip(bar):
    for control in (bar.first, bar.previous, bar.play, bar.next, bar.last, bar.live, bar.loop):
        assert control.accessibleName() and control.toolTip()
    for control in (bar.slider, bar.speed):
        assert control.accessibleName() and control.toolTip()
