"""The plane that is shown."""

import numpy as np
import pytest

from wganstudio.experiment import BadExperiment, EvaluationOptions
from wganstudio.fields.plane import fit_plane

rng = np.random.default_rng(0)


def samples(dim: int) -> tuple[np.ndarray, np.ndarray]:
    scale = np.ones(dim)
    scale[-1], scale[0] = 9.0, 4.0
    return rng.normal(size=(2000, dim)) * scale, rng.normal(size=(2000, dim)) * scale + 1.0


@pytest.mark.parametrize(
    ("dim", "options"),
    [
        (1, EvaluationOptions()),
        (2, EvaluationOptions()),
        (7, EvaluationOptions()),
        (7, EvaluationOptions(plane="axes", axes=(2, 5))),
        (3, EvaluationOptions(plane="points", points=((0, 0, 0), (1, 0, 1), (0, 2, 5)))),
    ],
)
def test_points_and_projection_are_inverse_and_axes_orthonormal(dim: int, options: EvaluationOptions) -> None:
    plane = fit_plane(*samples(dim), options)
    np.testing.assert_allclose(plane.axes @ plane.axes.T, np.eye(len(plane.axes)), atol=1e-12)
    coordinates = plane.project(plane.points()).reshape(*plane.shape, -1)
    expected = np.stack(np.meshgrid(plane.x, plane.y), -1) if len(plane.axes) == 2 else plane.x[:, None]
    np.testing.assert_allclose(coordinates, expected, atol=1e-9)
    assert max(plane.shape) == options.resolution
    assert len(plane.labels) == len(plane.axes)


def test_nearly_all_samples_are_inside() -> None:
    p, q = samples(2)
    plane = fit_plane(p, q, EvaluationOptions())
    inside = (plane.project(p) > [plane.x[0], plane.y[0]]) & (plane.project(p) < [plane.x[-1], plane.y[-1]])
    assert inside.all(axis=1).mean() > 0.98


def test_the_principal_plane_holds_the_widest_directions() -> None:
    plane = fit_plane(*samples(7), EvaluationOptions())
    assert abs(plane.axes[0, 6]) > 0.98 and abs(plane.axes[1, 0]) > 0.95


def test_of_many_dimensions_the_two_widest_are_found_among_all(monkeypatch: pytest.MonkeyPatch) -> None:
    both = samples(40)
    whole = fit_plane(*both, EvaluationOptions())
    monkeypatch.setattr("wganstudio.fields.plane.MAX_FULL_EIGEN_DIM", 10)
    few = fit_plane(*both, EvaluationOptions())
    np.testing.assert_allclose(few.axes, whole.axes, atol=1e-8)
    flat = [np.outer(part[:, 0], np.ones(40)) for part in both]
    narrow = fit_plane(*flat, EvaluationOptions())  # all on one line: the second axis may lie anywhere
    np.testing.assert_allclose(np.abs(narrow.axes[0]), 40**-0.5, atol=1e-8)
    np.testing.assert_allclose(narrow.axes @ narrow.axes.T, np.eye(2), atol=1e-8)
    still = fit_plane(*(np.ones((2000, 40)) for _ in both), EvaluationOptions())  # one image, again and again
    np.testing.assert_allclose(still.axes @ still.axes.T, np.eye(2), atol=1e-8)


def test_the_fit_plane_points_goes_through_them() -> None:
    points = ((1.0, 0, 0), (1, 0, 1), (0, 2, 5))
    plane = fit_plane(*samples(3), EvaluationOptions(plane="points", points=points))
    back = plane.origin + plane.project(np.asarray(points)) @ plane.axes
    np.testing.assert_allclose(back, points, atol=1e-12)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (EvaluationOptions(plane="axes", axes=(0, 9)), "coordinates from 0 to 6"),
        (EvaluationOptions(plane="points", points=((0, 0), (1, 0), (0, 1))), "needs 7 coordinates"),
        (EvaluationOptions(plane="points", points=((0,) * 7, (1,) * 7, (2,) * 7)), "on one line"),
    ],
)
def test_a_plane_that_does_not_fit_is_refused(options: EvaluationOptions, sentence: str) -> None:
    with pytest.raises(BadExperiment, match=sentence):
        fit_plane(*samples(7), options)


def test_the_plane_of_two_axes_has_the_coordinates_of_the_samples() -> None:
    p, q = samples(7)
    plane = fit_plane(p, q, EvaluationOptions(plane="axes", axes=(2, 5)))
    np.testing.assert_allclose(plane.project(p), p[:, [2, 5]], atol=1e-12)
    assert plane.offsets == (0.0, 0.0)


def test_a_large_offset_of_an_axis_is_named_not_drawn() -> None:
    shift = np.array([0, 0, 4e5, 0, 0, -300.0, 0])
    p, q = (part + shift for part in samples(7))
    given = np.full(7, 1e9)
    plane = fit_plane(p, q, EvaluationOptions(plane="axes", axes=(2, 5)), offset=given)
    np.testing.assert_allclose(plane.project(p) + plane.offsets - given[:2], p[:, [2, 5]], atol=1e-6)
    assert np.abs(plane.x).max() < 20 and np.abs(plane.y).max() < 20


def test_three_points_are_given_in_the_coordinates_of_the_user() -> None:
    points = np.array([(0.0, 0.0, 0.0), (1.0, 0.0, 1.0), (0.0, 2.0, 5.0)])
    offset = np.array([1e9, -3e8, 5.0])
    both = samples(3)
    plain = fit_plane(*both, EvaluationOptions(plane="points", points=points.tolist()))
    far = EvaluationOptions(plane="points", points=(points + offset).tolist())
    shifted = fit_plane(*both, far, offset=offset)
    np.testing.assert_allclose(shifted.axes, plain.axes, atol=1e-6)
    np.testing.assert_allclose(shifted.origin, plain.origin, atol=1e-6)


def test_axes_take_the_names_of_the_coordinates():
    options = EvaluationOptions()
    assert fit_plane(*samples(1), options, ("height [m]",)).labels == ("height [m]",)
    assert fit_plane(*samples(2), options, ("a", "b")).labels == ("a", "b")
    axes = EvaluationOptions(plane="axes", axes=(2, 0))
    assert fit_plane(*samples(3), axes, ("a", "b", "c")).labels == ("c", "a")
    assert fit_plane(*samples(3), axes).labels == ("coordinate 2", "coordinate 0")
