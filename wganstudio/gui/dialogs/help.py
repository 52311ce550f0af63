"""HelpDialog: the help pages."""

import logging

from PySide6.QtCore import QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from wganstudio import resources

LOGGER = logging.getLogger(__name__)


class HelpDialog(QDialog):
    """Shows the pages of resources/help; links lead from one to another."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Help")
        self.resize(720, 640)
        self.text = QTextBrowser()
        self.text.setAccessibleName("Help page")
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
        """Show a page by its name."""
        page = resources.path("help", f"{name}.md").read_text(encoding="utf-8")
        self.text.setMarkdown(page)
        self.setWindowTitle(page.splitlines()[0].lstrip("# "))
        self.show()
        self.raise_()

    @Slot(QUrl)
    def _follow(self, url: QUrl) -> None:
        if url.path().endswith(".md") and not url.scheme():
            self.show_page(url.path().removesuffix(".md"))
        elif not QDesktopServices.openUrl(url):
            LOGGER.error("No program here can open %s; open it in a browser.", url.toString())
