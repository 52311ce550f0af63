"""The figure of the critic descent against the snapshots it is built from."""

import numpy as np
import pytest

from figure_records.descents import descent_record
from wganstudio.experiment import override, read
from wganstudio.export import export
from wganstudio.figures import mpl
from wganstudio.figures.critic_descent.figure import CriticDescent, validity_text
from wganstudio.figures.critic_descent.left_over import LABELS


@pytest.fixture(scope="module")
def record():
    return descent_record()


def test_by_default_it_shows_the_last_state_of_the_newest_descent(record):
    figure = CriticDescent.from_record(record)
    assert (figure.step, figure.state) == (2000, 2.0)
    np.testing.assert_allclose(figure.points, figure.states[2])
    np.testing.assert_allclose(figure.states[2] - figure.states[0], [[2.5, 1.0]] * 60, atol=1e-6)
    truth = record.truths["w1"]
    assert figure.left.truth == (truth.lower, truth.upper)
    assert CriticDescent.from_record(record, 1500).step == 1000
    assert CriticDescent.from_record(record, 500) is None


def test_between_two_steps_the_samples_are_on_their_way(record):
    figure = CriticDescent.from_record(record, state=1.5)
    np.testing.assert_allclose(figure.points, (figure.states[1] + figure.states[2]) / 2)
    path = figure.paths[:4]
    np.testing.assert_allclose(path[:3], [figure.states[0, 0], figure.states[1, 0], figure.points[0]])
    assert np.isnan(path[3]).all()
    np.testing.assert_allclose(CriticDescent.from_record(record, state=0).points, figure.states[0])


def test_the_text_has_the_bounds_their_errors_and_the_step(record):
    text = CriticDescent.from_record(record, state=1).summary_lines[0]
    assert text == (
        "After 1 step: W₁ left over from 0.2 (± 0.08) to 0.6 (± 0.1) between samples; two samples of Q 0.3. "
        "Step 1 moved the samples by 2 in the mean, at a mean |∇u| of 1.2."
    )
    assert CriticDescent.from_record(record, state=0).summary_lines[0].startswith("Before the first step: W₁")


@pytest.mark.parametrize(
    ("solver", "words"),
    [
        ("lp", "Heuristic: with a gradient penalty the slopes exceed 1"),
        ("so", "This solver seeks a W₁ potential."),
        ("semi-discrete", "Heuristic: this solver's critic belongs to "),
    ],
)
def test_it_says_how_far_theory_covers_the_step(solver, words):
    assert validity_text(read({"solver": {"kind": solver}})).startswith(words)


def test_it_applies_unless_no_steps_are_asked_for(record):
    assert CriticDescent.applies_to(record.experiment)
    settings = override(record.experiment.settings(), [("evaluation.descent_steps", 0)])
    assert not CriticDescent.applies_to(read(settings))


def test_over_a_line_each_step_is_a_row_and_q_is_at_the_top():
    figure = CriticDescent.from_record(descent_record(1), state=1)
    assert figure.rows == ((0.0, "P"), (1.0, "1"), (2.0, "2"), (3.0, "Q"))
    assert (figure.points[:, 1] == 1).all() and (figure.targets[:, 1] == 3).all()
    assert "y" not in figure.tables()["points"]
    assert not mpl.render_figure(figure).axes[0].get_legend()


def test_the_nearest_sample_and_the_nearest_step_are_read_out(record):
    figure = CriticDescent.from_record(record)
    x, y = figure.points[7]
    assert figure.pick(x, y, (0.01, 0.01)) == 7 and figure.pick(x + 50, y, (0.01, 0.01)) is None
    assert figure.describe(7).startswith("sample 8:") and "2.69 from its start" in figure.describe(7)
    assert figure.left.readout(1.1) == figure.left.text(1) and figure.left.readout(1.5) is None


def test_print_and_tables_hold_the_walk_and_what_is_left_over(record, tmp_path):
    figure = CriticDescent.from_record(record)
    walk, curve = mpl.render_figure(figure).axes
    np.testing.assert_allclose(walk.collections[-1].get_offsets(), figure.points)
    drawn = {line.get_label(): line.get_ydata() for line in curve.lines}
    np.testing.assert_allclose(drawn[LABELS["gap"]], figure.left.gaps)
    np.testing.assert_allclose(figure.left.gaps, [2.0, 0.2, 0.0], atol=1e-6)
    np.testing.assert_allclose(drawn[LABELS["reference"]], 0.3, atol=1e-6)
    bars = {one.get_label(): one.lines[0].get_ydata() for one in curve.containers}
    np.testing.assert_allclose(bars[LABELS["upper"]], figure.left.upper)
    np.testing.assert_allclose(bars[LABELS["lower"]], figure.left.lower)
    low, high = curve.get_ylim()
    assert low < 0 and high > max(2.1 + 2 * 0.06, figure.left.truth[1])
    names = [path.name for path in export(record, tmp_path, ["csv"], figures=["critic_descent"])]
    assert len(names) == 3 and any(name.endswith("critic-descent.csv") for name in names)
    table = figure.tables()[""]
    assert list(table["steps"]) == [0, 1, 2] and np.isnan(table["next_length"][-1])
