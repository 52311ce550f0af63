"""Metrics of `training.generator_metrics` and of the generator's training."""

from wganstudio.training.metric_registry import Metric, register_metric

TRUE = register_metric(
    Metric(
        name="true",
        title="True cost to held-out data",
        unit="",
        description="upper bound of the exact cost between generator and held-out data, at the solver's "
        "ground cost",
        ideal=None,
        higher_is_better=False,
        source="estimates.true_upper",
        color_range=(0.0, None),
    )
)
DISTANCE = register_metric(
    Metric(
        name="distance",
        title="True distance to held-out data",
        unit="",
        description="exact cost between generated samples and held-out data at the distance |x - y|, an "
        "upper bound of that of the generator",
        ideal=None,
        higher_is_better=False,
        source="estimates.distance",
    )
)
MODES = register_metric(
    Metric(
        name="modes",
        title="Modes covered",
        unit="",
        description="number of modes that the generator covers",
        ideal=None,
        higher_is_better=True,
        source="estimates.modes",
        scale=None,
        color_range=(0.0, None),
    )
)
NEAR = register_metric(
    Metric(
        name="near",
        title="Fraction near a mode",
        unit="",
        description="fraction of generated samples within three standard deviations of a mode",
        ideal=None,
        higher_is_better=True,
        source="estimates.near",
    )
)
RECALL = register_metric(
    Metric(
        name="recall",
        title="Recall",
        unit="",
        description="fraction of held-out data close to generated samples",
        ideal=None,
        higher_is_better=True,
        source="estimates.recall",
    )
)
GRADIENT_SQUARE = register_metric(
    Metric(
        name="grad2",
        title="running mean of the squared generator gradient",
        unit="",
        description="mean squared norm of the generator's gradients so far",
        ideal=0.0,
        higher_is_better=False,
        source="curve.grad2",
        usage="accuracy",
        axis="squared gradient",
    )
)
