"""Plan: to which atoms of P some points of Q send their mass, and how much of it to each."""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from wganstudio.figures.plan.image_rows import Strips
from wganstudio.figures.plan.segments import Lines
from wganstudio.figures.plane import Range, Table, frame_at, settings_text
from wganstudio.session import RunRecord


@dataclass(frozen=True, eq=False)
class Plan:
    """The present plan of a dual over atoms, for a few points of Q (arXiv 1802.08249, equation 8)."""

    name: ClassVar[str] = "plan"

    step: int
    picture: Strips | Lines
    labels: tuple[str, str]
    """Of the axes; empty where there is none."""
    remark: str
    title: str
    caption: str
    x_range: Range
    y_range: Range

    @classmethod
    def of(cls, record: RunRecord, step: int | None = None) -> Self | None:
        """The plan at a kept step, by default the newest; None where the solver has none over atoms."""
        scene, frame = record.scene, frame_at(record, step)
        if scene is None or frame is None or "partners" not in frame.arrays:
            return None
        arrays = frame.arrays
        picture: Strips | Lines
        if "image" in scene.arrays:
            channels, height, width = map(int, scene.arrays["image"])
            picture = Strips.of(
                arrays["sources"], arrays["partners"], arrays["shares"], (channels, height, width)
            )
            labels = "", ""
        else:
            picture = Lines.of(scene, arrays["sources"], arrays["partners"], arrays["shares"])
            labels = scene.labels[0], "" if picture.rows else scene.labels[-1]
        breadth = np.sort(arrays["breadth"])
        remark = (
            f"the mass of a point goes to {np.median(breadth):.3g} atoms (median of 1 / \u03a3 p\u00b2; "
            f"least {breadth[0]:.3g}, most {breadth[-1]:.3g})"
        )
        return cls(
            step=frame.step,
            picture=picture,
            labels=labels,
            remark=remark,
            title=f"Where the mass goes, after {frame.step:,} steps",
            caption=f"{record.name}. {picture.words} Now {remark}. {settings_text(record)}",
            x_range=picture.x_range,
            y_range=picture.y_range,
        )

    @property
    def locked(self) -> bool:
        """Whether a length across is as long as one upwards."""
        return isinstance(self.picture, Strips) or not self.picture.rows

    def tables(self) -> dict[str, Table]:
        """Sources, partners and shares, in numbers."""
        return self.picture.tables()
