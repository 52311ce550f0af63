"""Figures in print: the structure of their files, type that can be read, and texts that do not overlap."""

import json
from itertools import combinations

import pytest
from matplotlib.axis import Axis
from matplotlib.figure import Figure as MplFigure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from printed_figures import GOLDEN, examples, journal_styles, structure
from wganstudio.figures import Figure, figure_names
from wganstudio.figures.mpl import render_figure, render_files, render_panels
from wganstudio.figures.panels import FigurePanel
from wganstudio.figures.print_style import COLOR_MAPS, FAMILIES, SMALLEST, PrintStyle, journal_style

EXAMPLES = examples()
STYLES = journal_styles() | {"own": PrintStyle(), "own-two": PrintStyle(width=7.0, family="latex")}
SLACK = 1.0
"""Points by which the boxes of two texts may overlap: they have a margin of their own."""


def drawn_texts(mpl_figure: MplFigure) -> list[tuple[Text, Bbox]]:
    """The texts that are printed, with their boxes in points."""
    mpl_figure.draw_without_rendering()
    renderer, hidden = mpl_figure.canvas.get_renderer(), hidden_labels(mpl_figure)
    texts = []
    for text in mpl_figure.findobj(Text):
        box = text.get_window_extent(renderer)
        if text.get_visible() and text.get_text().strip() and box.width and id(text) not in hidden:
            texts.append((text, Bbox(box.get_points() * 72 / mpl_figure.dpi)))
    return texts


def hidden_labels(mpl_figure: MplFigure) -> set[int]:
    """The labels of ticks outside the limits of their axes."""
    hidden: set[int] = set()
    for axis in mpl_figure.findobj(Axis):
        ticks = {*axis.majorTicks, *axis.minorTicks} - {*axis._update_ticks()}
        hidden |= {id(label) for tick in ticks for label in (tick.label1, tick.label2)}
    return hidden


def overlaps(mpl_figure: MplFigure) -> list[tuple[str, str]]:
    pairs = combinations(drawn_texts(mpl_figure), 2)
    boxes = [(a.get_text(), b.get_text(), Bbox.intersection(one, other)) for (a, one), (b, other) in pairs]
    return [(a, b) for a, b, box in boxes if box is not None and min(box.width, box.height) > SLACK]


def test_every_figure_has_an_example() -> None:
    assert {name.rpartition("-")[0] for name in EXAMPLES} == set(figure_names())


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_files_have_the_structure_of_the_golden_ones(name: str) -> None:
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    assert structure(EXAMPLES[name], journal_style("icml")) == golden[name], (
        "If the change is meant, look at the figure and run: python tests/support/printed_figures.py"
    )


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", EXAMPLES)
def test_no_two_texts_overlap_and_all_are_on_the_page_and_large_enough(name: str, style: str) -> None:
    mpl_figure = render_figure(EXAMPLES[name], STYLES[style])
    assert overlaps(mpl_figure) == []
    width, height = mpl_figure.get_size_inches() * 72
    for text, box in drawn_texts(mpl_figure):
        assert text.get_fontsize() >= SMALLEST, text.get_text()
        assert box.x0 > -SLACK and box.x1 < width + SLACK, text.get_text()
        assert box.y0 > -SLACK and box.y1 < height + SLACK, text.get_text()


def panels_of_two(name: str = "landscape-0") -> list[FigurePanel]:
    return [FigurePanel(EXAMPLES[name], "GP"), FigurePanel(EXAMPLES[name], "LP")]


@pytest.mark.parametrize("style", STYLES)
def test_panels_have_letters_and_their_texts_do_not_overlap(style: str) -> None:
    mpl_figure = render_panels(panels_of_two(), STYLES[style])
    texts = [text.get_text() for text, _ in drawn_texts(mpl_figure)]
    assert any(text.startswith("(a) GP") for text in texts) and any(
        text.startswith("(b) LP") for text in texts
    )
    assert overlaps(mpl_figure) == []
    assert mpl_figure.get_figwidth() == (STYLES[style].width or 7.0)


@pytest.mark.parametrize("name", ["landscape-0", "costs-1", "momentum-0"])
@pytest.mark.parametrize("family", FAMILIES)
def test_the_same_data_give_the_same_bytes_in_every_format(name: str, family: str) -> None:
    def files() -> dict[str, bytes]:
        style = PrintStyle(3.25, family, caption=False)
        return render_files([FigurePanel(EXAMPLES[name])], ("png", "svg", "pdf", "pgf"), "a", 60, style)

    first = files()
    assert {"a.png", "a.svg", "a.pdf", "a.pgf"} <= set(first)
    assert first == files()


def legend_texts(figure: Figure) -> list[str]:
    mpl_figure = render_figure(figure, journal_style("icml"))
    return [
        text.get_text() for panel in mpl_figure.subfigs for one in panel.legends for text in one.get_texts()
    ]


def test_the_legend_names_what_is_drawn_and_nothing_else() -> None:
    for name, figure in EXAMPLES.items():
        mpl_figure = render_figure(figure, journal_style("icml"))
        for panel in mpl_figure.subfigs:
            labels = {label for axes in panel.axes for label in axes.get_legend_handles_labels()[1]}
            entries = [text.get_text() for legend in panel.legends for text in legend.get_texts()]
            assert len(entries) == len(labels) and all(entries), name
    assert legend_texts(EXAMPLES["landscape-0"]) == ["contour of $u$", "$P$", "$Q$"]
    assert "slope $-1$" in legend_texts(EXAMPLES["sweep-9"])


def test_contours_are_labeled_with_their_levels() -> None:
    figure = EXAMPLES["landscape-0"]
    (axes,) = render_figure(figure, journal_style("icml")).axes
    labels = {float(text.get_text().strip("$")) for text in axes.texts}
    assert labels and labels <= {round(float(level), 9) for level in figure.levels}


@pytest.mark.parametrize("color_map", COLOR_MAPS)
def test_a_color_map_is_that_of_every_map(color_map: str) -> None:
    mpl_figure = render_figure(EXAMPLES["gradient-0"], PrintStyle(color_map=color_map))
    assert {image.get_cmap().name for axes in mpl_figure.axes for image in axes.images} == {color_map}


def test_a_style_without_title_and_caption_has_neither() -> None:
    figure = EXAMPLES["costs-0"]
    plain = render_figure(figure, PrintStyle(title=False, caption=False))
    texts = [text.get_text() for text, _ in drawn_texts(plain)]
    assert figure.title not in texts and not any("closed form" in text for text in texts)
    full = render_figure(figure)
    assert any("closed form" in text.get_text() for text, _ in drawn_texts(full))
    assert full.get_figheight() > plain.get_figheight()


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"width": 1.0}, "1 inches is not a valid width. Choose a value from 2.5 to 12."),
        ({"size": 3.0}, "3 points is not a valid size of type. Choose a value from 7 to 14."),
        ({"family": "comic"}, "There is no font 'comic'; choose from sans, times, latex."),
    ],
)
def test_a_wrong_style_is_refused_in_a_sentence(settings: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValueError) as raised:
        PrintStyle(**settings)
    assert str(raised.value) == sentence


def test_nearly_flat_data_fill_their_axes() -> None:
    from wganstudio.figures import zoomed

    flat = zoomed(EXAMPLES["landscape-0"], {"x": (-4.0, 4.0), "y": (-0.05, 0.05)})
    mpl_figure = render_figure(flat, journal_style("icml"))
    (axes,) = mpl_figure.axes
    assert axes.get_aspect() == "auto"
    assert axes.get_position().height * mpl_figure.get_figheight() > 1.0 and overlaps(mpl_figure) == []
