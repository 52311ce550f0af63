"""Topic of `training.gradient_norms`: histograms of |grad u| and bounds of the Lipschitz constant."""

from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict

from wganstudio.training.topics import Arrays, ArraySpec, Dims, Topic, register_topic


class Lipschitz(BaseModel):
    """Bounds of the Lipschitz constant of a critic: two from below and, where known, one from above."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    empirical: float
    """Largest |u(x) - u(y)| / |x - y| over pairs of a sample x of P and a sample y of Q."""
    largest_slope: float
    """Largest |grad u| at samples of P, Q and sigma."""
    certified: float | None
    """Bound that the architecture certifies for all of R^D; None where it certifies nothing."""


def _check(arrays: Arrays, dims: Dims, attributes: Any) -> str:
    if dims["edges"][0] < 2 or not (np.diff(arrays["edges"]) > 0).all():
        return "the edges do not ascend"
    return "" if dims["bins"][0] == dims["edges"][0] - 1 else "the shares do not match the bins"


GRADIENT_NORMS = register_topic(
    Topic(
        "gradient-norms",
        {"edges": ArraySpec(("edges",))} | {name: ArraySpec(("bins",)) for name in ("p", "q", "sigma")},
        attributes=Lipschitz,
        live=True,
        check=_check,
        producer="wganstudio.training.gradient_norms:GradientNormSampler",
    )
)
"""Histograms of |grad u|: `edges` [k + 1] of the bins, the last of them infinite, and `p`, `q`, `sigma` [k],
the share of the samples of each distribution in every bin. The samples are the same throughout a run."""
