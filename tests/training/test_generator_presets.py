"""The stated results of the presets with generators: a minute or two each."""

from itertools import pairwise

import pytest

from wganstudio.experiment import override, preset, read
from wganstudio.figures.samples.stages import stage_metrics
from wganstudio.session import RunRecord
from wganstudio.training.events import Ended
from wganstudio.training.generator_metrics import GeneratorMetrics
from wganstudio.training.run import Run

pytestmark = pytest.mark.slow


def test_eight_gaussians_are_all_found() -> None:
    *_, ended = Run(read(preset("eight-gaussians-gan").settings)).events()
    assert isinstance(ended, Ended)
    assert ended.estimates["modes"] == 8
    assert ended.estimates["near"] == pytest.approx(0.8, abs=0.06)


def test_by_a_smoothed_plan_they_are_found_too() -> None:
    *_, ended = Run(read(preset("eight-gaussians-transport").settings)).events()
    assert isinstance(ended, Ended)
    assert ended.estimates["modes"] == 8 and ended.estimates["dual_gap"] < 1e-3
    assert ended.estimates["recall"] == pytest.approx(0.84, abs=0.08)
    assert ended.estimates["near"] == pytest.approx(0.44, abs=0.05)


def test_the_digits_that_are_made_are_as_near_to_those_held_out_as_claimed() -> None:
    *_, ended = Run(read(preset("digits-gan").settings)).events()
    assert isinstance(ended, Ended)
    assert ended.estimates["precision"] == pytest.approx(0.84, abs=0.05)
    assert ended.estimates["recall"] == pytest.approx(0.70, abs=0.06)
    assert ended.estimates["true_upper"] == pytest.approx(3.0, abs=0.1)


def test_debiased_transport_finds_the_moons_own_covariance_and_entropy_draws_it_together() -> None:
    settings = preset("affine").settings
    for debias, variances, cost in ((True, (1.28, 0.41, -0.33), 0.10), (False, (0.86, 0.10, -0.29), 0.26)):
        run = Run(read(override(settings, [("solver.debias", debias)])))
        *_, weights, ended = run.events()
        assert isinstance(ended, Ended)
        matrix = weights.arrays["generator.matrix"]
        result = matrix @ matrix.T
        assert (result[0, 0], result[1, 1], result[0, 1]) == pytest.approx(variances, abs=0.04)
        assert ended.estimates["true_upper"] == pytest.approx(cost, abs=0.02)


def test_what_other_distributions_reach_on_the_digits_is_as_claimed() -> None:
    experiment = read(preset("digits-gan").settings)
    pair = experiment.build_pair()
    likeness = GeneratorMetrics(pair, experiment.solver.ground, None, experiment.training.seed)
    values = [likeness.evaluate(distribution) for distribution in (pair.p, pair.q)]
    for name, result in zip(("the training digits", "the fitted Gaussian"), values, strict=True):
        words = f"{name} {result['precision']:.2f}, {result['recall']:.2f} and {result['true_upper']:.2f}"
        assert words in experiment.about.expected


def test_the_grid_is_covered_and_as_near_as_claimed() -> None:
    experiment = read(preset("grid-gan").settings)
    likeness = GeneratorMetrics(experiment.build_pair(), None, None, experiment.training.seed)
    run = Run(experiment)
    *_, ended = run.events()
    assert isinstance(ended, Ended)
    assert ended.estimates["modes"] == 25
    assert ended.estimates["near"] == pytest.approx(0.9, abs=0.04)
    assert f"are {ended.estimates['true_upper']:.2f} from" in experiment.about.expected
    assert f"itself {likeness.evaluate(run.pair.p)['true_upper']:.2f}." in experiment.about.expected


@pytest.mark.parametrize("name", ["composite-eight-gaussians", "composite-moons"])
def test_with_every_map_a_composite_comes_nearer_and_one_network_keeps_it(name: str) -> None:
    experiment = read(preset(name).settings)
    record = RunRecord(1, experiment)
    for event in Run(experiment).events():
        record.apply(event)
    assert record.ended is not None
    costs = [stage["true_upper"] for stage in stage_metrics(record)]
    assert len(costs) == 5 and all(after < before for before, after in pairwise(costs))
    assert ", ".join(f"{cost:.2f}" for cost in costs) in experiment.about.expected
    at_last = record.ended.estimates["true_upper"]
    assert at_last <= 1.1 * costs[-1]
    assert (at_last != costs[-1]) == (experiment.settings()["generator"]["distil"] == "mlp")
