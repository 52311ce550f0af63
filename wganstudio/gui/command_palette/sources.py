"""Sources of the command palette: actions, views, panels, presets, layouts, help and recent files."""

from collections.abc import Iterator, Mapping
from functools import partial

from wganstudio.experiment import presets
from wganstudio.gui.actions import Action, WindowState, plain_text, shortcut_text
from wganstudio.gui.command_palette.entries import PaletteEntry
from wganstudio.gui.command_palette.reasons import reason_disabled
from wganstudio.gui.command_palette.targets import PaletteTargets
from wganstudio.gui.controllers.panes import enter
from wganstudio.gui.help_pages import help_pages
from wganstudio.gui.widgets.docks import Dock

OPENS_PALETTE = "palette"


def window_entries(window: PaletteTargets, state: WindowState) -> list[PaletteEntry]:
    """Return everything that a window can do or show."""
    return [
        *_actions(window.actions_, state),
        *_docks("view", window.area.docks),
        *_docks("panel", window.docks),
        *_presets(window),
        *_layouts(window),
        *_recent_files(window),
        *_help(window),
    ]


def _actions(actions: Mapping[str, Action], state: WindowState) -> Iterator[PaletteEntry]:
    for name, action in actions.items():
        if name != OPENS_PALETTE and not name.startswith("help-"):
            yield PaletteEntry(
                key=f"action/{name}",
                title=plain_text(action),
                kind="action",
                run=action.trigger,
                shortcut=shortcut_text(action),
                enabled=action.isEnabled(),
                reason=reason_disabled(action.info, state),
            )


def _docks(kind: str, docks: Mapping[str, Dock]) -> Iterator[PaletteEntry]:
    for name, dock in docks.items():
        yield PaletteEntry(f"{kind}/{name}", f"Show {dock.windowTitle()}", kind, partial(show_dock, dock))


def show_dock(dock: Dock) -> None:
    """Bring a dock to the front, and give it the keyboard."""
    dock.show()
    dock.raise_()
    enter(dock)


def _presets(window: PaletteTargets) -> Iterator[PaletteEntry]:
    for name, preset in presets().items():
        yield PaletteEntry(
            f"preset/{name}", preset.about.name or name, "preset", partial(_choose, window, name)
        )


def _choose(window: PaletteTargets, name: str) -> None:
    """Choose a preset as the user does in the chooser of the form."""
    chooser = window.form.presets
    chooser.setCurrentIndex(chooser.findData(name))
    chooser.activated.emit(chooser.currentIndex())
    window.docks["form"].show()


def _layouts(window: PaletteTargets) -> Iterator[PaletteEntry]:
    for name in window.layouts.names():
        yield PaletteEntry(f"layout/{name}", f"Layout {name}", "layout", partial(window.layouts.choose, name))


def _recent_files(window: PaletteTargets) -> Iterator[PaletteEntry]:
    for path in window.settings.recent:
        if path.exists():
            run = partial(window.file_actions.open_path, path)
            yield PaletteEntry(f"file/{path}", path.name, f"recent file in {path.parent}", run)


def _help(window: PaletteTargets) -> Iterator[PaletteEntry]:
    for page in help_pages():
        for section in page.sections:
            title = page.title if section.level == 1 else f"{section.title} ({page.title})"
            run = partial(window.dialogs.show_help, section.link)
            yield PaletteEntry(f"help/{section.link}", title, "help", run)
