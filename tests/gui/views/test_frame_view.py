"""A view of frames is drawn again for another frame, and only then."""

import numpy as np

from wganstudio.gui.views.base import SameObject
from wganstudio.gui.views.landscape import LandscapeView


def test_a_key_is_equal_for_the_same_object_only():
    one, other = [1.0], [1.0]
    assert SameObject(one) == SameObject(one) and hash(SameObject(one)) == hash(SameObject(one))
    assert SameObject(one) != SameObject(other) and SameObject(None) == SameObject(None)


def test_a_frame_at_the_same_step_is_drawn_and_other_events_draw_nothing(shown, make_record):
    record = make_record(2, until=50, points=16, ended=False)
    view = shown(LandscapeView, record)
    before = view.drawn
    record.apply(record.snapshot("gradient-norms"))
    view.refresh()
    assert view.drawn is before
    critic = record.snapshot("critic")
    for factor in (2, 3, 4):
        arrays = {name: factor * array for name, array in critic.arrays.items()}
        record.apply(critic.model_copy(update={"arrays": arrays, "recorded": False}))
        view.refresh()
        assert np.array_equal(view.drawn.u, factor * critic.arrays["u"])
