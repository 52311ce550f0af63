"""A suite of the smallest runs, and its scheduler."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wganstudio.session import Document
from wganstudio.suites import Suite, SuiteScheduler
from wganstudio.suites.events import SuiteEvent
from wganstudio.suites.plan import suite_of

TINY: dict[str, Any] = {
    "title": "Tiny",
    "budget": {"steps": 10},
    "shared": {
        "training": {"batch": 32},
        "critic": {"width": 8},
        "truth": {"kind": "best"},
        "evaluation": {"samples": 64, "final_samples": 1024, "resolution": 8},
    },
    "pairs": {"funnels": {"pair": {"kind": "ray-monotone", "dim": 3}}},  # no grid looks for its truths
    "matrix": [{"solvers": ["wc", "lp"], "pairs": ["funnels", "gaussians"], "seeds": [0]}],
}


@pytest.fixture(autouse=True)
def quick_runs(small_references: None) -> None:
    """Runs in this process compute nothing to more digits than these tests look at."""


@pytest.fixture
def tiny(tmp_path: Path) -> Callable[..., Suite]:
    """The smallest suite, with some of its top-level entries replaced."""

    def make(**changes: Any) -> Suite:
        return suite_of(TINY | changes, tmp_path)

    return make


@pytest.fixture
def go() -> Callable[..., list[SuiteEvent]]:
    """Run a suite to its end, or until some events are there; what it said."""

    def run(suite: Suite, document: Document, workers: Any, until: int | None = None) -> list[SuiteEvent]:
        going, heard = SuiteScheduler(suite, document, workers), []
        try:
            while not going.over and (until is None or len(heard) < until):
                heard += going.poll(0.2)
        finally:
            going.close()
        return heard

    return run
