"""Theme: the light and the dark palette, and icons in their colors."""

from functools import cache
from typing import Literal

from PySide6.QtCore import QByteArray, QObject, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QAction, QColor, QFont, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from wganstudio import resources
from wganstudio.figures.tokens import DARK, LIGHT, Colors

Mode = Literal["system", "light", "dark"]


class Theme(QObject):
    """The theme in use; `changed` is emitted with True if it is dark."""

    changed = Signal(bool)

    def __init__(self, app: QApplication, mode: Mode = "system") -> None:
        super().__init__()
        self._app = app
        self._mode: Mode = mode
        self._applied: Colors | None = None
        self._font = app.font()
        self._scale = 1.0
        app.setStyle("Fusion")
        app.styleHints().colorSchemeChanged.connect(self._follow_system)
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
        self._scale = scale
        font = QFont(self._font)
        font.setPointSizeF(scale * self._font.pointSizeF())
        self._app.setFont(font)
        self._app.setStyleSheet(self._sheet())

    def _sheet(self) -> str:
        """Return the style sheet; it holds the size of the type, as styled widgets do not follow the font."""
        sheet = _sheet(self.colors)
        if self._scale == 1.0:
            return sheet
        return f"QWidget {{ font-size: {self._scale * self._font.pointSizeF():.1f}pt; }}\n{sheet}"

    @Slot()
    def _follow_system(self) -> None:
        if self._mode == "system":
            self._apply()

    def _apply(self) -> None:
        colors = self.colors
        if colors is self._applied:
            return
        self._applied = colors
        self._app.setPalette(_palette(colors))
        self._app.setStyleSheet(self._sheet())
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
    thing.setIcon(icon(name, DARK if is_dark() else LIGHT))


def is_dark() -> bool:
    """Return True if the application's palette is dark."""
    return QApplication.palette().color(QPalette.ColorRole.Window).lightness() < 128


def icon(name: str, colors: Colors) -> QIcon:
    """Return an icon of resources/icons, drawn in the colors of a theme."""
    result = QIcon()
    for size in (16, 20, 24, 32, 48):
        result.addPixmap(_pixmap(name, colors.text, size), QIcon.Mode.Normal)
        result.addPixmap(_pixmap(name, colors.line, size), QIcon.Mode.Disabled)
    return result


def app_icon() -> QIcon:
    """Return the application's icon, which has its own colors."""
    result = QIcon()
    for size in (16, 32, 64, 128, 256):
        result.addPixmap(_pixmap("wganstudio", "#000000", size))
    return result


@cache
def _svg(name: str) -> str:
    return resources.path("icons", f"{name}.svg").read_text(encoding="utf-8")


@cache
def _pixmap(name: str, color: str, size: int) -> QPixmap:
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    svg = _svg(name).replace("currentColor", color)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, size, size))
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
        ((role.Highlight, role.Accent, role.Link, role.LinkVisited), c.accent),
        ((role.HighlightedText, role.BrightText), c.on_accent),
        ((role.Mid,), c.line),
    ):
        for color_role in roles:
            palette.setColor(color_role, QColor(color))
    for color_role in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, color_role, QColor(c.faint))
    return palette


def _sheet(c: Colors) -> str:
    return f"""
    QToolTip {{ color: {c.text}; background: {c.raised}; border: 1px solid {c.line}; padding: 4px; }}
    QMainWindow::separator {{ background: transparent; width: 5px; height: 5px; }}
    QMainWindow::separator:hover {{ background: {c.accent}; }}
    QToolBar {{ border: none; border-bottom: 1px solid {c.line}; spacing: 4px; padding: 4px 6px; }}
    QStatusBar {{ border-top: 1px solid {c.line}; }}
    QStatusBar::item {{ border: none; }}
    QScrollArea {{ border: none; }}
    QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
    *[role="dim"] {{ color: {c.dim}; }}
    *[role="title"] {{ font-weight: 600; }}
    *[role="heading"] {{ font-weight: 600; color: {c.text}; font-size: 11pt; }}
    *[role="page-title"] {{ font-weight: 600; font-size: 13pt; }}
    *[role="changed"] {{ color: {c.accent}; }}
    *[role="changed-value"] {{ color: {c.accent}; font-weight: 600; }}
    QToolButton[role="warning"] {{ color: {c.warning}; font-weight: 600; }}
    *[role="problem"] {{ color: {c.error}; }}
    *[role="warning"] {{ color: {c.warning}; }}
    QFrame[role="rule"] {{ background: {c.line}; border: none; max-height: 1px; min-height: 1px; }}
    QFrame[role="dock-title"] {{ background: {c.raised}; border-bottom: 1px solid {c.line}; }}
    QFrame[role="dock-title"][active="true"] {{ border-bottom: 2px solid {c.accent}; }}
    QFrame[role="balloon"] {{ background: {c.raised}; border: 2px solid {c.accent}; border-radius: 6px; }}
    QFrame[role="head"] {{ border: none; border-bottom: 1px solid {c.line}; }}
    QFrame[role="note"] {{ background: {c.note_back}; border: none; border-left: 3px solid {c.accent}; }}
    QFrame[role="error"] {{ background: {c.error_back}; border: none; border-left: 3px solid {c.error}; }}
    QPushButton[role="choice"] {{
        border: 1px solid {c.line}; border-radius: 3px; padding: 4px 8px; background: {c.raised};
    }}
    QPushButton[role="choice"]:hover, QPushButton[role="choice"]:focus {{ border-color: {c.accent}; }}
    QPushButton[role="choice"]:checked {{
        border-color: {c.accent}; background: {c.accent}; color: {c.on_accent}; font-weight: 600;
    }}
    QLineEdit {{ border: 1px solid {c.line}; border-radius: 3px; padding: 2px 3px; background: {c.base}; }}
    QLineEdit:focus {{ border-color: {c.accent}; }}
    QLineEdit[wrong="true"], QComboBox[wrong="true"] {{ border: 1px solid {c.error}; border-radius: 3px; }}
    QLineEdit[doubtful="true"], QComboBox[doubtful="true"] {{
        border: 1px solid {c.warning}; border-radius: 3px; padding: 1px 4px;
    }}
    QCheckBox::indicator:unchecked:enabled, QTreeView::indicator:unchecked:enabled {{
        border: 1px solid {c.faint}; border-radius: 2px; background: {c.base};
        width: 11px; height: 11px;
    }}
    QProgressBar {{
        border: 1px solid {c.line}; border-radius: 3px; background: {c.base}; text-align: center;
    }}
    QProgressBar::chunk {{ background: {c.progress}; border-radius: 2px; }}
    """
