"""The form shows the name of its next run, which agrees with its settings and with the earlier runs."""

import pytest

from wganstudio.experiment import override, preset, read
from wganstudio.gui.controllers.run_namer import RunNamer

SETTINGS = preset("first-look").settings


@pytest.fixture
def namer(form, session):
    return RunNamer(form, session)


def fill(form, **changes):
    for path, value in changes.items():
        group, field = path.split("__")
        form.groups[group].rows[field].fill(value)
        form.groups[group].changed.emit(f"{group}.{field}")


def next_name(form, qtbot, name):
    qtbot.waitUntil(lambda: form.name.placeholderText() == name)
    return name


def test_the_placeholder_is_the_name_of_the_next_run(namer, form, qtbot):
    title = SETTINGS["about"]["name"]
    assert form.name.placeholderText() == title == namer.named(form.experiment()).about.name
    fill(form, solver__penalty="10")
    assert namer.named(form.experiment()).about.name == next_name(form, qtbot, "λ = 10")
    fill(form, solver__penalty="nonsense")
    fill(form, solver__penalty="1")
    assert next_name(form, qtbot, title)


def test_a_typed_name_wins(namer, form, qtbot):
    fill(form, solver__penalty="10")
    qtbot.keyClicks(form.name, "Mine")
    assert namer.named(form.experiment()).about.name == "Mine"
    form.load_preset("moons")
    assert form.name.text() == "" and form.name.placeholderText() == preset("moons").about.name


def test_settings_of_a_run_keep_its_name_until_they_are_changed(namer, form, session, qtbot):
    run = read(override(SETTINGS, [("solver.penalty", 10), ("about.name", "Mine")]))
    form.load(run.settings(), "As in “Mine”")
    assert form.name.placeholderText() == "Mine"
    fill(form, critic__width="64")
    assert next_name(form, qtbot, "λ = 10, width 64")


def test_a_file_without_a_preset_is_its_own_base(namer, form, qtbot):
    form.load({"about": {"name": "Base"}, "solver": {"kind": "gp"}})
    assert form.name.placeholderText() == "Base"
    fill(form, solver__penalty="3")
    assert next_name(form, qtbot, "λ = 3")
    form.load({"solver": {"kind": "gp"}})
    assert form.name.placeholderText() == "Gaussians, GP"


def test_earlier_runs_of_that_name_make_it_say_more(namer, form, session, qtbot):
    other = read(override(SETTINGS, [("solver.penalty", 10), ("critic.width", 64), ("about.name", "λ = 10")]))
    session.add_run(other)
    fill(form, solver__penalty="10")
    assert next_name(form, qtbot, "width 128, λ = 10")
    session.add_run(read(preset("moons").settings))
    assert next_name(form, qtbot, "First look, λ = 10")


def test_a_sweep_is_named_by_what_is_swept_and_not_described_as_its_preset(namer):
    swept = [read(override(SETTINGS, [("solver.penalty", penalty)])) for penalty in (1, 10)]
    named = namer.all_named(swept)
    assert [one.about.name for one in named] == ["λ = 1", "λ = 10"]
    assert all(one.about.expected == "" and one.about.preset == "first-look" for one in named)
