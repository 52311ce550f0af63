"""The data of each figure against the record it is built from."""

import contourpy
import numpy as np
import pytest

from wganstudio.comparison.numbers import with_error
from wganstudio.experiment import override, read
from wganstudio.experiment.pairs import PointSetsOptions
from wganstudio.figures import figure_names, figure_of, zoomed
from wganstudio.figures.captions import describe_kind
from wganstudio.figures.contours import contour_levels, join_lines
from wganstudio.figures.costs.figure import Costs
from wganstudio.figures.costs.texts import accuracy_text, band_label
from wganstudio.figures.frames import NoSuchStep
from wganstudio.figures.gradient.figure import GradientDensity
from wganstudio.figures.landscape.figure import Landscape
from wganstudio.figures.mathematics import to_mathtext
from wganstudio.figures.mpl import render_figure
from wganstudio.session import RunRecord
from wganstudio.training.events import Ended, Metrics, TruthFound, TruthMissing
from wganstudio.truths import Truth


def truth(value, lower, upper, quantity="w1"):
    return Truth(
        quantity=quantity, value=value, lower=lower, upper=upper, method="m", law="the laws", seconds=1.0
    )


def test_the_landscape_is_the_newest_frame(plane_record):
    figure = Landscape.from_record(plane_record)
    assert figure.step == 2000
    assert figure.u is plane_record.snapshot("critic").arrays["u"]
    assert figure.sigma is plane_record.snapshot("plane").arrays["sigma"]
    assert figure.samples_q is plane_record.snapshot("plane").arrays["samples_q"]
    assert (figure.scale.low, figure.scale.high) == (figure.u.min(), figure.u.max())


def test_a_kept_step_shows_that_frame_and_another_is_refused_by_name(plane_record):
    assert Landscape.from_record(plane_record, 200).u is plane_record.snapshot("critic", 200).arrays["u"]
    with pytest.raises(NoSuchStep, match=r"step 123; recorded steps: 1, 2, 5, .*2,000"):
        Landscape.from_record(plane_record, 123)


def test_contours_are_lines_on_which_u_has_its_level(plane_record):
    figure = Landscape.from_record(plane_record)
    assert 5 <= len(figure.levels) <= 12
    for level, lines in zip(figure.levels, figure.contours, strict=True):
        points = lines[np.isfinite(lines[:, 0])]
        values = [figure.grid.lookup(figure.u, x, y) for x, y in points]
        assert np.allclose(values, level, atol=2e-3 * np.ptp(figure.u))


def test_the_contours_of_a_fine_grid_are_thinned_and_still_right(make_record):
    figure = Landscape.from_record(make_record(2, points=400, until=50, ended=False))
    points = join_lines(figure.contours)
    assert len(points) < 6000
    points = points[np.isfinite(points[:, 0])]
    distance = [np.abs(figure.levels - figure.grid.lookup(figure.u, x, y)).min() for x, y in points]
    assert max(distance) < 2e-3 * np.ptp(figure.u)


def test_the_truth_is_shifted_to_the_mean_of_u(plane_record):
    assert Landscape.from_record(plane_record).truth_contours == ()
    figure = Landscape.from_record(plane_record, show_truth=True)
    assert figure.potential.mean(dtype=float) == pytest.approx(figure.u.mean(dtype=float), abs=1e-4)
    raw = plane_record.snapshot("plane").arrays["potential"]
    assert np.ptp(figure.potential - raw) < 1e-5
    inner = next(i for i, lines in enumerate(figure.truth_contours) if len(lines))
    x, y = figure.truth_contours[inner][0]
    assert -np.hypot(x, y) + float((figure.potential - raw)[0, 0]) == pytest.approx(
        figure.levels[inner], abs=0.02
    )


def test_an_unknown_truth_is_never_shown(make_record):
    figure = Landscape.from_record(make_record(2, until=50, known=False, flow=False), show_truth=True)
    assert figure.potential is None and not figure.show_truth and figure.truth_contours == ()


def test_the_readout_is_the_fields_between_their_points(plane_record):
    figure = Landscape.from_record(plane_record)
    row, column = 17, 40
    x, y = float(figure.grid.x[column]), float(figure.grid.y[row])
    readout = figure.readout(x, y)
    assert readout.u == pytest.approx(float(figure.u[row, column]), rel=1e-6)
    assert readout.sigma == pytest.approx(float(figure.sigma[row, column]), rel=1e-6)
    halfway = figure.readout((x + float(figure.grid.x[column + 1])) / 2, y)
    assert halfway.slope == pytest.approx(figure.slope[row, column : column + 2].mean(dtype=float), rel=1e-5)
    assert readout.text.startswith("x = (") and "|∇u| = " in readout.text and "σ = " in readout.text
    assert figure.readout(99, 0) is None


def test_one_dimension_has_curves_histograms_and_a_readout(line_record):
    figure = Landscape.from_record(line_record, show_truth=True)
    assert figure.grid.is_line and figure.contours == () and figure.truth_contours == ()
    width = np.diff(figure.histogram.edges)
    inside = np.mean(
        (figure.samples_p >= figure.grid.extent[0]) & (figure.samples_p <= figure.grid.extent[1])
    )
    assert (figure.histogram.p * width).sum() == pytest.approx(inside)
    assert figure.y_range[0] < figure.u.min() and figure.y_range[1] > figure.u.max()
    assert figure.readout(1.0).x == (1.0,)


def test_the_scatter_is_points_of_the_maps_where_sigma_counts(make_record):
    record = make_record(2, points=128, until=50)
    figure = GradientDensity.from_record(record)
    assert 0 < len(figure.scatter_sigma) <= 5000
    assert figure.scatter_sigma.min() > 1e-3 * figure.sigma.max()
    pairs = set(zip(figure.sigma.ravel().tolist(), figure.slope.ravel().tolist(), strict=True))
    assert set(zip(figure.scatter_sigma.tolist(), figure.scatter_slope.tolist(), strict=True)) <= pairs
    again = GradientDensity.from_record(record)
    assert np.array_equal(again.scatter_slope, figure.scatter_slope)


def test_one_is_always_readable_on_the_gradient_map(plane_record, make_record):
    for record in (plane_record, make_record(2, until=10), make_record(8, until=200)):
        figure = GradientDensity.from_record(record)
        assert figure.slope_scale.low == 0 and figure.slope_scale.high >= 2 and figure.slope_scale.marked == 1
        assert figure.slope_range[0] <= 1 <= figure.slope_range[1]


def test_the_unit_line_is_where_the_gradient_is_one(make_record):
    figure = GradientDensity.from_record(make_record(2, until=500))  # u's slope crosses 1 on the way up
    expected = contourpy.contour_generator(figure.grid.x, figure.grid.y, figure.slope).lines(1.0)
    assert len(expected) and np.allclose(figure.unit, expected[0])


def test_above_two_dimensions_both_are_taken_at_samples_of_sigma(space_record, plane_record):
    figure = GradientDensity.from_record(space_record, 500)
    arrays = space_record.snapshot("sigma-samples", 500).arrays
    cells = figure.samples
    at = np.argmax(np.where(cells.counts < 6, cells.counts, 0))
    row, column = np.unravel_index(at, cells.counts.shape)
    x, y = float(cells.grid.x[column]), float(cells.grid.y[row])
    across, up = (np.diff(ticks).mean() / 2 for ticks in (cells.grid.x, cells.grid.y))
    inside = (np.abs(arrays["sigma_points"] - (x, y)) < (across, up)).all(axis=1)
    assert inside.sum() == cells.counts[row, column] > 1
    assert figure.slope[row, column] == pytest.approx(arrays["sigma_norms"][inside].mean(), rel=1e-5)
    assert figure.readout(x, y).text.endswith(f"σ (marginal) = {figure.grid.lookup(figure.sigma, x, y):.3g}")
    assert (
        f"mean |∇u| = {figure.slope[row, column]:.3f} ({inside.sum()} samples)" in figure.readout(x, y).text
    )
    assert set(figure.scatter_slope) <= set(arrays["sigma_norms"]) and len(figure.scatter_slope) > 900
    on_plane = space_record.snapshot("critic", 500).arrays["gradient_norm"]
    assert not set(figure.scatter_slope.tolist()) & set(on_plane.ravel().tolist())
    assert cells.grid.extent == pytest.approx(figure.grid.extent)
    labels = figure.slope_scale.label, figure.sigma_scale.label, figure.sigma_label, figure.title
    assert labels == (
        "mean |∇u| at samples of σ",
        "σ (marginal)",
        "marginal of σ at the samples",
        "Gradient norm at samples of σ and marginal sampling density after 500 steps",
    )
    assert f"at {cells.counts.sum():,.0f} samples of σ" in figure.caption and len(figure.unit) == 0
    assert figure.tables()["slope"]["samples"].sum() == cells.counts.sum()
    flat = GradientDensity.from_record(plane_record)
    assert "marginal" not in flat.caption + flat.sigma_label and flat.samples is None


def test_a_cell_without_samples_is_empty_and_says_so(space_record):
    figure = GradientDensity.from_record(space_record)
    row, column = np.argwhere(figure.samples.counts == 0)[0]
    assert np.isnan(figure.slope[row, column])
    cells = figure.slope_grid
    assert "no sample of σ" in figure.readout(float(cells.x[column]), float(cells.y[row])).text


def test_a_session_without_gradients_at_samples_compares_no_slice_with_a_marginal(make_events):
    old = RunRecord(1, read({}))
    for event in make_events(8, until=50):
        if event.name != "sigma-samples":
            old.apply(event)
    figure = GradientDensity.from_record(old)
    assert np.array_equal(figure.slope, old.snapshot("critic").arrays["gradient_norm"])
    assert (figure.slope_scale.label, figure.sigma_scale.label) == ("|∇u| on the slice", "σ (marginal)")
    assert len(figure.scatter_slope) == 0 and "run again" in figure.sigma_label
    assert "was not recorded" in figure.caption
    assert "σ (marginal) = " in figure.readout(0.1, 0.1).text


def test_a_custom_sigma_above_two_dimensions_is_compared_on_the_slice(space_record):
    custom = RunRecord(1, space_record.experiment)
    for topic in ("plane", "critic"):
        custom.apply(space_record.snapshot(topic))
    custom.experiment = read(override(custom.experiment.settings(), [("sigma.kind", "formula")]))
    figure = GradientDensity.from_record(custom)
    labels = figure.slope_scale.label, figure.sigma_scale.label, figure.sigma_label
    assert labels == ("|∇u| on the slice", "σ on the slice", "σ on the slice")
    assert "marginal" not in figure.title + figure.readout(0.1, 0.1).text
    pairs = set(zip(figure.sigma.ravel().tolist(), figure.slope.ravel().tolist(), strict=True))
    assert set(zip(figure.scatter_sigma.tolist(), figure.scatter_slope.tolist(), strict=True)) <= pairs
    assert len(figure.scatter_slope) > 0


def test_above_two_dimensions_the_landscape_says_that_it_is_a_slice(space_record, plane_record):
    figure = Landscape.from_record(space_record)
    assert (
        figure.scale.label == "critic u on the slice" and "σ (marginal) = " in figure.readout(0.1, 0.1).text
    )
    assert "a slice of the space" in figure.caption and "projected onto the plane" in figure.caption
    flat = Landscape.from_record(plane_record)
    assert flat.scale.label == "critic u" and "slice" not in flat.caption
    assert "marginal" not in flat.readout(0.1, 0.1).text


def test_the_costs_are_the_scalars_with_two_standard_errors(plane_record):
    figure = Costs.from_record(plane_record)
    gap, value = figure.curves
    steps, gaps = plane_record.curve("gap")
    assert np.array_equal(gap.steps, steps) and np.array_equal(gap.values, gaps)
    assert np.allclose(value.upper - value.lower, 4 * plane_record.curve("value_se")[1])
    assert [band.quantity for band in figure.bands] == ["w1", "congested", "gap-limit"]
    assert figure.finals[0].value == plane_record.ended.estimates["gap"]
    assert figure.finals[0].step == 2000


def test_the_range_holds_truths_and_settled_curves_and_no_early_transient(make_record):
    record = make_record(2)
    figure = Costs.from_record(record)
    low, high = figure.y_range
    assert low < 1.25331 and high > 2.66241
    wild = RunRecord(2, record.experiment)
    for step in range(0, 3000, 50):
        wild.apply(
            Metrics(step=step, values={"gap": 2.0, "gap_se": 0.01, "value": -500.0 if step < 500 else 1.9})
        )
    low, high = Costs.from_record(wild).y_range
    assert low > 1.5 and high < 2.5


@pytest.mark.parametrize(
    ("value", "error", "bounds", "words"),
    [
        (
            1.951,
            0.005,
            (1.95786, 1.95786),
            "value 1.951 ± 0.005: 0.4 % below the congested cost (within 2 SE)",
        ),
        (1.951, 0.001, (1.95786, 1.95786), "value 1.9510 ± 0.0010: 0.4 % below the congested cost"),
        (1.5, 0.02, (1.0, 2.0), "value 1.50 ± 0.02: between the bounds of the congested cost"),
        (2.2, 0.02, (1.0, 2.0), "value 2.20 ± 0.02: 10 % above the upper bound of the congested cost"),
        (0.9, 0.02, (1.0, 2.0), "value 0.90 ± 0.02: 10 % below the lower bound of the congested cost"),
    ],
)
def test_the_summarys_say_how_far_off_an_estimate_is(value, error, bounds, words):
    from wganstudio.figures.costs.curves import Estimate
    from wganstudio.figures.costs.texts import estimate_summary

    congested = truth(sum(bounds) / 2, *bounds, "congested")
    assert estimate_summary(Estimate("value", 1, 1.0, value, error, True), {"congested": congested}) == words


def test_numbers_are_shown_to_the_digits_of_their_error():
    assert with_error(1.95123, 0.0052) == "1.951 ± 0.005"
    assert with_error(1.95123, 0.013) == "1.951 ± 0.013"
    assert with_error(266.5, 3.1) == "266 ± 3"
    assert with_error(1.95123, float("nan")) == "1.9512"


def test_a_band_is_named_by_its_bounds_where_they_are_apart():
    assert band_label(truth(1.25331, 1.25331, 1.25331)) == "W₁ 1.2533"
    assert band_label(truth(1.4, 1.1, 12.0)) == "W₁ in [1.1, 12]"


@pytest.mark.parametrize(("low", "high"), [(-16.8, 0.0), (0.001, 0.0013), (-3e6, 5e6)])
def test_levels_are_round_and_inside(low, high):
    levels = contour_levels(low, high)
    assert 4 <= len(levels) <= 12 and low < levels[0] and levels[-1] < high
    assert np.allclose(np.diff(levels), levels[1] - levels[0])


def test_a_flat_critic_has_no_contours_and_still_a_scale(plane_record):
    assert len(contour_levels(0.3, 0.3)) == 0
    flat = RunRecord(1, plane_record.experiment)
    flat.apply(plane_record.snapshot("plane"))
    critic = plane_record.snapshot("critic")
    zeros = {name: np.zeros_like(array) for name, array in critic.arrays.items()}
    flat.apply(critic.model_copy(update={"arrays": zeros}))
    figure = Landscape.from_record(flat)
    assert figure.contours == () and figure.scale.low < 0 < figure.scale.high
    assert GradientDensity.from_record(flat).slope_scale.high == 2


def test_nothing_to_show_is_none(failed_record):
    assert [figure_of(failed_record, name) for name in figure_names()] == [None] * len(figure_names())
    with pytest.raises(ValueError, match="no figure 'x'"):
        figure_of(failed_record, "x")


def test_other_ranges_change_nothing_else(plane_record):
    figure = Landscape.from_record(plane_record)
    closer = zoomed(figure, {"x": (-1.0, 1.0)})
    assert closer.x_range == (-1.0, 1.0) and closer.u is figure.u and closer.y_range == figure.y_range


def test_captions_name_settings_and_no_folder():
    record = RunRecord(1, read({"pair": {"kind": "ray-monotone", "file": "/home/someone/pairs/dim_2.pt"}}))
    from wganstudio.figures.captions import settings_text

    text = settings_text(record)
    assert "dim_2.pt" in text and "someone" not in text and "penalty λ = 10" in text and "seed 0" in text


def test_captions_name_no_critic_that_plays_no_part(make_record):
    from wganstudio.figures.captions import settings_text

    run_record = RunRecord(1, read({"solver": {"kind": "dot", "samples": 300}, "critic": {"kind": "funnel"}}))
    text = settings_text(run_record)
    assert text.endswith(". Seed 0.") and "samples = 300" in text
    assert "Critic" not in text and "steps" not in text and "batch" not in text
    assert "Critic: Perceptron" in settings_text(make_record(2, until=10, points=16))


def test_where_the_true_gradient_is_known_the_costs_say_how_near_the_critics_is(make_record):
    measured = {"cos": 0.842, "l2": 0.2, "cos_published": 0.838, "l2_published": 0.105}
    record = make_record(2, until=500, ended=False, points=16)
    assert Costs.from_record(record).gradient == {} and accuracy_text({}) == ""
    record.apply(Metrics(step=500, values={"gap": 1.0, "gap_se": 0.1} | measured))
    figure = Costs.from_record(record)
    assert figure.gradient == measured
    words = accuracy_text(figure.gradient)
    assert "cos 0.842, L2 0.200 (published metric: cos 0.838, L2 0.105)" in words
    (printed,) = render_figure(figure).axes
    assert to_mathtext(words) in printed.get_title(loc="left").replace("\n", " ")
    assert list(figure.tables()["gradient"]["value"]) == list(measured.values())


@pytest.mark.parametrize(
    ("point", "text"),
    [
        (1_700_000_010.0, "1700000010"),
        (-5_412_345.25, "-5412345.25"),
        (12_345.678, "12345.678"),
        (0.1234567, "0.123457"),
        (9999.0, "9999"),
    ],
)
def test_captions_write_coordinates_far_from_zero_in_full(point: float, text: str) -> None:
    options = PointSetsOptions(points_p=((point,),), points_q=((0.0,),))
    assert f"points of P = [[{text}]]," in describe_kind(options)


def test_absent_truths_are_stated_with_a_way_to_get_them():
    record = RunRecord(1, read({}))
    estimates = {"gap": 1.0, "gap_se": 0.1}
    record.apply(Metrics(step=1, values=estimates))
    assert Costs.from_record(record).missing == "", "the run is under way"
    record.apply(Ended(step=2, reason="done", seconds=1.0, estimates=estimates, gradient={}))
    assert "wganstudio truth" in Costs.from_record(record).missing
    truth = Truth(quantity="w1", value=1.0, lower=1.0, upper=1.0, method="", law="", seconds=0.0)
    record.apply(TruthFound(truth=truth))
    assert Costs.from_record(record).missing == ""
    record.apply(TruthMissing(message="The rest failed.", failed=True))
    assert Costs.from_record(record).missing == "The rest failed." and record.truths
