"""Samples: what a generator makes: images beside their nearest neighbors, or points and their paths."""

from dataclasses import dataclass
from typing import ClassVar, Self

from wganstudio.figures.plane import Range, Table, frame_at, settings_text
from wganstudio.figures.samples.gallery import Gallery
from wganstudio.figures.samples.trajectories import Cloud
from wganstudio.session import RunRecord


@dataclass(frozen=True, eq=False)
class Samples:
    """What the generator of a run makes at one step."""

    name: ClassVar[str] = "samples"

    step: int
    picture: Gallery | Cloud
    labels: tuple[str, str]
    """Of the axes; empty where there is none."""
    show_paths: bool
    remark: str
    title: str
    caption: str
    x_range: Range
    y_range: Range

    @classmethod
    def of(cls, record: RunRecord, step: int | None = None, *, show_paths: bool = True) -> Self | None:
        """What a run makes at a kept step, by default the newest; None where it trains no generator."""
        scene, frame = record.scene, frame_at(record, step)
        if scene is None or frame is None or "samples_q" not in frame.arrays:
            return None
        picture: Gallery | Cloud
        if "image" in scene.arrays and "made" in frame.arrays:
            channels, height, width = map(int, scene.arrays["image"])
            picture = Gallery.of(frame.arrays["made"], frame.arrays.get("nearest"), (channels, height, width))
            labels = "", ""
            x_range, y_range = picture.extent
        else:
            kept = [record.frames[one] for one in sorted(record.frames)]
            picture = Cloud.of(scene, frame, kept)
            labels = scene.labels[0], "step" if picture.rows else scene.labels[-1]
            x_range, y_range = picture.x_range, picture.y_range
        return cls(
            step=frame.step,
            picture=picture,
            labels=labels,
            show_paths=show_paths,
            remark=picture.remark,
            title=f"What the generator makes after {frame.step:,} steps",
            caption=f"{record.name}. {picture.words} {picture.remark.capitalize()}. {settings_text(record)}",
            x_range=x_range,
            y_range=y_range,
        )

    @property
    def locked(self) -> bool:
        """Whether a length across is as long as one upwards."""
        return isinstance(self.picture, Gallery) or not self.picture.rows

    @property
    def narrow(self) -> bool:
        """Whether one column of a journal holds it."""
        return isinstance(self.picture, Cloud) and self.locked

    def tables(self) -> dict[str, Table]:
        """What is drawn, in numbers."""
        return self.picture.tables()
