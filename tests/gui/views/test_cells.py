"""The view of cells: its marks against the record and print, the slider of eps, what pointing reads."""

import numpy as np
import pytest

from wganstudio.figures import mpl
from wganstudio.figures.cells.figure import Cells
from wganstudio.figures.types import Float
from wganstudio.gui.views.cells import CellsView
from wganstudio.training.events import Paused, as_float32

DIRACS, HERE = [[-1.0, 0.0], [1.0, 0.0]], [[0.2, 0.5]]
LINE = {"atoms": [[-1.0], [0.4], [1.0]], "q": [[0.1], [0.3]], "psi": [0.1, 0.0, -0.1]}


def apply_frame(record, step, **generated):
    """Apply the newest frame once more at another step, live, with other arrays of the topic generated."""
    for topic in ("generated", "plan", "atoms", "critic"):
        newest = record.snapshot(topic)
        arrays = newest.arrays | (generated if topic == "generated" else {})
        record.apply(newest.model_copy(update={"step": step, "recorded": False, "arrays": arrays}))


def whole_points(curve) -> Float:
    x, y = curve.getData()
    return np.empty((0, 2)) if x is None else np.stack((x, y), axis=1)


def put(view, epsilon):
    """Move the slider to the entropy nearest to the one wanted."""
    offered = view.epsilons
    view.epsilon_slider.setValue(min(range(len(offered)), key=lambda k: abs(offered[k] - epsilon)))


@pytest.mark.parametrize("dim", [1, 2])
@pytest.mark.parametrize("epsilon", [0.0, 0.1])
def test_print_and_screen_draw_the_same(shown, make_atomic, dim, epsilon):
    record = make_atomic(**LINE, epsilon=epsilon) if dim == 1 else make_atomic(DIRACS, HERE, epsilon)
    view = shown(CellsView, record)
    figure = view.figure()
    axes = mpl.render_figure(figure).axes[0]
    (image,) = axes.images
    shown_image = view.image.image / 255
    assert np.abs(image.get_array() - shown_image).max() < 1 / 255 + 1e-9
    rect = view.image.mapRectToParent(view.image.boundingRect())
    assert image.get_extent() == pytest.approx([rect.left(), rect.right(), rect.top(), rect.bottom()])
    lines = {line.get_gid(): line.get_xydata() for line in axes.lines}
    for name, curve in (("borders", view.borders), *view.arrows.items()):
        np.testing.assert_allclose(lines[name], whole_points(curve))
    dots = {one.get_gid(): one.get_offsets() for one in axes.collections}
    for name, points in (("samples", view.samples), ("atoms", view.atoms)):
        np.testing.assert_allclose(dots[name], whole_points(points))
    assert axes.get_xlim() == pytest.approx(figure.x_range) and axes.get_ylim() == pytest.approx(
        figure.y_range
    )
    assert all(one in view.summary.text() for one in figure.summary_lines[1:])


def test_an_arrow_of_the_automatic_gradient_ends_at_the_atom_that_takes_all(shown, make_atomic):
    view = shown(CellsView, make_atomic(DIRACS, HERE))
    tail, tip = whole_points(view.arrows["automatic"])[:2]
    assert tail == pytest.approx(HERE[0]) and tip == pytest.approx(DIRACS[1])
    assert whole_points(view.arrows["true"])[1] == pytest.approx([0, 0], abs=1e-6), "the mean"


def test_the_slider_recomputes_psi_and_the_label_says_so(shown, make_atomic):
    view = shown(CellsView, make_atomic(DIRACS, HERE, epsilon=0.1))
    assert view.epsilon_label.text() == "ε = 0.1" and "ψ of the run" in view.epsilon_label.toolTip()
    assert not view.figure().resolved
    soft = view.figure().color_shares.max(-1).min()
    put(view, 0)
    figure = view.figure()
    assert figure.resolved and figure.dual.epsilon == 0 and view.epsilon_label.text() == "ε = 0 (run: 0.1)"
    assert (
        "ψ was solved again" in view.epsilon_label.toolTip() and "jump at the border 4" in view.summary.text()
    )
    assert (
        figure.color_shares.max(-1).min() == 1 > soft and len(whole_points(view.arrows["across_border"])) > 0
    )
    put(view, 0.1)
    assert not view.figure().resolved and len(whole_points(view.arrows["across_border"])) == 0


def test_of_many_atoms_only_recorded_frames_are_drawn_during_the_run(shown, make_atomic):
    rng = np.random.default_rng(3)
    atoms = rng.uniform(-1, 1, size=(80, 2))
    record = make_atomic(atoms, HERE)
    view = shown(CellsView, record)
    assert (
        not view.epsilon_slider.isEnabled()
        and "up to 64 atoms; this run has 80" in view.epsilon_slider.toolTip()
    )
    apply_frame(record, 150)
    view.refresh()
    assert view.drawn.step == 100
    record.apply(Paused(step=150))
    view.refresh()
    assert view.drawn.step == 150


def test_of_few_atoms_every_frame_is_drawn(shown, make_atomic):
    record = make_atomic(DIRACS, HERE)
    view = shown(CellsView, record)
    apply_frame(record, 150, samples_q=as_float32(np.array([[0.0, 0.5]])))
    view.refresh()
    assert view.drawn.step == 150 and whole_points(view.samples) == pytest.approx(np.array([[0.0, 0.5]]))
    view.frame_bar.slider.setValue(0)
    assert view.drawn.step == 1 and whole_points(view.samples) == pytest.approx(np.array(HERE))


def test_pointing_reads_the_atoms_and_the_border_and_marks_the_winner(shown, make_atomic):
    view = shown(CellsView, make_atomic(DIRACS, HERE, epsilon=0.1))
    view.hover(-0.5, 0.1)
    assert view.readout.text().startswith("x = (-0.5, 0.1)   p = 1 to atom 1   p = 2.06e-09 to atom 2")
    assert "border 0.5 away" in view.readout.text()
    assert whole_points(view.highlight) == pytest.approx(np.array(DIRACS[:1]))
    view.leave()
    assert view.readout.text() == view.hint and len(whole_points(view.highlight)) == 0


def test_another_run_brings_its_own_epsilons(shown, make_atomic):
    view = shown(CellsView, make_atomic(DIRACS, HERE, epsilon=0.1))
    put(view, 0)
    view.set_records([make_atomic(DIRACS, HERE, epsilon=0.7)])
    assert not view.figure().resolved and view.epsilon_label.text() == "ε = 0.7"


def test_a_run_without_atoms_says_what_is_needed(shown, plane_record):
    view = shown(CellsView, plane_record)
    assert view.figure() is None and "semi-discrete transport" in view.message.text()
    assert shown(CellsView, None).message.text().startswith("Press Run")


def test_a_zoom_is_what_is_exported_and_themes_change_the_cells(shown, make_atomic):
    view = shown(CellsView, make_atomic(DIRACS, HERE))
    view.box.setRange(xRange=(-0.5, 0.5), yRange=(-0.3, 0.3), padding=0)
    view.box.sigRangeChangedManually.emit([True, True])
    low, high = view.figure().x_range
    assert isinstance(view.figure(), Cells) and -2 < low < 0 < high < 2
    light = view.image.image.mean()
    view.set_dark(True)
    assert view.image.image.mean() < 0.5 * light
