"""BelowArea: the small plots below a map, or beside it where there is little height."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from wganstudio.gui.views.maps.below_plot import MAX_HEIGHT, MIN_HEIGHT, BelowPlot

SHARE = 0.5
"""Share of the height of the view that all plots may take below the map before some are folded."""
MARGIN = 36
"""Pixels of the height of the view that its other controls take."""
LOW = 420
"""Height in pixels of a view below which the plots stand beside its map."""


class BelowArea(QWidget):
    """Shares the height between the plots that are shown."""

    def __init__(self, stage: QBoxLayout) -> None:
        """`stage` is the layout that holds the map."""
        super().__init__()
        self._stage = stage
        self._is_beside = False
        self._panels: list[BelowPlot] = []
        self._height = 0
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(3)
        self._column.setAlignment(Qt.AlignmentFlag.AlignTop)
        stage.addWidget(self)
        self.hide()

    def add(self, panel: BelowPlot) -> None:
        """Add a plot, which becomes the open one."""
        self._panels.append(panel)
        self._column.addWidget(panel)
        panel.fold_wanted.connect(self._fold)

    def show_panel(self, panel: BelowPlot, on: bool) -> None:
        """Show a plot, opened, or hide it."""
        if panel.isHidden() == on:
            panel.setVisible(on)
            panel.is_folded = False
            self._share(panel)

    def fit(self, width: int, height: int) -> None:
        """Share anew, as the view has another size."""
        self._height = height
        self._is_beside = height < min(LOW, width)
        ways = QBoxLayout.Direction
        self._stage.setDirection(ways.LeftToRight if self._is_beside else ways.TopToBottom)
        self._stage.setStretch(0, 5 if self._is_beside else 1)
        self._stage.setStretch(1, 4 if self._is_beside else 0)
        self._share(next((one for one in self._shown() if not one.is_folded), None))

    @Slot(object)
    def _fold(self, panel: BelowPlot) -> None:
        panel.is_folded = not panel.is_folded
        self._share(None if panel.is_folded else panel)

    def _shown(self) -> list[BelowPlot]:
        return [panel for panel in self._panels if not panel.isHidden()]

    def _share(self, opened: BelowPlot | None) -> None:
        """Give each open plot its height; where that is too little, fold all but one."""
        shown = self._shown()
        self.setVisible(bool(shown))
        room = self._height - MARGIN if self._is_beside else SHARE * self._height
        if opened is not None and len(shown) * MIN_HEIGHT > room:
            for panel in shown:
                panel.is_folded = panel is not opened
        count = max(1, sum(not panel.is_folded for panel in shown))
        for panel in shown:
            panel.fit(int(min(MAX_HEIGHT, max(MIN_HEIGHT, room / count))))
