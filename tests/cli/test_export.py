"""`wganstudio export`: all that the dialog can do."""

import re
from pathlib import Path

import pytest

from figure_records.gaussians import events
from wganstudio.cli import main
from wganstudio.experiment import preset, read
from wganstudio.session import Document


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A session with two runs."""
    path = tmp_path_factory.mktemp("session") / "two.wgs"
    document = Document.create(path)
    for name in ("first", "second"):
        run = document.add_run(read(preset("first-look").settings), name)
        for event in events(2, until=100):
            document.append(run, event)
    document.close()
    return path


def export(
    capfd: pytest.CaptureFixture[str], session: Path, to: Path, *options: str
) -> tuple[int, list[str], str]:
    code = main(["export", str(session), "--to", str(to), *options])
    captured = capfd.readouterr()
    return code, sorted(Path(line).name for line in captured.out.splitlines()), captured.err


def test_chosen_figures_of_chosen_runs(
    capfd: pytest.CaptureFixture[str], session: Path, tmp_path: Path
) -> None:
    options = ("--formats", "csv", "--figures", "costs", "--runs", "2", "--step", "100")
    code, files, _ = export(capfd, session, tmp_path, *options)
    assert code == 0 and files and all("-2-costs" in name for name in files)


def test_two_runs_as_panels_for_a_journal(
    capfd: pytest.CaptureFixture[str], session: Path, tmp_path: Path
) -> None:
    options = ("--figures", "landscape", "--panels", "--journal", "icml", "--columns", "two")
    more = ("--formats", "pdf,pgf", "--caption-tex", "--font", "latex", "--color-map", "gray")
    code, files, _ = export(capfd, session, tmp_path, *options, *more)
    stem = next(name for name in files if name.endswith(".pdf")).removesuffix(".pdf")
    assert code == 0 and stem.endswith("-1-2-landscape")
    assert {f"{stem}.pdf", f"{stem}.pgf", f"{stem}-caption.tex", f"{stem}-image-1.png"} <= set(files)
    box = re.search(rb"/MediaBox \[ 0 0 ([\d.]+)", (tmp_path / f"{stem}.pdf").read_bytes())
    assert box is not None and float(box[1]) == pytest.approx(6.75 * 72, abs=0.1)
    assert "(a) first" in (tmp_path / f"{stem}.pgf").read_text()
    assert (tmp_path / f"{stem}-caption.tex").read_text().startswith("\\caption{(a) first. ")


def test_title_and_caption_can_be_left_out(
    capfd: pytest.CaptureFixture[str], session: Path, tmp_path: Path
) -> None:
    options = ("--figures", "costs", "--runs", "1", "--formats", "svg")
    sizes = []
    for folder, texts in (("full", ()), ("bare", ("--no-title", "--no-caption", "--width", "5"))):
        _, (name,), _ = export(capfd, session, tmp_path / folder, *options, *texts)
        text = (tmp_path / folder / name).read_text()
        sizes.append(re.search(r'width="([\d.]+)pt"', text)[1])  # type: ignore[index]
        assert ("closed form" in text) == (folder == "full")
    assert sizes == ["504", "360"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--runs", "7"), "--runs 7: choose from 1, 2"),
        (("--width", "1"), "1 inches is not a valid width"),
        (("--font-size", "2"), "2 points is not a valid size of type"),
        (("--figures", "atlas"), "There is no figure 'atlas'"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    capfd: pytest.CaptureFixture[str], session: Path, tmp_path: Path, options: tuple[str, ...], sentence: str
) -> None:
    code, files, error = export(capfd, session, tmp_path / "out", *options)
    assert code != 0 and not files and sentence in error and "Traceback" not in error
