"""The topic of the figure, and metrics of it and of the solver. No torch here: the producer is named."""

from typing import Any

import numpy as np

from wganstudio.training.metric_registry import Metric, register_metric
from wganstudio.training.topics import Arrays, ArraySpec, Dims, Topic, register_topic


def _check(arrays: Arrays, dims: Dims, attributes: Any) -> str:
    if not (np.diff(arrays["edges"]) > 0).all():
        return "the edges do not ascend"
    return "" if dims["bins"][0] == dims["edges"][0] - 1 else "the shares do not match the bins"


def _estimates(arrays: Arrays) -> dict[str, float]:
    value, error = map(float, arrays["auc"])
    return {"auc": value, "auc_se": error}


CRITIC_VALUES = register_topic(
    Topic(
        "critic-values",
        {
            "edges": ArraySpec(("edges",)),
            "p": ArraySpec(("bins",)),
            "q": ArraySpec(("bins",)),
            "means": ArraySpec((2,)),
            "auc": ArraySpec((2,)),
        },
        live=True,
        check=_check,
        estimates=_estimates,
        producer="wganstudio_example.critic_values:CriticValueSampler",
    )
)
"""Histograms of u: `edges` of the bins, and `p`, `q`, the share of the samples of each distribution in every
bin; `means` of u on P and on Q; `auc`, the probability that u is larger at a sample of P than at one of Q,
with its standard error. The samples are the same throughout a run."""
AUC = register_metric(
    Metric(
        name="auc",
        title="P(u(x) > u(y))",
        unit="",
        description="probability that the critic is larger at a sample of P than at one of Q",
        ideal=1.0,
        higher_is_better=True,
        source="estimates.auc",
        scale=0.5,
        color_range=(0.5, 1.0),
    )
)
DIVERGENCE = register_metric(
    Metric(
        name="divergence",
        title="W-divergence",
        unit="",
        description="gap minus k times the mean power of the gradient's norm",
        ideal=None,
        higher_is_better=None,
        source="estimates.divergence",
        scale=None,
        color_range=(0.0, None),
    )
)
