"""The files of an export: text as text, tables that read back, nothing half-written."""

import csv
import errno
import re
import shutil
import subprocess
import sys
import zlib
from xml.etree import ElementTree

import numpy as np
import pytest

from wganstudio.export import ExportError, export, file_stem
from wganstudio.figures import figure_names, zoomed
from wganstudio.figures.costs.figure import Costs
from wganstudio.figures.gradient.figure import GradientDensity
from wganstudio.figures.landscape.figure import Landscape

SVG = "{http://www.w3.org/2000/svg}"


def texts(path):
    nodes = ElementTree.parse(path).iter(f"{SVG}text")
    return ["".join(part.strip("\n ") for part in node.itertext()).replace("\xa0", " ") for node in nodes]


def columns(path, kind=np.float32):
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {name: np.array([row[name] or "nan" for row in rows]).astype(kind) for name in rows[0]}


def test_all_views_in_all_formats(plane_record, tmp_path):
    files = export(plane_record, tmp_path / "new" / "folder", dpi=60)
    names = {file.name for file in files}
    for figure in ("landscape", "gradient", "costs"):
        assert {f"gaussians-d-2-1-{figure}.{ext}" for ext in ("png", "svg", "pdf", "csv")} <= names
    assert {file.name for file in (tmp_path / "new" / "folder").iterdir()} == names
    assert all(file.stat().st_size > 0 for file in files)


def letters(*words):
    """The letters of words in alphabetical order: those of a formula stand in the order of their fonts."""
    return {"".join(sorted(word.replace(" ", ""))) for word in words}


def test_an_svg_holds_its_words_as_text(plane_record, tmp_path):
    result = [texts(file) for file in export(plane_record, tmp_path, ["svg"])]
    landscape, gradient, distribution, momentum, slope, costs = (letters(*words) for words in result)
    assert letters("x1", "x2", "critic u", "P", "Q", "Critic u after 2,000 steps") <= landscape
    assert letters("gradient norm |∇u|", "density σ", "sampling density σ", "0.01") <= gradient
    assert letters("1 + |w| / (2 λ σ)", "|∇u|", "log10 σ") <= distribution
    assert letters("critic |wu|", "truth |w|", "error |wu − w|") <= momentum
    assert letters("P", "Q", "σ", "|∇u|", "density") <= slope
    assert any(text.endswith("(certified)") for text in result[4])
    assert (
        letters("steps", "cost", "gap ± 2 SE", "value ± 2 SE", "Congested cost 1.9579", "W1 1.2533") <= costs
    )
    caption = " ".join(result[-1])
    assert "closed form" in caption.replace("\n", " ") and "seed 0." in caption


def test_a_pdf_embeds_its_letters(plane_record, tmp_path):
    for file in export(plane_record, tmp_path, ["pdf"], figures=["landscape", "costs"]):
        raw = file.read_bytes()
        assert b"/CIDFontType2" in raw and b"/ToUnicode" in raw and b"/Type3" not in raw
        if shutil.which("pdftotext"):
            words = subprocess.run(
                ["pdftotext", file, "-"], capture_output=True, text=True, check=True
            ).stdout
            assert "λ = 1" in words and "2,000 steps" in words


def test_a_png_has_the_resolution_asked_for(plane_record, tmp_path):
    (file,) = export(plane_record, tmp_path, ["png"], dpi=100, figures=["costs"])
    raw = file.read_bytes()
    assert raw[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(raw[16:20], "big") == 700


def test_the_same_data_give_the_same_bytes(line_record, tmp_path):
    first = export(line_record, tmp_path / "a", dpi=50, figures=["gradient"])
    second = export(line_record, tmp_path / "b", dpi=50, figures=["gradient"])
    assert [zlib.crc32(f.read_bytes()) for f in first] == [zlib.crc32(f.read_bytes()) for f in second]


@pytest.mark.parametrize("which", ["plane_record", "line_record", "space_record"])
def test_tables_read_back_as_the_same_numbers(which, tmp_path, request):
    record = request.getfixturevalue(which)
    stem = file_stem(record)
    export(record, tmp_path, ["csv"])
    fields = columns(tmp_path / f"{stem}-landscape.csv")
    critic, plane = record.snapshot("critic").arrays, record.snapshot("plane").arrays
    drawn = {"u": critic["u"], "slope": critic["gradient_norm"], "sigma": plane["sigma"]}
    for name, array in drawn.items():
        assert np.array_equal(fields[name], array.ravel()), name
    samples = columns(tmp_path / f"{stem}-landscape-samples-q.csv")
    assert np.array_equal(np.stack(list(samples.values()), 1), record.snapshot("plane").arrays["samples_q"])
    figure = GradientDensity.from_record(record)
    scatter = columns(tmp_path / f"{stem}-gradient-scatter.csv")
    assert np.array_equal(scatter["slope"], figure.scatter_slope)
    costs = columns(tmp_path / f"{stem}-costs.csv", float)
    for name in ("gap", "gap_se", "value", "value_se"):
        assert np.array_equal(costs[name], record.curve(name)[1])
    truths = columns(tmp_path / f"{stem}-costs-truths.csv", str)
    assert list(truths["quantity"]) == ["w1", "congested", "gap-limit"]
    assert [float(v) for v in truths["lower"]] == [band.lower for band in Costs.from_record(record).bands]
    final = columns(tmp_path / f"{stem}-costs-final.csv", str)
    assert float(final["value"][1]) == record.ended.estimates["value"]


def test_a_kept_step_has_a_name_of_its_own(plane_record, tmp_path):
    files = export(plane_record, tmp_path, ["csv"], figures=["landscape"], step=100)
    assert files[0].name == "gaussians-d-2-1-landscape-step-100.csv"
    assert np.array_equal(columns(files[0])["u"], plane_record.snapshot("critic", 100).arrays["u"].ravel())


def test_ranges_and_ready_figures_are_printed_as_given(plane_record, tmp_path):
    from wganstudio.figures import mpl

    figure = zoomed(
        Landscape.from_record(plane_record, show_truth=True), {"x": (-1.5, 1.5), "y": (-1.0, 1.0)}
    )
    printed = mpl.render_figure(figure)
    axes = printed.axes[0]
    assert axes.get_xlim() == (-1.5, 1.5) and axes.get_ylim() == (-1.0, 1.0)
    (caption,) = [text.get_text() for text in printed.texts]
    assert "White: the exact potential" in caption.replace("\n", " ")
    (file,) = export(plane_record, tmp_path, ["svg"], figures=["costs"], ranges={"costs": {"y": (0.0, 9.0)}})
    assert "8" in texts(file)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"formats": ["gif"]}, "There is no format gif; choose from png, svg, pdf, pgf, csv."),
        ({"formats": []}, "There is no format given; choose from png, svg, pdf, pgf, csv."),
        ({"dpi": 5}, "5 dpi is not a valid resolution. Choose a value from 30 to 2400."),
        ({"figures": ["atlas"]}, f"There is no figure 'atlas'; choose from {', '.join(figure_names())}."),
        (
            {"step": 3},
            "'Gaussians, D = 2' has no recorded frame at step 3; "
            "recorded steps: 1, 2, 5, 10, 20, 50, 100, 200, 500, 1,000, 2,000.",
        ),
    ],
)
def test_what_cannot_be_done_is_reported_in_a_sentence(plane_record, tmp_path, options, sentence):
    with pytest.raises(ExportError) as raised:
        export(plane_record, tmp_path, **options)
    assert str(raised.value) == sentence
    assert list(tmp_path.iterdir()) == []


def test_a_run_without_a_picture_is_refused_in_a_sentence(failed_record, tmp_path):
    with pytest.raises(ExportError, match=r"has nothing to show: it ended before its first frame\.$"):
        export(failed_record, tmp_path)


def test_a_folder_that_is_a_file_is_refused_in_a_sentence(line_record, tmp_path):
    (tmp_path / "taken").write_text("mine")
    with pytest.raises(ExportError, match=r"could not be written to .*taken.*; choose another folder\.$"):
        export(line_record, tmp_path / "taken", ["csv"])
    assert (tmp_path / "taken").read_text() == "mine"


def test_a_full_disk_leaves_nothing_half_written(line_record, tmp_path, monkeypatch):
    old = tmp_path / f"{file_stem(line_record)}-costs.csv"
    old.write_text("the last export")

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("wganstudio.temporary.os.replace", full)
    with pytest.raises(ExportError, match="No space left on device; choose another folder"):
        export(line_record, tmp_path, ["csv"], figures=["costs"])
    assert [file.name for file in tmp_path.iterdir()] == [old.name]
    assert old.read_text() == "the last export"


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("../../etc/passwd", "etc-passwd-1"),
        ("Über λ = 1", "uber-1-1"),
        ("∇", "run-1"),
        ("a" * 300, "a" * 60 + "-1"),
    ],
)
def test_file_names_are_safe_whatever_a_run_is_called(plane_record, name, stem):
    from wganstudio.session import RunRecord

    about = plane_record.experiment.about.model_copy(update={"name": name})
    record = RunRecord(1, plane_record.experiment.model_copy(update={"about": about}))
    assert file_stem(record) == stem and re.fullmatch(r"[a-z0-9-]+", stem)


def test_nothing_of_qt_or_torch_is_needed():
    heavy = ("torch", "PySide6", "pyqtgraph", "matplotlib.pyplot")
    code = f"import sys, wganstudio.export; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_pgf_is_text_for_latex_with_its_images_beside(plane_record, tmp_path):
    files = {
        path.name: path for path in export(plane_record, tmp_path, ["pgf"], figures=["landscape", "costs"])
    }
    landscape = files["gaussians-d-2-1-landscape.pgf"].read_text()
    assert "critic $u$" in landscape and r"\begin{pgfpicture}" in landscape
    images = re.findall(r"\\includegraphics\[[^]]*\]\{([^}]*)\}", landscape)
    assert images and set(images) <= set(files)
    costs = files["gaussians-d-2-1-costs.pgf"].read_text()
    assert "includegraphics{" not in costs and r"$W_{1}$" in costs and "\u2212" not in costs
    for text in (landscape, costs):
        assert text.count(r"\begin{pgfscope}") == text.count(r"\end{pgfscope}") > 10


def test_texts_of_a_stranger_are_escaped_for_latex(plane_record):
    from wganstudio.figures.mpl import render_files
    from wganstudio.figures.panels import FigurePanel

    figure = zoomed(Costs.from_record(plane_record), {})
    hostile = type(figure)(**{**vars(figure), "title": r"\input{/etc/passwd} $x$ 50% a_b {"})
    text = render_files([FigurePanel(hostile)], ["pgf"], "a")["a.pgf"].decode()
    assert r"\textbackslash{}input\{/etc/passwd\} \$$x$\$ 50\%" in text


def test_a_caption_stands_beside_the_figure(plane_record, tmp_path):
    files = export(plane_record, tmp_path, ["csv"], figures=["costs"], caption_file=True)
    (caption,) = [path for path in files if path.name.endswith("-caption.tex")]
    text = caption.read_text()
    assert text.startswith(r"\caption{Gaussians, $D = 2$.") and "W_{1}" in text and text.endswith("}\n")


def test_a_figure_of_several_runs_is_named_after_the_suite_or_the_runs(tmp_path):
    from printed_figures import swept_records

    records = swept_records()
    (file,) = export(records[-1], tmp_path, ["svg"], figures=["sweep"], among=records)
    assert file.name == "runs-1-to-4-sweep.svg"
    suited = swept_records(suite="Penalties of Gaussians")
    (file,) = export(suited[-1], tmp_path, ["svg"], figures=["sweep"], among=suited)
    assert file.name == "penalties-of-gaussians-sweep.svg"
