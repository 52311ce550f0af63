"""Labels and legends: they cover neither curves nor one another, at any size."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wganstudio.figures.placement import CORNERS, Occupancy, PixelBox, best_corner, corner_box, place_labels


def crosses(box, x, y):
    """Return True if the polyline passes through a rectangle, by many points on it."""
    at = np.linspace(x[0], x[-1], 20_000)
    heights = np.interp(at, x, y)
    inside = (at > box.left) & (at < box.right) & (heights > box.bottom) & (heights < box.top)
    return bool(inside.any())


@given(
    st.integers(120, 900),
    st.integers(60, 500),
    st.lists(st.floats(0.0, 1.0), min_size=1, max_size=8),
    st.integers(0, 10_000),
)
def test_labels_touch_neither_curves_nor_each_other_nor_the_axes(width, height, shares, seed):
    rng = np.random.default_rng(seed)
    x = np.sort(rng.uniform(-20, width + 20, 60))
    y = height * (0.5 + 0.3 * np.sin(x / 50)) + rng.normal(0, 4, 60)
    plot = Occupancy(width, height)
    plot.add_curve(x, y)
    edges = [(height * share, height * share + 1) for share in shares]
    sizes = [(rng.uniform(40, 160), 14.0) for _ in shares]
    places = place_labels(plot, edges, sizes)
    boxes = [place.box for place in places if place is not None]
    whole = PixelBox(0, 0, width, height)
    for box in boxes:
        assert box.left >= 0 and box.bottom >= 0 and box.right <= whole.right and box.top <= whole.top
        assert not crosses(box, x, y)
    assert not any(one.touches(other) for one, other in combinations(boxes, 2))


@pytest.mark.parametrize("count", [2, 5, 9])
def test_many_truths_close_together_all_have_a_label(count):
    plot = Occupancy(600, 300)
    edges = [(150 + 0.5 * k, 150.5 + 0.5 * k) for k in range(count)]
    places = place_labels(plot, edges, [(110.0, 14.0)] * count)
    assert None not in places
    assert not any(a.box.touches(b.box) for a, b in combinations(places, 2))
    assert not places[-1].needs_leader, "the label of the highest band is at its line"


def test_a_band_out_of_sight_has_no_label():
    plot = Occupancy(300, 100)
    assert place_labels(plot, [(-50, -40), (140, 150)], [(50, 14)] * 2) == [None, None]
    (place,) = place_labels(plot, [(-50, 150)], [(50, 14)])
    assert place is not None and place.box.top < 100, "a band that fills the plot has its label within"


@pytest.mark.parametrize("corner", CORNERS)
def test_the_legend_goes_to_the_free_corner(corner):
    plot = Occupancy(400, 200)
    size = (100.0, 40.0)
    for other in set(CORNERS) - {corner}:
        box = corner_box(other, size, plot, 8)
        plot.add_curve(np.array([box.left, box.right]), np.array([box.bottom, box.top]))
    assert best_corner(plot, size, 8) == (corner, True)


def test_a_legend_stays_where_it_is_and_says_where_it_covers_a_curve():
    plot = Occupancy(400, 200)
    assert best_corner(plot, (100, 40), 8, first=(0, 0)) == ((0, 0), True)
    plot.add_curve(np.array([0.0, 400.0]), np.array([0.0, 0.0]), np.array([200.0, 200.0]))
    assert best_corner(plot, (100, 40), 8)[1] is False


def test_a_curve_ends_where_its_points_end():
    plot = Occupancy(400, 200)
    plot.add_curve(np.array([0.0, 100.0]), np.array([100.0, 100.0]))
    assert plot.is_free(PixelBox(150, 90, 100, 20)) and not plot.is_free(PixelBox(50, 90, 100, 20))
    plot.add_curve(np.array([np.nan, 300.0]), np.array([1.0, np.nan]))
    assert plot.is_free(PixelBox(290, 90, 20, 20))
