"""The gradient-norm figure against the snapshot it is built from."""

import numpy as np
import pytest

from wganstudio.export import export
from wganstudio.figures import figure_of, zoomed
from wganstudio.figures.frames import NoSuchStep
from wganstudio.figures.gradient_norms.figure import GradientNorms, lipschitz_text
from wganstudio.figures.ranges import round_up
from wganstudio.session import RunRecord
from wganstudio.training.events import Lipschitz, Snapshot


def changed(record, **known):
    limited = RunRecord(1, record.experiment)
    lipschitz = Lipschitz(**{"empirical": 1.2, "largest_slope": 1.5, "certified": None, **known})
    limited.apply(record.snapshot("gradient-norms").model_copy(update={"attributes": lipschitz}))
    return GradientNorms.from_record(limited)


def test_the_densities_are_those_of_the_shares(plane_record):
    figure, arrays = GradientNorms.from_record(plane_record), plane_record.snapshot("gradient-norms").arrays
    assert figure.step == 2000 and [one.distribution for one in figure.histograms] == ["p", "q", "sigma"]
    for one in figure.histograms:
        assert np.array_equal(one.shares, arrays[one.distribution].astype(float))
        assert (one.density * np.diff(figure.finite_edges)).sum() + one.shares[-1] == pytest.approx(
            1, abs=1e-6
        )
    top = max(one.density.max() for one in figure.histograms)
    assert figure.y_range[0] == 0 and top < figure.y_range[1] < 1.2 * top


def test_empty_bins_are_out_of_sight_on_a_logarithmic_axis(plane_record):
    figure = GradientNorms.from_record(plane_record, logarithmic=True)
    positive = np.concatenate([one.density[one.density > 0] for one in figure.histograms])
    assert figure.y_range[0] < positive.min() and figure.y_range[1] > positive.max()
    assert 0 < figure.floor < figure.y_range[0] and GradientNorms.from_record(plane_record).floor == 0


def test_the_range_holds_what_was_seen_and_a_bound_that_is_not_far(plane_record):
    assert changed(plane_record).x_range == (0, 2)
    assert changed(plane_record, certified=2.5).x_range[1] == pytest.approx(1.05 * 2.5)
    assert changed(plane_record, certified=40.0).x_range == (0, 2)
    low, high = changed(plane_record, largest_slope=17.0).x_range
    assert low == 0 and 17 < high <= 30


def test_a_kept_step_and_one_that_was_not(plane_record):
    assert figure_of(plane_record, "slope", 200).step == 200
    with pytest.raises(NoSuchStep, match=r"step 123; recorded steps: 1, 2, 5, .*2,000"):
        GradientNorms.from_record(plane_record, 123)


def test_the_readout_is_the_bin_that_holds_the_slope(plane_record):
    figure = GradientNorms.from_record(plane_record)
    index = 37
    low, high = figure.edges[index : index + 2]
    assert figure.bin(low) == (low, high) and figure.bin((low + high) / 2) == (low, high)
    text = figure.readout((low + high) / 2)
    for one in figure.histograms:
        assert f"{one.label} {100 * one.shares[index]:.1f} %" in text
    assert figure.readout(-0.1) is None and "to inf" in figure.readout(1e9)


def test_the_words_say_which_bounds_are_lower_and_which_is_upper(plane_record):
    known = plane_record.snapshot("gradient-norms").attributes
    text = lipschitz_text(known)
    assert f"at least {known.largest_slope:.4g} (largest" in text and f"at most {known.certified:.4g}" in text
    assert text in GradientNorms.from_record(plane_record).caption
    assert [mark.text[0] for mark in GradientNorms.from_record(plane_record).bounds] == ["≥", "≥", "≤"]
    assert "certifies no upper bound" in changed(plane_record).caption


def test_the_share_above_one_leaves_out_the_bin_that_holds_it(plane_record):
    figure, arrays = GradientNorms.from_record(plane_record), plane_record.snapshot("gradient-norms").arrays
    above = 100 * arrays["sigma"].astype(float)[figure.edges[:-1] > 1].sum()
    assert (
        figure.summary_lines[1].startswith("share with |∇u| > 1.05: ")
        and f"σ {above:.1f} %" in figure.summary_lines[1]
    )


def test_tables_hold_the_shares_and_the_bounds(plane_record, tmp_path):
    table, bounds = export(plane_record, tmp_path, ["csv"], figures=["slope"])
    rows = np.genfromtxt(table, delimiter=",", names=True, dtype=np.float64)
    assert np.array_equal(
        rows["sigma_share"], plane_record.snapshot("gradient-norms").arrays["sigma"].astype(float)
    )
    assert rows["high"][-1] == np.inf and rows["low"][0] == 0
    known = plane_record.snapshot("gradient-norms").attributes
    lines = dict(line.split(",") for line in bounds.read_text().splitlines()[1:])
    assert {name: float(value) for name, value in lines.items()} == known.model_dump()


def test_other_ranges_and_an_event_that_is_none(plane_record):
    assert zoomed(GradientNorms.from_record(plane_record), {"x": (0.5, 1.5)}).x_range == (0.5, 1.5)
    norms = plane_record.snapshot("gradient-norms")
    arrays = norms.arrays
    for broken in (
        arrays | {"p": arrays["p"][:-1]},
        arrays | {"edges": arrays["edges"][::-1]},
        {k: v for k, v in arrays.items() if k != "q"},
    ):
        with pytest.raises(ValueError, match="gradient-norms: "):
            Snapshot(topic="gradient-norms", arrays=broken, attributes=norms.attributes)


@pytest.mark.parametrize(
    ("value", "rounded"), [(0.11, 0.15), (1.0, 1.0), (2.1, 3.0), (17.0, 20.0), (81.0, 100.0)]
)
def test_round_numbers(value, rounded):
    assert round_up(value) == pytest.approx(rounded)
