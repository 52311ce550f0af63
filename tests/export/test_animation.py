"""Animations: frames of one size with fixed colors, the same bytes again, sentences for what is missing."""

import sys

import pytest
from PIL import Image

from wganstudio.export import ExportError
from wganstudio.export.animation import (
    AnimationOptions,
    animated_figures,
    frames_of_run,
    frames_of_runs,
    write_animation,
)

SMALL = AnimationOptions(fps=5, width=200, frames=4)


def test_frames_share_ranges_and_colors(plane_record):
    figures = frames_of_run(plane_record, "landscape")
    assert [figure.step for figure in figures] == plane_record.recorded_steps("critic")
    assert len({(figure.scale.low, figure.scale.high) for figure in figures}) == 1
    assert len({(figure.x_range, figure.y_range) for figure in figures}) == 1
    assert figures[0].scale.low <= min(figure.u.min() for figure in figures)
    assert figures[0].scale.high >= max(figure.u.max() for figure in figures)


def test_the_frames_of_a_long_run_are_spread_over_it(plane_record):
    steps = [figure.step for figure in frames_of_run(plane_record, "landscape", 4)]
    recorded = plane_record.recorded_steps("critic")
    assert len(steps) == 4 and steps[0] == recorded[0] and steps[-1] == recorded[-1]


def test_a_gif_has_all_frames_at_the_speed_asked_for_and_repeats_its_bytes(line_record, tmp_path):
    figures = frames_of_run(line_record, "landscape", SMALL.frames)
    for name in ("a.gif", "b.gif"):
        write_animation(figures, tmp_path / name, SMALL)
    assert (tmp_path / "a.gif").read_bytes() == (tmp_path / "b.gif").read_bytes()
    with Image.open(tmp_path / "a.gif") as image:
        assert image.n_frames == 4 and image.info["duration"] == 200 and image.info["loop"] == 0
        assert abs(image.width - 200) < 5 and image.width % 2 == image.height % 2 == 0
        frames = []
        for index in range(4):
            image.seek(index)
            frames.append(image.convert("RGB").tobytes())
    assert len(set(frames)) == 4, "the frames differ"
    write_animation(figures, tmp_path / "once.gif", AnimationOptions(5, 200, loop=False))
    with Image.open(tmp_path / "once.gif") as image:
        assert "loop" not in image.info


def test_a_sweep_is_animated_in_the_order_of_its_values(make_record, tmp_path):
    records = [make_record(2) for _ in range(3)]
    for record, penalty in zip(records, (10.0, 1.0, 3.0), strict=True):
        solver = record.experiment.solver.model_copy(update={"penalty": penalty})
        record.experiment = record.experiment.model_copy(update={"solver": solver})
        record.rename(f"lambda {penalty:g}")
    figures = frames_of_runs(records, "landscape")
    assert [figure.caption for figure in figures] == ["lambda 1", "lambda 3", "lambda 10"]


def test_an_mp4_is_a_video(line_record, tmp_path):
    pytest.importorskip("imageio_ffmpeg")
    write_animation(frames_of_run(line_record, "landscape", 3), tmp_path / "a.mp4", SMALL)
    assert (tmp_path / "a.mp4").read_bytes()[4:8] == b"ftyp"


def test_a_missing_codec_is_one_sentence_that_names_the_command(line_record, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    with pytest.raises(ExportError, match=r"`pip install wganstudio\[video\]`, or choose .*\.gif\.$"):
        write_animation(frames_of_run(line_record, "landscape", 2), tmp_path / "a.mp4", SMALL)
    assert list(tmp_path.iterdir()) == []


def test_progress_counts_frames_and_can_end_the_work(line_record, tmp_path):
    calls = []
    figures = frames_of_run(line_record, "landscape", 2)
    write_animation(figures, tmp_path / "a.gif", SMALL, lambda *call: calls.append(call))
    assert calls == [(0, 2), (1, 2), (2, 2)]


def test_what_cannot_be_animated_is_named(line_record, failed_record, tmp_path):
    assert "landscape" in animated_figures() and "costs" not in animated_figures()
    with pytest.raises(ExportError, match="no figure 'costs' of one step; choose from landscape"):
        frames_of_run(line_record, "costs")
    with pytest.raises(ExportError, match="fewer than two recorded frames"):
        frames_of_run(failed_record, "landscape")
    with pytest.raises(ExportError, match="Fewer than two of the runs"):
        frames_of_runs([line_record, failed_record], "landscape")
    with pytest.raises(ExportError, match=r"must end in \.gif or \.mp4"):
        write_animation(frames_of_run(line_record, "landscape", 2), tmp_path / "a.avi", SMALL)
    with pytest.raises(ExportError, match="fps must be from 1 to 50, not 90"):
        AnimationOptions(fps=90)
