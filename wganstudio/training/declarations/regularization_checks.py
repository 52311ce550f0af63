"""Topic of `training.regularization_checks`: the theory of regularized transport beside measurements."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from wganstudio.training.topics import Arrays, ArraySpec, Dims, Topic, register_topic


class TheoryCheckAttributes(BaseModel):
    """The run's regularization, and the numbers that belong to the curves."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    regularizer: Literal["entropy", "l2"]
    epsilon: float
    """Strength of the run's regularizer."""
    exact: float
    """Exact cost between the same points."""
    slope: float
    """Slope of log error over log accuracy."""
    slope_error: float | None = None
    """Standard error of the slope; None for fewer than three points, and in older sessions."""
    fitted: int | None = None
    """Number of points of the fit; None in older sessions."""


def _check(arrays: Arrays, dims: Dims, attributes: Any) -> str:
    if empty := [name for name, array in arrays.items() if not array.size]:
        return f"{empty[0]} is empty"
    batches = {"sizes", "values", "value_errors"} & arrays.keys()
    return "" if len(batches) in (0, 3) else "sizes, values and value_errors belong together"


THEORY_CHECKS = register_topic(
    Topic(
        "theory-checks",
        {name: ArraySpec(("accuracy",)) for name in ("accuracies", "certified", "errors", "bounds")}
        | {name: ArraySpec(("epsilon",)) for name in ("epsilons", "lower", "upper", "excess")}
        | {name: ArraySpec(("size",), optional=True) for name in ("sizes", "values", "value_errors")},
        attributes=TheoryCheckAttributes,
        check=_check,
        producer="wganstudio.training.regularization_checks:RegularizationChecks",
    )
)
"""Bounds of the theory of regularized transport beside measurements between points (arXiv 1802.08249).

As the inner solver proceeds: `accuracies` of the dual, `certified` gaps, `errors` of the generator gradient
and their `bounds`; over `epsilons` of the regularizer: `lower` and `upper` bound of the cost, and the
`excess` over the exact cost that theory allows; between batches of `sizes`: mean costs, `values`, with
standard errors, `value_errors` (absent where the cost is between features).
"""
