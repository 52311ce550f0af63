"""ScaleControl: the color scales of a view as the user edits them, by the bars or in a dialog."""

from functools import partial

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction

from wganstudio.figures.color_scales import ScaleSettings, ScaleStyle, limits_key, scales_of
from wganstudio.figures.grid import ColorScale
from wganstudio.figures.types import Range
from wganstudio.gui.views.maps.host import MapHost
from wganstudio.gui.views.maps.scale_dialog import ScaleDialog


class ScaleControl(QObject):
    """Changes the color scales of a view; those of runs that are compared are the same."""

    def __init__(self, view: MapHost) -> None:
        super().__init__(view)
        self._view = view
        self._dialog: ScaleDialog | None = None
        self.action = QAction("Color scale\u2026", view)
        self.action.setToolTip("Type the limits, choose other colors, or make the scale logarithmic.")
        self.action.triggered.connect(self.open)

    @property
    def settings(self) -> ScaleSettings:
        """The changes to the scales."""
        return self._view.scale_settings

    def scales(self) -> dict[str, ColorScale]:
        """Return the scales that have a color bar, by name."""
        drawn = self._view.drawn
        return scales_of(drawn) if drawn is not None and self._view.scale_bars else {}

    def attach(self) -> None:
        """Listen to the bars of the view, which are made anew where the panels are arranged anew."""
        for key, bar in zip(self.scales(), self._view.scale_bars, strict=False):
            bar.on_edit, bar.on_click = partial(self.set_limits, key), partial(self.open, key)
        if self._dialog is not None:
            self._dialog.show_scales()

    def set_limits(self, key: str, limits: Range) -> None:
        """Change the limits of a scale, which are locked thereby."""
        self.settings.locked[limits_key(key, self.scales()[key])] = limits
        self._changed()

    def set_style(self, key: str, style: ScaleStyle) -> None:
        """Change the colors of a scale, or make it linear or logarithmic."""
        self.settings.styles[key] = style
        self._changed()
        self._view.styles_chosen.emit()

    def style(self, key: str) -> ScaleStyle:
        """Return the chosen style of a scale."""
        return self.settings.styles.get(key, ScaleStyle())

    def is_locked(self, key: str) -> bool:
        """Return True if the limits of a scale stay whatever is shown."""
        return limits_key(key, self.scales()[key]) in self.settings.locked

    def set_locked(self, key: str, on: bool) -> None:
        """Keep the present limits of a scale, or let them follow the data."""
        scale = self.scales()[key]
        if on:
            self.settings.locked[limits_key(key, scale)] = scale.low, scale.high
        else:
            self.settings.locked.pop(limits_key(key, scale), None)
            self.settings.locks_all = False
        self._changed()

    @Slot()
    def reset(self) -> None:
        """Give all scales their own colors and limits."""
        self.settings.styles.clear()
        self.settings.unlock_all()
        self._changed()
        self._view.styles_chosen.emit()

    @Slot()
    def open(self, key: str = "") -> None:
        """Show the fields of a scale, by default the first one."""
        if not self.scales():
            return
        if self._dialog is None:
            self._dialog = ScaleDialog(self._view, self)
            self._dialog.finished.connect(self._closed)
        self._dialog.show_scales(key)
        self._dialog.show()
        self._dialog.raise_()
        self._dialog.activateWindow()

    @Slot()
    def _closed(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None

    def _changed(self) -> None:
        self._view.scales_changed()
