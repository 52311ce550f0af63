"""The samples figure against the snapshots it is built from."""

from dataclasses import replace

import numpy as np
import pytest

from wganstudio.export import export
from wganstudio.figures import figure_of, mpl
from wganstudio.figures.frames import NoSuchStep, recorded_frames
from wganstudio.figures.samples.figure import Samples
from wganstudio.figures.samples.gallery import Gallery
from wganstudio.figures.samples.trajectories import MAX_PATHS, Trajectories
from wganstudio.session import RunRecord


@pytest.fixture(scope="module")
def images(make_making):
    return make_making(8, image=(1, 2, 4))


@pytest.fixture(scope="module")
def plane(make_making):
    return make_making(2)


def shown_at(gallery, number, below=False):
    """The pixels where an image stands, or its neighbor below it, the highest row first."""
    left, bottom = gallery.corners[number].astype(int)
    height = 2
    bottom += 0 if below or gallery.nearest is None else gallery.size[1] - height
    return gallery.pixels[bottom : bottom + height, left : left + gallery.size[0]][::-1]


def test_each_image_stands_above_the_training_image_that_is_nearest_to_it(images):
    gallery, arrays = Samples.from_record(images).picture, images.snapshot("generated").arrays
    assert isinstance(gallery, Gallery) and len(gallery.generated) == 36
    low, high = min(-1, arrays["nearest"].min()), max(1, arrays["nearest"].max())
    for number in range(36):
        for below, name in ((False, "generated"), (True, "nearest")):
            shade = 255 * np.clip((arrays[name][number].reshape(2, 4) - low) / (high - low), 0, 1)
            seen = shown_at(gallery, number, below)
            assert np.array_equal(seen[..., 0], np.round(shade)) and (seen[..., 3] == 255).all()
            assert (seen[..., :3] == seen[..., :1]).all(), "gray"
    away = np.linalg.norm(arrays["generated"] - arrays["nearest"], axis=1)
    np.testing.assert_allclose(gallery.distances, away, rtol=1e-6)
    assert [name for _, name in gallery.rows] == ["generated", "nearest"] * 3


def test_an_image_is_found_where_it_is_and_nothing_between_two(images):
    gallery = Samples.from_record(images).picture
    for number, (left, bottom) in enumerate(gallery.corners):
        assert gallery.pick(left + 0.5, bottom + 0.5) == number
        assert gallery.pick(left + 0.5, bottom + gallery.size[1] - 0.5) == number, "its neighbor is below it"
        assert gallery.pick(left - 0.5, bottom + 0.5) is None
    assert f"{gallery.distances[7]:.4g} from the nearest" in gallery.describe(7)


def test_colors_are_read_channel_by_channel_and_row_by_row():
    image = np.full((3, 2, 2), -1.0)
    image[0, 0, 1], image[2, 1, 0] = 1.0, 1.0  # red above on the right, blue below on the left
    gallery = Gallery.from_images(image.reshape(1, -1), None, (3, 2, 2))
    seen = gallery.pixels[::-1]
    assert seen.shape == (2, 2, 4)
    assert seen[0, 1].tolist() == [255, 0, 0, 255] and seen[1, 0].tolist() == [0, 0, 255, 255]
    assert seen[0, 0].tolist() == [0, 0, 0, 255]
    assert gallery.pick(1, 1) == 0 and "nearest" not in gallery.describe(0) + gallery.caption_text


def test_black_is_0_where_the_data_have_no_negative_numbers():
    data = np.array([[0.0, 0.5, 1.0, 0.25]])
    gallery = Gallery.from_images(data - 0.25, data, (1, 2, 2))
    assert shown_at(gallery, 0)[..., 0].tolist() == [[0, 64], [191, 0]]
    assert shown_at(gallery, 0, below=True)[..., 0].tolist() == [[0, 128], [255, 64]]


def test_values_beyond_the_range_of_the_data_are_clipped_not_wrapped():
    made = np.array([[-7.0, 7.0, 0.0, 1.0]])
    seen = Gallery.from_images(made, np.zeros((1, 4)), (1, 2, 2)).pixels
    assert sorted(set(seen[..., 0][seen[..., 3] > 0])) == [0, 128, 255]


def test_a_point_seen_twice_is_one_and_its_path_leads_through_the_kept_pictures(plane):
    cloud = Samples.from_record(plane).picture
    assert isinstance(cloud, Trajectories) and cloud.points.shape == (50, 2)
    assert cloud.steps == tuple(plane.recorded_steps("critic")) and cloud.tracks.shape == (
        50,
        len(cloud.steps),
        2,
    )
    for k, step in enumerate(cloud.steps):
        assert np.array_equal(cloud.tracks[:, k], plane.snapshot("generated", step).arrays["samples_q"][:50])
    broken = cloud.paths.reshape(50, len(cloud.steps) + 1, 2)
    assert np.array_equal(broken[:, :-1], cloud.tracks) and np.isnan(broken[:, -1]).all()
    straight = np.linalg.norm(cloud.tracks[:, -1] - cloud.tracks[:, 0], axis=1)
    np.testing.assert_allclose(cloud.lengths, straight, rtol=1e-4)


def test_an_earlier_picture_has_the_way_until_then_in_the_same_ranges(plane):
    early, late = Samples.from_record(plane, 100), Samples.from_record(plane)
    assert early.step == early.picture.steps[-1] == 100
    assert np.array_equal(early.picture.points, plane.snapshot("generated", 100).arrays["samples_q"][:50])
    assert (early.x_range, early.y_range) == (late.x_range, late.y_range)
    assert len(early.picture.paths) < len(late.picture.paths)
    with pytest.raises(NoSuchStep, match="step 123"):
        Samples.from_record(plane, 123)


def test_only_some_paths_are_drawn_of_many_points(plane):
    frames = recorded_frames(plane)
    many = [
        replace(
            one,
            arrays={**one.arrays, "samples_q": np.random.default_rng(one.step).normal(size=(400, 2))},
        )
        for one in frames
    ]
    cloud = Trajectories.from_frames(many[-1], many)
    assert len(cloud.points) == 400 and len(cloud.paths) == MAX_PATHS * (len(frames) + 1)
    assert len(cloud.tables()["paths"]["x"]) == 400 * len(frames)


def test_over_a_line_each_kept_picture_has_a_row_and_p_the_highest(make_making):
    record = make_making(1)
    figure = Samples.from_record(record)
    cloud = figure.picture
    kept = record.recorded_steps("critic")
    assert {name: kept[int(row)] for row, name in cloud.rows[:-1]} == {"10": 10, "100": 100, "1,000": 1000}
    assert (cloud.samples_p[:, 1] == len(kept) + 1).all() and cloud.rows[-1] == (len(kept) + 1, "P")
    assert (cloud.points[:, 1] == len(record.recorded_steps("critic")) - 1).all() and not figure.equal_aspect
    np.testing.assert_allclose(
        cloud.lengths, np.abs(cloud.tracks[:, -1, 0] - cloud.tracks[:, 0, 0]), rtol=1e-4
    )


def test_in_space_the_distance_counts_all_dimensions(make_making):
    record = make_making(8)
    cloud, arrays = Samples.from_record(record).picture, record.snapshot("generated").arrays
    assert isinstance(cloud, Trajectories)
    away = np.linalg.norm(arrays["generated"] - arrays["nearest"], axis=1)
    np.testing.assert_allclose(cloud.distances, away, rtol=1e-6)
    assert "in all dimensions" in cloud.describe(35) and "in all dimensions" not in cloud.describe(36)


def test_the_nearest_point_within_reach_is_reported(plane):
    cloud = Samples.from_record(plane).picture
    x, y = cloud.points[11]
    assert cloud.pick(x, y, (0.01, 0.01)) == 11 and cloud.pick(x + 50, y, (0.01, 0.01)) is None
    assert cloud.describe(11).startswith("point 12:") and f"moved {cloud.lengths[11]:.3g}" in cloud.describe(
        11
    )


def test_a_run_without_a_generator_has_no_such_figure(plane_record, failed_record):
    assert Samples.from_record(plane_record) is None and figure_of(failed_record, "samples") is None


def test_before_there_are_two_pictures_no_way_is_claimed(make_making):
    record = make_making(2)
    first = RunRecord(1, record.experiment)
    first.apply(record.snapshot("plane"))
    for topic in ("generated", "critic"):
        first.apply(record.snapshot(topic, 1))
    assert Samples.from_record(first).summary == "initial points"


@pytest.mark.parametrize("which", ["images", "plane"])
def test_tables_hold_every_point(which, tmp_path, request):
    record = request.getfixturevalue(which)
    arrays = record.snapshot("generated").arrays
    files = {
        file.stem.split("samples", 1)[1]: file
        for file in export(record, tmp_path, ["csv"], figures=["samples"])
    }
    rows = {name: np.genfromtxt(file, delimiter=",", names=True) for name, file in files.items()}
    if which == "images":
        assert rows.keys() == {"", "-nearest"}
        for name, wanted in (("", "generated"), ("-nearest", "nearest")):
            values = np.stack([rows[name][f"x{k + 1}"] for k in range(8)], axis=1)
            np.testing.assert_allclose(values, arrays[wanted], rtol=1e-6)
    else:
        assert rows.keys() == {"", "-paths", "-samples-p"}
        np.testing.assert_allclose(rows[""]["x"], arrays["samples_q"][:50, 0], rtol=1e-6)
        assert len(rows["-paths"]) == 50 * len(record.recorded_steps("critic"))


@pytest.mark.parametrize("which", ["images", "plane"])
def test_the_print_holds_the_pixels_and_the_paths(which, request):
    figure = Samples.from_record(request.getfixturevalue(which))
    (axes,) = mpl.render_figure(figure).axes
    if which == "images":
        assert np.array_equal(axes.images[0].get_array(), figure.picture.pixels)
        assert [text.get_text() for text in axes.get_yticklabels()] == [
            name for _, name in figure.picture.rows
        ]
    else:
        (paths,) = (line for line in axes.lines if line.get_gid() == "paths")
        assert np.array_equal(paths.get_xydata(), figure.picture.paths, equal_nan=True)
        dots = {dots.get_label(): dots.get_offsets() for dots in axes.collections}
        assert np.array_equal(dots["generated"], figure.picture.points)
        assert np.array_equal(dots["P"], figure.picture.samples_p)
    assert axes.get_xlim() == pytest.approx(figure.x_range)
