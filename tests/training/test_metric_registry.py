"""The registry of metrics: a new one is found by tables and the command line."""

from collections.abc import Iterator

import pytest

from wganstudio.cli.parser import parser
from wganstudio.training.metric_registry import Metric, forget_metric, metric, metrics, register_metric


def test_the_names_that_tables_have_always_had() -> None:
    names = "cos l2 w1 cost true distance modes near recall uvp uvp_back seconds w1_left"
    assert set(metrics()) == set(names.split())
    assert next(iter(metrics())) == "cos" and list(metrics("accuracy")) == [
        "marginal",
        "dual_gap",
        "conjugate_residual",
        "grad2",
    ]


def test_names_are_registered_once_and_unknown_ones_are_refused() -> None:
    cosine = metric("cos")
    assert register_metric(cosine) is cosine
    with pytest.raises(ValueError, match="already registered"):
        register_metric(Metric("cos", "", "", "", None, None, "gradient.cos"))
    with pytest.raises(ValueError, match="There is no metric 'cosine'; registered are"):
        metric("cosine")


@pytest.fixture
def sharpness() -> Iterator[Metric]:
    yield register_metric(
        Metric(
            "sharpness", "Sharpness, %", "%", "sharpness in percent", 100.0, True, "estimates.sharp", 100.0
        )
    )
    forget_metric("sharpness")


def test_a_new_metric_needs_nothing_but_its_registration(sharpness: Metric) -> None:
    assert "sharpness" in metrics()
    options = parser("suite").parse_args(["suite", "show", "a.wgs", "--table", "sharpness"])
    assert options.table == "sharpness"
