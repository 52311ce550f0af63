"""A report is one file that stands alone: no script, no network, every text escaped, same data same bytes."""

import base64
import re
import shlex
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from wganstudio import resources
from wganstudio.experiment import override, preset, presets, read
from wganstudio.experiment.typed_text import override_texts
from wganstudio.export import ExportError
from wganstudio.export.report import render_report, write_report
from wganstudio.export.report.pictures import picture
from wganstudio.export.report.repeating import FILE, command
from wganstudio.figures.cells.figure import Cells
from wganstudio.figures.style import LIGHT
from wganstudio.session.labels import RunLabels

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>&amp;\x1b[2J \u202e</title></style>"
TAGS = {
    *("html", "head", "meta", "title", "style", "body", "main", "footer", "section", "div", "figure", "img"),
    *("h1", "h2", "h3", "p", "ul", "li", "table", "caption", "thead", "tbody", "tr", "th", "td"),
    *("pre", "code", "details", "summary"),
}


class Page(HTMLParser):
    """The elements and texts of a page; elements must be closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)

    @property
    def text(self) -> str:
        return "".join(self.texts)

    @property
    def ids(self) -> list[str | None]:
        return [attributes["id"] for tag, attributes in self.tags if tag == "section"]


def require_standing_alone(page: Page) -> None:
    assert {tag for tag, _ in page.tags} <= TAGS
    for tag, attributes in page.tags:
        assert not any(name.startswith("on") or name in ("href", "srcset") for name in attributes)
        if tag == "img":
            assert re.match(r"data:image/(svg\+xml|png);base64,", attributes["src"] or "")
            assert attributes["alt"]


def test_the_report_of_a_run_stands_alone_and_is_complete(plane_record):
    text = render_report([plane_record])
    page = Page(text)
    require_standing_alone(page)
    assert page.ids == ["outcome", "truths", "figures", "settings", "repeat", "methods"]
    assert "@import" not in text and "url(" not in text
    assert text.count("prefers-color-scheme: dark") == 1 and "@media print" in text
    for words in ("1.95786", "Lower bound", "closed form", "Valid for", "[solver]"):
        assert words in page.text, words
    assert "petzka2018regularization" in page.text and "wganstudio run" in page.text
    assert sum(tag == "img" for tag, _ in page.tags) >= 5


def test_small_figures_are_vectors_that_can_be_read(plane_record):
    page = Page(render_report([plane_record]))
    sources = [attributes["src"] or "" for tag, attributes in page.tags if tag == "img"]
    vectors = [one.partition(",")[2] for one in sources if "svg+xml" in one]
    assert vectors
    for vector in vectors:
        assert ElementTree.fromstring(base64.b64decode(vector)).tag.endswith("svg")


def test_figures_follow_the_theme_of_the_page(plane_record):
    text = render_report([plane_record])
    sources = [attributes["src"] or "" for tag, attributes in Page(text).tags if tag == "img"]
    vectors = [base64.b64decode(one.partition(",")[2]).decode() for one in sources if "svg+xml" in one]
    assert vectors
    for vector in vectors:
        rules = re.findall(r'\[style\*="(fill|stroke): (#\w+)"\]\{\1:(#\w+)!important\}', vector)
        replaced = {(part, light) for part, light, _ in rules}
        assert {
            ("fill", LIGHT.background),
            ("fill", LIGHT.foreground),
            ("stroke", LIGHT.foreground),
        } <= replaced
        assert all(light != dark for _, light, dark in rules)
        written = set(re.findall(r"(fill|stroke): (#[0-9a-f]{6})", vector.partition("</style>")[2]))
        assert written & replaced, "the rules name colors as matplotlib writes them"
        assert (("stroke", LIGHT.background) in replaced) != ("<image" in vector)
    assert "prefers-color-scheme: dark" in vectors[0] and "--paper" in text


def test_what_cannot_be_dark_is_dimmed(make_atomic):
    atoms, q = np.array([[-1.0, 0.0], [1.0, 0.0]]), np.array([[0.4, 0.3], [-0.5, 0.1]])
    figure = Cells.from_record(make_atomic(atoms, q))
    assert str(picture(figure)).startswith('<figure class="fixed">')
    assert ".fixed" in resources.path("report.css").read_text(encoding="utf-8")


def test_the_same_data_give_the_same_bytes(line_record, tmp_path):
    for name in ("a.html", "b.html"):
        write_report([line_record], tmp_path / name)
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_hostile_texts_stay_texts(make_record):
    line_record = make_record(1)
    line_record.rename(HOSTILE)
    line_record.set_labels(RunLabels(note=HOSTILE, tags=("<b>",)))
    line_record.environment = {"device": HOSTILE, "torch": HOSTILE}
    truth = line_record.truths["w1"].model_copy(update={"method": HOSTILE, "law": HOSTILE})
    line_record.truths["w1"] = truth
    page = Page(render_report([line_record]))
    require_standing_alone(page)
    assert page.text.count("<script>alert(1)</script>") >= 4
    assert "\x1b" not in page.text and "\u202e" not in page.text


def test_a_comparison_shows_runs_differences_and_each_command(plane_record, make_record):
    line_record = make_record(1)
    line_record.run = 2
    page = Page(render_report([plane_record, line_record]))
    require_standing_alone(page)
    assert page.ids == ["runs", "truths", "figures", "differences", "settings", "repeat", "methods"]
    assert "Comparison of 2 runs" in page.text and "pair.dim" in page.text
    assert page.text.count("wganstudio run ") == 2


def test_a_run_of_a_preset_shows_what_differs_from_it(make_record):
    plane_record = make_record(2)
    plane_record.requested = read(override(preset("first-look").settings, [("solver.penalty", 7)]))
    page = Page(render_report([plane_record]))
    assert "differences" in page.ids and "Differences from the preset" in page.text
    assert "--set solver.penalty=7" in page.text


def test_progress_counts_figures_and_can_end_the_report(line_record):
    calls = []
    render_report([line_record], progress=lambda *call: calls.append(call))
    assert calls[0][0] == 0 and calls[-1] == (len(calls) - 1, len(calls) - 1)

    def end(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        render_report([line_record], progress=end)


def test_a_run_without_frames_has_a_report(failed_record):
    page = Page(render_report([failed_record]))
    assert "warnings" in page.ids and "figures" not in page.ids


def test_what_cannot_be_written_is_one_sentence(line_record, tmp_path: Path):
    (tmp_path / "taken").write_text("mine")
    with pytest.raises(ExportError, match="choose another place"):
        write_report([line_record], tmp_path / "taken" / "a.html")
    with pytest.raises(ExportError, match="no run to report on"):
        render_report([])


@pytest.mark.parametrize("name", presets())
@pytest.mark.parametrize(
    "changes",
    [
        (),
        (("training.seed", 3), ("training.steps", 17)),
        (("evaluation.axes", [1, 0]), ("truth.kind", "samples")),
        (("pair.kind", "points"), ("pair.points_p", [[0.0, 1.5], [2.0, -1e-9]])),
    ],
)
def test_the_command_leads_to_the_same_experiment(name, changes):
    experiment = read(override(preset(name).settings, changes))
    program, run, start, *rest = shlex.split(command(experiment))
    assert (program, run) == ("wganstudio", "run") and start != FILE
    texts = [text.partition("=")[::2] for text in rest[1:-2:2]]
    repeated = read(override_texts(preset(start).settings, texts))
    assert repeated.model_copy(update={"about": experiment.about}) == experiment


def test_an_experiment_without_a_preset_is_repeated_from_its_file():
    assert FILE in command(read({"pair": {"kind": "gaussians"}}))
