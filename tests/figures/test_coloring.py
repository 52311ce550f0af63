"""Neighboring cells differ in color, on any map."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from wganstudio.figures.cells.coloring import COLORS, coloring


@settings(max_examples=30, deadline=None)
@given(st.integers(7, 120), st.integers(0, 10_000))
def test_cells_of_points_have_other_colors_than_their_neighbors(count, seed):
    rng = np.random.default_rng(seed)
    sites, height = rng.random((count, 2)), 0.02 * rng.random(count)
    x, y = np.meshgrid(np.linspace(0, 1, 60), np.linspace(0, 1, 60))
    points = np.stack((x, y), axis=-1)[:, :, None]
    cells = (height - ((points - sites) ** 2).sum(-1)).argmax(-1)
    colors = coloring(cells, count)
    assert len(colors) == count and colors.min() >= 0 and colors.max() < COLORS
    for one, other in ((cells[:, 1:], cells[:, :-1]), (cells[1:], cells[:-1])):
        assert (colors[one] != colors[other])[one != other].all()


def test_a_cell_whose_color_is_free_keeps_its_own():
    assert coloring(np.arange(8)[None], 8).tolist() == [0, 1, 2, 3, 4, 5, 0, 1]
