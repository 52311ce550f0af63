"""Metrics of `training.run`: the time that it took."""

from wganstudio.training.metric_registry import Metric, register_metric

SECONDS = register_metric(
    Metric(
        name="seconds",
        title="CPU time, s",
        unit="s",
        description="CPU time of a run",
        ideal=None,
        higher_is_better=False,
        source="run.processor_seconds",
        scale=None,
        color_range=(0.0, None),
    )
)
