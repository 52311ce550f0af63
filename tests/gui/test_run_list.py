"""The list of runs: many of them, those of another session, and names that could not be changed."""

import time

import pytest

from wganstudio.experiment import preset, read
from wganstudio.gui.widgets.run_list import RunList
from wganstudio.session import RunRecord
from wganstudio.training.events import Metrics


@pytest.fixture
def run_list(qtbot):
    run_list = RunList()
    qtbot.addWidget(run_list)
    return run_list


def records(count, name="run"):
    experiment = read(preset("first-look").settings)
    return [RunRecord(run, experiment, f"{name} {run}") for run in range(1, count + 1)]


def texts(run_list):
    return [run_list.list.item(row).text() for row in range(run_list.list.count())]


def test_thousands_of_runs_are_shown_and_refreshed_at_once(run_list):
    many, start = records(4000), time.process_time()
    run_list.show_records(many)
    for _ in range(3):
        many[7].apply(Metrics(step=1, values={"gap": 3.0}))
        run_list.refresh(many)
    run_list.show_records(many[::2])
    assert time.process_time() - start < 5, "a search for every run takes half a minute"
    assert run_list.list.count() == 2000 and texts(run_list)[-1] == "run 3999"


def test_runs_of_another_session_have_their_own_texts(run_list):
    run_list.show_records(records(2, "old"))
    run_list.show_records(records(3, "new"))  # of the same numbers and versions
    assert texts(run_list) == ["new 1", "new 2", "new 3"]


def test_a_name_that_could_not_be_changed_is_shown_as_it_was(run_list):
    shown = records(1)
    run_list.show_records(shown)
    run_list.list.item(0).setText("typed")
    run_list.show_anew(shown)
    assert texts(run_list) == ["run 1"]


def test_a_chosen_run_is_the_only_selected_one_and_a_removed_one_leaves_another(run_list):
    shown = records(3)
    run_list.show_records(shown)
    run_list.choose(1)
    assert run_list.selected == [1]
    run_list.choose(2)
    assert run_list.selected == [2]
    run_list.show_records([shown[0], shown[2]])
    assert len(run_list.selected) == 1
    run_list.show_records(shown)
    assert texts(run_list) == ["run 1", "run 2", "run 3"], "a restored run stands where it was"
    run_list.select_all()
    assert sorted(run_list.selected) == [1, 2, 3]


def test_names_cannot_be_edited_while_the_session_is_read_only(run_list):
    run_list.show_records(records(1))
    run_list.set_read_only(True)
    assert run_list.list.editTriggers() == run_list.list.EditTrigger.NoEditTriggers
    run_list.set_read_only(False)
    assert run_list.list.editTriggers() & run_list.list.EditTrigger.DoubleClicked
