"""Text and frames show what they say by color and weight, without a style sheet, in both themes."""

from typing import get_args

import pytest
from PySide6.QtGui import QColor, QFont, QImage
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QLineEdit, QProgressBar, QWidget

from contrast import contrast
from wganstudio.figures.tokens import DARK, LARGE_TYPE, LIGHT, Colors
from wganstudio.gui.dialogs.data.parts import CheckTree
from wganstudio.gui.form.editors import ScrollSafeComboBox, UnitEditor
from wganstudio.gui.text_roles import Heading, PageTitle, TextRole, set_role
from wganstudio.gui.theme import Mode, Theme
from wganstudio.gui.widgets.buttons import ChoiceButton, MenuButton
from wganstudio.gui.widgets.plain_text import Label
from wganstudio.gui.widgets.themed_frame import LOOKS, ThemedFrame

THEMES = {"light": LIGHT, "dark": DARK}
COLORS = {
    "": "text",
    "title": "text",
    "dim": "dim",
    "changed": "accent",
    "changed-value": "accent",
    "warning": "warning",
    "problem": "error",
}
STRONG = ("title", "changed-value")


@pytest.fixture
def theme(qapp):
    font, palette = qapp.font(), qapp.palette()
    yield Theme(qapp, "light")
    qapp.setFont(font)
    qapp.setPalette(palette)


def choose(theme: Theme, mode: Mode) -> None:
    """Change the theme; Qt tells the widgets in the next turn of the event loop."""
    theme.choose(mode)
    QApplication.processEvents()


def shown(qtbot, widget: QWidget) -> QImage:
    qtbot.addWidget(widget)
    widget.show()
    return widget.grab().toImage()


def colors_of(image: QImage) -> set[str]:
    places = ((x, y) for x in range(image.width()) for y in range(image.height()))
    return {image.pixelColor(*place).name() for place in places}


def color_of(label: QLabel) -> str:
    return label.palette().color(label.foregroundRole()).name()


def test_the_application_has_no_style_sheet(window):
    window.actions_["dark"].trigger()
    assert QApplication.instance().styleSheet() == ""
    assert [widget for widget in QApplication.allWidgets() if widget.styleSheet()] == []


@pytest.mark.parametrize("role", get_args(TextRole))
def test_a_new_theme_reaches_a_text_of_every_role(theme, qtbot, role):
    label = Label("Text")
    qtbot.addWidget(label)
    label.show()
    set_role(label, role)
    for mode, colors in THEMES.items():
        choose(theme, mode)
        assert color_of(label) == getattr(colors, COLORS[role])
        assert label.font().weight() == (QFont.Weight.DemiBold if role in STRONG else QFont.Weight.Normal)


def test_a_text_that_changes_its_role_keeps_nothing_of_the_former(theme, qtbot):
    label = Label("Text")
    qtbot.addWidget(label)
    label.show()
    set_role(label, "changed-value")
    set_role(label, "")
    assert color_of(label) == LIGHT.text and label.font().weight() == QFont.Weight.Normal


@pytest.mark.parametrize("name", LOOKS)
def test_a_new_theme_reaches_a_frame_of_every_look(theme, qtbot, name):
    look = LOOKS[name]
    frame = ThemedFrame(name)
    frame.resize(40, 30)
    for mode, colors in THEMES.items():
        choose(theme, mode)
        seen = colors_of(shown(qtbot, frame))
        assert getattr(colors, look.edge) in seen
        assert not look.ground or getattr(colors, look.ground) in seen


@pytest.mark.parametrize("colors", THEMES.values(), ids=THEMES)
def test_every_text_can_be_read_on_every_frame(colors: Colors):
    grounds = {look.ground for look in LOOKS.values() if look.ground}
    ratios = {
        f"{text} on {ground}": contrast(getattr(colors, text), getattr(colors, ground))
        for text in {*COLORS.values(), "error"}
        for ground in grounds
    }
    assert {name: round(ratio, 2) for name, ratio in ratios.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("make", [lambda: UnitEditor("s"), ScrollSafeComboBox], ids=["line", "combo"])
@pytest.mark.parametrize(("state", "color"), [("wrong", "error"), ("doubtful", "warning")])
def test_a_field_in_doubt_has_an_outline_in_the_color_of_the_theme(theme, qtbot, make, state, color):
    field = make()
    field.setProperty(state, True)
    for mode, colors in THEMES.items():
        choose(theme, mode)
        assert getattr(colors, color) in colors_of(shown(qtbot, field))
    field.setProperty(state, False)
    assert DARK.error not in colors_of(shown(qtbot, field))


@pytest.mark.parametrize("make", [QCheckBox, CheckTree], ids=["box", "tree"])
def test_the_edge_of_a_box_stands_out(theme, qtbot, make):
    for mode, colors in THEMES.items():
        choose(theme, mode)
        widget = make()
        shown(qtbot, widget)
        edge = widget.palette().window().color().darker(140).name()  # as the Fusion style derives it
        assert contrast(edge, colors.base) > 3


def test_the_text_over_a_bar_of_progress_keeps_its_color(theme, qtbot):
    bar = QProgressBar()
    shown(qtbot, bar)
    for mode, colors in THEMES.items():
        choose(theme, mode)
        assert bar.palette().highlightedText().color() == bar.palette().text().color() == QColor(colors.text)
        assert bar.palette().highlight().color() == QColor(colors.progress)


def test_the_chosen_button_is_filled(theme, qtbot):
    button = ChoiceButton("&Points")
    for mode, colors in THEMES.items():
        choose(theme, mode)
        button.setChecked(False)
        assert colors.accent not in colors_of(shown(qtbot, button))
        button.setChecked(True)
        assert colors.accent in colors_of(shown(qtbot, button))


@pytest.mark.parametrize(
    "make",
    [
        lambda: Label("Text"),
        lambda: Heading("Text"),
        lambda: PageTitle("Text"),
        lambda: ChoiceButton("Text"),
        MenuButton,
        lambda: QLineEdit("Text"),
    ],
    ids=["label", "heading", "title", "choice", "menu", "line"],
)
def test_larger_type_makes_everything_grow_and_shrink_again(theme, qtbot, make):
    widget = make()
    set_role(widget, "dim")
    if isinstance(widget, MenuButton):
        widget.setText("Columns")
    shown(qtbot, widget)
    before, size = widget.sizeHint(), widget.font().pointSizeF()
    theme.scale_type(LARGE_TYPE)
    QApplication.processEvents()
    assert widget.font().pointSizeF() == pytest.approx(LARGE_TYPE * size, abs=0.1)
    assert widget.sizeHint().height() > before.height()
    theme.scale_type(1.0)
    QApplication.processEvents()
    assert widget.sizeHint() == before


def test_headings_are_larger_than_text(theme, qtbot):
    labels = [Label("Text"), Heading("Text"), PageTitle("Text")]
    for label in labels:
        qtbot.addWidget(label)
        label.show()
    sizes = [label.font().pointSizeF() for label in labels]
    assert sizes == sorted(set(sizes))
