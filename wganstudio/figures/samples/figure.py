"""Samples of a generator: images with their nearest neighbors, or points and their paths."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from wganstudio.experiment import Experiment
from wganstudio.experiment.value_texts import counted
from wganstudio.figures.base import StepFigure
from wganstudio.figures.captions import settings_text
from wganstudio.figures.frames import plane_frame, recorded_frames
from wganstudio.figures.registry import register_figure
from wganstudio.figures.samples.gallery import Gallery
from wganstudio.figures.samples.trajectories import Trajectories
from wganstudio.figures.types import Range, Table
from wganstudio.session import RunRecord


@register_figure
@dataclass(frozen=True, eq=False)
class Samples(StepFigure):
    """The samples of a generator at one step."""

    name: ClassVar[str] = "samples"
    position: ClassVar[int] = 60

    picture: Gallery | Trajectories
    labels: tuple[str, str]
    """Labels of the axes; empty where there is none."""
    show_paths: bool
    summary: str
    x_range: Range
    y_range: Range

    @classmethod
    def applies_to(cls, experiment: Experiment, among: Sequence[Experiment] = ()) -> bool:
        """Return True where a generator makes Q."""
        return experiment.generator.moves

    @classmethod
    def from_record(
        cls,
        record: RunRecord,
        step: int | None = None,
        among: Sequence[RunRecord] = (),
        *,
        show_paths: bool = True,
    ) -> Self | None:
        """Build the figure at a recorded step, by default the newest; None where no generator is trained."""
        frame = plane_frame(record, step)
        if frame is None or "samples_q" not in frame:
            return None
        picture: Gallery | Trajectories
        if (shape := frame.image_shape) is not None and "generated" in frame:
            picture = Gallery.from_images(frame["generated"], frame.arrays.get("nearest"), shape)
            labels = "", ""
            x_range, y_range = picture.extent
        else:
            picture = Trajectories.from_frames(frame, recorded_frames(record))
            labels = frame.grid.labels[0], "step" if picture.rows else frame.grid.labels[-1]
            x_range, y_range = picture.x_range, picture.y_range
        return cls(
            step=frame.step,
            picture=picture,
            labels=labels,
            show_paths=show_paths,
            summary=picture.summary,
            title=f"Generated samples after {counted(frame.step, 'step')}",
            caption=(
                f"{record.name}. {picture.caption_text} {picture.summary.capitalize()}. "
                f"{settings_text(record)}"
            ),
            x_range=x_range,
            y_range=y_range,
        )

    @property
    def equal_aspect(self) -> bool:
        """True where both axes have the same scale."""
        return isinstance(self.picture, Gallery) or not self.picture.rows

    @property
    def single_column(self) -> bool:
        """True where one column of a journal is wide enough."""
        return isinstance(self.picture, Trajectories) and self.equal_aspect

    def tables(self) -> dict[str, Table]:
        """Return the samples and what is drawn with them."""
        return self.picture.tables()
