"""The theory-checks figure against the snapshots it is built from."""

import numpy as np
import pytest

from wganstudio.experiment import read
from wganstudio.export import export
from wganstudio.figures import mpl
from wganstudio.figures.theory_checks.figure import TheoryChecks
from wganstudio.session import RunRecord
from wganstudio.training.events import Snapshot, as_float32

ATTRIBUTES = {"regularizer": "entropy", "epsilon": 0.1, "exact": 1.0, "slope": 0.5}


def checks_at(step, biased=True):
    accuracies = np.geomspace(1e-6, 1e-2, 20)
    epsilons = np.geomspace(1e-3, 10, 9)
    arrays = {
        "accuracies": accuracies,
        "certified": 3 * accuracies,
        "errors": np.sqrt(accuracies) / (1 + step),
        "bounds": 4 * np.sqrt(accuracies),
        "epsilons": epsilons,
        "lower": 1 + np.sqrt(epsilons),
        "upper": 1.01 + np.sqrt(epsilons),
        "excess": 4.6 * epsilons,
    }
    if biased:
        arrays |= {"sizes": [8, 16, 32], "values": [1.5, 1.25, 1.2], "value_errors": [0.1, 0.05, 0.02]}
    arrays = {name: as_float32(array) for name, array in arrays.items()}
    return Snapshot(topic="theory-checks", step=step, recorded=True, arrays=arrays, attributes=ATTRIBUTES)


@pytest.fixture
def record():
    run_record = RunRecord(1, read({"pair": {"kind": "gaussians"}, "solver": {"kind": "regularized"}}))
    for step in (1, 10):
        run_record.apply(checks_at(step))
    return run_record


def test_the_panels_hold_what_was_found_and_what_theory_says(record):
    figure = TheoryChecks.from_record(record)
    error, path, bias = figure.panels
    result, bound = error.lines
    np.testing.assert_allclose(bound.y / result.y, 44, rtol=1e-5)
    assert (
        "accuracy^(0.50) (theory: exponent" in error.summary
        and "44 times smaller than its bound" in error.summary
    )
    band, allowed, exact = path.lines
    assert (band.upper > band.y).all() and path.mark == pytest.approx(0.1)
    np.testing.assert_allclose(allowed.y - exact.y[0], 4.6 * band.x, rtol=1e-4)
    assert f"{1.005 + 0.1**0.5:.4g}" in path.summary and "log n" in path.summary
    assert "25% more than batches of 32" in bias.summary
    np.testing.assert_allclose(bias.lines[0].upper - bias.lines[0].y, [0.4, 0.2, 0.08], rtol=1e-5)


def test_the_fitted_exponent_stands_with_its_error_and_its_number_of_points(record):
    given = ATTRIBUTES | {"slope_error": 0.013, "fitted": 14}
    record.apply(Snapshot.model_validate({**dict(checks_at(20)), "attributes": given}))
    assert "accuracy^(0.50 ± 0.01) (n = 14; theory" in TheoryChecks.from_record(record).panels[0].summary


def test_an_earlier_step_shows_what_was_known_then(record):
    assert (
        TheoryChecks.from_record(record).step,
        TheoryChecks.from_record(record, 5).step,
        TheoryChecks.from_record(record, 0),
    ) == (
        10,
        1,
        None,
    )


def test_between_features_there_is_no_panel_of_batches(record):
    record.apply(checks_at(20, biased=False))
    assert [panel.name for panel in TheoryChecks.from_record(record).panels] == ["error", "path"]


def test_an_event_whose_lists_do_not_fit_is_refused():
    arrays = checks_at(1).arrays | {"errors": as_float32([1.0])}
    with pytest.raises(ValueError, match="theory-checks: arrays do not match"):
        Snapshot(topic="theory-checks", step=1, arrays=arrays, attributes=ATTRIBUTES)


def test_tables_and_print_hold_the_lines(record, tmp_path):
    paths = export(record, tmp_path, ["csv"], figures=["promises"])
    assert len(paths) == 6
    sheet = mpl.render_figure(TheoryChecks.from_record(record))
    for axes, panel in zip(sheet.axes, TheoryChecks.from_record(record).panels, strict=True):
        drawn = {line.get_label(): line.get_xydata() for line in axes.lines}
        for line in panel.lines:
            y = line.y if line.upper is None else (line.y + line.upper) / 2
            np.testing.assert_allclose(drawn[line.name], np.column_stack((line.x, y)))
