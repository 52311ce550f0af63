"""Plan: the atoms of P that receive the mass of some points of Q, with their shares."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from wganstudio.experiment import Experiment
from wganstudio.experiment.value_texts import counted
from wganstudio.figures.base import StepFigure
from wganstudio.figures.captions import settings_text
from wganstudio.figures.frames import plane_frame
from wganstudio.figures.plan.image_rows import ImageRows
from wganstudio.figures.plan.segments import PlanSegments
from wganstudio.figures.registry import register_figure
from wganstudio.figures.types import Range, Table
from wganstudio.session import RunRecord


@register_figure
@dataclass(frozen=True, eq=False)
class Plan(StepFigure):
    """The current plan of a dual over atoms, for a few points of Q (arXiv 1802.08249, equation 8)."""

    name: ClassVar[str] = "plan"
    position: ClassVar[int] = 80

    picture: ImageRows | PlanSegments
    labels: tuple[str, str]
    """Labels of the axes; empty where there is none."""
    summary: str
    x_range: Range
    y_range: Range

    @classmethod
    def applies_to(cls, experiment: Experiment, among: Sequence[Experiment] = ()) -> bool:
        """Return True for a dual over points."""
        return experiment.solver.over_atoms

    @classmethod
    def from_record(
        cls,
        record: RunRecord,
        step: int | None = None,
        among: Sequence[RunRecord] = (),
    ) -> Self | None:
        """Build the figure at a recorded step, by default the newest; None without a plan over atoms."""
        frame = plane_frame(record, step)
        if frame is None or "partners" not in frame:
            return None
        sources, partners, shares = (frame[name] for name in ("sources", "partners", "shares"))
        picture: ImageRows | PlanSegments
        if (shape := frame.image_shape) is not None:
            picture = ImageRows.from_images(sources, partners, shares, shape)
            labels = "", ""
        else:
            picture = PlanSegments.from_points(frame, sources, partners, shares)
            labels = frame.grid.labels[0], "" if picture.rows else frame.grid.labels[-1]
        counts = np.sort(frame["effective_count"])
        summary = (
            f"effective number of atoms per point {np.median(counts):.3g} "
            f"(median of 1 / \u03a3 p\u00b2; minimum {counts[0]:.3g}, maximum {counts[-1]:.3g})"
        )
        return cls(
            step=frame.step,
            picture=picture,
            labels=labels,
            summary=summary,
            title=f"Transport plan after {counted(frame.step, 'step')}",
            caption=f"{record.name}. {picture.caption_text} Here {summary}. {settings_text(record)}",
            x_range=picture.x_range,
            y_range=picture.y_range,
        )

    @property
    def equal_aspect(self) -> bool:
        """True where both axes have the same scale."""
        return isinstance(self.picture, ImageRows) or not self.picture.rows

    def tables(self) -> dict[str, Table]:
        """Return sources, partners and shares."""
        return self.picture.tables()
