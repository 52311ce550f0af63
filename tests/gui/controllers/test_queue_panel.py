"""The panel of the queue: buttons, drag and drop, and how many runs train at once."""

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDropEvent

from wganstudio.experiment import override, preset, read
from wganstudio.gui.controllers.queue_control import QueueControl, remembered_slots
from wganstudio.gui.controllers.waiting_runs import Continuation, NewRun, WaitingRuns
from wganstudio.gui.widgets.docks import Dock
from wganstudio.gui.widgets.queue_panel import QueuePanel, default_slots


@pytest.fixture
def waiting(qapp):
    waiting = WaitingRuns()
    waiting.hold(True)
    settings = preset("first-look").settings
    seeds = [read(override(settings, [("training.seed", seed)])) for seed in range(3)]
    waiting.add([*map(NewRun, seeds), Continuation(4, "Mine", 5000)])
    return waiting


@pytest.fixture
def panel(qtbot, waiting):
    panel = QueuePanel(waiting, 1)
    qtbot.addWidget(panel)
    return panel


def texts(panel):
    return [panel.list.item(row).text() for row in range(panel.list.count())]


def press(qtbot, button):
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_each_run_says_what_it_is_and_needs(panel, waiting):
    panel.describe = lambda experiment: "about 20 s"
    panel.refresh()
    assert texts(panel)[1].endswith("3,000 steps, seed 1, about 20 s")
    assert texts(panel)[3] == "4.  Mine   \u00b7   extend to step 5,000"
    assert panel.summary.text() == "4 runs, held" and panel.hold.text() == "Start"


def test_the_buttons_fit_the_selection(qtbot, panel, waiting):
    assert not panel.up.isEnabled() and not panel.remove.isEnabled() and panel.clear.isEnabled()
    panel.list.item(3).setSelected(True)
    assert panel.up.isEnabled() and not panel.down.isEnabled()
    assert not panel.copy.isEnabled(), "a run of the session goes on once"
    press(qtbot, panel.up)
    assert panel.selected == [4] and "Mine" in texts(panel)[2] and panel.down.isEnabled()
    panel.list.clearSelection()
    panel.list.item(0).setSelected(True)
    assert not panel.up.isEnabled()
    press(qtbot, panel.copy)
    assert "seed 0" in texts(panel)[1] and len(waiting) == 5
    press(qtbot, panel.remove)
    assert len(waiting) == 4
    press(qtbot, panel.hold)
    assert not waiting.held and panel.hold.text() == "Hold"
    press(qtbot, panel.clear)
    assert len(waiting) == 0 and not panel.list.isVisible() and not panel.hold.isEnabled()


def test_runs_are_dragged_to_another_place(qtbot, panel, waiting):
    items, button = panel.list, Qt.MouseButton.LeftButton
    items.insertItem(0, items.takeItem(2))  # as a drop within the list does
    move, nothing = Qt.DropAction.MoveAction, Qt.KeyboardModifier.NoModifier
    items.dropEvent(QDropEvent(QPointF(), move, QMimeData(), button, nothing))
    qtbot.waitUntil(lambda: [entry.number for entry in waiting.entries] == [3, 1, 2, 4])
    assert texts(panel)[0].startswith("1.") and "seed 2" in texts(panel)[0]


@pytest.mark.parametrize(("cores", "slots"), [(1, 1), (4, 1), (8, 2), (12, 3), (64, 4)])
def test_runs_at_once_follow_from_the_cores(cores, slots):
    assert default_slots(cores) == slots


def test_the_number_of_runs_at_once_is_remembered(qtbot, panel, waiting, settings, notifier, qapp):
    class Controller:
        slots = 0

        def set_slots(self, count):
            self.slots = count

    controller, dock = Controller(), Dock("queue", "Queue", panel)
    qtbot.addWidget(dock)
    control = QueueControl(waiting, controller, panel, dock, settings, notifier)
    assert controller.slots == 1
    panel.slots.setValue(3)
    assert controller.slots == 3 and remembered_slots(settings) == 3
    settings.put("runs-at-once", "nonsense")
    assert remembered_slots(settings) >= 1
    control.close()
    assert "seed" in settings.get("queue", "")
