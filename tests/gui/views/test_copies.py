"""A second view of a kind: its zoom, its runs, its place, and its end."""

import pytest

from figure_records.gaussians import events
from wganstudio.gui.widgets.docks import in_sight


@pytest.fixture
def recorded(window, make_record):
    """A window with two runs, of which the second is selected."""
    for penalty in (1.0, 10.0):
        number = window.session.add_run(make_record(2, penalty=penalty).experiment)
        for event in events(2, penalty=penalty):
            window.session.append(number, event)
    window.runs.choose(2)
    return window


def opened(window, name="landscape"):
    window.area.docks[name].raise_()
    window.current_view.choose(window.area.views[name])
    window.actions_["open-another"].trigger()
    return list(window.area.copies.views.values())[-1]


def test_it_has_a_zoom_and_choices_of_its_own(recorded, qtbot):
    view = recorded.area.views["landscape"]
    view.samples.setChecked(False)
    copy = opened(recorded)
    qtbot.waitUntil(lambda: in_sight(copy) and copy.drawn is not None)
    assert copy is not view and not copy.samples.isChecked() and recorded.current_view.view is copy
    copy.samples.setChecked(True)
    copy.boxes[0].setRange(xRange=(0, 0.5), yRange=(0, 0.5), padding=0)
    copy.auto_range = False
    assert not view.samples.isChecked() and view.figure().x_range != copy.figure().x_range
    texts = [action.text() for action in copy.actions()]
    assert texts == [action.text() for action in view.actions()]
    assert {"Copy P&ython code", "&Open another", "Reset zoom"} <= set(texts)


def test_what_a_figure_cites_is_copied(recorded, qtbot, clipboard):
    window = recorded
    view = window.area.views["congestion_theorem"]
    window.area.docks["congestion_theorem"].raise_()
    qtbot.waitUntil(lambda: in_sight(view) and view.drawn is not None)
    window.current_view.choose(view)
    window.actions_["copy-figure-bibtex"].trigger()
    entries = clipboard.text()
    assert "@inproceedings{milne2022wasserstein," in entries and "@misc{wganstudio," in entries
    window.actions_["copy-figure-methods"].trigger()
    text = clipboard.text()
    assert text.startswith(f"The figure shows: {view.drawn.title}~\\cite{{milne2022wasserstein}}. ")
    assert "2 runs are compared" not in text and "Training took" in text
    names = [action.text().replace("&", "") for action in view.actions()]
    assert "Copy BibTeX of this figure" in names and "Copy methods paragraph of this figure" in names


def test_a_comparison_cites_all_of_its_runs(recorded, qtbot, clipboard):
    window = recorded
    view = window.area.views["costs"]
    window.run_selection.choose([1, 2])
    window.area.docks["costs"].raise_()
    qtbot.waitUntil(lambda: in_sight(view) and view.drawn is not None)
    window.current_view.choose(view)
    window.actions_["copy-figure-methods"].trigger()
    assert "2 runs are compared" in clipboard.text()


def test_it_follows_the_selection_until_it_is_pinned(recorded):
    copy = opened(recorded)
    recorded.runs.choose(1)
    assert copy.record.run == recorded.area.views["landscape"].record.run == 1
    recorded.actions_["pin-view"].trigger()
    dock = recorded.area.dock_of(copy)
    assert dock.windowTitle().startswith("Landscape 2: ")
    recorded.runs.choose(2)
    assert copy.record.run == 1 and recorded.area.views["landscape"].record.run == 2
    recorded.actions_["pin-view"].trigger()
    assert copy.record.run == 2 and dock.windowTitle() == "Landscape 2"


def test_a_pinned_run_that_is_deleted_is_let_go(recorded):
    copy = opened(recorded)
    recorded.actions_["pin-view"].trigger()
    recorded.session.delete(2)
    assert not recorded.area.copies.is_pinned(copy) and copy.record is recorded.area.views["costs"].record


def test_a_first_view_is_not_pinned(recorded):
    recorded.current_view.choose(recorded.area.views["landscape"])
    recorded.actions_["pin-view"].trigger()
    assert "Open another" in recorded.banner.label.text()


def test_the_pane_of_a_further_run_is_opened_pinned(recorded):
    recorded.runs.choose(1)
    view = recorded.area.views["landscape"]
    recorded.area.set_records(recorded.session.records())
    recorded.area.docks["landscape"].raise_()
    view.refresh()
    recorded.current_view.choose(view.comparison.views[1])
    recorded.actions_["open-another"].trigger()
    (copy,) = recorded.area.copies.views.values()
    assert copy.record.run == 2 and recorded.area.copies.is_pinned(copy)


def test_its_close_button_removes_it(recorded, qtbot):
    copy = opened(recorded)
    recorded.area.dock_of(copy).close()
    assert recorded.area.copies.docks == {}
    assert recorded.current_view.view is not copy
    recorded.area.set_records(recorded.session.records())
    assert opened(recorded, "costs").title == "Costs"


def test_layouts_keep_it_and_the_default_closes_it(recorded):
    opened(recorded)
    opened(recorded, "costs")
    recorded.layouts.save("Two")
    recorded.layouts.choose("Default")
    assert recorded.area.copies.docks == {}
    recorded.layouts.choose("Two")
    copies = recorded.area.copies
    assert list(copies.docks) == ["landscape-2", "costs-2"]
    assert all(view.record.run == 2 for view in copies.views.values())
    assert not copies.docks["costs-2"].isHidden()
    recorded.layouts.choose("Maps")
    assert copies.docks == {}


def test_one_view_fills_the_screen_and_returns(recorded, qtbot):
    view = recorded.area.views["costs"]
    dock = recorded.area.docks["costs"]
    dock.raise_()
    recorded.current_view.choose(view)
    size = view.size()
    recorded.actions_["view-full-screen"].trigger()
    qtbot.waitUntil(lambda: dock.isFullScreen() and view.width() > recorded.width() * 0.9)
    assert recorded.full_screen.on and not recorded.isFullScreen()
    recorded.actions_["full-screen"].trigger()
    qtbot.waitUntil(lambda: not dock.isFloating())
    assert not recorded.full_screen.on
    qtbot.waitUntil(lambda: abs(view.width() - size.width()) < 40)


def test_attaching_or_closing_the_view_ends_its_full_screen(recorded, qtbot):
    height = recorded.area.views["costs"].message.fontMetrics().height()
    for leave in (lambda dock: dock.setFloating(False), lambda dock: dock.close()):
        dock = recorded.area.docks["costs"]
        recorded.current_view.choose(recorded.area.views["costs"])
        recorded.actions_["view-full-screen"].trigger()
        qtbot.waitUntil(dock.isFullScreen)
        leave(dock)
        qtbot.waitUntil(lambda: not recorded.full_screen.on)
    assert not dock.isFloating() and dock.isHidden()
    copy = opened(recorded)
    recorded.actions_["view-full-screen"].trigger()
    recorded.area.dock_of(copy).close()
    assert not recorded.full_screen.on and recorded.area.copies.docks == {}
    assert recorded.area.views["costs"].message.fontMetrics().height() == height


def test_too_many_are_refused(recorded, monkeypatch):
    monkeypatch.setattr("wganstudio.gui.views.copies.MAX_COPIES", 1)
    opened(recorded)
    recorded.actions_["open-another"].trigger()
    assert len(recorded.area.copies.docks) == 1 and "close one" in recorded.banner.label.text()
