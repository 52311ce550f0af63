"""`ws.open_session`: the runs of a file, also while another process writes it."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest
import torch

import wganstudio as ws
from quick_runs import EIGHT, case
from wganstudio.session import Document, SessionError
from wganstudio.training.events import Ended, Metrics
from wganstudio.training.run import Run


@pytest.fixture(scope="module")
def session_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("session") / "two.wgs"
    ws.run(case("lp"), session=path, progress=False)
    ws.run(case("gp", groups=EIGHT), seed=1, session=path, progress=False)
    return path


@pytest.fixture
def runs(session_file):
    with ws.open_session(session_file) as session:
        return session.runs


def test_runs_are_found_by_place_name_and_number(runs):
    assert len(runs) == 2 and [run.number for run in runs] == [1, 2]
    assert runs[-1].name == runs[runs[-1].name].name == runs.numbered(2).name == runs[1:][0].name
    with pytest.raises(KeyError, match="there is no run 'other'"):
        runs["other"]
    with pytest.raises(KeyError, match="choose one of 1, 2"):
        runs.numbered(3)
    assert "ended at step 10" in repr(runs)


def test_runs_of_one_name_are_told_apart_by_number(tmp_path):
    for _ in range(2):
        ws.run(case("lp"), steps=1, session=tmp_path / "twins.wgs", progress=False)
    with ws.open_session(tmp_path / "twins.wgs") as session, pytest.raises(KeyError, match="numbered"):
        session.runs[session.runs.names[0]]


def test_a_run_has_settings_truths_and_estimates(runs):
    run = runs[0]
    assert run.settings["solver.kind"] == "lp" and run.settings["training.steps"] == 10
    assert run.experiment.solver.name() == "lp"
    with pytest.raises(TypeError):
        run.settings["solver.kind"] = "gp"
    assert {"gap", "gap_se"} <= set(run.estimates)
    assert run.truths["w1"].lower <= run.truths["w1"].value <= run.truths["w1"].upper


def test_curves_are_a_table(runs):
    curves = runs[0].curves()
    assert curves.columns[:2] == ("step", "gap") and list(curves) == list(curves.columns)
    steps, gaps = runs[0]._record.curve("gap")
    np.testing.assert_array_equal(curves["step"], steps)
    np.testing.assert_array_equal(curves["gap"], gaps)
    with pytest.raises(KeyError, match="choose from step, gap"):
        curves["loss"]
    assert "<th>gap</th>" in curves._repr_html_()


def test_curves_become_a_data_frame_where_pandas_is_installed(runs, monkeypatch):
    curves = runs[0].curves()
    monkeypatch.setitem(sys.modules, "pandas", SimpleNamespace(DataFrame=dict))
    assert list(curves.to_pandas()) == list(curves.columns)
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match="pip install pandas"):
        curves.to_pandas()


def test_snapshots_are_those_of_the_steps(runs):
    run = runs[0]
    assert {"critic", "plane"} <= set(run.topics)
    steps = run.recorded_steps("critic")
    first, last = run.snapshot("critic", steps[0]), run.snapshot("critic")
    assert first.step == 0 and last.step == steps[-1] == 10
    assert first.arrays["u"].shape == last.arrays["u"].shape
    with pytest.raises(ValueError, match="no recorded frame at step 99"):
        run.snapshot("critic", 99)
    with pytest.raises(ValueError, match="choose from plane"):
        run.snapshot("nothing")


def test_the_critic_gives_the_recorded_values(runs):
    run = runs[1]
    critic, newest, plane = run.critic(), run.snapshot("critic"), run.snapshot("plane")
    x, y = np.meshgrid(plane.arrays["x"], plane.arrays["y"])
    points = torch.from_numpy(np.stack([x.ravel(), y.ravel()], 1).astype(np.float32))
    with torch.no_grad():
        values = critic(points).numpy().reshape(newest.arrays["u"].shape)
    np.testing.assert_allclose(values, newest.arrays["u"], rtol=1e-4, atol=1e-5)
    with pytest.raises(ValueError, match="no generator"):
        run.generator()


def test_figures_are_saved_and_shown(runs, tmp_path):
    figure = runs[1].figure("landscape", step=5, show_samples=False)
    for name in ("figure.png", "figure.svg", "figure.pdf"):
        figure.savefig(tmp_path / name)
    assert (tmp_path / "figure.pdf").read_bytes().startswith(b"%PDF")
    assert figure._repr_png_().startswith(b"\x89PNG") and "after 5 steps" in figure.title
    zoomed = figure.zoom(x=(0, 1))
    assert zoomed.data.x_range == (0, 1) and figure.data.x_range != (0, 1)
    (name, limits), *_ = figure.color_limits.items()
    assert figure.rescale({name: (limits[0], 9.0)}).color_limits[name] == (limits[0], 9.0)
    assert len(figure.tables()[""]) == figure.data.u.size
    assert figure.to_matplotlib().get_axes()


def test_wrong_figures_steps_and_options_are_explained(runs, tmp_path):
    run = runs[0]
    for arguments, options, message in (
        (("nothing",), {}, "there is no figure"),
        (("landscape", 99), {}, "no recorded frame at step 99"),
        (("landscape",), {"color": 1}, "choose from show_truth, show_samples"),
        (("costs",), {"color": 1}, "choose from x, log_x"),
        (("landscape",), {"beside": [runs[1]]}, "draws one run"),
        (("cells",), {}, "nothing to show"),
    ):
        with pytest.raises(ValueError, match=message):
            run.figure(*arguments, **options)
    with pytest.raises(ValueError, match=r"\.png, \.svg or \.pdf"):
        run.figure("costs").savefig(tmp_path / "costs.docx")
    with pytest.raises(ValueError, match="choose from x, y"):
        run.figure("costs").zoom(z=(0, 1))
    with pytest.raises(ValueError, match="no scale"):
        run.figure("costs").rescale({"costs.scale": (0, 1)})


def test_curves_of_several_runs_are_drawn_over_one_another(runs):
    figure = runs[0].figure("costs", beside=[runs[1]])
    assert figure.data.overlay.main is not None and runs[1].name in figure.caption


def test_a_session_is_read_while_it_is_written(tmp_path):
    path, events = tmp_path / "growing.wgs", Run(case("lp")).events()
    document = Document.create(path, "run")
    number = document.add_run(case("lp"))
    with ws.open_session(path) as session:
        assert session.runs[0].state == "waiting" and not session.refresh()
        for event in events:
            document.append(number, event)
            if isinstance(event, Metrics) and event.step == 4:
                break
        document.flush()
        assert session.refresh() and session.runs[0].state == "running"
        assert session.runs[0].curves()["step"][-1] == 4
        assert session.runs[0].critic() is not None
        for event in events:
            document.append(number, event)
        document.flush()
        assert isinstance(event, Ended) and session.refresh() and session.runs[0].estimates
    document.close()
    assert session.runs[0].figure("costs").title  # also after it was closed


def test_a_file_that_is_no_session_is_refused(tmp_path):
    with pytest.raises(SessionError, match="There is no session"):
        ws.open_session(tmp_path / "none.wgs")
