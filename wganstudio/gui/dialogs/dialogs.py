"""Small dialogs: what to do with a run or a session that is left, help pages, about, licenses."""

import platform
from importlib.metadata import PackageNotFoundError, version
from typing import Literal

from PySide6.QtCore import Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QFontDatabase
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMessageBox,
    QPlainTextEdit,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from wganstudio import __version__, resources
from wganstudio.gui.theme import app_icon
from wganstudio.licenses import components

Leave = Literal["keep", "discard", "cancel"]


def ask_about_run(parent: QWidget, name: str) -> Leave:
    """A run is under way and its session is being left: stop and keep it, discard it, or stay."""
    return _ask(
        parent,
        f"The run \u201c{name}\u201d is still training.",
        "Stop it and keep what it has reached, or discard it?",
        "Stop and keep",
        "Discard",
    )


def ask_about_session(parent: QWidget, title: str) -> Leave:
    """A session holds what was never saved: save it, discard it, or stay."""
    return _ask(
        parent,
        f"\u201c{title}\u201d has runs that are not saved.",
        "Save them before going on?",
        "Save",
        "Don't save",
    )


def _ask(parent: QWidget, text: str, question: str, keep: str, discard: str) -> Leave:
    box = QMessageBox(QMessageBox.Icon.Question, "WGAN Studio", text, parent=parent)
    box.setInformativeText(question)
    keep_button = box.addButton(keep, QMessageBox.ButtonRole.AcceptRole)
    discard_button = box.addButton(discard, QMessageBox.ButtonRole.DestructiveRole)
    cancel = box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(keep_button)
    box.setEscapeButton(cancel)
    box.exec()
    clicked = box.clickedButton()
    box.deleteLater()
    if clicked is keep_button:
        return "keep"
    return "discard" if clicked is discard_button else "cancel"


class HelpDialog(QDialog):
    """The help pages; links lead from one to the other."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Help")
        self.resize(720, 640)
        self.text = QTextBrowser()
        self.text.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.text.setOpenLinks(False)
        self.text.document().setDocumentMargin(18)
        self.text.anchorClicked.connect(self._follow)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.text)
        column.addWidget(buttons)

    def show_page(self, name: str) -> None:
        """Show one page of resources/help."""
        page = resources.path("help", f"{name}.md").read_text(encoding="utf-8")
        self.text.setMarkdown(page)
        self.setWindowTitle(page.splitlines()[0].lstrip("# "))
        self.show()
        self.raise_()

    @Slot(QUrl)
    def _follow(self, url: QUrl) -> None:
        if url.path().endswith(".md") and not url.scheme():
            self.show_page(url.path().removesuffix(".md"))
        else:
            QDesktopServices.openUrl(url)


class AboutDialog(QDialog):
    """Name, version, the versions of what it stands on, and the way to all licenses."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("About WGAN Studio")
        picture = QLabel()
        picture.setPixmap(app_icon().pixmap(64, 64))
        text = QLabel(self._text())
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        text.setWordWrap(True)
        text.setMinimumWidth(380)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
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
        stands_on = ", ".join(f"{title} {_version(name)}" for name, title in names.items())
        return (
            f"<h3>WGAN Studio {__version__}</h3>"
            "<p>A desktop laboratory in which one sees what the critic of a Wasserstein GAN really computes, "
            "beside what it should.</p>"
            f"<p>Python {platform.python_version()}, {stands_on}.</p>"
            "<p>Free software under the MIT license.</p>"
        )


class LicensesDialog(QDialog):
    """Every component beside the text of its license."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Licenses")
        self.resize(860, 560)
        self.list = QListWidget()
        self.list.setMaximumWidth(280)
        self.text = QPlainTextEdit(readOnly=True)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        for component in components():
            item = QListWidgetItem(f"{component.name} {component.version}".strip())
            item.setToolTip(component.license)
            self.list.addItem(item)
        self.list.currentRowChanged.connect(self._show)
        self.list.setCurrentRow(0)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
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
