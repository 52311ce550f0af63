"""The export dialog: what is ticked, what a journal sets, the preview, and what it remembers."""

from dataclasses import fields

import pytest
from PySide6.QtWidgets import QWidget

from figure_records.gaussians import gaussian_record
from wganstudio.figures.costs.figure import Costs
from wganstudio.figures.landscape.figure import Landscape
from wganstudio.figures.print_style import PrintStyle
from wganstudio.gui.dialogs.export import MAX_PANELS, ExportDialog, figure_of_runs
from wganstudio.gui.dialogs.export_choices import LAYOUTS, PAGES, ExportChoices, page_title
from wganstudio.gui.dialogs.figure_previewer import FigurePreviewer, FigurePreviewRequest
from wganstudio.gui.settings import Settings
from wganstudio.gui.widgets.docks import in_sight

RECORD, SHORT = gaussian_record(2), gaussian_record(2, until=500, ended=False)


class ShownView(QWidget):
    """A view of the window with a figure."""

    def __init__(self, parent, title, figure, selected):
        super().__init__(parent)
        self.title, self.selected = title, selected
        self._figure = figure
        self.session_records = lambda: selected

    def figure(self):
        return self._figure

    def is_in_sight(self):
        return in_sight(self)


@pytest.fixture
def previewer():
    previewer = FigurePreviewer()
    yield previewer
    previewer.close(60_000)


@pytest.fixture
def make_dialog(qtbot, previewer, tmp_path):
    """Makes a dialog over a window with two views, one in sight, and one without a figure."""
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 700)

    def make(choices=None, runs=(RECORD, SHORT)):
        views = {
            "landscape": ShownView(window, "Landscape", Landscape.from_record(RECORD), runs),
            "costs": ShownView(window, "Costs", Costs.from_record(RECORD), runs),
            "samples": ShownView(window, "Samples", None, runs),
        }
        for view in views.values():
            view.resize(100, 100)
        window.show()
        views["costs"].hide()
        dialog = ExportDialog(
            window, RECORD, views, choices or ExportChoices(folder=str(tmp_path)), previewer
        )
        dialog.show()
        return dialog

    return make


def ticked(dialog):
    return [name for name, box in dialog.figure_boxes.items() if box.isChecked()]


def choose(box, value):
    assert box.findData(value) >= 0
    box.setCurrentIndex(box.findData(value))


def waits_for_preview(qtbot, dialog):
    qtbot.waitUntil(lambda: dialog.preview.is_current, timeout=60_000)


def test_only_views_in_sight_are_ticked_and_empty_ones_cannot_be(make_dialog):
    dialog = make_dialog()
    assert ticked(dialog) == ["landscape"]
    assert not dialog.figure_boxes["samples"].isEnabled()
    assert dialog.figure_boxes["samples"].text() == "Samples (empty)"


def test_a_journal_sets_width_and_fonts_and_leaves_the_text_to_the_paper(make_dialog):
    dialog = make_dialog()
    assert dialog.request().style == PrintStyle()
    choose(dialog.page, "icml-one")
    style = dialog.request().style
    assert (style.width, style.family, style.size, style.title, style.caption) == (
        3.25,
        "times",
        8,
        False,
        False,
    )
    assert not dialog.width_box.isVisible()
    choose(dialog.page, "other")
    assert dialog.width_box.isVisible() and dialog.request().style.width == 6.0


def test_the_preview_follows_in_the_proportions_of_the_print(make_dialog, qtbot):
    dialog = make_dialog()
    choose(dialog.page, "icml-two")
    choose(dialog.page, "icml-one")
    waits_for_preview(qtbot, dialog)
    preview = dialog.preview
    assert preview.picture.pixmap().width() == pytest.approx(3.25 * preview.dpi, abs=1)
    assert preview.note.text().startswith("3.25 ×")
    dialog.figure_boxes["landscape"].setChecked(False)
    assert preview.picture.text() == "Tick a view to see it here." and not dialog.export_button.isEnabled()
    dialog.figure_boxes["costs"].setChecked(True)
    waits_for_preview(qtbot, dialog)
    assert not preview.picture.pixmap().isNull() and dialog.export_button.isEnabled()


def test_views_and_runs_become_panels(make_dialog):
    dialog = make_dialog()
    dialog.figure_boxes["costs"].setChecked(True)
    choose(dialog.layout_choice, "views")
    request = dialog.request()
    assert request.together and [type(figure) for _, figure in request.figures] == [Landscape, Costs]
    dialog.figure_boxes["costs"].setChecked(False)
    choose(dialog.layout_choice, "runs")
    figures = dialog.request().figures
    assert [record for record, _ in figures] == [RECORD, SHORT]
    scales = {(figure.scale.low, figure.scale.high) for _, figure in figures}
    assert len(scales) == 1, "equal colors mean equal values"


def test_one_run_has_no_panels_of_runs_and_many_have_a_limit(make_dialog):
    alone = make_dialog(runs=(RECORD,))
    assert alone.layout_choice.findData("runs") < 0
    many = make_dialog(runs=(RECORD,) * (MAX_PANELS + 3))
    choose(many.layout_choice, "runs")
    assert len(many.request().figures) == MAX_PANELS


def test_a_wrong_number_is_told_and_nothing_is_exported(make_dialog, qtbot):
    dialog = make_dialog(ExportChoices(page="other"))
    dialog.width_box.editor.inner.selectAll()
    qtbot.keyClicks(dialog.width_box.editor.inner, "1")
    assert not dialog.width_box.valid and not dialog.export_button.isEnabled()
    assert dialog.preview.picture.text() == "One of the numbers is not valid."


def test_the_choices_are_remembered(make_dialog, home):
    chosen = ExportChoices(
        folder="/tmp/figures",
        formats="svg,pgf",
        dpi=600,
        page="siam-one",
        width=4.5,
        family="latex",
        size=9.0,
        color_map="cividis",
        title=False,
        caption=False,
        caption_file=True,
        layout="views",
    )
    settings = Settings()
    chosen.save(settings)
    assert ExportChoices.load(settings) == chosen
    assert make_dialog(chosen).choices() == chosen


@pytest.mark.parametrize("name", [field.name for field in fields(ExportChoices)])
def test_remembered_garbage_is_ignored(name, home):
    settings = Settings()
    settings.put(f"export/{name}", "\x00garbage")
    loaded = ExportChoices.load(settings)
    assert isinstance(loaded.style, PrintStyle) and loaded.page in PAGES and loaded.layout in LAYOUTS


def test_every_width_has_a_title():
    titles = [page_title(page) for page in PAGES]
    assert "ICML, two columns: 6.75 in" in titles and "NeurIPS, text: 5.5 in" in titles
    assert len(set(titles)) == len(titles)


def test_a_step_that_another_run_has_not_recorded_becomes_its_newest():
    (_, first), (_, second) = figure_of_runs(Landscape.from_record(RECORD, 2000), (RECORD, SHORT), ())
    assert (first.step, second.step) == (2000, 500)


def test_the_last_of_several_requests_is_drawn(qtbot, previewer):
    from wganstudio.figures.panels import FigurePanel

    drawn = []
    previewer.drawn.connect(drawn.append)
    panels = (FigurePanel(Costs.from_record(RECORD)),)
    requests = [FigurePreviewRequest(panels, PrintStyle(width=width), 30) for width in (3.0, 4.0, 5.0)]
    for request in requests:
        previewer.request(request)
    qtbot.waitUntil(lambda: not previewer.busy, timeout=60_000)
    assert [one.request for one in drawn] == [requests[-1]] and drawn[0].png
