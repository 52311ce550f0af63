"""ExportPreview: the figure to print, in its true proportions."""

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from wganstudio.gui.dialogs.figure_previewer import FigurePreviewer, FigurePreviewRequest, Preview
from wganstudio.gui.text_roles import set_role
from wganstudio.gui.widgets.plain_text import Label

DELAY_MS = 200
"""The pause after a change before the preview is drawn."""
SCREEN_DPI = 96
"""Pixels of a screen for an inch of paper."""


class ExportPreview(QWidget):
    """Shows a figure as it will be on paper, at the size of the print."""

    def __init__(self, previewer: FigurePreviewer) -> None:
        super().__init__()
        self._previewer = previewer
        self._wanted: FigurePreviewRequest | None = None
        self.picture = Label("")
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setAccessibleName("Preview")
        self.picture.setMinimumSize(1, 1)
        self.note = Label("")
        set_role(self.note, "dim")
        self.note.setWordWrap(True)
        area = QScrollArea()
        area.setWidget(self.picture)
        area.setWidgetResizable(True)
        area.setAccessibleName("Preview")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(area, 1)
        column.addWidget(self.note)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self._draw)
        previewer.drawn.connect(self._on_drawn)

    @property
    def is_current(self) -> bool:
        """True if the picture is that of the last request."""
        return self._wanted is None and not self._timer.isActive() and not self._previewer.busy

    def show_request(self, request: FigurePreviewRequest | None, empty: str) -> None:
        """Draw a figure soon; a text where there is none."""
        self._wanted = request
        if request is None:
            self._timer.stop()
            self._previewer.forget()
            self.picture.clear()
            self.picture.setText(empty)
            self.note.setText("")
            return
        self.note.setText("Drawing the preview\u2026")
        self._timer.start()

    @property
    def dpi(self) -> int:
        """Pixels of the picture for an inch of paper."""
        return round(SCREEN_DPI * self.devicePixelRatioF())

    @Slot()
    def _draw(self) -> None:
        if self._wanted is not None:
            self._previewer.request(self._wanted)

    @Slot(object)
    def _on_drawn(self, preview: Preview) -> None:
        if preview.request is not self._wanted:
            return
        self._wanted = None
        if preview.problem:
            self.picture.clear()
            self.picture.setText(preview.problem)
            self.note.setText("")
            return
        pixmap = QPixmap()
        pixmap.loadFromData(preview.png)
        dpi = preview.request.dpi
        width, height = pixmap.width() / dpi, pixmap.height() / dpi
        pixmap.setDevicePixelRatio(self.devicePixelRatioF())
        self.picture.setPixmap(pixmap)
        self.note.setText(f"{width:.2f} \u00d7 {height:.2f} inches on paper")
