"""Common scales and ranges of figures of several runs."""

import pytest

from figure_records.gaussians import gaussian_record
from wganstudio.figures.comparison import (
    common_limits,
    comparable,
    limits_of,
    same_scales,
    with_common_ranges,
    with_limits,
)
from wganstudio.figures.gradient.figure import GradientDensity
from wganstudio.figures.landscape.figure import Landscape
from wganstudio.figures.momentum.figure import Momentum


@pytest.fixture(scope="module")
def early():
    return gaussian_record(2, until=200)


def test_common_limits_contain_those_of_every_figure(plane_record, early):
    figures = [Landscape.from_record(record) for record in (plane_record, early)]
    common = common_limits(figures)
    lows, highs = zip(*((figure.scale.low, figure.scale.high) for figure in figures), strict=True)
    assert common == {"landscape.scale": (min(lows), max(highs))} and len(set(lows)) == 2
    shared = [with_limits(figure, common) for figure in figures]
    assert same_scales(*shared) and not same_scales(*figures)
    assert shared[0].u is figures[0].u


@pytest.mark.parametrize(
    ("cls", "keys"),
    [
        (GradientDensity, {"gradient.slope_scale", "gradient.sigma_scale"}),
        (Momentum, {f"momentum.scales.{number}" for number in range(3)}),
    ],
)
def test_every_color_scale_has_a_limit(plane_record, cls, keys):
    figure = cls.from_record(plane_record)
    assert limits_of(figure).keys() == keys
    changed = with_limits(figure, dict.fromkeys(keys, (-1.0, 9.0)))
    assert set(limits_of(changed).values()) == {(-1.0, 9.0)}


def test_over_a_line_the_vertical_axis_is_a_scale(line_record):
    figure = Landscape.from_record(line_record)
    assert limits_of(figure)["landscape.y_range"] == figure.y_range
    assert with_limits(figure, {"landscape.y_range": (-3.0, 3.0)}).y_range == (-3.0, 3.0)


def test_ranges_are_those_that_contain_all(plane_record):
    one = Landscape.from_record(plane_record)
    other = with_common_ranges(one, [])
    assert (other.x_range, other.y_range) == (one.x_range, one.y_range)
    from wganstudio.figures import zoomed

    wide = zoomed(one, {"x": (-9.0, 1.0)})
    assert with_common_ranges(one, [wide]).x_range == (-9.0, one.x_range[1])


def test_a_line_and_a_plane_share_nothing(plane_record, line_record, space_record):
    plane, line, space = (Landscape.from_record(one) for one in (plane_record, line_record, space_record))
    assert comparable(plane, plane) and not comparable(plane, line) and not comparable(plane, space)
    assert not comparable(plane, Momentum.from_record(plane_record))
