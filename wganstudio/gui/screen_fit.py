"""Screen fit: which arrangement the size of a window allows."""

from PySide6.QtWidgets import QWidget

NARROW = 230
"""Width in characters below which the panels of the right side stand at the left, below the form."""
LOW = 46
"""Height in lines below which the views become tabs of one area, and panels one below the other too."""


def is_narrow(window: QWidget) -> bool:
    """Return True if a window has too little width for panels at both sides of the views."""
    return window.width() < NARROW * window.fontMetrics().averageCharWidth()


def is_low(window: QWidget) -> bool:
    """Return True if a window has too little height for views side by side and in rows."""
    return window.height() < LOW * window.fontMetrics().lineSpacing()
