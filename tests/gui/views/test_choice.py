"""Views follow the run, as its figures tell, and the wishes of the user."""

import pytest

from wganstudio.experiment import override, preset, read
from wganstudio.gui.form.form import ExperimentForm
from wganstudio.gui.settings import Settings
from wganstudio.gui.views.area import ViewArea
from wganstudio.gui.views.choice import ViewChoice
from wganstudio.gui.views.registry import registered_views
from wganstudio.gui.widgets.docks import in_sight
from wganstudio.session import RunRecord

ALWAYS = {"landscape", "gradient", "costs", "gradient_norms", "critic_descent"}
GP = ALWAYS | {"congestion_theorem", "momentum"}


class Desk:
    """An area with its form and choice."""

    def __init__(self, qtbot):
        self.records = []
        self.settings = Settings()
        self.area = ViewArea(lambda: self.records)
        self.form = ExperimentForm()
        qtbot.addWidget(self.area)
        qtbot.addWidget(self.form)
        self.area.create_views(registered_views(), dark=False)
        self.choice = ViewChoice(self.area, self.form, self.settings, lambda: self.records)
        self.area.resize(1000, 700)
        self.area.show()
        self.choice.update()

    @property
    def shown(self):
        return {name for name, dock in self.area.docks.items() if not dock.isHidden()}

    @property
    def fronts(self):
        return {name for name, dock in self.area.docks.items() if in_sight(dock)}

    def run(self, name):
        record = RunRecord(len(self.records) + 1, read(preset(name).settings))
        self.records.append(record)
        self.area.set_records([record])
        self.choice.set_records([record])
        return record


@pytest.fixture
def desk(qtbot):
    return Desk(qtbot)


def test_without_a_run_the_form_decides(desk, qtbot):
    assert desk.shown == GP
    desk.form.load_preset("convex-map")
    assert desk.shown == ALWAYS | {"transport_map", "accuracy"}
    qtbot.waitUntil(lambda: "transport_map" in desk.fronts)


def test_a_run_decides_and_the_chosen_preset_adds_its_views(desk, qtbot):
    desk.run("first-look")
    desk.form.load_preset("points")
    assert desk.shown > GP and {"cells", "plan", "samples"} <= desk.shown
    qtbot.waitUntil(lambda: "cells" in desk.fronts)
    desk.run("points")
    assert "momentum" not in desk.shown and "cells" in desk.shown


def test_switching_between_runs_keeps_what_was_in_front(desk, qtbot):
    first = desk.run("first-look")
    desk.choice.want("momentum")
    qtbot.waitUntil(lambda: "momentum" in desk.fronts)
    desk.run("digits-gan")
    assert desk.shown == ALWAYS | {"samples"}
    desk.choice.set_records([first])
    assert desk.shown == GP
    qtbot.waitUntil(lambda: "momentum" in desk.fronts)


def test_what_the_user_shows_and_hides_wins_and_is_remembered(desk, qtbot):
    first = desk.run("first-look")
    desk.area.docks["costs"].close()
    desk.area.docks["cells"].toggleViewAction().trigger()
    assert desk.shown == (GP | {"cells"}) - {"costs"}
    desk.run("convex-map")
    assert "costs" not in desk.shown and "cells" in desk.shown
    desk.form.load_preset("moons")
    assert "costs" not in desk.shown
    again = ViewChoice(desk.area, desk.form, desk.settings, lambda: desk.records)
    again.set_records([first])
    assert "costs" not in desk.shown and "cells" in desk.shown
    again.reset()
    assert desk.shown == GP


def test_the_program_hides_without_taking_it_for_the_users_wish(desk):
    desk.run("first-look")
    desk.run("digits-gan")
    assert desk.settings.get("views-hidden", "") == "" and desk.settings.get("views-shown", "") == ""


def test_views_that_compare_runs_come_with_the_second_solver(desk):
    desk.run("first-look")
    assert "systems" not in desk.shown
    desk.run("five-systems")  # another solver on the same pair
    assert "systems" in desk.shown


@pytest.mark.parametrize("change", [("critic.width", 32), ("training.seed", 1), ("solver.penalty", 10)])
def test_the_sweep_comes_with_a_run_that_differs_in_one_field(desk, change):
    record = desk.run("first-look")
    assert "sweep" not in desk.shown
    desk.records.append(RunRecord(2, read(override(record.experiment.settings(), [change]))))
    desk.choice.update()
    assert "sweep" in desk.shown


def test_an_invalid_form_changes_nothing(desk):
    desk.form.load({"training": {"steps": -1}}, "wrong")
    assert desk.form.valid_experiment is None and desk.shown == GP
