"""Curves at their places on the axis, the stages of a composite, and what a crosshair reads."""

import numpy as np
import pytest

from wganstudio.experiment import override, preset, read
from wganstudio.figures.abscissa import Abscissa, axis_of
from wganstudio.figures.costs.figure import Costs
from wganstudio.figures.curves import nearest
from wganstudio.figures.mpl import render_figure
from wganstudio.figures.samples.stages import stage_starts
from wganstudio.session import RunRecord
from wganstudio.training.events import Metrics


def make_run(number=1, timed=True, **values):
    settings = override(preset("first-look").settings, [("solver.penalty", number), ("training.steps", 100)])
    record = RunRecord(number, read(settings), f"run {number}")
    for step in (0, 10, 30, 100):
        numbers = {name: value[step] if isinstance(value, dict) else value for name, value in values.items()}
        effort = {"seconds": step * number / 10, "samples": 64 * step} if timed else {}
        record.apply(Metrics(step=step, values={"gap": 1.0 + step, "gap_se": 0.5} | numbers, **effort))
    return record


def test_each_run_has_its_own_seconds():
    figure = Costs.from_records([make_run(1), make_run(2)], x="seconds")
    assert figure.curves[0].x.tolist() == [0, 1, 3, 10]
    assert figure.overlay.curves[0].x.tolist() == [0, 2, 6, 20]
    assert figure.x_range == (0, 20) and figure.x_label == "seconds"


def test_all_runs_are_over_steps_if_one_was_recorded_without_times():
    runs = [make_run(1), make_run(2, timed=False)]
    figure = Costs.from_records(runs, x="seconds")
    assert figure.x_label == "steps" and figure.overlay.curves[0].x.tolist() == [0, 10, 30, 100]
    assert figure.notes == ("run 2 was recorded without times; the axis shows steps.",)
    assert axis_of(runs, "samples")[1] == (
        "run 2 was recorded without numbers of samples; the axis shows steps."
    )
    assert axis_of(runs[1:], "steps") == ("steps", "")


def test_places_and_steps_are_inverse_also_beyond_the_last_point():
    abscissa = Abscissa.of(make_run(), "seconds")
    steps = np.array([0.0, 5.0, 10.0, 77.0, 100.0, 150.0])
    places = abscissa.at(steps)
    np.testing.assert_allclose(places, steps / 10)
    np.testing.assert_allclose([abscissa.step_at(place) for place in places], steps)


@pytest.mark.parametrize(("place", "index"), [(-5, 0), (4, 0), (6, 1), (21, 2), (64, 2), (66, 3), (1e9, 3)])
def test_the_nearest_point_is_read(place, index):
    assert nearest(np.array([0.0, 10.0, 30.0, 100.0]), place) == index
    assert nearest(np.array([3.0]), place) == 0


def test_a_reading_has_the_errors_of_all_runs():
    figure = Costs.from_records([make_run(1), make_run(2)], smoothing=0.5)
    reading = figure.read(28.0)
    assert reading.step == 30 and reading.title == "Step 30"
    ours, theirs = (point.text for point in reading.points)
    assert ours.startswith("run 1: gap 31.0 ± 0.5, smoothed ")
    assert theirs.startswith("run 2: gap 31.0 ± 0.5, smoothed ")
    hidden = Costs.from_records([make_run(1), make_run(2)], hidden=frozenset({"run 2"}))
    assert len(hidden.read(28.0).points) == 1 and hidden.tables().keys() == {""}


def test_hidden_curves_do_not_count_for_the_ranges():
    value = {0: -900.0, 10: -800.0, 30: -700.0, 100: -600.0}
    run = make_run(value=value, value_se=0.5)
    shown, hidden = (Costs.from_record(run, hidden=names) for names in (frozenset(), {"value"}))
    assert shown.y_range[0] < -600 and hidden.y_range[0] > -200
    nothing = Costs.from_record(run, hidden=frozenset({"gap", "value"}))
    assert nothing.read(10.0) is None and nothing.y_range[0] < nothing.y_range[1]


def test_a_new_map_of_a_composite_is_marked_where_it_begins():
    stage = {0: 0.0, 10: 1.0, 30: 2.0, 100: 3.0}
    run = make_run(stage=stage)
    assert stage_starts(run).tolist() == [10, 30], "the last map is appended at the end of the run"
    figure = Costs.from_record(run, x="seconds")
    assert figure.stages.tolist() == [1, 3] and "a new map begins" in figure.caption
    lines = [line for line in render_figure(figure).axes[0].lines if line.get_linestyle() == ":"]
    assert [line.get_xdata()[0] for line in lines] == [1, 3]
    assert not len(Costs.from_record(make_run()).stages)


def test_one_point_makes_a_figure():
    record = RunRecord(1, read({}))
    record.apply(Metrics(step=0, values={"gap": 0.0}))
    for options in ({}, {"log_x": True, "log_y": True, "smoothing": 0.9}):
        figure = Costs.from_record(record, **options)
        assert figure.x_range[0] < figure.x_range[1] and figure.y_range[0] < figure.y_range[1]
        render_figure(figure)
