"""Best: what is known of each pair, by which method."""

from functools import cache
from typing import Any

import pytest

from wganstudio.experiment import PairOptions, override, presets, read
from wganstudio.experiment.pairs import (
    ClassicsOptions,
    GaussiansOptions,
    MixtureOptions,
    RayMonotoneOptions,
    UniformBallsOptions,
    UniformBoxesOptions,
)
from wganstudio.experiment.registry import kinds
from wganstudio.experiment.truths import BestAvailableOptions, FromSamplesOptions
from wganstudio.truths import Truth

ALL = ["w1", "congested", "gap-limit"]
QUICK = {"samples": 128, "repeats": 3, "tolerance": 0.01, "cells": 64}


def truths(pair: PairOptions, penalty: float | None = 1.0, **options: Any) -> dict[str, Truth]:
    result: dict[str, Truth] = {}
    for truth in BestAvailableOptions(**(QUICK | options)).build().truths(pair.build(), penalty):
        coarser = result.get(truth.quantity, truth)
        if truth.law == coarser.law:  # again, from a finer grid or within the bounds of the others
            assert truth.upper - truth.lower <= coarser.upper - coarser.lower
            assert max(truth.lower, coarser.lower) <= min(truth.upper, coarser.upper)
        result[truth.quantity] = truth
    assert list(result) == ALL[: len(result)]
    return result


SHIFTED = ((-2.0, 1.0), (4.0, 0.0))
CASES: dict[str, tuple[PairOptions, list[str], str]] = {
    "ray-monotone": (RayMonotoneOptions(), ALL, "known plan"),
    "radial gaussians": (GaussiansOptions(dim=8), ALL, "radial flow"),
    "gaussians on the line": (GaussiansOptions(dim=1, mean_q=1.0), ALL, "on the line"),
    "shifted gaussians": (GaussiansOptions(mean_q=(1.0, 2.0), scale_q=1.0), ALL, "translation"),
    "gaussians unlike in one coordinate": (GaussiansOptions(scale_q=(1.0, 2.0)), ALL, "one coordinate"),
    "gaussians at large": (GaussiansOptions(mean_q=1.0), ALL, "cones"),
    "gaussians in space": (GaussiansOptions(dim=3, mean_q=(1.0, 0, 0)), ["w1"], "128 samples"),
    "boxes on the line": (UniformBoxesOptions(dim=1, high_q=4.0), ALL, "on the line"),
    "shifted boxes": (UniformBoxesOptions(), ALL, "translation"),
    "boxes unlike in one coordinate": (
        UniformBoxesOptions(low_q=(0, 0, -3), high_q=(1, 1, 4)),
        ["w1"],
        "one coordinate",
    ),
    "balls about one center": (UniformBallsOptions(dim=3), ALL, "radial flow"),
    "annuli on the line": (UniformBallsOptions(dim=1, hole_q=1, center_q=1), ALL, "on the line"),
    "shifted annuli": (
        UniformBallsOptions(hole_p=0.5, hole_q=0.5, radius_q=1, center_q=2),
        ALL,
        "translation",
    ),
    "balls at large": (UniformBallsOptions(center_q=2), ALL, "cones"),
    "mixtures on the line": (MixtureOptions(means_p=((0,),), means_q=((1,), (-3,))), ALL, "on the line"),
    "mixtures about one center": (
        MixtureOptions(means_p=((1, 1), (1, 1)), means_q=((1, 1),), scale_p=(1, 2)),
        ALL,
        "radial flow",
    ),
    "shifted mixtures": (
        MixtureOptions(means_p=SHIFTED, means_q=tuple((x + 3.0, y) for x, y in SHIFTED)),
        ALL,
        "translation",
    ),
    "mixtures at large": (MixtureOptions(), ALL, "cones"),
    "classics": (ClassicsOptions(), ALL, "cones"),
    "gaussian and moons": (ClassicsOptions(q="moons", noise=0.3), ALL, "cones"),
    "rings and eight": (ClassicsOptions(p="rings", q="eight-gaussians", noise=0.4), ALL, "cones"),
    "gaussian and square": (ClassicsOptions(q="square"), ALL, "from samples"),
}


SMOOTHED = ("ray-monotone", "gaussian and square")
"""Where the congested cost is known of the smoothed distributions alone."""
SMOOTHED_W1 = ("gaussian and square",)
"""Where W1 of the distributions themselves is known from samples alone."""


@cache
def truths_of_case(name: str) -> dict[str, Truth]:
    return truths(CASES[name][0])


@pytest.mark.usefixtures("small_references")
@pytest.mark.parametrize("name", CASES)
def test_each_pair_gets_the_best_that_is_known(name: str) -> None:
    _, quantities, method = CASES[name]
    result = truths_of_case(name)
    assert list(result) == quantities
    for truth in result.values():
        assert truth.lower <= truth.value <= truth.upper
        assert truth.lower < truth.upper
        smooth = name in (SMOOTHED_W1 if truth.quantity == "w1" else SMOOTHED)
        whose = "distributions and sigma smoothed" if smooth else "the distributions themselves"
        assert truth.law.startswith(whose)
        assert 0 <= truth.seconds < 60
    assert method in result["w1"].method


@pytest.mark.usefixtures("small_references")
@pytest.mark.parametrize("name", CASES)
def test_what_is_known_lies_within_the_bounds_from_samples(name: str) -> None:
    pair = CASES[name][0]
    known = truths_of_case(name)["w1"]
    (sampled,) = (
        FromSamplesOptions(samples=128, repeats=4, confidence=4, seed=1).build().truths(pair.build(), None)
    )
    assert sampled.lower <= known.upper
    assert known.lower <= sampled.upper


@pytest.mark.usefixtures("small_references")
@pytest.mark.parametrize("name", [name for name in CASES if CASES[name][1] == ALL and name not in SMOOTHED])
def test_the_three_truths_are_ordered_and_close_in_on_w1(name: str) -> None:
    pair = CASES[name][0]
    weak, strong = truths(pair, 0.1), truths(pair, 1e6)
    w1 = weak["w1"]
    # C >= W1 + W1^2 / (4 lambda)
    assert w1.lower + w1.lower**2 / 0.4 <= weak["congested"].upper
    assert weak["congested"].value < weak["gap-limit"].value
    for quantity in ("congested", "gap-limit"):
        width = w1.upper - w1.lower + strong["congested"].upper - strong["congested"].lower
        assert strong[quantity].value == pytest.approx(w1.value, abs=width + 1e-4 * w1.value)


@pytest.mark.usefixtures("small_references")
@pytest.mark.parametrize("name", ["radial gaussians", "ray-monotone", "boxes on the line"])
def test_without_a_penalty_there_is_only_w1(name: str) -> None:
    assert list(truths(CASES[name][0], None)) == ["w1"]


@pytest.mark.parametrize(
    ("pair", "w1"),
    [
        (GaussiansOptions(mean_q=(3.0, 4.0), scale_q=1.0), 5.0),
        (UniformBoxesOptions(dim=4), 3.0),
        (UniformBallsOptions(dim=9, radius_q=1, center_q=1), 3.0),
        (MixtureOptions(means_p=SHIFTED, means_q=tuple((x + 0.1, y) for x, y in SHIFTED)), 0.1),
    ],
)
def test_a_translation_costs_its_length(pair: PairOptions, w1: float) -> None:
    result = truths(pair)["w1"]
    assert result.lower <= w1 <= result.upper
    assert result.upper - result.lower < 1e-9


def test_one_coordinate_costs_what_it_costs_on_the_line() -> None:
    result = truths(GaussiansOptions(dim=3, mean_q=(0, 0, 1.0), scale_q=(1.0, 1.0, 3.0)))
    alone = truths(GaussiansOptions(dim=1, mean_q=1.0, scale_q=3.0))
    assert result["w1"].value == pytest.approx(alone["w1"].value, rel=1e-12)


def test_the_known_plan_carries_its_standard_error() -> None:
    once, other = (truths(RayMonotoneOptions(), None, seed=seed)["w1"] for seed in (0, 1))
    wide = truths(RayMonotoneOptions(), None, confidence=6)["w1"]
    assert once.value != other.value
    assert once.lower <= other.upper and other.lower <= once.upper
    assert wide.upper - wide.value == pytest.approx(2 * (once.upper - once.value))
    assert once.upper - once.value < 0.005 * once.value


def test_every_kind_of_pair_is_a_preset_of_that_name() -> None:
    for kind in kinds("pair"):
        assert read(presets()[kind].settings).pair.name() == kind


@pytest.mark.parametrize(
    ("preset", "figures"),
    [
        ("gaussians", {"w1": 1.253, "congested": 1.958, "gap-limit": 2.662}),
        ("uniform-balls", {"w1": 2 / 3, "congested": 0.846, "gap-limit": 1.026}),
        ("uniform-boxes", {"w1": 2.121}),
        ("intervals", {"w1": 1.5, "congested": 2.068, "gap-limit": 2.636}),
        ("radial-8", {"w1": 2.742, "congested": 5.690, "gap-limit": 8.639}),
        ("radial-64", {"w1": 7.969, "congested": 33.826, "gap-limit": 59.682}),
    ],
)
def test_the_figures_that_presets_claim_are_true(preset: str, figures: dict[str, float]) -> None:
    experiment = read(presets()[preset].settings)
    result = truths(experiment.pair, experiment.solver.settings()["penalty"])
    for quantity, figure in figures.items():
        assert result[quantity].value == pytest.approx(figure, abs=6e-4)
        shown = "2/3" if figure == 2 / 3 else f"{figure:.3f}"
        assert shown in experiment.about.expected


@pytest.mark.parametrize(
    ("preset", "figures"),
    [
        ("gaussian-to-ring", {"w1": "1.395", "congested": "1.949", "gap-limit": "2.50"}),
        ("slow-obstacle", {"congested": "13.32"}),
        ("bottleneck", {"congested": "16.71", "gap-limit": "28.6"}),
    ],
)
def test_the_figures_that_presets_claim_of_a_grid_are_true(preset: str, figures: dict[str, str]) -> None:
    experiment = read(presets()[preset].settings)
    result = {
        t.quantity: t
        for t in BestAvailableOptions(tolerance=0.003, cells=256).build().truths(experiment.build_pair(), 1)
    }
    for quantity, figure in figures.items():
        assert figure in experiment.about.expected
        truth = result[quantity]
        rounding = 0.5 * 10.0 ** -len(figure.partition(".")[2])
        assert truth.lower <= float(figure) + rounding and float(figure) - rounding <= truth.upper
        assert truth.value == pytest.approx(float(figure), rel=2e-3)


def test_what_the_speed_limits_of_presets_add_is_true() -> None:
    experiment = read(override(presets()["slow-obstacle"].settings, [("sigma.formula", "1")]))
    *_, congested, _ = (
        BestAvailableOptions(tolerance=0.003, cells=256).build().truths(experiment.build_pair(), 1)
    )
    assert congested.quantity == "congested" and congested.lower <= 11.865 and congested.upper >= 11.855
    for preset in ("slow-obstacle", "bottleneck"):
        assert "11.86" in presets()[preset].about.expected


@pytest.mark.slow
@pytest.mark.parametrize(
    ("preset", "low", "high"),
    [
        ("mixture", 2.48, 2.49),
        ("eight-gaussians", 0.8885, 0.8975),
        ("moons", 0.4935, 0.5065),
        ("rings", 0.3815, 0.3895),
        ("checkerboard", 0.35, 0.47),
        ("spirals", 0.2745, 0.2845),
        ("classics", 0.8865, 0.8925),
    ],
)
def test_the_brackets_that_presets_claim_are_true(preset: str, low: float, high: float) -> None:
    *_, result = BestAvailableOptions().build().truths(read(presets()[preset].settings).pair.build(), None)
    assert low <= result.lower <= result.upper <= high
