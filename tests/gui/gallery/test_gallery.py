"""The gallery of presets: groups, search, keyboard, and pictures that move."""

import logging

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter

from wganstudio.experiment import presets
from wganstudio.experiment.presets import presets_by_question
from wganstudio.figures import style
from wganstudio.figures.preset_picture import PresetPicture
from wganstudio.gui.gallery import card as card_module
from wganstudio.gui.gallery.card import PresetCard, wrapped
from wganstudio.gui.gallery.page import GalleryPage
from wganstudio.gui.gallery.picture import paint_picture


@pytest.fixture
def page(qtbot):
    page = GalleryPage(at_start=True)
    qtbot.addWidget(page)
    page.resize(1000, 700)
    page.show()
    page.activateWindow()
    qtbot.waitExposed(page)
    return page


@pytest.fixture
def chosen(page):
    names = []
    page.chosen.connect(names.append)
    page.run_wanted.connect(lambda name: names.append(f"run {name}"))
    return names


def test_all_presets_are_there_by_question(page):
    assert [card.preset.name for card in page.cards.cards] == [
        one.name for group in presets_by_question().values() for one in group
    ]
    assert list(page.cards.groups) == list(presets_by_question())
    for heading, cards in page.cards.groups.values():
        assert all(heading.geometry().bottom() < card.y() for card in cards)


def test_a_card_says_what_to_expect_and_how_long_it_takes(page):
    card = page.cards.cards[0]
    about = presets()["first-look"].about
    said = card.accessibleDescription()
    assert card.accessibleName() == about.name
    assert about.summary in said and about.expected in said and "about" in card.texts["facts"]
    assert all(tag in card.texts["facts"] for tag in about.tags)


@pytest.mark.parametrize("width", [420, 1000, 1600])
def test_cards_share_the_width_and_do_not_overlap(page, qtbot, width):
    page.resize(width, 600)
    places = [card.geometry() for card in page.cards.cards]
    right = page.cards.viewport().width()
    assert all(place.left() >= 0 and place.right() <= right for place in places)
    assert not any(a.intersects(b) for i, a in enumerate(places) for b in places[:i])
    assert len({place.width() for place in places}) == 1


def test_search_finds_names_results_and_tags(page, qtbot):
    qtbot.keyClicks(page.search, "obstacle")
    assert {card.preset.name for card in page.cards.cards} == {"slow-obstacle", "bottleneck"}
    page.search.setText("digits generator")
    names = {card.preset.name for card in page.cards.cards}
    assert "digits-gan" in names and "grid-gan" not in names
    page.search.setText("no such thing")
    assert not page.cards.cards and page.cards.nothing.isVisible()
    page.search.clear()
    assert len(page.cards.cards) == len(presets()) and not page.cards.nothing.isVisible()


def test_enter_in_the_search_chooses_the_first_that_is_left(page, qtbot, chosen):
    qtbot.keyClick(page.search, Qt.Key.Key_Return)
    assert chosen == []
    qtbot.keyClicks(page.search, "entropy particle")
    qtbot.keyClick(page.search, Qt.Key.Key_Return)
    assert chosen == ["five-points"]


def test_arrows_walk_over_the_cards_and_enter_chooses(page, qtbot, chosen):
    first, second = page.cards.cards[:2]
    columns = 1 + (second.y() == first.y())
    page.cards.focus(first)
    qtbot.keyClick(first, Qt.Key.Key_Down)
    assert page.focusWidget() is page.cards.cards[columns]
    qtbot.keyClick(page.focusWidget(), Qt.Key.Key_Up)
    assert page.focusWidget() is first
    if columns == 2:
        qtbot.keyClick(first, Qt.Key.Key_Right)
        assert page.focusWidget() is second
        qtbot.keyClick(second, Qt.Key.Key_Left)
    qtbot.keyClick(first, Qt.Key.Key_Return)
    qtbot.keyClick(first, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(first, Qt.Key.Key_Space)
    assert chosen == ["first-look", "run first-look", "first-look"]


def test_down_leads_from_the_search_to_the_cards(page, qtbot):
    page.search.setFocus()
    qtbot.keyClick(page.search, Qt.Key.Key_Down)
    assert isinstance(page.focusWidget(), PresetCard)


def test_escape_clears_the_search_then_closes(page, qtbot):
    page.search.setText("moons")
    qtbot.keyClick(page.search, Qt.Key.Key_Escape)
    assert page.search.text() == ""
    with qtbot.waitSignal(page.close_wanted):
        qtbot.keyClick(page.search, Qt.Key.Key_Escape)


def test_the_picture_moves_under_the_mouse_and_rests_at_its_end(page, qtbot, monkeypatch):
    monkeypatch.setattr(card_module, "FRAME_MS", 5)
    card = PresetCard(presets()["first-look"], page)
    card.show()
    card.grab()
    assert card.frame == -1
    card.focusInEvent(_focus(True))
    qtbot.waitUntil(lambda: card.frame >= 2)
    card.hide()
    assert card.frame == -1


def _focus(inside):
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QFocusEvent

    return QFocusEvent(QEvent.Type.FocusIn if inside else QEvent.Type.FocusOut)


def test_a_missing_picture_is_logged_and_the_card_is_drawn(page, caplog, monkeypatch, tmp_path):
    card = PresetCard(presets()["moons"], page)
    monkeypatch.setattr(type(card.preset), "picture", tmp_path / "none.npz")
    with caplog.at_level(logging.WARNING):
        card.grab()
        card.grab()
    assert len(caplog.records) == 1 and "moons" in caplog.text


@pytest.mark.parametrize("name", ["first-look", "intervals", "digits-gan", "points"])
def test_pictures_are_drawn_in_the_colors_of_the_theme(qapp, name):
    picture = PresetPicture.load(presets()[name].picture)
    images = []
    for palette in (style.LIGHT, style.DARK):
        image = QImage(120, 90, QImage.Format.Format_RGB32)
        image.fill(QColor(palette.background))
        painter = QPainter(image)
        paint_picture(painter, image.rect(), picture, -1 % picture.frames, palette)
        painter.end()
        images.append(image)
        assert len({image.pixel(x, y) for x in range(0, 120, 3) for y in range(0, 90, 3)}) > 10
    assert images[0] != images[1]


def test_long_texts_end_in_an_ellipsis(qapp):
    font = qapp.font()
    lines = list(wrapped("one two three four five six seven eight nine ten", font, 90, 2))
    assert len(lines) == 2 and lines[1].endswith("\u2026")
    assert list(wrapped("short", font, 90, 2)) == ["short"]
