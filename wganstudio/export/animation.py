"""Animations: a figure over the recorded steps of a run, or over the runs of a sweep, as GIF or MP4."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from wganstudio import temporary
from wganstudio.comparison.run_table import differing_settings
from wganstudio.export.files import ExportError
from wganstudio.figures import Figure, figure_of
from wganstudio.figures.comparison import common_limits, with_common_ranges, with_limits
from wganstudio.figures.registry import figure_classes
from wganstudio.session import RunRecord

SUFFIXES = (".gif", ".mp4")
VIDEO_MISSING = (
    "MP4 needs a video codec that is not installed; install it with `pip install wganstudio[video]`, "
    "or choose a name that ends in .gif."
)
PALETTE_FRAMES = 5
"""Frames from which the colors of a GIF are chosen."""
Progress = Callable[[int, int], object]


@dataclass(frozen=True)
class AnimationOptions:
    """How an animation looks."""

    fps: int = 10
    """Frames per second."""
    width: int = 720
    """Pixels."""
    loop: bool = True
    """A GIF begins again at its end."""
    frames: int = 120
    """Most frames; of more, evenly spread ones are shown."""

    def __post_init__(self) -> None:
        limits = {"fps": (1, 50), "width": (120, 3840), "frames": (2, 2000)}
        for name, (least, most) in limits.items():
            if not least <= getattr(self, name) <= most:
                raise ExportError(f"{name} must be from {least} to {most:,}, not {getattr(self, name):,}.")


def animated_figures() -> list[str]:
    """Return the names of the figures that show one step, which can be animated."""
    return [name for name, cls in figure_classes().items() if cls.scope == "step"]


def frames_of_run(record: RunRecord, name: str, frames: int = AnimationOptions.frames) -> list[Figure]:
    """Return a figure at the recorded steps of a run, with ranges that hold for all of them.

    ExportError if fewer than two steps are recorded.
    """
    _require_animated(name)
    steps = _spread(record.recorded_steps("critic"), frames)
    figures = [figure_of(record, name, step) for step in steps]
    shown = [figure for figure in figures if figure is not None]
    if len(shown) < 2:
        raise ExportError(
            f"The run {record.name!r} has fewer than two recorded frames of the figure {name!r}; "
            "choose another figure, or a run with frames (Frames kept)."
        )
    return _with_fixed_ranges([replace(figure, caption="") for figure in shown])


def frames_of_runs(records: Sequence[RunRecord], name: str) -> list[Figure]:
    """Return the newest figure of each run of a sweep, in the order of the swept value."""
    _require_animated(name)
    ordered = sorted(records, key=lambda record: _order(record, records))
    figures = [(record, figure_of(record, name)) for record in ordered]
    shown = [replace(figure, caption=record.name) for record, figure in figures if figure is not None]
    if len(shown) < 2:
        raise ExportError(f"Fewer than two of the runs have the figure {name!r}; choose other runs.")
    return _with_fixed_ranges(shown)


def _with_fixed_ranges(figures: Sequence[Figure]) -> list[Figure]:
    """Return the figures with ranges and color scales as wide as all of them need: no color changes."""
    limits = common_limits(figures)
    widest = with_common_ranges(figures[0], figures[1:])
    ranges = {name: value for name, value in vars(widest).items() if name.endswith("_range")}
    return [with_limits(replace(figure, **ranges), limits) for figure in figures]


def write_animation(
    figures: Sequence[Figure],
    path: Path,
    options: AnimationOptions | None = None,
    progress: Progress | None = None,
) -> None:
    """Write frames into a .gif or .mp4 file; the same frames give the same GIF.

    `progress` gets the number of drawn frames and that of all; what it raises ends the work.
    """
    options = options or AnimationOptions()
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise ExportError(f"{path} must end in .gif or .mp4.")
    if suffix == ".mp4":
        _video_library()
    images = _drawn(figures, options, progress)
    content = _gif(images, options) if suffix == ".gif" else _mp4(images, options)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write(path, content)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ExportError(f"{path} could not be written: {reason}; choose another place.") from error


def _require_animated(name: str) -> None:
    names = animated_figures()
    if name not in names:
        raise ExportError(f"There is no figure {name!r} of one step; choose from {', '.join(names)}.")


def _spread(steps: Sequence[int], most: int) -> list[int]:
    places = np.unique(np.linspace(0, len(steps) - 1, min(most, len(steps))).round().astype(int))
    return [steps[place] for place in places] if steps else []


def _order(record: RunRecord, records: Sequence[RunRecord]) -> tuple[tuple[bool, float, str], ...]:
    """Return the values of the differing settings, numbers before texts."""
    key = []
    for setting in differing_settings(records):
        value = setting.value(record.experiment)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        key.append((not is_number, float(value) if is_number else 0.0, setting.text(value)))
    return tuple(key)


def _drawn(figures: Sequence[Figure], options: AnimationOptions, progress: Progress | None) -> list[bytes]:
    """Return the frames as PNG of one size."""
    from wganstudio.figures.mpl import render_figure, save_to_bytes  # imports matplotlib

    images: list[bytes] = []
    for number, figure in enumerate(figures):
        if progress is not None:
            progress(number, len(figures))
        drawn = render_figure(figure)
        dpi = max(1, round(options.width / drawn.get_figwidth()))
        images.append(save_to_bytes(drawn, "png", figure.title, dpi))
    if progress is not None:
        progress(len(figures), len(figures))
    return images


def _opened(images: Sequence[bytes]) -> list[Image.Image]:
    """Return the frames on white grounds of one even size; captions differ in their length."""
    frames = [Image.open(io.BytesIO(image)).convert("RGB") for image in images]
    width, height = (max(sizes) + max(sizes) % 2 for sizes in zip(*(f.size for f in frames), strict=True))
    grounds = [Image.new("RGB", (width, height), "white") for _ in frames]
    for ground, frame in zip(grounds, frames, strict=True):
        ground.paste(frame)
    return grounds


def _gif(images: Sequence[bytes], options: AnimationOptions) -> bytes:
    """Return a GIF whose frames share one palette."""
    frames = _opened(images)
    palette = _palette([frames[place] for place in _spread(range(len(frames)), PALETTE_FRAMES)])
    first, *others = (frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames)
    out = io.BytesIO()
    looped: dict[str, Any] = {"loop": 0} if options.loop else {}
    duration = max(20, round(100 / options.fps) * 10)  # in hundredths of a second, as GIF counts
    first.save(
        out,
        "GIF",
        save_all=True,
        append_images=others,
        duration=duration,
        optimize=False,
        disposal=1,
        **looped,
    )
    return out.getvalue()


def _palette(frames: Sequence[Image.Image]) -> Image.Image:
    """Return an image with 256 colors of the frames; frequent ones count less than they are frequent."""
    pixels = np.concatenate([np.asarray(frame).reshape(-1, 3) for frame in frames])
    codes = pixels.astype(np.uint32) @ np.array([65536, 256, 1], np.uint32)
    codes, counts = np.unique(codes, return_counts=True)
    weighted = np.repeat(codes, np.sqrt(counts).astype(int))
    colors = np.stack([weighted >> 16, weighted >> 8 & 255, weighted & 255], 1).astype(np.uint8)
    image = Image.fromarray(colors[None])
    return image.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)


def _mp4(images: Sequence[bytes], options: AnimationOptions) -> bytes:
    library = _video_library()
    frames = _opened(images)
    file = temporary.file(".mp4")
    try:
        writer = library.write_frames(
            str(file), frames[0].size, fps=options.fps, macro_block_size=2, quality=8
        )
        writer.send(None)
        for frame in frames:
            writer.send(frame.tobytes())
        writer.close()
        return file.read_bytes()
    finally:
        file.unlink(missing_ok=True)


def _video_library() -> Any:
    """Return imageio-ffmpeg with a codec; ExportError says how to install it."""
    try:
        import imageio_ffmpeg

        imageio_ffmpeg.get_ffmpeg_exe()
    except (ImportError, RuntimeError) as error:
        raise ExportError(VIDEO_MISSING) from error
    return imageio_ffmpeg
