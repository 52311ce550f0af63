"""MapTools: what the user can do with the maps of a view."""

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction

from wganstudio.gui.views.maps.below_tool import BelowTool
from wganstudio.gui.views.maps.cut_control import CutControl
from wganstudio.gui.views.maps.host import MapHost
from wganstudio.gui.views.maps.probe_control import ProbeControl
from wganstudio.gui.views.maps.scale_control import ScaleControl
from wganstudio.gui.views.maps.surface_control import SurfaceControl


class MapTools(QObject):
    """The color scales, the cut, the probes and the surface of one view."""

    def __init__(self, view: MapHost) -> None:
        super().__init__(view)
        self._view = view
        self.scales = ScaleControl(view)
        self.cut = CutControl(view)
        self.probes = ProbeControl(view)
        self.surface = SurfaceControl(view)
        self.reset_action = QAction("Reset the map", view)
        self.reset_action.setToolTip("Reset zoom and color scales, and remove the cut and the probes.")
        self.reset_action.triggered.connect(self.reset)

    def actions(self) -> list[QAction]:
        """Return the actions of the menu, by what they act on."""
        return [
            self.scales.action,
            self.cut.action,
            *self.probes.actions(),
            self.surface.action,
            self.reset_action,
        ]

    def named(self) -> dict[str, QAction]:
        """Return the actions that the window triggers, by name."""
        return {
            "scale": self.scales.action,
            "cut": self.cut.action,
            "probe": self.probes.add_action,
            "probe-mode": self.probes.mode,
            "surface": self.surface.action,
            "reset": self.reset_action,
        }

    def figure_sources(self) -> dict[str, BelowTool]:
        """Return what has a figure to export, by name."""
        return {tool.source_name: tool for tool in (self.cut, self.probes) if tool.has_points}

    def refresh(self) -> None:
        """Follow the map that has been drawn."""
        self.scales.attach()
        self.cut.refresh()
        self.probes.refresh()
        self.surface.refresh()

    def set_dark(self) -> None:
        """Take the theme of the view."""
        self.cut.set_dark()
        self.probes.set_dark()
        self.surface.set_dark()

    @Slot()
    def reset(self) -> None:
        """Undo all that the user has changed in the map."""
        self.cut.clear()
        self.probes.clear()
        self.surface.close()
        self.scales.reset()
        self._view.say("")
        self._view.reset_zoom()
