"""Theme: the light and the dark palette, and icons in their colors."""

from functools import cache
from typing import Literal

from PySide6.QtCore import QByteArray, QEvent, QObject, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QAction, QColor, QFont, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication, QToolTip, QWidget

from wganstudio import resources
from wganstudio.figures.tokens import DARK, LIGHT, Colors
from wganstudio.gui.text_roles import PROBLEM, WARNING, Heading, PageTitle

Mode = Literal["system", "light", "dark"]
HEADING_SIZES = {Heading.__name__: 1.2, PageTitle.__name__: 1.4}
"""Sizes of type by class, relative to the rest."""


class Theme(QObject):
    """The theme in use; `changed` is emitted with True if it is dark."""

    changed = Signal(bool)

    def __init__(self, app: QApplication, mode: Mode = "system") -> None:
        super().__init__()
        self._app = app
        self._mode: Mode = mode
        self._applied: Colors | None = None
        self._font = app.font()
        app.setStyle("Fusion")
        app.styleHints().colorSchemeChanged.connect(self._follow_system)
        self.scale_type(1.0)
        self._apply()

    @property
    def mode(self) -> Mode:
        """The choice of the user: system, light or dark."""
        return self._mode

    @property
    def dark(self) -> bool:
        """True if the dark palette is in use."""
        if self._mode == "system":
            return self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return self._mode == "dark"

    @property
    def colors(self) -> Colors:
        """The colors in use."""
        return DARK if self.dark else LIGHT

    def choose(self, mode: Mode) -> None:
        """Change the theme, and the window frames where the system allows that."""
        self._mode = mode
        hints = self._app.styleHints()
        if mode == "system":
            hints.unsetColorScheme()
        else:
            hints.setColorScheme(Qt.ColorScheme.Dark if mode == "dark" else Qt.ColorScheme.Light)
        self._apply()

    def scale_type(self, scale: float) -> None:
        """Make all type larger or smaller than the font of the system, also that of plots."""
        font = QFont(self._font)
        font.setPointSizeF(scale * self._font.pointSizeF())
        self._app.setFont(font)  # which forgets the fonts of classes
        for cls, size in HEADING_SIZES.items():
            larger = QFont(font)
            larger.setPointSizeF(size * font.pointSizeF())
            self._app.setFont(larger, cls)  # type: ignore[arg-type]
        self._app.sendPostedEvents(None, QEvent.Type.ApplicationFontChange.value)  # before anything is drawn

    @Slot()
    def _follow_system(self) -> None:
        if self._mode == "system":
            self._apply()

    def _apply(self) -> None:
        colors = self.colors
        if colors is self._applied:
            return
        self._applied = colors
        palette = _palette(colors)
        self._app.setPalette(palette)  # which forgets the palettes of classes
        for cls, own in _class_palettes(palette, colors).items():
            self._app.setPalette(own, cls)  # type: ignore[arg-type]
        QToolTip.setPalette(palette)
        for window in self._app.topLevelWidgets():
            recolor_icons(window, colors)
        self.changed.emit(self.dark)


def recolor_icons(widget: QWidget, colors: Colors) -> None:
    """Redraw the icons of all actions and buttons of a widget in the colors of a theme."""
    things: list[QAction | QAbstractButton] = [*widget.findChildren(QAction)]
    things += widget.findChildren(QAbstractButton)
    for thing in things:
        if name := thing.property("iconName"):
            thing.setIcon(icon(name, colors))


def set_icon(thing: QAction | QAbstractButton, name: str) -> None:
    """Give an action or a button an icon of resources/icons that follows the theme."""
    thing.setProperty("iconName", name)
    thing.setIcon(icon(name, shown_colors()))


def is_dark() -> bool:
    """Return True if the application's palette is dark."""
    return QApplication.palette().color(QPalette.ColorRole.Window).lightness() < 128


def shown_colors() -> Colors:
    """Return the colors of the application's palette, for what paints itself."""
    return DARK if is_dark() else LIGHT


@cache
def icon(name: str, colors: Colors) -> QIcon:
    """Return an icon of resources/icons, drawn in the colors of a theme."""
    result = QIcon()
    for color, mode in ((colors.text, QIcon.Mode.Normal), (colors.line, QIcon.Mode.Disabled)):
        drawing = _drawing(name, color)
        for size in (16, 20, 24, 32, 48):
            result.addPixmap(_pixmap(drawing, size), mode)
    return result


def app_icon() -> QIcon:
    """Return the application's icon, which has its own colors."""
    result = QIcon()
    drawing = _drawing("wganstudio", "#000000")
    for size in (16, 32, 64, 128, 256):
        result.addPixmap(_pixmap(drawing, size))
    return result


def _drawing(name: str, color: str) -> QSvgRenderer:
    svg = resources.path("icons", f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", color)
    return QSvgRenderer(QByteArray(svg.encode()))


def _pixmap(drawing: QSvgRenderer, size: int) -> QPixmap:
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    drawing.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return pixmap


def _palette(c: Colors) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette(QColor(c.window))
    for roles, color in (
        ((role.Window,), c.window),
        ((role.Base,), c.base),
        ((role.AlternateBase, role.Button, role.ToolTipBase), c.raised),
        ((role.WindowText, role.Text, role.ButtonText, role.ToolTipText), c.text),
        ((role.PlaceholderText,), c.dim),
        ((role.Highlight, role.Accent, role.Link), c.accent),
        ((role.HighlightedText,), c.on_accent),
        ((WARNING,), c.warning),
        ((PROBLEM,), c.error),
        ((role.Mid,), c.line),
    ):
        for color_role in roles:
            palette.setColor(color_role, QColor(color))
    for color_role in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, color_role, QColor(c.faint))
    return palette


def _class_palettes(palette: QPalette, c: Colors) -> dict[str, QPalette]:
    """Return the palettes of classes that differ: the edges of fields and boxes, and bars of progress."""
    role = QPalette.ColorRole
    field, box, bar = QPalette(palette), QPalette(palette), QPalette(palette)
    field.setColor(role.Window, _window_of_edge(c.line))
    box.setColor(role.Window, _window_of_edge(c.faint))
    bar.setColor(role.Window, _window_of_edge(c.line))
    for color_role in (role.Highlight, role.Accent):
        bar.setColor(color_role, QColor(c.progress))
    bar.setColor(role.HighlightedText, QColor(c.text))
    return {"QLineEdit": field, "QCheckBox": box, "CheckTree": box, "QProgressBar": bar}


def _window_of_edge(color: str) -> QColor:
    """Return the color of the window from which the Fusion style derives edges of a color."""
    return QColor(color).lighter(140)
