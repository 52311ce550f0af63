"""Both themes are legible, and a change reaches everything that is drawn."""

import pytest
from PySide6.QtGui import QColor, QIcon
from PySide6.QtWidgets import QApplication

from wganstudio import resources
from wganstudio.figures.tokens import DARK, LIGHT
from wganstudio.gui.theme import icon


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
        QApplication.processEvents()  # Qt tells the widgets in the next turn of the event loop
        assert window.palette().window().color() == QColor(ground.window)
        assert shade(window.actions_["run"].icon()) == shade(icon("run", ground))
        assert {view.palette_.background for view in window.area.views.values()} != set()
        assert window.settings.get("theme", "") == mode
