"""WGAN Studio: the critic of a Wasserstein GAN next to certified reference values.

The names of the Python interface (`wganstudio.api`) are imported when they are used; `__init__.pyi` declares
them.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"
__all__ = [
    "Comparison",
    "DataTable",
    "FinishedSuite",
    "MetricTable",
    "PrintableDrawing",
    "PrintableFigure",
    "Probe",
    "RecordedRun",
    "Result",
    "RunFailed",
    "Runs",
    "Session",
    "SessionRun",
    "Truths",
    "allow_code",
    "compare",
    "open_session",
    "run",
    "suite",
    "truth",
    "truth_of",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("wganstudio.api"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
