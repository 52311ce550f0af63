"""The command palette finds everything, ranks it, and says why something cannot be done."""

import pytest
from PySide6.QtCore import Qt

from wganstudio.experiment import presets
from wganstudio.gui.actions import ActionInfo, WindowState
from wganstudio.gui.command_palette.entries import MAX_RECENT, PaletteEntry, RecentEntries, ranked
from wganstudio.gui.command_palette.fuzzy import fuzzy_score
from wganstudio.gui.command_palette.reasons import reason_disabled
from wganstudio.gui.command_palette.sources import window_entries
from wganstudio.gui.controllers.run_controller import RunStatus
from wganstudio.gui.dialogs.palette import PaletteDialog
from wganstudio.gui.dialogs.shortcuts import shortcuts
from wganstudio.gui.settings import Settings


@pytest.mark.parametrize(
    ("query", "better", "worse"),
    [
        ("ef", "Export figures", "Reset layout, form"),
        ("mom", "Momentum", "Two moons by a map"),
        ("run", "Run", "Rename run under another name"),
        ("figures export", "Export figures", "Export the figure"),
    ],
)
def test_the_better_fit_scores_higher(query, better, worse):
    score, other = fuzzy_score(query, better), fuzzy_score(query, worse)
    assert score is not None and (other is None or score > other)


def test_letters_out_of_order_do_not_fit():
    assert fuzzy_score("xe", "Export") is None and fuzzy_score("zz", "Export") is None
    assert fuzzy_score("EXP", "export") is not None


def entry(name, **options):
    return PaletteEntry(f"action/{name}", name, "action", str, **options)


def test_recently_used_entries_come_first(qapp):
    entries = [entry("Save"), entry("Save as"), entry("Open")]
    assert [each.title for each in ranked(entries, "", ["action/Open"])] == ["Open", "Save", "Save as"]
    assert ranked(entries, "sa", ["action/Save as"])[0].title == "Save as"
    assert [each.title for each in ranked(entries, "op", [])] == ["Open"]
    recent = RecentEntries(Settings())
    for number in range(MAX_RECENT + 3):
        recent.add(f"action/{number}")
    recent.add("action/5")
    assert recent.keys()[:2] == ["action/5", f"action/{MAX_RECENT + 2}"] and len(recent.keys()) == MAX_RECENT


@pytest.mark.parametrize(
    ("enabled", "state", "reason"),
    [
        (lambda s: s.selected, WindowState(), "Select a run first."),
        (
            lambda s: not s.status.busy,
            WindowState(status=RunStatus(warm=True, busy=True)),
            "A run is under way.",
        ),
        (lambda s: s.can_run, WindowState(read_only=True), "The session is only read"),
        (lambda s: s.can_command, WindowState(), "No run is under way."),
        (lambda s: False, WindowState(), ""),
        (lambda s: True, WindowState(), ""),
    ],
)
def test_a_disabled_action_says_why(enabled, state, reason):
    info = ActionInfo("name", "Text", str, enabled=enabled)
    text = reason_disabled(info, state)
    assert text.startswith(reason) and bool(text) == bool(reason)


def test_a_disabled_entry_is_shown_with_its_reason_and_cannot_be_taken(qtbot):
    from PySide6.QtWidgets import QWidget

    parent = QWidget()
    qtbot.addWidget(parent)
    parent.resize(600, 400)
    dialog = PaletteDialog(parent, [entry("Stop", enabled=False, reason="No run is under way.")], [])
    dialog.show()
    item = dialog.list.topLevelItem(0)
    assert item.isDisabled() and "No run is under way." in item.text(0)
    qtbot.keyClick(dialog.line, Qt.Key.Key_Return)
    assert dialog.isVisible() and dialog.chosen is None
    dialog.close()


def test_the_palette_holds_everything(window, tmp_path):
    recent = tmp_path / "old.wgs"
    recent.touch()
    window.settings.add_recent(recent)
    window.layouts.save("Mine")
    keys = {each.key for each in window_entries(window, window.state())}
    hidden = {"palette"} | {name for name in window.actions_ if name.startswith("help-")}
    assert {f"action/{name}" for name in window.actions_.keys() - hidden} <= keys
    assert {f"view/{name}" for name in window.area.docks} <= keys
    assert {f"preset/{name}" for name in presets()} <= keys
    assert {f"file/{recent.resolve()}", "layout/Mine", "layout/Maps", "help/reading-the-views#costs"} <= keys


def test_the_overview_has_each_shortcut_once_and_no_two_actions_share_one(window):
    listed = [
        key for title, rows in shortcuts(window.actions_).items() if title != "Everywhere" for _, key in rows
    ]
    given = [a.shortcut().toString() for a in window.actions_.values() if not a.shortcut().isEmpty()]
    assert sorted(listed) == sorted(given) and len(set(given)) == len(given)
