"""The copied lines of Python draw the figure of the view: of each view, zoomed, at a step, beside others."""

import numpy as np
import pytest

from figure_equality import assert_same_data
from figure_records.gaussians import gaussian_record
from figure_records.solver_records import atomic_record, generator_record, map_record
from wganstudio.experiment import override, read
from wganstudio.gui.python_code import ViewedFigure, python_code
from wganstudio.gui.views.registry import registered_views
from wganstudio.session import Document
from wganstudio.session.record_copy import events_of_record

VIEWS = {cls.name: cls for cls in registered_views()}
ATOMS = np.array([[0.0, 0.0], [1.0, 0.5], [-0.5, 1.0]])
Q = np.random.default_rng(0).normal(size=(64, 2))


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """A session with a run for every view."""
    path = tmp_path_factory.mktemp("code") / "it's a session.wgs"
    document = Document.create(path, "test")
    records = [gaussian_record(2), gaussian_record(2, penalty=10.0), atomic_record(ATOMS, Q)]
    records += [generator_record(2), map_record(2)]
    for record in records:
        number = document.add_run(record.experiment, record.given_name)
        for event in events_of_record(record):
            document.append(number, event)
    document.close()
    return path


@pytest.fixture
def records(file):
    document = Document.open(file)
    document.close()
    return document.records()


@pytest.fixture
def drawn(qtbot, records):
    """Makes a view of the first runs of which it draws one."""

    def make(name, *others):
        for record in records:
            view = VIEWS[name]()
            qtbot.addWidget(view)
            view.session_records = lambda: records
            view.resize(900, 700)
            view.show()
            qtbot.waitExposed(view)
            view.set_records([record, *others])
            if view.drawn is not None:
                return view
        return None

    return make


def code_of(view, file, **options):
    figure = view.figure()
    viewed = ViewedFigure(
        figure=figure,
        request=view.request(view.record),
        file=file,
        recorded_steps=view.recorded_steps(),
        zoomed=not view.auto_range or view.shared_limits,
        rescaled=view.shared_limits,
        **options,
    )
    return figure, python_code(viewed)


def executed(code, monkeypatch, folder):
    """Return the figure that the lines draw, and see that they write a file."""
    monkeypatch.chdir(folder)
    names = {}
    exec(compile(code, "copied lines", "exec"), names)
    assert [path.suffix for path in folder.iterdir()] == [".png"]
    return names["figure"].data


@pytest.mark.parametrize("name", list(VIEWS))
def test_the_lines_of_every_view_draw_its_figure(name, drawn, file, monkeypatch, tmp_path):
    view = drawn(name)
    if view is None:
        pytest.skip(f"none of these runs has something to show in {name}")
    figure, code = code_of(view, file)
    assert_same_data(executed(code, monkeypatch, tmp_path), figure)


def test_zoom_step_and_choices_are_in_the_lines(drawn, file, monkeypatch, tmp_path):
    view = drawn("landscape")
    steps = view.record.recorded_steps("critic")
    view.set_step(steps[len(steps) // 2])
    view.truth.setChecked(True)
    view.samples.setChecked(False)
    view.boxes[0].setRange(xRange=(-0.5, 0.25), yRange=(-0.25, 0.5), padding=0)
    view.auto_range = False
    figure, code = code_of(view, file)
    assert f"step={steps[len(steps) // 2]}, show_truth=True, show_samples=False" in code
    assert "figure.zoom(x=(" in code and figure.step == view.shown_step
    assert_same_data(executed(code, monkeypatch, tmp_path), figure)


def test_runs_over_one_another_and_a_logarithmic_axis(drawn, records, file, monkeypatch, tmp_path):
    view = drawn("gradient_norms", records[1])
    view.logarithmic.setChecked(True)
    figure, code = code_of(view, file)
    assert "beside=others, logarithmic=True" in code and figure.overlay.main is not None
    assert_same_data(executed(code, monkeypatch, tmp_path), figure)


def test_common_and_locked_scales_of_runs_side_by_side(drawn, records, file, monkeypatch, tmp_path):
    view = drawn("landscape", records[1])
    assert view.comparison.several
    further = view.comparison.views[1]
    further.refresh()
    figure, code = code_of(further, file)
    assert "numbered(2)" in code and "figure.rescale({'landscape.scale':" in code
    assert_same_data(executed(code, monkeypatch, tmp_path), figure)


def test_a_difference_of_two_landscapes(drawn, records, file, monkeypatch, tmp_path):
    view = drawn("landscape", records[1])
    view.comparison.views[1].refresh()
    view.compare_bar.offer(2, "", view._further_choices())
    view.compare_bar.choice.setCurrentIndex(view.compare_bar.choice.count() - 1)
    view._choice_changed()
    figure, code = code_of(view, file)
    assert figure.name == "landscape_difference" and "beside=others" in code
    assert_same_data(executed(code, monkeypatch, tmp_path), figure)


def test_a_live_frame_gives_way_to_a_recorded_one_and_a_working_file_is_named(drawn, file):
    view = drawn("landscape")
    figure, _ = code_of(view, file)
    viewed = ViewedFigure(
        figure=figure,
        request=view.request(view.record),
        file=file,
        recorded_steps=(0, figure.step - 7),
        is_working_file=True,
    )
    lines = python_code(viewed).split("\n")
    notes = [line for line in lines if line.startswith("#")]
    assert "not saved" in notes[0] and f"this is step {figure.step - 7}" in notes[-1]
    assert any(f"step={figure.step - 7}" in line for line in lines)


def test_the_name_of_a_run_stays_in_its_comment(drawn, file):
    view = drawn("costs")
    view.record.rename("a\nname\n__import__('os')")
    _, code = code_of(view, file)
    assert [line for line in code.split("\n") if line.startswith("__import__")] == []
    assert read(override(view.record.experiment.settings(), []))
