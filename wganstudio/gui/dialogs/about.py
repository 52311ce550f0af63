"""AboutDialog and LicensesDialog: versions and licenses of the application and its components."""

import platform
from importlib.metadata import PackageNotFoundError, version

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from wganstudio import __version__
from wganstudio.gui.theme import app_icon
from wganstudio.gui.widgets.buttons import button_box
from wganstudio.gui.widgets.plain_text import Label, tooltip
from wganstudio.licenses import components


class AboutDialog(QDialog):
    """Name, version, the versions of the main libraries, and a button for all licenses."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("About WGAN Studio")
        picture = Label()
        picture.setPixmap(app_icon().pixmap(64, 64))
        text = Label()
        text.setTextFormat(Qt.TextFormat.RichText)
        text.setText(self._text())
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        text.setWordWrap(True)
        text.setMinimumWidth(380)
        buttons = button_box(QDialogButtonBox.StandardButton.Close)
        self.licenses = buttons.addButton("Licenses\u2026", QDialogButtonBox.ButtonRole.ActionRole)
        self.licenses.clicked.connect(self._show_licenses)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 14)
        column.setSpacing(12)
        for widget in (picture, text, buttons):
            column.addWidget(widget)

    @Slot()
    def _show_licenses(self) -> None:
        LicensesDialog(self).open()

    @staticmethod
    def _text() -> str:
        names = {"PySide6-Essentials": "Qt for Python", "torch": "PyTorch", "POT": "POT", "numpy": "NumPy"}
        libraries = ", ".join(f"{title} {_version(name)}" for name, title in names.items())
        return (
            f"<h3>WGAN Studio {__version__}</h3>"
            "<p>See what a WGAN critic actually computes, next to certified reference values.</p>"
            f"<p>Python {platform.python_version()}, {libraries}.</p>"
            "<p>Free software under the MIT license.</p>"
        )


class LicensesDialog(QDialog):
    """Every component with the text of its license."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Licenses")
        self.resize(860, 560)
        self.list = QListWidget()
        self.list.setAccessibleName("Components")
        self.list.setMaximumWidth(280)
        self.text = QPlainTextEdit(readOnly=True)
        self.text.setAccessibleName("License")
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        for component in components():
            item = QListWidgetItem(f"{component.name} {component.version}".strip())
            item.setToolTip(tooltip(component.license))
            self.list.addItem(item)
        self.list.currentRowChanged.connect(self._show)
        self.list.setCurrentRow(0)
        buttons = button_box(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        row = QHBoxLayout()
        row.addWidget(self.list)
        row.addWidget(self.text, 1)
        column = QVBoxLayout(self)
        column.addLayout(row)
        column.addWidget(buttons)

    @Slot(int)
    def _show(self, index: int) -> None:
        component = components()[index]
        head = f"{component.name} {component.version}: {component.license}\n\n" if component.license else ""
        self.text.setPlainText(head + component.text)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "(not found)"
