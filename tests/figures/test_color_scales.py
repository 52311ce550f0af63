"""Color scales: logarithmic axes, floors, locked limits and styles; print draws them as the window does."""

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.colors import LogNorm

from wganstudio.figures import style
from wganstudio.figures.color_scales import ScaleSettings, ScaleStyle, limits_key, scales_of
from wganstudio.figures.comparison import limits_of, with_limits
from wganstudio.figures.gradient.figure import GradientDensity
from wganstudio.figures.grid import ColorScale
from wganstudio.figures.landscape.figure import Landscape
from wganstudio.figures.mpl import render_figure
from wganstudio.figures.ranges import log_floor
from wganstudio.gui.views.plot_items import color_map_of

SIGMA = "gradient.sigma_scale"


def test_a_logarithmic_scale_is_linear_in_the_logarithm():
    scale = ColorScale("magma", 1e-3, 10.0, "density", is_log=True)
    assert scale.ends == pytest.approx((-3, 1))
    assert scale.share(0.1) == pytest.approx(0.5) and scale.value(0.5) == pytest.approx(0.1)
    field = np.array([0.0, 1e-6, 1e-3, 0.1, 10.0, np.nan])
    np.testing.assert_allclose(scale.on_axis(field), [-3, -3, -3, -1, 1, np.nan])
    linear = replace(scale, is_log=False)
    assert linear.on_axis(field) is field and linear.share(linear.value(0.3)) == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("field", "floor"),
    [
        ([0.0, 0.01, 1.0], 0.01),
        ([1e-9, 1.0], 1e-4),
        ([5.0, 5.0], 0.5),
        ([-1.0, 1.0], None),
        ([0.0, 0.0], None),
        ([np.nan], None),
        ([np.inf, 0.02, 2.0], 0.02),
    ],
)
def test_the_floor_spans_four_decades_at_most(field, floor):
    assert log_floor(np.array(field)) == (None if floor is None else pytest.approx(floor))


def test_what_is_signed_has_no_logarithm(plane_record):
    figures = (kind.from_record(plane_record) for kind in (Landscape, GradientDensity))
    scales = {key: scale for figure in figures for key, scale in scales_of(figure).items()}
    assert [key for key, scale in scales.items() if scale.log_low is None] == ["landscape.scale"]


def test_a_style_changes_one_scale(plane_record):
    settings = ScaleSettings()
    settings.styles[SIGMA] = ScaleStyle("cividis", is_log=True)
    figure = GradientDensity.from_record(plane_record)
    styled = settings.styled(figure)
    assert styled.slope_scale == figure.slope_scale
    scale = styled.sigma_scale
    assert (scale.name, scale.is_log, scale.high) == ("cividis", True, figure.sigma_scale.high)
    assert scale.low == log_floor(figure.sigma) > 0


def test_a_map_that_does_not_suit_the_scale_is_ignored(plane_record):
    settings = ScaleSettings()
    settings.styles[SIGMA] = ScaleStyle(style.DIVERGING_MAP)
    figure = GradientDensity.from_record(plane_record)
    assert settings.styled(figure).sigma_scale == figure.sigma_scale


def test_locked_limits_hold_for_the_linear_or_the_logarithmic_scale_only(plane_record):
    settings = ScaleSettings()
    figure = GradientDensity.from_record(plane_record)
    settings.locked[limits_key(SIGMA, figure.sigma_scale)] = 0.0, 7.0
    assert with_limits(figure, settings.limited(limits_of(figure))).sigma_scale.high == 7
    settings.styles[SIGMA] = ScaleStyle(is_log=True)
    logarithmic = settings.styled(figure)
    drawn = with_limits(logarithmic, settings.limited(limits_of(logarithmic))).sigma_scale
    assert (drawn.low, drawn.high) == (logarithmic.sigma_scale.low, figure.sigma_scale.high)


def test_locking_all_keeps_scales_that_come_later(plane_record):
    settings = ScaleSettings()
    settings.lock_all({})
    early = GradientDensity.from_record(plane_record, 1)
    first = settings.limited(limits_of(early))
    late = GradientDensity.from_record(plane_record)
    assert limits_of(late) != first and settings.limited(limits_of(late)) == first
    settings.unlock_all()
    assert not settings.is_locked and settings.limited(limits_of(late)) == limits_of(late)


@pytest.mark.parametrize("name", [*style.SEQUENTIAL_TITLES, *style.DIVERGING_TITLES])
def test_every_map_has_the_same_colors_in_print(name):
    from matplotlib import colormaps

    shares = np.linspace(0, 1, 11)
    window = color_map_of(name).map(shares, mode="float")[:, :3]
    np.testing.assert_allclose(window, colormaps[name](shares)[:, :3], atol=0.06)  # two issues of Cividis


def test_print_has_the_limits_and_the_logarithm_of_the_figure(plane_record):
    settings = ScaleSettings()
    settings.styles[SIGMA] = ScaleStyle("inferno", is_log=True)
    figure = with_limits(
        settings.styled(GradientDensity.from_record(plane_record)), {f"{SIGMA}.log": (1e-3, 0.1)}
    )
    images = [image for axes in render_figure(figure).axes for image in axes.images]
    sigma = next(image for image in images if isinstance(image.norm, LogNorm))
    assert (sigma.norm.vmin, sigma.norm.vmax, sigma.cmap.name) == (1e-3, 0.1, "inferno")
    assert sigma.get_array().min() >= 1e-3
