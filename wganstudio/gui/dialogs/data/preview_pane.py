"""PreviewPane: the first rows of a table and a scatter plot of two columns, or some images."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QLabel, QSplitter, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from wganstudio.figures.samples.gallery import Gallery
from wganstudio.gui.dialogs.data.column_list import NAME_WIDTH, labeled, number_text
from wganstudio.gui.dialogs.data.preview_plot import PreviewPlot
from wganstudio.pairs.data.preview import DataPreview

SHOWN_COLUMNS = 40
"""Columns whose first rows are shown, at most."""
SHOWN_IMAGES = 9
STRIP_WIDTH = 520
"""Width of the images side by side, where there is room."""


class PreviewPane(QWidget):
    """Shows the data as they will be read."""

    def __init__(self) -> None:
        super().__init__()
        self.rows = QTableWidget()
        self.rows.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.rows.setTabKeyNavigation(False)
        self.rows.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 4)
        self.rows.setAccessibleName("First rows")
        header = self.rows.horizontalHeader()
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        header.setMaximumSectionSize(NAME_WIDTH * self.fontMetrics().averageCharWidth())
        self.plot = PreviewPlot()
        self.table = QSplitter(Qt.Orientation.Vertical)
        self.table.setChildrenCollapsible(False)
        self.table.addWidget(self.rows)
        self.table.addWidget(self.plot)
        self.table.setSizes([235, 290])
        self.strip = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self.strip.setMinimumWidth(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table)
        column.addWidget(self.strip)
        self.show_contents(None)

    def show_contents(
        self, contents: DataPreview | None, parts: tuple[NDArray[np.float64], ...] = ()
    ) -> None:
        """Show the first rows of a table and the rows of P and Q, or images; None shows nothing."""
        is_table = contents is not None and contents.shape is None
        self.table.setVisible(is_table)
        self.strip.setVisible(contents is not None and not is_table)
        if contents is None:
            return
        if contents.shape is None:
            self._show_rows(contents)
            self.plot.show_points([labeled(column) for column in contents.columns], parts)
        else:
            self._show_images(contents)

    def _show_rows(self, contents: DataPreview) -> None:
        shown = contents.first[:, :SHOWN_COLUMNS]
        self.rows.setRowCount(shown.shape[0])
        self.rows.setColumnCount(shown.shape[1])
        for k, column in enumerate(contents.columns[:SHOWN_COLUMNS]):
            head = QTableWidgetItem(labeled(column))
            head.setToolTip(labeled(column))
            self.rows.setHorizontalHeaderItem(k, head)
        for (row, place), value in np.ndenumerate(shown):
            self.rows.setItem(row, place, QTableWidgetItem(number_text(float(value))))
        self.rows.resizeColumnsToContents()

    def _show_images(self, contents: DataPreview) -> None:
        assert contents.shape is not None
        first = contents.first[:SHOWN_IMAGES].astype(np.float32)
        pixels = Gallery.from_images(first, None, contents.shape).pixels[::-1].copy()
        height, width = pixels.shape[:2]
        image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGBA8888)
        width = min(STRIP_WIDTH, max(self.width(), STRIP_WIDTH // 2))
        self.strip.setPixmap(QPixmap.fromImage(image.scaledToWidth(width)))
