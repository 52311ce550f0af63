"""Metrics of `training.metrics`: errors of gradients and maps against known truths."""

from wganstudio.training.metric_registry import Metric, register_metric

COSINE = register_metric(
    Metric(
        name="cos",
        title="Cosine with the true gradient",
        unit="",
        description="cosine of grad u and the true gradient",
        ideal=1.0,
        higher_is_better=True,
        source="gradient.cos",
        color_range=(-1.0, 1.0),
    )
)
L2 = register_metric(
    Metric(
        name="l2",
        title="Mean squared distance from the true gradient",
        unit="",
        description="mean squared distance of grad u and the true gradient",
        ideal=0.0,
        higher_is_better=False,
        source="gradient.l2",
    )
)
UVP = register_metric(
    Metric(
        name="uvp",
        title="UVP of the map P to Q, %",
        unit="%",
        description="variance of the true map from P to Q that is unexplained, in percent",
        ideal=0.0,
        higher_is_better=False,
        source="gradient.uvp",
        scale=100.0,
        color_range=(0.0, None),
    )
)
UVP_BACK = register_metric(
    Metric(
        name="uvp_back",
        title="UVP of the map Q to P, %",
        unit="%",
        description="variance of the true map from Q to P that is unexplained, in percent",
        ideal=0.0,
        higher_is_better=False,
        source="gradient.uvp_back",
        scale=100.0,
        color_range=(0.0, None),
    )
)
