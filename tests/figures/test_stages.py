"""The table of stages holds each law that a composite was, once."""

from wganstudio.experiment import read
from wganstudio.figures.samples.stages import stage_metrics
from wganstudio.session import RunRecord
from wganstudio.training.events import Metrics


def record(*points):
    run_record = RunRecord(1, read({"solver": {"kind": "convex"}, "critic": {"kind": "icnn"}}))
    for step, values in points:
        run_record.apply(Metrics(step=step, values=values))
    return run_record


def test_each_stage_is_reported_once_from_the_step_on_at_which_it_was_first_seen():
    run_record = record(
        (0, {"stage": 0, "true_upper": 3.0}),
        (5, {"stage": 0, "true_upper": 3.0}),
        (6, {"stage": 1, "true_upper": 2.0, "recall": 0.5}),
        (10, {"stage": 1, "true_upper": 2.0}),
        (10, {"stage": 2, "true_upper": 1.0, "recall": 0.75}),
    )
    assert stage_metrics(run_record) == [
        {"stage": 0, "step": 0, "true_upper": 3.0},
        {"stage": 1, "step": 6, "true_upper": 2.0, "recall": 0.5},
        {"stage": 2, "step": 10, "true_upper": 1.0, "recall": 0.75},
    ]


def test_a_run_that_composes_nothing_has_no_stages():
    assert stage_metrics(record((0, {"gap": 1.0}))) == []
