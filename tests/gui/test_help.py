"""The help: each view has a section, the search finds texts, and nothing comes from elsewhere."""

import re

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QImage, QTextDocument
from PySide6.QtWidgets import QToolButton, QWidget

from wganstudio import resources
from wganstudio.gui.dialogs.help import HelpDialog
from wganstudio.gui.help_pages import anchor, has_section, help_page, help_pages, search
from wganstudio.gui.views.registry import registered_views
from wganstudio.gui.window_actions.views import HELP_PAGES

IMAGE = QTextDocument.ResourceType.ImageResource.value


@pytest.fixture
def help_dialog(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = HelpDialog(parent)
    yield dialog
    dialog.close()


def test_every_view_has_its_section_of_the_help():
    assert [view.name for view in registered_views() if not view.help_address()] == []
    assert not has_section("reading-the-views#no-such-view")


def test_the_button_of_every_view_opens_its_section(window):
    for name, dock in window.area.docks.items():
        dock.titleBarWidget().findChild(QToolButton, "help-button").click()
        assert window.dialogs.help.link == window.area.views[name].help_address()
    window.dialogs.help.close()


def test_the_menu_and_the_contents_have_the_same_pages():
    assert {page for _, page in HELP_PAGES.values()} == {page.name for page in help_pages()}


@pytest.mark.parametrize("page", help_pages(), ids=lambda page: page.name)
def test_every_link_and_picture_of_a_page_exists(page):
    for target in re.findall(r"\]\(([^)]+)\)", page.markdown):
        if target.startswith("http"):
            continue
        if target.endswith(".png"):
            assert resources.path("help", target).exists(), target
        else:
            name, _, section = target.partition("#")
            name = name.removesuffix(".md") or page.name
            assert has_section(f"{name}#{section}" if section else name), target


def test_the_search_wants_every_word_and_puts_titles_first():
    results = search("momentum critic")
    assert results and all(
        all(word in f"{r.section.title} {r.section.text}".casefold() for word in ("momentum", "critic"))
        for r in results
    )
    assert "momentum" in search("momentum")[0].section.title.casefold()
    assert search("   ") == [] and search("xyzzy") == []


def test_contents_search_back_and_forward(help_dialog, qtbot):
    help_dialog.show_page("first-steps")
    assert not help_dialog.back.isEnabled()
    help_dialog.text.link_followed.emit("truths")
    help_dialog.show_page("reading-the-views#momentum")
    qtbot.waitUntil(lambda: help_dialog.text.verticalScrollBar().value() > 0)
    assert help_dialog.contents.currentItem().text(0) == "Momentum"
    help_dialog.back.click()
    assert help_dialog.link == "truths" and help_dialog.windowTitle() == help_page("truths").title
    help_dialog.forward.click()
    assert help_dialog.link == "reading-the-views#momentum" and not help_dialog.forward.isEnabled()
    help_dialog.line.setText("laguerre")
    count = help_dialog.contents.topLevelItemCount()
    assert count == len(search("laguerre")) > 0 and str(count) in help_dialog.found.text()
    help_dialog.contents.itemClicked.emit(help_dialog.contents.topLevelItem(0), 0)
    assert help_dialog.link == search("laguerre")[0].section.link
    help_dialog.line.clear()
    assert help_dialog.contents.topLevelItemCount() == len(help_pages())


def test_a_link_within_the_help_is_followed(help_dialog):
    help_dialog.show_page("first-steps")
    help_dialog.text.anchorClicked.emit(QUrl("reading-the-views.md#costs"))
    assert help_dialog.link == "reading-the-views#costs"
    help_dialog.text.anchorClicked.emit(QUrl("#momentum"))
    assert help_dialog.link == "reading-the-views#momentum"


def test_pictures_come_from_the_help_folder_alone_and_fit(help_dialog, tmp_path):
    help_dialog.show_page("first-steps")
    text = help_dialog.text
    picture = text.loadResource(IMAGE, QUrl("images/window.png"))
    assert isinstance(picture, QImage) and 0 < picture.width() <= text.viewport().width()
    outside = tmp_path / "secret.png"
    picture.save(str(outside))
    for url in ("https://example.org/x.png", f"file://{outside}", "../icons/run.svg", str(outside)):
        assert text.loadResource(IMAGE, QUrl(url)) is None


@pytest.mark.parametrize("page", ["first-steps", "reading-the-views", "results"])
def test_the_window_is_resized_while_a_page_is_read(help_dialog, qtbot, page):
    help_dialog.resize(1000, 700)
    help_dialog.show_page(page)
    help_dialog.show()
    text = help_dialog.text
    qtbot.waitExposed(help_dialog)
    whole = text.toPlainText()
    for width in (*range(1000, 500, -60), *range(520, 1000, 80)):
        help_dialog.resize(width, 400 + width // 4)
        qtbot.wait(20)
    qtbot.waitUntil(lambda: not text._reloading.isActive())
    assert text.toPlainText() == whole and text.viewport().width() < help_dialog.width()
    picture = text.loadResource(IMAGE, QUrl("images/window.png"))
    assert picture.width() <= text.viewport().width()


def test_anchors_are_those_of_websites():
    assert anchor("W\u2082 by convex potentials") == "w\u2082-by-convex-potentials"
    assert anchor("Saving & more!") == "saving-more"
