"""PrintableFigure: a figure of a run, to be saved, shown in a notebook, or read as numbers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wganstudio.api.tables import DataTable
from wganstudio.experiment.files import user_path
from wganstudio.figures import Figure, figure_class, zoomed
from wganstudio.figures.comparison import limits_of, with_limits
from wganstudio.figures.panels import FigurePanel, panels_caption, panels_title
from wganstudio.figures.request import FigureRequest, figure_options
from wganstudio.figures.types import Range
from wganstudio.session import RunRecord
from wganstudio.temporary import write

if TYPE_CHECKING:
    import matplotlib.figure

FORMATS = ("png", "svg", "pdf")
NOTEBOOK_DPI = 144


class PrintableDrawing:
    """A drawing to be saved as a file or shown in a notebook: figures beside one another, or a heat map."""

    def __init__(self, title: str, caption: str, render: Callable[[str, int], bytes]) -> None:
        """`render` returns a file of a format, at dots per inch."""
        self._title, self._caption, self._render = title, caption, render

    @property
    def title(self) -> str:
        """The title above the drawing."""
        return self._title

    @property
    def caption(self) -> str:
        """The caption below the drawing."""
        return self._caption

    def savefig(self, path: str | Path, dpi: int = 300) -> None:
        """Write the drawing into a file.

        Parameters
        ----------
        path
            A file name that ends in .png, .svg or .pdf.
        dpi
            Dots per inch of a .png file.
        """
        path = user_path(path)
        file_format = path.suffix.lstrip(".").lower()
        if file_format not in FORMATS:
            raise ValueError(f"A figure is saved as .png, .svg or .pdf, not as {file_format or 'nothing'!r}.")
        write(path, self._render(file_format, dpi))

    def __repr__(self) -> str:
        """Return the title."""
        return f"<{type(self).__name__}: {self.title}>"

    def _repr_png_(self) -> bytes:
        """Return the picture for a notebook."""
        return self._render("png", NOTEBOOK_DPI)


class PrintableFigure(PrintableDrawing):
    """A figure as the views of the window and the export draw it.

    Made by the method `figure` of a run. It is not changed by what is recorded later.

    Examples
    --------
    >>> import wganstudio as ws
    >>> result = ws.run("first-look", steps=20, progress=False)
    >>> figure = result.figure("costs").zoom(y=(0.0, 3.0))
    >>> figure.title
    'Critic gap and value over training'
    >>> figure.savefig("costs.pdf")
    >>> figure.tables()[""].columns[:3]
    ('step', 'gap', 'gap_se')
    """

    def __init__(self, data: Figure) -> None:
        super().__init__(data.title, data.caption, partial(_rendered, (FigurePanel(data),)))
        self.data = data
        """The numbers that are drawn."""

    def zoom(self, **ranges: Range) -> "PrintableFigure":
        """Return the figure in other ranges of its axes.

        Parameters
        ----------
        **ranges
            The least and the greatest value on an axis, such as ``x=(0, 100)``.
        """
        axes = [one.name.removesuffix("_range") for one in fields(self.data) if one.name.endswith("_range")]
        for axis in ranges:
            if axis not in axes:
                raise ValueError(f"The figure has no axis {axis!r}; choose from {', '.join(axes)}.")
        return PrintableFigure(zoomed(self.data, {axis: (low, high) for axis, (low, high) in ranges.items()}))

    def rescale(self, limits: Mapping[str, Range]) -> "PrintableFigure":
        """Return the figure with other ends of its color scales.

        Parameters
        ----------
        limits
            The ends of color scales by name; `color_limits` has the names.
        """
        known = limits_of(self.data)
        for name in limits:
            if name not in known:
                choice = ", ".join(known) or "none"
                raise ValueError(f"The figure has no scale {name!r}; choose from {choice}.")
        return PrintableFigure(with_limits(self.data, limits))

    @property
    def color_limits(self) -> dict[str, Range]:
        """The ends of the color scales by name; empty if no color stands for a number."""
        return limits_of(self.data)

    def tables(self) -> dict[str, DataTable]:
        """Return the data that are drawn as tables; a figure with a single table names it ``""``."""
        return {name: DataTable(table) for name, table in self.data.tables().items()}

    def to_matplotlib(self) -> "matplotlib.figure.Figure":
        """Return the drawing as a figure of matplotlib, to be changed."""
        from wganstudio.figures.mpl import render_figure

        return render_figure(self.data)

    def __repr__(self) -> str:
        """Return the title."""
        return f"<PrintableFigure {self.data.name!r}: {self.title}>"


def _rendered(panels: Sequence[FigurePanel], file_format: str, dpi: int) -> bytes:
    from wganstudio.figures.mpl import render_files  # imports matplotlib

    return render_files(panels, [file_format], "figure", dpi)[f"figure.{file_format}"]


def panels_drawing(panels: Sequence[FigurePanel]) -> PrintableDrawing:
    """Return figures beside one another, each with a letter and its name."""
    return PrintableDrawing(panels_title(panels), panels_caption(panels), partial(_rendered, tuple(panels)))


def printable_figure(
    name: str,
    records: Sequence[RunRecord],
    step: int | None,
    among: Sequence[RunRecord],
    options: Mapping[str, Any],
) -> PrintableFigure:
    """Return a figure of runs, the main one first; ValueError if it has no such option or nothing to show."""
    known = figure_options(name)
    for option in options:
        if option not in known:
            choice = f"choose from {', '.join(known)}" if known else "it has none"
            raise ValueError(f"The figure {name!r} has no option {option!r}; {choice}.")
    if len(records) > 1 and not figure_class(name).several:
        raise ValueError(f"The figure {name!r} draws one run; leave out `beside`.")
    figure = FigureRequest(name, records, step, options).build(among)
    if figure is None:
        raise ValueError(f"The run {records[0].name!r} has nothing to show in the figure {name!r}.")
    return PrintableFigure(figure)
