"""The view of a solver's accuracy draws what is printed, and follows the run."""

import numpy as np

from wganstudio.experiment import read
from wganstudio.figures import mpl
from wganstudio.figures.mathematics import to_mathtext
from wganstudio.gui.views.accuracy import AccuracyView
from wganstudio.session import RunRecord
from wganstudio.training.events import Metrics


def test_print_and_screen_draw_the_same_and_a_new_measure_gets_its_curve(shown, plane_record):
    record = RunRecord(1, read({"pair": {"kind": "gaussians"}}))
    view = shown(AccuracyView, record)
    assert view.figure() is None and "Waiting" in view.message.text()
    for step in (0, 100, 200):
        record.apply(Metrics(step=step, values={"gap": 1.0, "marginal": 1 / (1 + step)}))
    view.refresh()
    assert list(view.curves) == ["marginal"] and not view.rate.isVisible()
    assert view.plot.getAxis("left").labelText == view.figure().y_label == "marginal error"
    record.apply(Metrics(step=300, values={"gap": 1.0, "marginal": 0.01, "grad2": 0.5}))
    record.apply(Metrics(step=1200, values={"gap": 1.0, "marginal": 0.01, "grad2": 0.2}))
    view.refresh()
    assert list(view.curves) == ["marginal", "grad2"] and view.rate.isVisible()
    assert view.plot.getAxis("left").labelText == "metric value"
    axes = mpl.render_figure(view.figure()).axes[0]
    drawn = [items.points for items in view.curves.values()] + [view.rate.getData()]
    for line, points in zip(axes.lines, drawn, strict=True):
        printed, positions = line.get_xydata(), np.column_stack(points)
        positive = (printed > 0).all(axis=1)
        np.testing.assert_allclose(np.log10(printed[positive]), positions[positive])
        assert not np.isfinite(positions[~positive]).all(axis=1).any()
    for text in axes.figure.legends[0].get_texts():
        assert text.get_text() in to_mathtext(view.summary.text())
    np.testing.assert_allclose(np.log10(axes.get_xlim()), view.box.viewRange()[0], atol=0.02)
    view.set_records([plane_record])
    assert view.figure() is None and "Available only for semi-discrete" in view.message.text()
