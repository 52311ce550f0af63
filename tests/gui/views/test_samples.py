"""The view of a generator: what it draws against the figure, what pointing reads, earlier pictures."""

import numpy as np
import pytest

from wganstudio.figures import mpl
from wganstudio.gui.views.samples import SamplesView


def points(item):
    return np.stack(item.getData(), axis=1)


def test_the_images_are_drawn_pixel_by_pixel_and_named_row_by_row(shown, make_making):
    view = shown(SamplesView, make_making(8, image=(1, 2, 4)))
    gallery = view.figure().picture
    assert np.array_equal(view.image.image, gallery.pixels)
    rect = view.image.mapRectToParent(view.image.boundingRect())
    assert (rect.width(), rect.height()) == gallery.pixels.shape[1::-1]
    assert view.plot.getAxis("left")._tickLevels == [list(gallery.rows)]
    assert not view.show_paths.isVisible() and not view.generated.isVisible() and not view.lines.isVisible()
    assert view.summary.text().startswith("to the nearest training image: least")
    left, bottom = gallery.corners[20]
    view.hover(left + 1, bottom + 1)
    assert view.readout.text() == gallery.describe(20) and view.highlight.isVisible()
    view.hover(left - 0.5, bottom + 1)
    assert view.readout.text() == view.hint and not view.highlight.isVisible()


@pytest.mark.parametrize("dim", [1, 2, 8])
def test_print_and_screen_draw_the_same_points_and_paths(shown, make_making, dim):
    view = shown(SamplesView, make_making(dim))
    figure = view.figure()
    (axes,) = mpl.render_figure(figure).axes
    dots = {dots.get_label(): dots.get_offsets() for dots in axes.collections}
    np.testing.assert_array_equal(points(view.generated), dots["generated"])
    np.testing.assert_array_equal(points(view.samples_p), dots["P"])
    assert np.array_equal(points(view.lines), axes.lines[0].get_xydata(), equal_nan=True)
    assert not view.image.isVisible() and view.legend.isVisible() == (dim > 1)
    view.hover(*figure.picture.points[5])
    assert view.readout.text() == figure.picture.describe(5)
    assert np.array_equal(points(view.highlight), figure.picture.tracks[5])


def test_unticking_the_paths_leaves_the_points(shown, make_making):
    view = shown(SamplesView, make_making(2))
    view.show_paths.click()
    assert not view.lines.isVisible() and view.generated.isVisible() and not view.figure().show_paths
    assert not mpl.render_figure(view.figure()).axes[0].lines
    view.show_paths.click()
    assert view.lines.isVisible()


def test_the_slider_goes_back_along_the_paths(shown, make_making):
    record = make_making(2)
    view = shown(SamplesView, record)
    before = view.box.viewRange()
    view.frame_bar.slider.setValue(record.recorded_steps("critic").index(50))
    assert view.figure().step == 50 and view.frame_bar.text.text() == "step 50"
    np.testing.assert_array_equal(
        points(view.generated), record.snapshot("generated", 50).arrays["samples_q"][:50]
    )
    assert view.box.viewRange() == before, "the ranges stay"


def test_images_then_points_then_a_critic_alone(shown, make_making, plane_record):
    view = shown(SamplesView, make_making(8, image=(1, 2, 4)))
    view.set_records([make_making(1)])
    assert view.show_paths.isVisible() and not view.image.isVisible() and not view.figure().equal_aspect
    view.set_records([make_making(2)])
    assert view.legend.isVisible() and view.plot.getAxis("left")._tickLevels is None
    view.set_records([plane_record])
    assert view.figure() is None and "Choose a generator" in view.message.text()


@pytest.mark.parametrize("dark", [False, True])
def test_both_themes(shown, make_making, dark):
    view = shown(SamplesView, make_making(2))
    view.set_dark(dark)
    assert view.generated.opts["brush"].color().name() == view.palette_.q
