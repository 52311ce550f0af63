"""HelpDialog: the help pages with contents, search, and a way back."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from wganstudio.gui.help_pages import anchor, help_page, help_pages, search
from wganstudio.gui.text_roles import set_role
from wganstudio.gui.widgets.buttons import icon_button
from wganstudio.gui.widgets.help_text import HelpText
from wganstudio.gui.widgets.plain_text import Label, tooltip

LINK = Qt.ItemDataRole.UserRole
LISTED_SECTIONS = 40
"""Sections that the contents list of a page, at most; a glossary has more, which the search finds."""
SIZE = (980, 680)


class HelpDialog(QDialog):
    """Contents or results of a search on the left, the page on the right."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Help")
        room = self.screen().availableSize()
        self.resize(min(SIZE[0], room.width() - 20), min(SIZE[1], room.height() - 60))
        self.text = HelpText()
        self.text.link_followed.connect(self.show_page)
        self.back = icon_button("back", "Back", self.go_back)
        self.forward = icon_button("forward", "Forward", self.go_forward)
        self.back.setShortcut(QKeySequence(QKeySequence.StandardKey.Back))
        self.forward.setShortcut(QKeySequence(QKeySequence.StandardKey.Forward))
        self.line = QLineEdit(placeholderText="Search the help")
        self.line.setAccessibleName("Search the help")
        self.line.setClearButtonEnabled(True)
        self.contents = QTreeWidget()
        self.contents.setAccessibleName("Contents")
        self.contents.setHeaderHidden(True)
        self.contents.setUniformRowHeights(False)
        self.contents.setWordWrap(True)
        self.found = Label()
        set_role(self.found, "dim")
        self._past: list[str] = []
        self._future: list[str] = []
        self._link = ""
        self._build_layout()
        self.line.textChanged.connect(self._search)
        self.contents.itemClicked.connect(self._choose)
        self.contents.itemActivated.connect(self._choose)
        self._show_contents()
        self._show_state()

    def _build_layout(self) -> None:
        head = QHBoxLayout()
        for widget in (self.back, self.forward, self.line):
            head.addWidget(widget)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(head)
        column.addWidget(self.contents, 1)
        column.addWidget(self.found)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.addWidget(left)
        self.split.addWidget(self.text)
        self.split.setStretchFactor(1, 1)
        self.split.setSizes([270, 710])
        close = QPushButton("Close")
        close.setAutoDefault(False)
        close.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(close)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(10, 10, 10, 8)
        whole.addWidget(self.split, 1)
        whole.addLayout(foot)

    @property
    def link(self) -> str:
        """The address of the page and section shown."""
        return self._link

    @Slot(str)
    def show_page(self, link: str) -> None:
        """Show a page, or one of its sections, by its address."""
        if link != self._link:
            if self._link:
                self._past.append(self._link)
            self._future.clear()
        self.show()
        self._go(link)
        self.raise_()

    @Slot()
    def go_back(self) -> None:
        """Show the page before."""
        if self._past:
            self._future.append(self._link)
            self._go(self._past.pop())

    @Slot()
    def go_forward(self) -> None:
        """Show the page from which the user went back."""
        if self._future:
            self._past.append(self._link)
            self._go(self._future.pop())

    def _go(self, link: str) -> None:
        self._link = link
        self.text.show_link(link)
        self.setWindowTitle(help_page(link.partition("#")[0]).title)
        self._mark_current()
        self._show_state()

    def _show_state(self) -> None:
        self.back.setEnabled(bool(self._past))
        self.forward.setEnabled(bool(self._future))

    def _show_contents(self) -> None:
        self.contents.clear()
        self.contents.setRootIsDecorated(True)
        for page in help_pages():
            item = QTreeWidgetItem([page.title])
            item.setData(0, LINK, page.name)
            for section in [each for each in page.sections if each.level == 2][:LISTED_SECTIONS]:
                child = QTreeWidgetItem([section.title])
                child.setData(0, LINK, section.link)
                item.addChild(child)
            self.contents.addTopLevelItem(item)
        self.found.clear()
        self.found.hide()
        self._mark_current()

    @Slot(str)
    def _search(self, query: str) -> None:
        if not query.strip():
            self._show_contents()
            return
        self.contents.clear()
        self.contents.setRootIsDecorated(False)
        results = search(query)
        for result in results:
            page = help_page(result.section.page).title
            head = result.section.title if result.section.level == 1 else f"{page}: {result.section.title}"
            item = QTreeWidgetItem([f"{head}\n{result.excerpt}"])
            item.setData(0, LINK, result.section.link)
            item.setToolTip(0, tooltip(result.excerpt))
            self.contents.addTopLevelItem(item)
        self.found.setText(f"{len(results)} section{'s' * (len(results) != 1)} found")
        self.found.show()

    @Slot(QTreeWidgetItem)
    def _choose(self, item: QTreeWidgetItem) -> None:
        self.show_page(item.data(0, LINK))

    def _mark_current(self) -> None:
        """Select the page or section shown in the contents."""
        page, _, section = self._link.partition("#")
        for number in range(self.contents.topLevelItemCount()):
            item = self.contents.topLevelItem(number)
            if item is None or item.data(0, LINK) != page:
                continue
            children = [item.child(place) for place in range(item.childCount())]
            here = next((child for child in children if anchor(child.text(0)) == section), item)
            item.setExpanded(True)
            self.contents.setCurrentItem(here)
