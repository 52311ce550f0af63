"""ProbeControl: numbered points on a map, and their readings over time in a small plot below."""

from typing import ClassVar

import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Slot
from PySide6.QtGui import QAction

from wganstudio.figures.base import StepFigure
from wganstudio.figures.frames import PlaneFrame, plane_frame
from wganstudio.figures.plane_field import PlaneField
from wganstudio.figures.probe_readings.figure import ProbeReadings
from wganstudio.figures.style import NUM_RUN_COLORS
from wganstudio.gui.views.maps.below_tool import BelowTool
from wganstudio.gui.views.maps.host import MapHost
from wganstudio.gui.views.maps.points_edit import Point
from wganstudio.session import RunRecord

MAX_PROBES = 12
REACH = 14
"""Distance in pixels within which a probe is under the mouse."""


class ProbeControl(BelowTool):
    """Follows the first map of the main run at points that the user sets."""

    suffix: ClassVar[str] = "probes"
    edit_title: ClassVar[str] = "Probe points"
    point_counts: ClassVar[tuple[int, int]] = (0, MAX_PROBES)

    def __init__(self, view: MapHost) -> None:
        super().__init__(view, "Readings at the probes")
        self.points: list[Point] = []
        self.drawn: ProbeReadings | None = None
        self._fields: dict[int, PlaneField] = {}
        """The field at each recorded step."""
        self._record: RunRecord | None = None
        self.mode = QAction("Set probes by clicking", view, checkable=True)
        self.mode.setToolTip("A click on the map sets a numbered point, whose reading is followed over time.")
        self.add_action = self._make_action("Set a probe at the pointer", "P", self.add_at_pointer)
        self.remove_action = self._make_action("Remove the probe", "Del", self.remove_at_pointer)
        self.clear_action = self._make_action("Remove all probes", "", self.clear)
        view.canvas.scene().sigMouseClicked.connect(self._clicked)

    def _make_action(self, text: str, shortcut: str, slot: object) -> QAction:
        action = QAction(text, self._view)
        action.setShortcut(shortcut)
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(slot)
        return action

    def actions(self) -> list[QAction]:
        """Return the actions of the menu."""
        return [self.mode, self.add_action, self.remove_action, self.clear_action]

    @property
    def has_points(self) -> bool:
        """True if there are probes."""
        return bool(self.points)

    def figure(self) -> ProbeReadings | None:
        """Return the readings; None without probes."""
        record = self._view.record
        if record is None:
            return None
        return ProbeReadings.from_fields(record, self._frames(record), self.points, self._view.name)

    # -- what the user does

    def set_points(self, points: list[Point]) -> None:
        """Set other probes."""
        self.points = points[:MAX_PROBES]
        self._remove_items()
        self.refresh()

    @Slot()
    def add_at_pointer(self) -> None:
        """Set a probe where the mouse points, or in the middle of the map."""
        place = self._view.pointed_place()
        if place is None:
            place = self._middle()
        if place is not None and self.add_action.isEnabled():
            self.set_points([*self.points, (place.x(), place.y())])

    @Slot()
    def remove_at_pointer(self) -> None:
        """Remove the probe under the mouse, or else the last one."""
        if self.points:
            number = self._number_at(self._view.pointed_place())
            points = list(self.points)
            del points[-1 if number is None else number]
            self.set_points(points)

    @Slot()
    def clear(self) -> None:
        """Remove all probes."""
        self.mode.setChecked(False)
        self.set_points([])

    @Slot(object)
    def _clicked(self, event: object) -> None:
        is_left = event.button() == Qt.MouseButton.LeftButton  # type: ignore[attr-defined]
        place = self._view.pointed_place()
        if self.mode.isChecked() and is_left and place is not None and self._number_at(place) is None:
            self.set_points([*self.points, (place.x(), place.y())])

    def _number_at(self, place: QPointF | None) -> int | None:
        """Return the index of the probe within reach of a place on the map."""
        if place is None or self._box is None:
            return None
        across, up = self._box.viewPixelSize()
        distances = [max(abs(x - place.x()) / across, abs(y - place.y()) / up) for x, y in self.points]
        nearest = min(range(len(distances)), key=distances.__getitem__, default=None)
        return nearest if nearest is not None and distances[nearest] <= REACH else None

    def _middle(self) -> QPointF | None:
        boxes = self._view.plane_boxes
        return boxes[0].viewRect().center() if boxes else None

    # -- what is drawn

    def can_read(self) -> bool:
        """Return True if the field of the map is known at every recorded frame."""
        drawn = self._view.drawn
        return super().can_read() and isinstance(drawn, StepFigure) and drawn.can_follow_points

    def _enable(self, usable: bool) -> None:
        for action in (self.mode, self.add_action):
            action.setEnabled(usable)
        for action in (self.remove_action, self.clear_action):
            action.setEnabled(usable and bool(self.points))

    def _items_fit(self) -> bool:
        return len(self._items) == len(self.points)

    def _make_items(self) -> list[pg.GraphicsObject]:
        items: list[pg.GraphicsObject] = []
        for number, point in enumerate(self.points):
            item = pg.TargetItem(
                point,
                size=12,
                symbol="o",
                pen=pg.mkPen(self._color(number), width=2),
                brush=pg.mkBrush("#ffffffc0"),
                hoverPen=pg.mkPen("#ff3b3b", width=2),
                hoverBrush=pg.mkBrush("#ffffff"),
                label=str(number + 1),
                labelOpts={"color": "#202124", "fill": "#ffffffd0", "offset": (8, -8)},
            )
            item.setZValue(950)
            item.sigPositionChanged.connect(self._moved)
            items.append(item)
        return items

    @Slot(object)
    def _moved(self, item: object) -> None:
        place = item.pos()  # type: ignore[attr-defined]
        self.points[self._items.index(item)] = place.x(), place.y()
        self._draw()

    def _color(self, number: int) -> str:
        return self._view.palette_.run(number % NUM_RUN_COLORS)

    def _draw(self) -> None:
        readings = self.drawn = self.figure()
        if readings is None:
            return
        panel = self._shown_panel()
        panel.edit.show_points(self.points)
        panel.set_curves(
            readings.steps,
            [(values, self._color(number), False) for number, values in enumerate(readings.values)],
            "step",
        )
        panel.set_ranges(readings.x_range, readings.y_range)
        panel.canvas.setAccessibleDescription(readings.caption)
        self._read(None)

    @Slot(object)
    def _read(self, x: float | None) -> None:
        """Show the readings at a step; None: at that of the map."""
        readings, drawn, panel = self.drawn, self._view.drawn, self.panel
        if readings is None or panel is None or not isinstance(drawn, StepFigure):
            return
        step = float(drawn.step) if x is None else x
        panel.set_line(step)
        index = int(abs(readings.steps - step).argmin())
        entries = [
            (f"{number + 1}: {values[index]:.3g}", self._color(number), False)
            for number, values in enumerate(readings.values)
        ]
        panel.set_legend(entries, f"{readings.y_label} at step {readings.steps[index]:,.0f}")

    def _frames(self, record: RunRecord) -> list[tuple[int, PlaneField]]:
        """Return the field at every recorded step, and at the newest one."""
        if self._record is not record:
            self._record = record
            self._fields.clear()
        for step in record.recorded_steps("critic"):
            frame = None if step in self._fields else plane_frame(record, step)
            field = None if frame is None else self._of_frame(record, frame)
            if field is not None:
                self._fields[step] = field
        fields = dict(self._fields)
        frame = plane_frame(record)
        if frame is not None and frame.step not in fields:
            field = self._of_frame(record, frame)
            fields |= {} if field is None else {frame.step: field}
        return sorted(fields.items())

    def _of_frame(self, record: RunRecord, frame: PlaneFrame) -> PlaneField | None:
        drawn = self._view.drawn
        return type(drawn).field_of(record, frame) if isinstance(drawn, StepFigure) else None
