"""Pictures of presets: frames of a record as bytes."""

import numpy as np
import pytest

from wganstudio.figures.preset_picture import LONGER_SIDE, SAMPLES, PresetPicture


@pytest.mark.parametrize("which", ["plane_record", "line_record", "space_record"])
def test_a_picture_holds_the_critic_and_samples(which, request, tmp_path):
    record = request.getfixturevalue(which)
    picture = PresetPicture.from_record(record)
    u = np.atleast_2d(record.snapshot("critic").arrays["u"])
    step = -(-max(u.shape) // LONGER_SIDE)
    last = picture.critic[-1]
    assert last.shape == u[::step, ::step].shape and last.min() == 0 and last.max() == 255
    assert np.unravel_index(last.argmax(), last.shape) == np.unravel_index(
        u[::step, ::step].argmax(), last.shape
    )
    assert 0 < len(picture.p) <= SAMPLES and picture.q.shape[2] == 2
    picture.save(tmp_path / "a.npz")
    again = PresetPicture.load(tmp_path / "a.npz")
    assert all(np.array_equal(getattr(again, name), getattr(picture, name)) for name in vars(picture))


def test_positions_are_those_of_the_samples(plane_record):
    picture = PresetPicture.from_record(plane_record)
    plane = plane_record.snapshot("plane").arrays
    x = plane["samples_p"][: len(picture.p), 0]
    assert np.corrcoef(x, picture.p[:, 0])[0, 1] > 0.99


def test_a_moving_q_has_its_place_in_every_frame(make_making):
    picture = PresetPicture.from_record(make_making(2))
    assert len(picture.q) == picture.frames


def test_images_are_two_rows(make_making):
    record = make_making(8, image=(1, 2, 4))
    rng = np.random.default_rng(0)
    picture = PresetPicture.from_record(record, (rng.random((6, 8)), rng.random((6, 8))))
    assert picture.images.shape == (picture.frames, 8, 36) and not picture.critic.size
