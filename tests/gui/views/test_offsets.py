"""A view of distributions far from 0: short numbers on the axes, the offset in the label, no HTML in it."""

import numpy as np
import pytest

from wganstudio.experiment import read
from wganstudio.gui.dialogs import paint_sigma
from wganstudio.gui.views.landscape import LandscapeView
from wganstudio.session import RunRecord
from wganstudio.training.declarations.frames import PlaneAttributes
from wganstudio.training.events import Snapshot
from wganstudio.training.run import Run

OFFSET = 6e7
SMALL = {
    "critic": {"width": 8, "depth": 1},
    "training": {"steps": 0, "device": "cpu"},
    "evaluation": {"resolution": 8, "samples": 64, "final_samples": 1024},
}


def record_of(pair):
    record = RunRecord(1, read({"pair": pair, **SMALL}))
    for event in Run(record.experiment).events():
        record.apply(event)
    return record


def text(axis):
    return axis.label.toPlainText().strip()


@pytest.fixture
def far_record():
    return record_of({"kind": "gaussians", "mean_p": [OFFSET, 0], "mean_q": [OFFSET + 1, 0.5]})


def test_the_axes_name_the_offset(shown, far_record):
    view = shown(LandscapeView, far_record)
    plot = view.panel.map.plot
    (offset, _) = view.figure().grid.offsets
    assert text(plot.getAxis("bottom")) == f"x\u2081 - {offset:,.0f}"
    assert text(plot.getAxis("left")) == "x\u2082"
    assert abs(offset - OFFSET) < 5 and np.abs(plot.viewRange()[0]).max() < 20
    view.hover(1.0, 2.0)
    x = float(view.readout.text().split("(")[1].split(",")[0])
    assert abs(x - OFFSET) < 20


@pytest.mark.parametrize("name", ["<b>mass</b>", "a & b", "<img src='x.png'>"])
def test_names_of_columns_are_plain_text(shown, tmp_path, name):
    rows = np.random.default_rng(0).normal(size=(20, 2))
    table = tmp_path / "p.csv"
    table.write_text(f"{name},speed\n" + "\n".join(f"{a},{b}" for a, b in rows.tolist()))
    view = shown(LandscapeView, record_of({"kind": "data", "p_file": str(table)}))
    assert text(view.panel.map.plot.getAxis("bottom")) == name


class FakeChild:
    """Answers with a plane whose samples lie about an offset."""

    alive = True

    def __init__(self, *_, **__):
        pass

    def send(self, job):
        pass

    def receive(self):
        rng, zeros = np.random.default_rng(0), np.zeros(2, np.float32)
        samples = {f"samples_{k}": rng.uniform(-1, 1, (50, 2)).astype(np.float32) for k in "pq"}
        plane = {"origin": zeros, "axes": np.eye(2, dtype=np.float32), "x": np.arange(8), "y": np.arange(8)}
        arrays = plane | samples | {"sigma": np.ones((8, 8))}
        attributes = PlaneAttributes(labels=("x", "y"), sigma_method="", offsets=(OFFSET, -0.25))
        arrays = {name: array.astype(np.float32) for name, array in arrays.items()}
        return [(1, Snapshot(topic="plane", arrays=arrays, attributes=attributes))]

    def end(self, _):
        pass


@pytest.mark.parametrize("given", [{}, {"low": [OFFSET - 2, -2], "high": [OFFSET + 2.125, 2]}])
def test_a_painted_box_is_in_the_coordinates_of_the_user(qtbot, monkeypatch, given):
    monkeypatch.setattr(paint_sigma, "Child", FakeChild)
    sigma = {"kind": "formula", "formula": "1", **given} if given else {}
    experiment = read({"pair": {"kind": "gaussians"}, "solver": {"kind": "lp"}, "sigma": sigma})
    dialog = paint_sigma.PaintSigmaDialog(None, experiment, "")
    qtbot.addWidget(dialog)
    qtbot.waitUntil(dialog.canvas.isEnabled)
    settings = dialog.settings()
    expected = given or {"low": [OFFSET - 1.5, -1.75], "high": [OFFSET + 1.5, 1.25]}
    for name in ("low", "high"):
        assert np.abs(np.array(settings[name]) - expected[name]).max() <= (0 if given else 0.2)
    said = []
    dialog.canvas.hovered.connect(said.append)
    dialog.canvas.hovered.emit(dialog.canvas._describe(dialog.canvas._frame().center()))
    assert abs(float(said[0].split()[2].rstrip(",")) - OFFSET) <= 1
    dialog.done(0)
