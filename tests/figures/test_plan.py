"""The plan figure against the shares it is built from."""

import numpy as np
import pytest

from wganstudio.export import export
from wganstudio.figures import mpl
from wganstudio.figures.plan.figure import Plan
from wganstudio.figures.plan.image_rows import BAR, ImageRows
from wganstudio.figures.plan.segments import PlanSegments
from wganstudio.training.events import Snapshot, as_float32

ATOMS = [[-1.0, 0.0], [1.0, 0.0], [0.0, 0.9]]
POINTS = [[-0.9, 0.1], [0.0, 0.0], [0.5, 0.2]]


@pytest.fixture
def record(make_atomic):
    return make_atomic(ATOMS, POINTS, epsilon=0.5)


def test_a_line_leads_to_every_atom_that_takes_a_hundredth(record):
    plan, arrays = Plan.from_record(record), record.snapshot("plan").arrays
    lines = plan.picture
    assert isinstance(lines, PlanSegments) and plan.step == 100
    drawn = [part for part, _ in lines.by_opacity]
    strong = (arrays["shares"] >= 0.5).sum(), ((arrays["shares"] >= 0.1) & (arrays["shares"] < 0.5)).sum()
    weak = ((arrays["shares"] >= 0.01) & (arrays["shares"] < 0.1)).sum()
    assert [len(part) / 3 for part in drawn] == [weak, strong[1], strong[0]], "the strongest above the others"
    ends = np.concatenate(drawn).reshape(-1, 3, 2)
    assert np.abs(ends[:, None, 1] - np.array(ATOMS)).max(2).min(1).max() < 1e-6
    middle = lines.polyline(0.0, number=1).reshape(-1, 3, 2)
    np.testing.assert_allclose(middle[:, 0], 0, atol=1e-7)
    assert len(middle) == 3 and "its atoms receive 4" in lines.describe(1)
    assert "1 / Σ p²" in plan.summary


def test_a_point_is_found_where_it_is(record):
    lines = Plan.from_record(record).picture
    assert lines.pick(-0.88, 0.1, (0.05, 0.05)) == 0 and lines.pick(-0.7, 0.1, (0.05, 0.05)) is None


def test_over_a_line_the_points_stand_above_the_atoms(make_atomic):
    plan = Plan.from_record(make_atomic([[-1.0], [1.0]], [[0.0], [0.6]], epsilon=0.2))
    assert not plan.equal_aspect and plan.picture.rows == ((0.0, "P"), (1.0, "Q"))
    assert (plan.picture.sources[:, 1] == 1).all() and (plan.picture.partners[..., 1] == 0).all()


def test_a_solver_without_atoms_has_no_plan(plane_record):
    assert Plan.from_record(plane_record) is None


def test_tables_and_print_hold_the_lines(record, tmp_path):
    (path,) = export(record, tmp_path, ["csv"], figures=["plan"])
    rows = np.genfromtxt(path, delimiter=",", names=True)
    np.testing.assert_allclose(rows["share"], record.snapshot("plan").arrays["shares"].ravel(), rtol=1e-6)
    assert len(rows) == 9 and rows.dtype.names == ("point", "x_q", "x_p", "y_q", "y_p", "share")
    figure = Plan.from_record(record)
    axes = mpl.render_figure(figure).axes[0]
    drawn = [line for line in axes.lines if line.get_gid() == "lines"]
    for line, (part, alpha) in zip(drawn, figure.picture.by_opacity, strict=True):
        np.testing.assert_array_equal(line.get_xydata(), part)
        assert line.get_alpha() == alpha


@pytest.fixture
def images(make_making):
    """A run on images of 2 x 4 pixels, with shares made up."""
    record = make_making(8, image=(1, 2, 4))
    rng = np.random.default_rng(0)
    arrays = {
        "sources": rng.normal(size=(3, 8)),
        "partners": rng.normal(size=(3, 2, 8)),
        "shares": np.array([[0.75, 0.25], [0.5, 0.1], [1.0, 0.0]]),
        "effective_count": np.array([1.6, 3.0, 1.0]),
    }
    arrays = {name: as_float32(array) for name, array in arrays.items()}
    run_record = type(record)(1, record.experiment)
    run_record.apply(record.snapshot("plane"))
    critic = record.snapshot("critic")
    run_record.apply(Snapshot(topic="plan", step=critic.step, recorded=True, arrays=arrays))
    run_record.apply(critic)
    return run_record


def test_beside_an_image_stand_those_that_take_its_mass_over_bars_of_their_shares(images):
    plan = Plan.from_record(images)
    strips, arrays = plan.picture, images.snapshot("plan").arrays
    assert isinstance(strips, ImageRows)
    low, high = min(-1, arrays["partners"].min()), max(1, arrays["partners"].max())
    wide, tall = strips.size
    for row in range(3):
        for place in range(3):
            left, bottom = strips.corners[row, place].astype(int)
            image = arrays["sources"][row] if place == 0 else arrays["partners"][row, place - 1]
            shade = np.round(255 * np.clip((image.reshape(2, 4) - low) / (high - low), 0, 1))
            seen = strips.pixels[bottom + tall - 2 : bottom + tall, left : left + wide][::-1]
            np.testing.assert_array_equal(seen[..., 0], shade)
            assert strips.pick(left + 0.5, bottom + 1.5) == (row, place)
            if place:
                bar = (strips.pixels[bottom, left : left + wide] == BAR).all(1).sum()
                assert bar == max(1, round(4 * arrays["shares"][row, place - 1]))
    assert "60%" in strips.describe((1, 0)) and "receives 10.0%" in strips.describe((1, 2))
    assert plan.summary.startswith("effective number of atoms per point 1.6 ")
