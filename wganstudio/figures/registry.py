"""The registered figures by name, and the matplotlib plot of each."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, TypeVar

from wganstudio.experiment.registry import load_plugins
from wganstudio.figures.base import Figure
from wganstudio.session import RunRecord

if TYPE_CHECKING:
    from matplotlib.figure import FigureBase

C = TypeVar("C", bound=type[Figure])
D = TypeVar("D", bound="Callable[[FigureBase, Any], None]")

PACKAGE = "wganstudio.figures"

_figures: dict[str, type[Figure]] = {}
_plots: dict[type[Figure], "Plot"] = {}
_discovered = False


@dataclass(frozen=True)
class Plot:
    """The matplotlib plot of one kind of figure."""

    draw: "Callable[[FigureBase, Any], None]"
    height: Callable[[Any, float], float]
    """Height of the drawing in inches, without title and caption, of a figure and a width in inches."""
    single_column: Callable[[Any], bool]
    """True for a figure that takes one column of a journal."""


def register_figure(cls: C) -> C:
    """Class decorator: register a figure for views, exports and the terminal."""
    other = _figures.get(cls.name, cls)
    if (other.__module__, other.__qualname__) != (cls.__module__, cls.__qualname__):
        raise ValueError(f"The figure {cls.name!r} is already registered by {other.__module__}.")
    _figures[cls.name] = cls
    return cls


def register_plot(
    figure: type[Figure],
    height: Callable[[Any, float], float],
    single_column: Callable[[Any], bool] | bool = False,
) -> Callable[[D], D]:
    """Function decorator: register `draw(mpl_figure, figure)` as the matplotlib plot of a figure.

    Parameters
    ----------
    figure
        The class of the figures that the function draws.
    height
        Height of the drawing in inches of a figure and a width in inches.
    single_column
        True for figures that take one column of a journal, or a function of the figure.
    """

    def register(draw: D) -> D:
        narrow = single_column if callable(single_column) else lambda _: bool(single_column)
        _plots[figure] = Plot(draw, height, narrow)
        return draw

    return register


def unregister_figure(cls: type[Figure]) -> None:
    """Undo `register_figure` and `register_plot` (for tests)."""
    _figures.pop(cls.name, None)
    _plots.pop(cls, None)


def figure_classes() -> dict[str, type[Figure]]:
    """Return the listed figures by name, ordered by position: built-in ones and those of plugins."""
    return {name: cls for name, cls in _all_figures().items() if cls.listed}


def figure_names() -> tuple[str, ...]:
    """Return the names of the registered figures, ordered by position."""
    return tuple(figure_classes())


def figure_of(
    record: RunRecord, name: str, step: int | None = None, among: Sequence[RunRecord] = ()
) -> Figure | None:
    """Return the figure of that name at a recorded step (default: the newest); None if there is none yet.

    `among` are the runs of the session, for the figures that compare runs. Raises ValueError if no figure
    has that name.
    """
    return figure_class(name).from_record(record, step, among)


def figure_class(name: str) -> type[Figure]:
    """Return the figure of a present or former name; ValueError if there is none."""
    classes = _all_figures()
    former = {cls.formerly: cls for cls in classes.values() if cls.formerly}
    cls = classes.get(name) or former.get(name)
    if cls is None:
        raise ValueError(f"there is no figure {name!r}; choose from {', '.join(figure_names())}")
    return cls


def plot_of(cls: type[Figure]) -> Plot:
    """Return the plot of a figure; the module `plot` beside that of the figure registers it."""
    if cls not in _plots:
        package = sys.modules[cls.__module__].__package__ or ""
        if package:
            import_module(f"{package}.plot")
    if cls not in _plots:
        raise LookupError(f"The figure {cls.name!r} has no plot.")
    return _plots[cls]


def _all_figures() -> dict[str, type[Figure]]:
    _discover()
    return {cls.name: cls for cls in sorted(_figures.values(), key=lambda cls: (cls.position, cls.name))}


def _discover() -> None:
    global _discovered
    if _discovered:
        return
    _discovered = True
    for module in iter_modules(import_module(PACKAGE).__path__):
        if module.ispkg:
            import_module(f"{PACKAGE}.{module.name}.figure")
    load_plugins()
