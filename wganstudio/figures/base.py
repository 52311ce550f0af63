"""Base classes of figures. A figure holds the data of one drawing, derived from the records of a session."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal, Self, TypeVar

from wganstudio.experiment import Experiment
from wganstudio.figures.frames import PlaneFrame
from wganstudio.figures.plane_field import PlaneField
from wganstudio.figures.types import Range, Table
from wganstudio.session import RunRecord

Scope = Literal["step", "run", "session"]
"""The scope of a figure: one step of a run, a whole run, or several runs of a session."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Figure(ABC):
    """The data of one drawing, with its table and caption; live views and print draw the same object.

    A figure is a frozen dataclass in `figures/NAME/figure.py`, registered by `register_figure`. Fields named
    `x_range`, `y_range` and `..._range` are ranges of axes, which `zoomed` replaces.
    """

    name: ClassVar[str]
    """The name in file names, exports and views."""
    scope: ClassVar[Scope]
    position: ClassVar[int]
    """Figures are listed by ascending position."""
    formerly: ClassVar[str] = ""
    """An earlier name that is still understood."""
    listed: ClassVar[bool] = True
    """False for a figure that is only drawn where it is asked for by name."""
    source: ClassVar[str] = ""
    """The papers behind what it shows, separated by semicolons, as options name them."""
    on_light_ground: ClassVar[bool] = False
    """True for a figure with marks in the color of texts on a light field; it cannot be shown dark."""
    several: ClassVar[bool] = False
    """True for a figure that draws the further selected runs with the main one."""

    title: str
    caption: str

    @property
    def variant(self) -> str:
        """The part of a file name that tells it from other figures of its name; empty for most."""
        return ""

    @classmethod
    @abstractmethod
    def from_record(
        cls, record: RunRecord, step: int | None = None, among: Sequence[RunRecord] = ()
    ) -> Self | None:
        """Build the figure of a run; None while there is nothing to show.

        Parameters
        ----------
        record
            The run.
        step
            The recorded step to show; the newest by default. Figures of a run or a session ignore it.
        among
            The runs of the session, for figures that compare runs.

        Raises
        ------
        NoSuchStep
            If no frame is recorded at the step.
        """

    @classmethod
    def applies_to(cls, experiment: Experiment, among: Sequence[Experiment] = ()) -> bool:
        """Return False if no run of the experiment can ever have this figure.

        `among` are the experiments of the session's runs, for figures that compare runs.
        """
        return True

    @classmethod
    def from_records(
        cls,
        records: Sequence[RunRecord],
        step: int | None = None,
        among: Sequence[RunRecord] = (),
        **options: Any,
    ) -> Self | None:
        """Build the figure of the selected runs, the main one first.

        The default shows the main run alone; figures with curves draw the others over it. `options` are the
        further arguments of `from_record`.
        """
        return cls.from_record(records[0], step, among, **options)

    @abstractmethod
    def tables(self) -> dict[str, Table]:
        """Return the data that is drawn, by the suffix of the file name."""


@dataclass(frozen=True, eq=False, kw_only=True)
class StepFigure(Figure):
    """A figure of one step of a run."""

    scope: ClassVar[Scope] = "step"

    can_follow_points: ClassVar[bool] = False
    """True if `field_of` reads its field at every recorded frame."""

    step: int

    @property
    def has_fields(self) -> bool:
        """True if `plane_fields` returns any."""
        return False

    def plane_fields(self) -> tuple[PlaneField, ...]:
        """Return the field of its first map on the plane, and its truth where that is known; none else."""
        return ()

    @classmethod
    def field_of(cls, record: RunRecord, frame: PlaneFrame) -> PlaneField | None:
        """Return the field of its first map at one frame of a run, without the rest of the figure."""
        return None


@dataclass(frozen=True, eq=False, kw_only=True)
class RunFigure(Figure):
    """A figure of a whole run."""

    scope: ClassVar[Scope] = "run"


@dataclass(frozen=True, eq=False, kw_only=True)
class SessionFigure(Figure):
    """A figure that compares runs of a session."""

    scope: ClassVar[Scope] = "session"

    runs: tuple[int, ...]
    """Numbers of the runs in it."""


F = TypeVar("F", bound=Figure)


def zoomed(figure: F, ranges: Mapping[str, Range]) -> F:
    """Return the figure with other ranges, such as {"x": (0, 1), "sigma": (0.1, 1)}."""
    changes: dict[str, Any] = {f"{axis}_range": limits for axis, limits in ranges.items()}
    return replace(figure, **changes)
