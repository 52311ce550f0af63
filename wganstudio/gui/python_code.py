"""Lines of Python that draw the figure of a view again, by the interface that `import wganstudio` gives."""

from dataclasses import dataclass
from pathlib import Path

from wganstudio.figures.base import Figure, StepFigure
from wganstudio.figures.comparison import limits_of, ranges_of
from wganstudio.figures.request import FigureRequest, figure_options
from wganstudio.figures.types import Range
from wganstudio.plain_text import one_line

WORKING_FILE = (
    "The session has changes that are not saved. This is the working file of the window, which is removed",
    "when the session is closed. Save the session and copy the lines again for some that last.",
)


@dataclass(frozen=True, eq=False)
class ViewedFigure:
    """A figure as a view shows it, and where it comes from."""

    figure: Figure
    request: FigureRequest
    file: Path
    """The file with the runs."""
    recorded_steps: tuple[int, ...] = ()
    """The steps at which the figure can be drawn again, ascending; for a figure of one step."""
    is_working_file: bool = False
    """The file is none of the user's."""
    zoomed: bool = False
    """The ranges are not those of the figure itself."""
    rescaled: bool = False
    """The color scales are not those of the figure itself."""


def python_code(viewed: ViewedFigure) -> str:
    """Return lines that open the session and draw the figure."""
    step, notes = _recorded_step(viewed)
    if viewed.is_working_file:
        notes = [*WORKING_FILE, *notes]
    lines = [
        *(f"# {note}" for note in notes),
        "import wganstudio as ws",
        "",
        f"with ws.open_session({str(viewed.file)!r}) as session:",
        *(f"    {line}" for line in _figure_lines(viewed.request, step)),
    ]
    if viewed.zoomed and (ranges := ranges_of(viewed.figure)):
        lines.append(f"figure = figure.zoom({_keywords(ranges)})")
    if viewed.rescaled and (limits := limits_of(viewed.figure)):
        texts = (f"{name!r}: {_range_text(limit)}" for name, limit in limits.items())
        lines.append(f"figure = figure.rescale({{{', '.join(texts)}}})")
    file_name = f"{viewed.figure.name.replace('_', '-')}.png"
    return "\n".join([*lines, f"figure.savefig({file_name!r})", "figure  # shown by a notebook", ""])


def _recorded_step(viewed: ViewedFigure) -> tuple[int | None, list[str]]:
    """Return the step to draw, None for a figure of all steps, and a note if it is not the one shown."""
    figure, steps = viewed.figure, viewed.recorded_steps
    if not isinstance(figure, StepFigure) or not steps:
        return None, []
    if figure.step in steps:
        return figure.step, []
    earlier = [step for step in steps if step <= figure.step]
    nearest = earlier[-1] if earlier else steps[0]
    return nearest, [f"The frame at step {figure.step} was live and is not recorded; this is step {nearest}."]


def _figure_lines(request: FigureRequest, step: int | None) -> list[str]:
    main, *others = request.records
    arguments = [repr(request.name)]
    if step is not None:
        arguments.append(f"step={step}")
    drawn = others if request.draws_several else []
    lines = [f"run = session.runs.numbered({main.run})  # {one_line(main.name)}"]
    if drawn:
        lines.append(f"others = [session.runs.numbered(number) for number in {[one.run for one in drawn]}]")
        arguments.append("beside=others")
    defaults = figure_options(request.name)
    arguments += [f"{name}={value!r}" for name, value in request.options.items() if value != defaults[name]]
    return [*lines, f"figure = run.figure({', '.join(arguments)})"]


def _keywords(ranges: dict[str, Range]) -> str:
    return ", ".join(f"{name}={_range_text(limits)}" for name, limits in ranges.items())


def _range_text(limits: Range) -> str:
    low, high = (float(limit) for limit in limits)  # without the types of numpy
    return f"({low!r}, {high!r})"
