"""ChosenAxes: the bar of a plot whose axes suit the data unless the user has chosen others."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from wganstudio.figures.curve_settings import CurveSettings
from wganstudio.figures.plot_choices import NO_CHOICES, PlotChoices
from wganstudio.gui.views.curve_bar import PlotBar


class ChosenAxes(QObject):
    """Keeps apart what the user has chosen from what the figure shows."""

    changed = Signal()
    """The user has chosen other axes, or has hidden or shown a line."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.bar = PlotBar()
        self.bar.changed.connect(self._choose)
        self.choices = NO_CHOICES
        self._shown = (False, False)

    def forget(self) -> None:
        """Let the axes suit the data again, and hide nothing, as other data are shown."""
        self.choices = NO_CHOICES

    def show(
        self, logarithmic: tuple[bool, bool], entries: Sequence[tuple[str, str]], *, numeric: bool = True
    ) -> None:
        """Show the axes of a figure, and offer its lines; without numbers there is no horizontal scale."""
        self._shown = logarithmic
        log_x, log_y = logarithmic
        self.bar.show_settings(CurveSettings(log_x=log_x, log_y=log_y, hidden=self.choices.hidden))
        self.bar.log_x.setEnabled(numeric)
        self.bar.offer(entries)

    @Slot()
    def _choose(self) -> None:
        settings, (log_x, log_y) = self.bar.settings, self._shown
        self.choices = PlotChoices(
            settings.log_x if settings.log_x != log_x else self.choices.log_x,
            settings.log_y if settings.log_y != log_y else self.choices.log_y,
            settings.hidden,
        )
        self.changed.emit()
