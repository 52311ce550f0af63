"""Warnings about the outcome of runs: present where training was fooled, absent after sound runs."""

import json
from pathlib import Path
from typing import Any

import pytest

from wganstudio.cli.run import result
from wganstudio.experiment import override, preset, read
from wganstudio.session import Document
from wganstudio.training.events import Ended, Lipschitz
from wganstudio.training.outcome import outcome_warnings
from wganstudio.training.run import Run
from wganstudio.training.truths import find_truths
from wganstudio.truths import Truth

PRESETS = Path(__file__).parents[1] / "data" / "preset_outcomes.json"
"""Final estimates and truths of presets, from `wganstudio run PRESET --json` at their full length."""


def truth(quantity: Any, lower: float, upper: float | None = None) -> Truth:
    upper = lower if upper is None else upper
    return Truth(
        quantity=quantity, value=lower, lower=lower, upper=upper, method="by hand", law="", seconds=0.0
    )


def warned(
    kind: str,
    numbers: dict[str, float],
    *truths: Truth,
    slope: float = 1.0,
    reason: Any = "done",
    **groups: Any,
) -> str:
    """Return the warnings of a run of a solver that ended with these numbers."""
    ended = Ended(
        step=10,
        reason=reason,
        seconds=1.0,
        estimates=numbers,
        gradient={},
        lipschitz=Lipschitz(empirical=slope, largest_slope=slope, certified=None),
    )
    critic = {"critic": {"kind": "icnn"}} if kind == "convex" else {}
    experiment = read({"solver": {"kind": kind}} | critic | groups)
    return "\n".join(outcome_warnings(experiment, ended, {t.quantity: t for t in truths}))


def test_a_critic_of_opposite_slope_is_noticed_and_an_opened_session_says_so(tmp_path: Path) -> None:
    """The two-sided penalty on N(0,1) and N(1.3,1) has a second optimum, which seed 3 finds."""
    changes = [("pair.dim", 1), ("pair.mean_q", 1.3), ("pair.scale_q", 1.0), ("solver.kind", "gp")]
    changes += [("solver.penalty", 5.0), ("training.batch", 256), ("training.steps", 600)]
    document = Document.create(tmp_path / "slopes.wgs")
    for seed in (3, 1):
        experiment = read(override(preset("gaussians").settings, [*changes, ("training.seed", seed)]))
        run = document.add_run(experiment)
        for event in (*Run(experiment).events(), *find_truths(experiment)):
            document.append(run, event)
    document.close()
    fooled, sound = Document.open(tmp_path / "slopes.wgs").records()
    assert fooled.ended is not None and fooled.ended.estimates["gap"] < -0.5
    assert sound.ended is not None and sound.ended.estimates["gap"] > 0.5
    (warning,) = fooled.warnings
    assert "gap is negative" in warning and "LP" in warning and sound.warnings == ()
    assert result(fooled)["warnings"] == [warning] and result(sound)["warnings"] == []


@pytest.mark.parametrize("kind", ["gp", "lp", "so", "ls", "mm-b", "semi-discrete", "convex"])
def test_a_negative_gap_is_noticed_for_every_solver_beyond_its_error_only(kind: str) -> None:
    numbers = {"gap": -1.0, "gap_se": 0.1}
    assert "gap is negative" in warned(kind, numbers)
    assert warned(kind, numbers | {"gap_se": 0.3}) == ""
    cost = "w1" if kind in ("gp", "lp", "so", "ls", "mm-b") else "transport"
    assert "gap is negative" in warned(kind, numbers, truth(cost, 0.5))
    assert warned(kind, numbers, truth(cost, 0.0, 0.1)) == "", "the distributions may be equal"
    assert warned(kind, numbers, generator={"kind": "mlp"}) == "", "Q moves below its critic"


def test_a_value_far_below_the_congested_cost_is_noticed() -> None:
    numbers = {"gap": 1.0, "gap_se": 0.01, "value": 0.8, "value_se": 0.01}
    cost = truth("congested", 1.0, 1.01)
    assert "20 % or more below its optimum" in warned("gp", numbers, cost)
    assert "20 % or more below its optimum" in warned("gp", numbers, truth("w1", 1.0)), "C is at least W1"
    assert warned("lp", numbers | {"value": 0.92}, cost) == "", "a few percent are no sign"
    assert warned("lp", numbers | {"value_se": 0.05}, cost) == "", "within its error"
    assert warned("lp", numbers) == "", "without a truth there is nothing to compare with"
    assert warned("lp", numbers, cost, reason="stopped") == "", "the user knows"
    smoothed = cost.model_copy(update={"law": "distributions and sigma smoothed by a Gaussian"})
    assert warned("lp", numbers, smoothed) == "", "that is the cost of other distributions"
    assert warned("lp", numbers, cost, perturbation={"kind": "noise"}) == "", "and that as well"


def test_a_constant_critic_is_noticed_unless_the_distributions_agree() -> None:
    numbers = {"gap": 1e-7, "gap_se": 1e-8}
    assert "constant" in warned("sn", numbers, truth("w1", 1.0), slope=1e-5)
    assert "constant" in warned("lp", numbers, truth("w1", 1.0), truth("congested", 2.0), slope=0.0)
    assert warned("sn", numbers, truth("w1", 0.0, 1e-6), slope=1e-5) == ""
    assert warned("sn", numbers, truth("w1", 1.0), slope=0.05) == "", "spectral norms make critics flat"


def test_a_gap_above_w1_is_noticed_where_it_should_not_exceed_it() -> None:
    numbers = {"gap": 1.5, "gap_se": 0.01}
    w1 = truth("w1", 0.9, 1.0)
    for kind in ("mm-bv2", "so", "dot"):
        assert "The gap, 1.5, is above the upper bound of W1, 1:" in warned(kind, numbers, w1)
        assert warned(kind, numbers | {"gap": 1.04}, w1) == ""
        assert warned(kind, numbers | {"gap_se": 0.2}, w1) == ""
    for kind in ("gp", "lp", "wc"):
        assert warned(kind, numbers, w1) == "", "these gaps have another limit"
    assert warned("so", numbers, w1, perturbation={"kind": "outliers"}) == "", "P is another one"


def test_a_loose_conjugate_is_noticed() -> None:
    numbers = {"gap": 1.0, "gap_se": 0.01, "gap_lower": 0.9, "converged": 0.6}
    assert "40 % of the points have not converged" in warned("convex", numbers)
    assert warned("convex", numbers | {"gap_lower": 0.995, "converged": 1.0}) == ""


def _outcomes() -> dict[str, Any]:
    outcomes: dict[str, Any] = json.loads(PRESETS.read_text(encoding="utf-8"))
    return outcomes


@pytest.mark.parametrize("name", sorted(_outcomes()))
def test_no_preset_raises_an_alarm(name: str) -> None:
    recorded = _outcomes()[name]
    ended = Ended(
        step=recorded["steps"],
        reason="done",
        seconds=0.0,
        estimates=recorded["estimates"],
        gradient=recorded["gradient"],
        lipschitz=recorded["lipschitz"],
    )
    truths = {values["quantity"]: Truth(**values) for values in recorded["truths"]}
    assert outcome_warnings(read(preset(name).settings), ended, truths) == ()
