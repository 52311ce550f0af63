"""The difference of two landscapes, for critics that are known."""

import numpy as np
import pytest

from figure_records.gaussians import gaussian_record
from wganstudio.export import export
from wganstudio.figures.frames import plane_frame
from wganstudio.figures.grid import PlaneGrid
from wganstudio.figures.landscape_difference.figure import LandscapeDifference, resampled, same_plane

NAMES = ("x₁", "x₂")


def grid(points, low=-1.0, high=1.0):
    x, y = np.linspace(low, high, points), np.linspace(low, high, points + 3)
    return PlaneGrid(x, y, NAMES, 2)


def bilinear(on):
    x, y = np.meshgrid(on.x, on.y)
    return 1 + 2 * x - 3 * y + 0.5 * x * y


def test_bilinear_functions_are_resampled_exactly():
    coarse, fine = grid(5), grid(40)
    np.testing.assert_allclose(resampled(bilinear(coarse), coarse, fine), bilinear(fine), atol=1e-12)
    np.testing.assert_allclose(resampled(bilinear(fine), fine, coarse), bilinear(coarse), atol=1e-12)


def test_points_outside_are_unknown():
    small, large = grid(9, -0.5, 0.5), grid(21)
    field = resampled(bilinear(small), small, large)
    inside = (np.abs(large.x)[None] <= 0.5 + 1e-9) & (np.abs(large.y)[:, None] <= 0.5 + 1e-9)
    assert np.array_equal(np.isfinite(field), inside)
    np.testing.assert_allclose(field[inside], bilinear(large)[inside])


def test_a_line_is_resampled_too():
    line, other = (PlaneGrid(np.linspace(-1, 1, n), np.empty(0), ("x",), 1) for n in (7, 31))
    np.testing.assert_allclose(resampled(2 * line.x + 1, line, other), 2 * other.x + 1)


def test_critics_that_differ_by_a_constant_do_not_differ(make_record):
    a, b = make_record(2), make_record(2)
    critic = b.snapshot("critic")
    b._frame["critic"] = critic.model_copy(update={"arrays": {**critic.arrays, "u": critic.arrays["u"] + 7}})
    figure = LandscapeDifference.from_record(a, among=[b])
    assert np.abs(figure.difference).max() < 1e-5
    sigma = plane_frame(a)["sigma"]
    for potential in (figure.u, figure.other):
        assert abs(float((potential * sigma).sum() / sigma.sum())) < 1e-6
    assert "σ-weighted mean" in figure.caption and "up to a constant" in figure.caption


def test_the_difference_of_known_critics(make_record):
    a, b = make_record(2), make_record(2, until=200, points=40)
    figure = LandscapeDifference.from_record(a, among=[b])
    share = (1 - np.exp(-200 / 400)) / (1 - np.exp(-2000 / 400))
    sigma = plane_frame(a)["sigma"].astype(float)
    centered = figure.u - float((figure.u * sigma).sum() / sigma.sum())
    expected = (1 - share) * centered
    assert np.nanmax(np.abs(figure.difference - expected)) < 0.02 * np.abs(centered).max()
    assert figure.scale.low == -figure.scale.high and "interpolated bilinearly" in figure.caption
    text = figure.readout(0.5, 0.5).text
    assert "A − B" in text and figure.readout(99, 0) is None


def test_an_earlier_step_is_compared_with_the_last_one_up_to_it(make_record):
    a, b = make_record(2), make_record(2, until=200)
    figure = LandscapeDifference.from_record(a, 500, among=[b])
    assert figure.step == 500 and "B: “Gaussians, D = 2” at step 200" in figure.caption


def test_runs_on_other_planes_have_no_difference(plane_record, line_record, space_record):
    assert LandscapeDifference.from_record(plane_record, among=[line_record, space_record]) is None
    assert LandscapeDifference.from_record(plane_record, among=[plane_record]) is None
    assert same_plane(plane_frame(space_record), plane_frame(space_record))


@pytest.mark.parametrize("dim", [1, 2])
def test_it_is_exported(tmp_path, dim):
    figure = LandscapeDifference.from_record(gaussian_record(dim), among=[gaussian_record(dim, until=100)])
    files = export(gaussian_record(dim), tmp_path, ["svg", "csv"], figures=[figure])
    assert [file.suffix for file in files] == [".svg", ".csv"] and "landscape-difference" in files[0].name
    header = files[1].read_text().splitlines()[0]
    assert header.endswith("u_a,u_b,difference")
