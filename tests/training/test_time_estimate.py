"""How long a run will take: from runs of its shape, roughly from a benchmark, or not at all."""

from dataclasses import replace

import pytest

from wganstudio.experiment import Experiment, override, preset, presets, read
from wganstudio.training.time_estimate import (
    BENCHMARK,
    MAX_SPEEDS,
    Shape,
    Speeds,
    benchmark_speed,
    duration,
    measured,
    work_of,
)

FIRST = preset("first-look").settings


def experiment(*changes: tuple[str, object]) -> Experiment:
    return read(override(FIRST, list(changes)))


def seconds(speeds: Speeds, e: Experiment) -> float:
    estimate = speeds.estimate(e)
    assert estimate is not None and not estimate.rough
    return estimate.seconds


def test_a_run_like_an_earlier_one_takes_as_long() -> None:
    speed = measured(experiment(), 0.01, 3.0)
    assert speed is not None
    speeds = Speeds([speed])
    assert seconds(speeds, experiment()) == pytest.approx(3000 * 0.01 + 3.0)
    assert seconds(speeds, experiment(("training.steps", 100))) == pytest.approx(4.0)
    assert seconds(speeds, experiment(("evaluation.final_samples", 1 << 18))) == pytest.approx(31.5)
    wider = seconds(speeds, experiment(("critic.width", 256)))
    assert 2 * 33 < wider < 8 * 33, "four times the weights, and what does not grow with them"


def test_the_most_similar_run_counts_and_the_newest_of_equal_ones() -> None:
    narrow, wide = experiment(("critic.width", 32)), experiment(("critic.width", 256))
    speeds = Speeds()
    for e, step_seconds in ((narrow, 0.001), (wide, 0.1), (narrow, 0.002)):
        speed = measured(e, step_seconds, 0.0)
        assert speed is not None
        speeds.add(speed)
    assert seconds(speeds, narrow) == pytest.approx(6.0) and seconds(speeds, wide) == pytest.approx(300.0)


@pytest.mark.parametrize(
    "change",
    [
        ("solver.kind", "ls"),
        ("critic.kind", "sll"),
        ("training.threads", 2),
        ("training.device", "cuda"),
        ("critic.width", 2048),
    ],
)
def test_what_was_never_measured_is_not_known(change: tuple[str, object]) -> None:
    speed = measured(experiment(), 0.01, 3.0)
    assert speed is not None
    assert Speeds([speed]).estimate(experiment(change)) is None


def test_without_a_run_the_benchmark_tells_roughly() -> None:
    speeds = Speeds()
    assert speeds.estimate(experiment()) is None
    speeds.benchmark = benchmark_speed(0.006)
    estimate = speeds.estimate(experiment())
    assert estimate is not None and estimate.rough and str(estimate).endswith(" (rough)")
    work, small = work_of(experiment()), work_of(read(BENCHMARK))
    assert work is not None and small is not None
    assert 3000 * 0.006 / 2 < estimate.seconds < 2 * 3000 * 0.006 * max(1.0, work[0] / small[0])
    assert speeds.estimate(experiment(("solver.kind", "ls"))) is None, "its steps are of another kind"


def test_the_speeds_survive_and_damaged_ones_are_forgotten() -> None:
    speed = measured(experiment(), 0.01, 3.0)
    assert speed is not None
    speeds = Speeds(replace(speed, step_work=float(n)) for n in range(MAX_SPEEDS))
    speeds.add(speed)
    back = Speeds.from_json(speeds.to_json())
    assert back.to_json() == speeds.to_json() and seconds(back, experiment()) == seconds(speeds, experiment())
    assert speeds.to_json().count("step_work") == MAX_SPEEDS
    for text in ("", "7", "[7]", '[{"shape": {}}]', "[" * 100_000):
        assert Speeds.from_json(text).estimate(experiment()) is None


@pytest.mark.parametrize("name", presets())
def test_the_work_of_every_preset_is_known_unless_files_tell_it(name: str) -> None:
    e = read(preset(name).settings)
    work = work_of(e)
    assert (work is None) == (e.pair.size() is None)
    assert work is None or min(work) > 0
    assert Shape.of(e) == Shape.of(read(e.settings()))


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.2, "1 s"),
        (3.4, "3 s"),
        (23, "25 s"),
        (97, "95 s"),
        (100, "1.7 min"),
        (3540, "59 min"),
        (7200, "2 h"),
        (5 * 86400, "5 days"),
    ],
)
def test_times_are_told_with_few_digits(number: float, text: str) -> None:
    assert duration(number) == text
