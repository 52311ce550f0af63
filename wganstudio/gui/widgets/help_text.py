"""HelpText: shows a help page; pictures and links come from the help folder alone."""

import logging
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, Qt, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QImage, QResizeEvent, QTextBlock, QTextCursor, QTextDocument
from PySide6.QtWidgets import QTextBrowser

from wganstudio.gui.help_pages import anchor, help_page
from wganstudio.gui.theme import is_dark

LOGGER = logging.getLogger(__name__)
MARGIN = 18
_SMOOTH = Qt.TransformationMode.SmoothTransformation


class HelpText(QTextBrowser):
    """One page; `link_followed` is emitted with the address of another one.

    A page is loaded again from the event loop only. Qt can resize the widget while it lays out its document;
    to replace the document then would crash.
    """

    link_followed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Help page")
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.setOpenLinks(False)
        self.document().setDocumentMargin(MARGIN)
        self.anchorClicked.connect(self._follow)
        self._link = ""
        self.setVerticalScrollBarPolicy(
            Qt.ScrollBarPolicy.ScrollBarAlwaysOn
        )  # the width stays that of the window
        self._reloading = QTimer(self, singleShot=True, interval=0)
        self._reloading.timeout.connect(self._reload)

    def show_link(self, link: str) -> None:
        """Show a page from one of its sections on; the address is PAGE or PAGE#SECTION."""
        name = link.partition("#")[0]
        is_other = name != self._link.partition("#")[0]
        self._link = link
        if is_other:
            self.setMarkdown(help_page(name).markdown)
        self.setAccessibleDescription(help_page(name).title)
        self._scroll()

    def _scroll(self) -> None:
        """Scroll to the section of the address."""
        section = self._link.partition("#")[2]
        block = self._heading(section) if section else self.document().firstBlock()
        if block is not None:
            place = self.document().documentLayout().blockBoundingRect(block).top()
            self.setTextCursor(QTextCursor(block))
            self.verticalScrollBar().setValue(int(place) - MARGIN // 2)

    def loadResource(self, kind: int, url: QUrl | str) -> Any:
        """Return a picture of the folder of the page, at most as wide as the page; nothing from elsewhere."""
        url = QUrl(url)
        if kind != QTextDocument.ResourceType.ImageResource.value or url.scheme() not in ("", "file"):
            return None
        if not self._link:
            return None
        folder = help_page(self._link.partition("#")[0]).file.parent.resolve()
        path = (folder / url.path()).resolve()
        if not path.is_relative_to(folder):
            return None
        dark = path.with_name(f"{path.stem}-dark{path.suffix}")
        image = QImage(str(dark if is_dark() and dark.exists() else path))
        room = max(200, self.viewport().width() - 3 * MARGIN)
        return image if image.width() <= room else image.scaledToWidth(room, _SMOOTH)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the pictures in the new width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._reloading.start()

    def changeEvent(self, event: QEvent) -> None:
        """Draw links and pictures in the colors of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._reloading.start()

    @Slot()
    def _reload(self) -> None:
        if self._link:
            place, link = self.verticalScrollBar().value(), self._link
            self.document().clear()
            self.setMarkdown(help_page(link.partition("#")[0]).markdown)
            if place:
                self.verticalScrollBar().setValue(place)
            else:
                self._scroll()

    def _heading(self, section: str) -> QTextBlock | None:
        block = self.document().firstBlock()
        while block.isValid():
            if block.blockFormat().headingLevel() and anchor(block.text()) == section:
                return block
            block = block.next()
        return None

    @Slot(QUrl)
    def _follow(self, url: QUrl) -> None:
        if not url.scheme() and (url.path().endswith(".md") or not url.path()):
            name = Path(url.path()).stem or self._link.partition("#")[0]
            self.link_followed.emit(f"{name}#{url.fragment()}" if url.fragment() else name)
        elif not QDesktopServices.openUrl(url):
            LOGGER.error("No program here can open %s; open it in a browser.", url.toString())
