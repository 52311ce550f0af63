"""Tokens: the colors by role, the spacing and the type scale that window and plots share, in both themes."""

from dataclasses import dataclass

TIGHT, NORMAL, WIDE = 4, 8, 16
"""Spaces in pixels: within a control, between controls, between groups."""
SMALL_TYPE, LARGE_TYPE = 0.75, 1.4
"""Sizes of type relative to that of the system: numbers side by side, and a room that looks on."""


@dataclass(frozen=True)
class Colors:
    """The colors of one theme."""

    window: str
    base: str
    raised: str
    line: str
    text: str
    dim: str
    faint: str
    accent: str
    on_accent: str
    progress: str
    """The done part of a progress bar; the text over it keeps its color."""
    error: str
    error_back: str
    note_back: str
    warning: str


LIGHT = Colors(
    window="#f3f4f6",
    base="#ffffff",
    raised="#fbfbfc",
    line="#cfd4da",
    text="#1c2126",
    dim="#5c6670",
    faint="#7f8892",
    accent="#1c69ae",
    on_accent="#ffffff",
    progress="#8fc1ea",
    error="#b3261e",
    error_back="#fbe9e7",
    note_back="#e6f0fa",
    warning="#8a5a00",
)
DARK = Colors(
    window="#23272c",
    base="#1b1e22",
    raised="#2c3138",
    line="#434a53",
    text="#e7eaed",
    dim="#a3adb7",
    faint="#7f8a95",
    accent="#62a8e8",
    on_accent="#0f1418",
    progress="#2f628f",
    error="#ff8a80",
    error_back="#45292a",
    note_back="#22384c",
    warning="#ffc266",
)
