"""Sliding, playing and stepping through the frames of a run, and following it again."""

from itertools import groupby

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QTabBar

from wganstudio.gui.widgets.docks import in_sight


def shows(view, step):
    return view.drawn is not None and view.drawn.step == step


def clicks(qtbot, button):
    assert button.isVisible() and button.isEnabled()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def looks_at_the_views(qtbot, window):
    """Clicks into a view, which then has the keyboard."""
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    canvas = window.area.views["landscape"].canvas.viewport()
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=canvas.rect().center())


def test_a_user_slides_through_time(user, qtbot, quick):
    window, bar = user.window, user.window.time_bar
    record = user.runs(quick)
    views = window.area.views
    landscape, gradient, costs = views["landscape"], views["gradient"], views["costs"]
    steps = record.recorded_steps("critic")
    assert len(steps) > 30, "there are more frames than at 1, 2, 5, 10, ..."
    user.waits_until(lambda: shows(landscape, 300) and bar.text.text() == "step 300 of 300")

    middle = steps.index(100)
    bar.slider.setValue(middle)
    user.waits_until(lambda: shows(landscape, 100) and shows(gradient, 100))
    assert np.array_equal(landscape.drawn.u, record.snapshot("critic", 100).arrays["u"])
    assert costs.step_cursor.step == 100 and costs.readout.text().startswith("At step 100: gap ")
    assert bar.text.text() == "step 100 of 300"

    between = next(step for step in steps if step > 200)
    bar.slider.setValue(steps.index(between))
    window.area.docks["gradient_norms"].raise_()
    norms = views["gradient_norms"]
    user.waits_until(lambda: in_sight(norms) and shows(norms, 200))
    assert norms.step_note.text() == "at step 200", "the last one that is recorded up to the shown step"
    assert norms.figure().step == 200 and landscape.figure().step == between, "exports take the shown step"

    window.area.docks["costs"].raise_()
    user.waits_until(lambda: in_sight(costs))
    place = costs.canvas.mapFromScene(costs.box.mapViewToScene(QPointF(50, sum(costs.drawn.y_range) / 2)))
    viewport = costs.canvas.viewport()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=place)
    near = min(steps, key=lambda step: abs(step - 50))
    user.waits_until(lambda: abs(landscape.drawn.step - near) <= 5)
    assert costs.step_cursor.step == landscape.drawn.step


def test_a_user_steps_with_the_keys_and_no_editor_loses_them(user, qtbot, quick):
    window, shown = user.window, user.window.shown_step
    record = user.runs(quick)
    steps = record.recorded_steps("critic")
    looks_at_the_views(qtbot, window)
    for key, modifiers, step in (
        (Qt.Key.Key_Home, Qt.KeyboardModifier.NoModifier, steps[0]),
        (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, steps[1]),
        (Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier, steps[11]),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier, steps[10]),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier, steps[0]),
        (Qt.Key.Key_End, Qt.KeyboardModifier.NoModifier, None),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier, steps[-2]),
    ):
        qtbot.keyClick(window.focusWidget(), key, modifiers)
        assert shown.step == step, key
    user.waits_until(lambda: shows(window.area.views["landscape"], steps[-2]))

    user.types("training.steps", "310")
    line = window.form.groups["training"].rows["steps"].editor.inner
    for key in (Qt.Key.Key_Home, Qt.Key.Key_Right, Qt.Key.Key_Delete, Qt.Key.Key_End, Qt.Key.Key_Left):
        qtbot.keyClick(line, key)
    qtbot.keyClicks(line, "5")
    assert line.text() == "350" and shown.step == steps[-2]
    tabs = next(bar for bar in window.area.findChildren(QTabBar) if bar.count() > 1)
    tabs.setFocus()
    qtbot.keyClick(tabs, Qt.Key.Key_Right)
    assert shown.step == steps[-2], "the arrow moves between the tabs"


def test_a_user_plays_a_run(user, qtbot, quick):
    window, bar, landscape = user.window, user.window.time_bar, user.window.area.views["landscape"]
    record = user.runs(quick)
    user.waits_until(lambda: shows(landscape, 300))
    drawn = []
    landscape.redrawn.connect(lambda: drawn.append(landscape.drawn.step))
    bar.speed.setCurrentIndex(bar.speed.count() - 1)
    looks_at_the_views(qtbot, window)
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Space)
    assert window.shown_step.playing
    user.waits_until(lambda: not window.shown_step.playing, progress=lambda: len(drawn))
    user.waits_until(lambda: shows(landscape, 300))
    steps = record.recorded_steps("critic")
    frames = [step for step, _ in groupby(drawn)]  # a truth that arrives draws a frame again
    assert frames[-len(steps) :] == steps, "every frame was drawn, in order"
    clicks(qtbot, bar.play)
    user.waits_until(lambda: len(drawn) > len(record.recorded_steps("critic")) + 3, lambda: len(drawn))
    clicks(qtbot, bar.play)
    assert not window.shown_step.playing and window.shown_step.step is not None


def test_a_user_looks_back_during_the_run_and_goes_live_again(user, qtbot, long):
    window, bar, landscape = user.window, user.window.time_bar, user.window.area.views["landscape"]
    user.fills_in(long)
    user.clicks("run")
    user.waits_until(lambda: user.record is not None and user.record.step > 50)
    user.waits_until(lambda: bar.text.text().startswith("live, step ") and bar.live.isChecked())
    clicks(qtbot, bar.first)
    user.waits_until(lambda: shows(landscape, 0))
    assert not bar.live.isChecked() and window.area.live_topics == frozenset()
    before = user.record.step
    user.waits_until(lambda: user.record.step > before + 20)
    assert shows(landscape, 0) and window.shown_step.step == 0, "the run goes on, and the views stay"
    clicks(qtbot, bar.live)
    user.waits_until(lambda: landscape.drawn.step > before)
    assert bar.live.isChecked() and bar.text.text().startswith("live, step ")
    user.clicks("pause")
    user.waits_for("paused")
    clicks(qtbot, bar.previous)
    user.waits_until(lambda: window.shown_step.step is not None and not bar.live.isChecked())
    clicks(qtbot, bar.live)
    user.waits_until(lambda: shows(landscape, user.record.step))
    user.clicks("stop")
    user.waits_for("stopped")
