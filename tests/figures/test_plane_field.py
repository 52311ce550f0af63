"""Fields at points and along a cut, against closed forms; readings over the recorded steps."""

import csv
import io

import numpy as np
import pytest

from figure_records.gaussians import share
from wganstudio.figures.frames import plane_frame
from wganstudio.figures.gradient.figure import GradientDensity
from wganstudio.figures.grid import PlaneGrid
from wganstudio.figures.landscape.figure import Landscape
from wganstudio.figures.line_profile.figure import LineProfile, MapFields
from wganstudio.figures.momentum.figure import Momentum
from wganstudio.figures.mpl import render_figure
from wganstudio.figures.plane_field import Cut, PlaneField
from wganstudio.figures.probe_readings.figure import ProbeReadings
from wganstudio.figures.tables import to_csv

X, Y = np.linspace(-2, 3, 11), np.linspace(-1, 1, 5)
GRID = PlaneGrid(X, Y, ("x", "y"), 2)


def field(function):
    return PlaneField("f", GRID, function(*np.meshgrid(X, Y)))


def test_a_bilinear_field_is_exact_everywhere():
    def bilinear(x, y):
        return 2 + 3 * x - y + 0.5 * x * y

    points = np.random.default_rng(0).uniform((-2, -1), (3, 1), (200, 2))
    np.testing.assert_allclose(field(bilinear).at(points), bilinear(*points.T), atol=1e-12)


def test_a_field_agrees_with_the_readout_at_the_mouse():
    values = np.random.default_rng(1).normal(size=(5, 11))
    points = np.random.default_rng(2).uniform((-2.2, -1.2), (3.2, 1.2), (50, 2))
    read = PlaneField("f", GRID, values).at(points)
    np.testing.assert_allclose(read, [GRID.lookup(values, *point) for point in points], atol=1e-12)


def test_outside_there_is_no_value_and_a_hole_stays_one():
    values = np.zeros((5, 11))
    values[2, 5] = np.nan
    read = PlaneField("f", GRID, values).at(np.array([[9.0, 0.0], [0.0, -5.0], [X[5], Y[2]], [X[4], Y[2]]]))
    np.testing.assert_array_equal(read, [np.nan, np.nan, np.nan, 0])


def test_points_of_a_line():
    line = PlaneField("f", PlaneGrid(X, np.empty(0), ("x",), 1), X**2)
    np.testing.assert_allclose(line.at(np.array([[0.25]])), [(X[4] ** 2 + X[5] ** 2) / 2])


def test_the_profile_of_a_linear_field_is_a_straight_line():
    cut = Cut((-1.0, -0.5), (2.0, 0.5))
    assert cut.length == pytest.approx(np.sqrt(10))
    values = field(lambda x, y: 2 * x + 4 * y).at(cut.points(7))
    np.testing.assert_allclose(values, np.linspace(-4, 6, 7), atol=1e-12)


def maps(record, kind, step=None):
    figure = kind.from_record(record, step)
    return [MapFields(record=record, step=figure.step, fields=figure.plane_fields())]


def test_the_profile_of_the_critic_has_the_truth_of_its_contours(plane_record):
    cut = Cut((-3.0, 0.0), (3.0, 1.0))
    profile = LineProfile.from_maps(maps(plane_record, Landscape), cut)
    critic, truth = profile.curves
    figure = Landscape.from_record(plane_record)
    assert truth.is_truth and not critic.is_truth and truth.label == "exact potential"
    at = profile.points[100]
    assert critic.values[100] == pytest.approx(figure.readout(*at).u)
    assert truth.values[100] == pytest.approx(figure.grid.lookup(figure.potential, *at))
    assert profile.distance[-1] == pytest.approx(np.hypot(6, 1))


def test_the_profile_of_the_gradient_norm_has_its_truth(plane_record):
    profile = LineProfile.from_maps(maps(plane_record, GradientDensity), Cut((1.0, 0.0), (3.0, 0.0)))
    slope, truth = profile.curves
    assert truth.is_truth
    np.testing.assert_allclose(slope.values, share(2000) * truth.values, rtol=0.02)


@pytest.mark.parametrize("kind", [Landscape, GradientDensity, Momentum])
def test_the_field_at_a_frame_is_that_of_the_map(plane_record, kind):
    figure = kind.from_record(plane_record, 100)
    at_frame = kind.field_of(plane_record, plane_frame(plane_record, 100))
    assert kind.can_follow_points and at_frame.label == figure.plane_fields()[0].label
    np.testing.assert_allclose(at_frame.values, figure.plane_fields()[0].values, atol=1e-12)


@pytest.mark.parametrize("kind", [Landscape, GradientDensity, Momentum])
def test_a_line_has_neither_cut_nor_probes(line_record, kind):
    assert kind.from_record(line_record).plane_fields() == ()
    assert kind.field_of(line_record, plane_frame(line_record)) is None


def readings(record, points):
    frames = [
        (step, Landscape.field_of(record, plane_frame(record, step)))
        for step in record.recorded_steps("critic")
    ]
    return ProbeReadings.from_fields(record, frames, points)


def test_probes_are_read_at_every_recorded_frame(plane_record):
    points = [(0.0, 1.0), (-2.0, 0.5)]
    figure = readings(plane_record, points)
    assert list(figure.steps) == plane_record.recorded_steps("critic") and figure.values.shape[0] == 2
    for number, point in enumerate(points):
        step = int(figure.steps[4])
        drawn = Landscape.from_record(plane_record, step)
        assert figure.values[number, 4] == pytest.approx(drawn.readout(*point).u)


def test_readings_and_profiles_are_written_as_csv_and_pictures(plane_record):
    figure = readings(plane_record, [(0.0, 1.0)])
    rows = list(csv.reader(io.StringIO(to_csv(figure.tables()[""]).decode())))
    assert rows[0] == ["step", "probe 1"] and len(rows) == len(figure.steps) + 1
    np.testing.assert_allclose([float(row[1]) for row in rows[1:]], figure.values[0])
    profile = LineProfile.from_maps(maps(plane_record, Landscape), Cut((-3.0, 1.0), (3.0, 0.0)))
    table = profile.tables()[""]
    assert list(table) == ["distance", "x", "y", "critic u", "exact potential"]
    assert (table["x"][0], table["y"][-1]) == (-3, 0)
    for one, curves in ((figure, 1), (profile, 2)):
        assert len(render_figure(one).axes[0].get_lines()) == curves


def test_nothing_to_draw_without_points_or_fields(plane_record):
    assert readings(plane_record, []) is None
    assert LineProfile.from_maps([], Cut((0.0, 0.0), (1.0, 0.0))) is None
    assert LineProfile.from_record(plane_record) is None and ProbeReadings.from_record(plane_record) is None


@pytest.mark.parametrize(("height", "equal"), [(1.0, True), (0.05, False)])
def test_a_nearly_flat_plane_is_not_drawn_as_a_strip(height, equal):
    grid = PlaneGrid(np.linspace(0, 3, 40), np.linspace(0, height, 5), ("x", "y"), 2)
    assert grid.equal_aspect is equal
