"""Actions on the current view: copy it, open it twice, show it on the whole screen."""

from wganstudio.gui.actions import ActionInfo, WindowState
from wganstudio.gui.window_actions.targets import ActionTargets

IN_MENU = (
    *("copy-picture", "copy-data", "copy-code", "copy-figure-bibtex", "copy-figure-methods"),
    *("open-another", "pin-view", "view-full-screen", "export"),
)
"""The actions in the context menu of each view."""


def current_view_actions(window: ActionTargets) -> tuple[ActionInfo, ...]:
    """Return the actions on the view that had the keyboard or the mouse last."""
    copier, opener = window.view_copier, window.view_opener
    return (
        ActionInfo(
            name="copy-picture",
            text="Copy &picture",
            callback=copier.copy_picture,
            tooltip="Copy the current view as it is drawn",
            enabled=_has_selection,
        ),
        ActionInfo(
            name="copy-data",
            text="Copy &data",
            callback=copier.copy_data,
            tooltip="Copy the numbers of the current view, for a spreadsheet and as CSV",
            enabled=_has_selection,
        ),
        ActionInfo(
            name="copy-code",
            text="Copy P&ython code",
            callback=copier.copy_code,
            tooltip="Copy the lines of Python that read the session and draw this figure",
            enabled=_has_selection,
        ),
        ActionInfo(
            name="copy-figure-bibtex",
            text="Copy &BibTeX of this figure",
            callback=copier.copy_bibtex,
            tooltip="Copy the BibTeX entries of the papers behind the current view and the runs in it",
            enabled=_has_selection,
        ),
        ActionInfo(
            name="copy-figure-methods",
            text="Copy &methods paragraph of this figure",
            callback=copier.copy_methods,
            tooltip="Copy a paragraph in LaTeX on what the current view shows, and how it was computed",
            enabled=_has_selection,
        ),
        ActionInfo(
            name="open-another",
            text="&Open another",
            callback=opener.open_another,
            tooltip="Open a second view like the current one, with its own zoom and settings",
        ),
        ActionInfo(
            name="pin-view",
            text="P&in to its run, or unpin",
            callback=opener.pin,
            tooltip="Let a view opened with \u201cOpen another\u201d keep its run while others are selected",
            enabled=_has_selection,
        ),
        ActionInfo(
            name="view-full-screen",
            text="&Full screen of this view",
            callback=opener.toggle_full_screen,
            shortcut="Shift+F11",
            tooltip="Show the current view alone on the whole screen, or return",
        ),
    )


def _has_selection(state: WindowState) -> bool:
    return state.selected
