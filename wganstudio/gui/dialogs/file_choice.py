"""File dialogs that start in the folder that was used last."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from wganstudio.gui.dialogs.questions import ask_to_replace
from wganstudio.gui.settings import Settings

SESSION = "Session (*.wgs)"
EXPERIMENT = "Experiment (*.toml)"


def ask_to_open(parent: QWidget, settings: Settings, title: str, kinds: str) -> Path | None:
    """Ask for a file to open."""
    chosen, _ = QFileDialog.getOpenFileName(parent, title, settings.get("folder", ""), kinds)
    return Path(chosen) if chosen else None


def ask_to_save(parent: QWidget, settings: Settings, title: str, name: str, kind: str) -> Path | None:
    """Ask where to save a file; the suffix of `name` is added where it is missing."""
    start = str(Path(settings.get("folder", "")) / name)
    chosen, _ = QFileDialog.getSaveFileName(parent, title, start, kind)
    if not chosen:
        return None
    path, suffix = Path(chosen), Path(name).suffix
    if path.suffix.lower() == suffix:
        return path
    path = path.with_name(path.name + suffix)  # of this file the file dialog knows nothing
    return path if not path.exists() or ask_to_replace(parent, path.name) else None


def remember_file(settings: Settings, path: Path) -> None:
    """Add a file to the recent ones and remember its folder."""
    settings.add_recent(path)
    settings.put("folder", str(path.resolve().parent))
