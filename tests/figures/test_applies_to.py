"""A figure that does not apply to an experiment is empty for its runs, and views ask their figure."""

import pytest

from wganstudio.experiment import override, preset, read
from wganstudio.figures import figure_classes

ALWAYS = {"landscape", "gradient", "costs", "gradient_norms", "critic_descent"}
CASES = {
    "first-look": {"congestion_theorem", "momentum"},
    "radial-64": set(),
    "points": {"cells", "plan", "samples", "transport_map", "accuracy"},
    "five-points": {"cells", "plan", "samples", "transport_map", "accuracy", "theory_checks"},
    "convex-map": {"transport_map", "accuracy"},
    "digits-gan": {"samples"},
    "digits-transport": {"samples", "plan", "transport_map", "accuracy", "theory_checks"},
}


def applying(experiment, among=()):
    return {name for name, cls in figure_classes().items() if cls.applies_to(experiment, among)}


@pytest.mark.parametrize("name", CASES)
def test_the_figures_that_apply_to_a_preset(name):
    experiment = read(preset(name).settings)
    assert applying(experiment, [experiment]) == ALWAYS | CASES[name]


def test_point_masses_have_no_flow():
    changes = [("pair.kind", "mixture"), ("pair.scale_p", 0.0)]
    settings = override(preset("first-look").settings, changes)
    settings["pair"] = {"kind": "mixture", "scale_p": 0.0}
    assert applying(read(settings)) == ALWAYS


def test_figures_that_compare_runs_apply_once_there_are_several():
    one = read(preset("first-look").settings)
    other = read(override(preset("first-look").settings, [("solver.kind", "gp")]))
    elsewhere = read(override(preset("first-look").settings, [("solver.kind", "gp"), ("pair.dim", 3)]))
    assert not {"sweep", "systems"} & applying(one, [one])
    assert {"sweep", "systems"} <= applying(one, [one, other])
    assert "systems" not in applying(one, [one, elsewhere])


def test_what_does_not_apply_is_empty(plane_record, line_record, space_record, make_mapped):
    checked = 0
    for record in (plane_record, line_record, space_record, make_mapped(2)):
        among = [record.experiment]
        for name, cls in figure_classes().items():
            if not cls.applies_to(record.experiment, among):
                assert cls.from_record(record, among=[record]) is None, (name, record.name)
                checked += 1
    assert checked > 20
