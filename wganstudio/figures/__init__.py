"""Figures: one folder per figure with its data (`figure.py`) and its matplotlib plot (`plot.py`)."""

from wganstudio.figures.base import Figure, RunFigure, SessionFigure, StepFigure, zoomed
from wganstudio.figures.frames import NoSuchStep
from wganstudio.figures.registry import (
    figure_class,
    figure_classes,
    figure_names,
    figure_of,
    register_figure,
    register_plot,
    unregister_figure,
)

__all__ = [
    "Figure",
    "NoSuchStep",
    "RunFigure",
    "SessionFigure",
    "StepFigure",
    "figure_class",
    "figure_classes",
    "figure_names",
    "figure_of",
    "register_figure",
    "register_plot",
    "unregister_figure",
    "zoomed",
]
