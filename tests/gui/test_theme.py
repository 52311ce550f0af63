"""Both themes are legible, and a change reaches everything that is drawn."""

import pytest
from PySide6.QtGui import QColor, QIcon

from wganstudio import resources
from wganstudio.gui.theme import DARK, LIGHT, Colors, icon
from wganstudio.gui.window_actions import HELP_PAGES


def luminance(color: str) -> float:
    parts = [QColor(color).redF(), QColor(color).greenF(), QColor(color).blueF()]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_stands_out_from_every_ground(qapp, theme: Colors):
    for ground in (theme.window, theme.base, theme.raised, theme.note_back):
        assert contrast(theme.text, ground) > 10 and contrast(theme.dim, ground) > 4.5
        assert contrast(theme.accent, ground) > 4.4
    for ground in (theme.window, theme.base):
        assert contrast(theme.error, ground) > 4.5
    assert contrast(theme.text, theme.error_back) > 7


def shade(made: QIcon) -> int:
    image = made.pixmap(32, 32).toImage()
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    solid = [pixel.lightness() for pixel in pixels if pixel.alpha() > 200]
    return sum(solid) // len(solid)


@pytest.mark.parametrize("path", sorted(resources.path("icons").glob("*.svg")), ids=lambda path: path.stem)
def test_an_icon_is_dark_on_light_and_light_on_dark(qapp, path):
    if path.stem != "wganstudio":  # the app's own has its own colors
        assert shade(icon(path.stem, LIGHT)) < 80 and shade(icon(path.stem, DARK)) > 180


def test_every_action_has_the_icon_it_names(window):
    icons = [action.info.icon for action in window.actions_.values() if action.info.icon]
    assert [name for name in icons if not resources.path("icons", f"{name}.svg").exists()] == []


def test_changing_the_theme_reaches_window_icons_views_and_the_next_start(window):
    for mode, ground in (("dark", DARK), ("light", LIGHT)):
        window.actions_[mode].trigger()
        assert window.palette().window().color() == QColor(ground.window)
        assert shade(window.actions_["run"].icon()) == shade(icon("run", ground))
        assert {view.palette_.background for view in window.area.views.values()} != set()
        assert window.settings.get("theme", "") == mode


def test_every_help_page_opens_and_its_links_lead_somewhere(window):
    for name, (_, page_name) in HELP_PAGES.items():
        window.actions_[name].trigger()
        page = resources.path("help", f"{page_name}.md").read_text()
        assert window.dialogs.help.windowTitle() == page.splitlines()[0].lstrip("# ")
        assert window.dialogs.help.text.toPlainText().count("\n") > 10
    window.dialogs.help.close()
