"""Neighbouring cells differ in colour, on any map."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from wganstudio.export.colouring import COLOURS, colouring


@settings(max_examples=30, deadline=None)
@given(st.integers(7, 120), st.integers(0, 10_000))
def test_cells_of_points_have_other_colours_than_their_neighbours(count, seed):
    rng = np.random.default_rng(seed)
    sites, height = rng.random((count, 2)), 0.02 * rng.random(count)
    x, y = np.meshgrid(np.linspace(0, 1, 60), np.linspace(0, 1, 60))
    points = np.stack((x, y), axis=-1)[:, :, None]
    cells = (height - ((points - sites) ** 2).sum(-1)).argmax(-1)
    colours = colouring(cells, count)
    assert len(colours) == count and colours.min() >= 0 and colours.max() < COLOURS
    for one, other in ((cells[:, 1:], cells[:, :-1]), (cells[1:], cells[:-1])):
        assert (colours[one] != colours[other])[one != other].all()


def test_a_cell_whose_colour_is_free_keeps_its_own():
    assert colouring(np.arange(8)[None], 8).tolist() == [0, 1, 2, 3, 4, 5, 0, 1]
