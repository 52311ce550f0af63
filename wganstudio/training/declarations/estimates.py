"""Metrics of `training.estimates` and of solvers: the estimated cost, and how exactly it is computed."""

from wganstudio.training.metric_registry import Metric, register_metric

W1 = register_metric(
    Metric(
        name="w1",
        title="W\u2081 estimate / true",
        unit="",
        description="estimate of W1 (the gap)",
        ideal="w1",
        higher_is_better=None,
        source="estimates.gap",
        color_range=(0.0, 2.0),
    )
)
COST = register_metric(
    Metric(
        name="cost",
        title="Cost estimate / true",
        unit="",
        description="estimated cost (the gap) and the true one of each solver",
        ideal="own-cost",
        higher_is_better=None,
        source="estimates.gap",
        color_range=(0.0, 2.0),
    )
)
MARGINAL, DUAL_GAP, CONJUGATE_RESIDUAL = (
    register_metric(
        Metric(
            name=name,
            title=title,
            unit="",
            description=title,
            ideal=0.0,
            higher_is_better=False,
            source=f"curve.{name}",
            usage="accuracy",
            axis=axis,
        )
    )
    for name, title, axis in (
        ("marginal", "marginal error |\u03bd \u2212 E p|\u2081", "marginal error"),
        ("dual_gap", "certified duality gap", "duality gap"),
        (
            "conjugate_residual",
            "residual of the conjugate, mean |\u2207f(x) \u2212 y|",
            "mean |\u2207f(x) \u2212 y|",
        ),
    )
)
