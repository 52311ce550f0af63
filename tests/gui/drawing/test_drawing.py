"""Drawings as values, and the pairs that they make."""

import itertools
import math

import pytest

from wganstudio.experiment import read
from wganstudio.gui.drawing.drawing import MAX_PARTS, POINT_WIDTH, Drawing, DrawnPart, stroke

POINT, BLOB = DrawnPart(1.0, 2.0, 0.0, 1.0), DrawnPart(-1.0, 0.0, 0.5, 2.0)


def test_points_alone_are_the_pair_of_points():
    settings = Drawing((POINT,), (POINT, DrawnPart(0.0, 0.0, 0.0, 3.0))).settings()
    assert settings == {
        "kind": "points",
        "points_p": [[1.0, 2.0]],
        "points_q": [[1.0, 2.0], [0.0, 0.0]],
        "weights_q": [1.0, 3.0],
    }
    assert read({"pair": settings}).build_pair().q.exact_atoms()[1] == pytest.approx([0.25, 0.75])


def test_points_stay_points_where_the_other_distribution_is_wide():
    settings = Drawing((POINT,), (BLOB,)).settings()
    assert settings["kind"] == "mixture" and settings["scale_p"] == 0.0 and settings["scale_q"] == 0.5
    assert read({"pair": settings}).build_pair().p.has_point_masses


def test_points_beside_wide_parts_become_small_gaussians():
    settings = Drawing((POINT, BLOB), (BLOB,)).settings()
    assert settings["scale_p"] == [POINT_WIDTH, 0.5] and settings["weights_p"] == [1.0, 2.0]
    assert read({"pair": settings}).build_pair().p.density([[1.0, 2.0]]) > 0


@pytest.mark.parametrize("drawing", [Drawing((POINT,), (POINT,)), Drawing((BLOB, BLOB), (POINT,))])
def test_a_pair_is_drawn_again_from_its_settings(drawing):
    pair = read({"pair": drawing.settings()}).pair
    again = Drawing.from_settings(pair.model_dump())
    assert again.settings() == drawing.settings()


def test_pairs_that_cannot_be_drawn_start_empty():
    assert Drawing.from_settings({"kind": "gaussians"}) == Drawing()
    assert Drawing.from_settings({"kind": "points", "points_p": [[0.0]], "points_q": [[1.0]]}) == Drawing()


def test_a_stroke_is_evenly_dense_and_has_its_mass():
    parts = stroke([(0.0, 0.0), (2.0, 0.0)], width=0.4, mass=3.0)
    gaps = [b.x - a.x for a, b in itertools.pairwise(parts)]
    assert parts[0].x == 0 and parts[-1].x == pytest.approx(2.0)
    assert all(0.19 < gap < 0.41 for gap in gaps)
    assert sum(part.mass for part in parts) == pytest.approx(3.0)
    assert len(stroke([(1.0, 1.0)], 0.2, 1.0)) == 1


def test_the_eraser_takes_what_it_touches():
    drawing = Drawing(tuple(DrawnPart(x / 10, 0.0, 0.1, 1.0) for x in range(10)))
    left = drawing.erased("p", [(0.0, 0.0), (0.2, 0.0)], 0.15)
    assert [part.x for part in left.p] == pytest.approx([0.4, 0.5, 0.6, 0.7, 0.8, 0.9])


def test_the_parts_are_bounded():
    many = [DrawnPart(math.cos(t), math.sin(t), 0.1, 1.0) for t in range(2 * MAX_PARTS)]
    assert len(Drawing().added("q", many).q) == MAX_PARTS
