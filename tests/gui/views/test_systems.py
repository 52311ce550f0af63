"""The view of the five systems draws what is printed."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from wganstudio.gui.views.systems import SystemsView

_SPEC = importlib.util.spec_from_file_location(
    "systems_records", Path(__file__).parents[2] / "figures" / "test_systems.py"
)
_MODULE = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(_MODULE)
runs = _MODULE.runs


def test_points_and_bands_are_those_of_the_figure_and_a_new_run_adds_a_row(shown, runs):
    view = shown(SystemsView, None)
    view.session_records = lambda: runs[:2]
    view.set_records([runs[0]])
    figure = view.figure()
    assert len(figure.rows) == 3
    view.session_records = lambda: runs
    view.refresh()
    figure = view.figure()
    values = np.array([row.value for row in figure.rows])
    np.testing.assert_allclose(view.points.getData()[0], values)
    for band, row, height in zip(view.bands, figure.rows, figure.heights, strict=True):
        rect = band.rect()
        assert (rect.left(), rect.right(), rect.center().y()) == pytest.approx((row.lower, row.upper, height))
    view.hover(2.0, 3.1)
    assert "Congested cost" in view.readout.text()
    view.leave()
    assert view.readout.text() == f"{view.hint}  {figure.summary}"
    fills = [spot.brush().color().name() == view.palette_.background for spot in view.points.points()]
    assert fills == [False, False, False, True], "the run under way is open"
    view.set_records([])
    assert view.figure() is None and "Compare five solvers" in view.message.text()
