"""Takes the pictures of `tests/screenshots.py` for one size of the window and one scale of the screen."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QWidget

from every_dialog import with_every_dialog
from wganstudio.gui.application import Application
from wganstudio.gui.settings import Settings
from wganstudio.gui.theme import Theme
from wganstudio.gui.window import MainWindow
from wganstudio.session.record import RunRecord

SETTLE_SECONDS = 0.3
"""The time in which a window lays itself out and draws."""
PICTURES = {
    "window": "first-look",
    "costs": "first-look",
    "landscape": "gaussian-to-ring",
    "gradient": "first-look",
    "transport-map": "convex-map",
    "five-systems": "",
}
"""The pictures of README and help, with the preset of the run shown; "": the last one that can be shown."""
WINDOW_SIZE = QSize(1152, 720)
VIEW_SIZE = QSize(860, 430)
VIEW_SIZES = {"landscape": QSize(717, 622), "gradient": QSize(860, 634), "transport-map": QSize(720, 523)}
VIEWS = {"five-systems": "systems", "transport-map": "transport_map"}


def take_all(
    session: Path,
    folder: Path,
    size: tuple[int, int],
    themes: Sequence[str],
    only: Sequence[str],
    pictures: bool,
) -> None:
    """Open the session in a window of a size, and save a picture of everything in each theme."""
    app = Application()
    theme = Theme(app, "light")
    window = MainWindow(theme, Settings())
    window.resize(*size)
    window.show()
    window.run_controller.prepare()
    wait(lambda: bool(window.area.views) and window.run_controller.status.warm)
    window.file_actions.open_path(session)
    window.reset_layout()
    settle()
    if pictures:
        _take_pictures(window, folder)
        return
    for name in themes:
        theme.choose(name)  # type: ignore[arg-type]
        settle()

        def save(title: str, widget: QWidget, mode: str = name) -> None:
            if not only or any(part in title for part in only):
                settle()
                widget.grab().save(str(folder / f"{title}-{mode}.png"))

        _take_window(window, save)
        _take_views(window, save)
        with TemporaryDirectory() as files:
            with_every_dialog(window, Path(files), lambda title, dialog: save(f"dialog-{title}", dialog))


def _take_window(window: MainWindow, save: Callable[[str, QWidget], None]) -> None:
    runs = [record.run for record in window.session.records()]
    window.runs.choose(runs[-1])
    save("window", window)
    window.notifier.show_error("The run was lost: the file cannot be written.", "Details of it.")
    save("window-banner", window)
    window.notifier.dismiss()
    for name in ("runs", "inspector", "log"):
        window.docks[name].reveal()
        save(f"window-{name}", window)
    window.docks["log"].close()
    window.run_selection.choose(runs[-3:-1])
    window.docks["runs"].reveal()
    save("window-compared", window)
    window.runs.choose(runs[-1])
    window.docks["form"].reveal()
    window.full_screen.enter()
    save("window-full-screen", window)
    window.full_screen.leave()
    window.gallery.open()
    save("window-gallery", window)
    window.gallery.close()
    window.start_tour()
    save("window-tour", window)
    window.tour.end()
    window.gallery.close()  # the tour opens it


def _take_views(window: MainWindow, save: Callable[[str, QWidget], None]) -> None:
    """Show each view within the window, with the last run that it can draw."""
    records = window.session.records()
    drawn = {name: last_drawn(view, records) or records[-1] for name, view in window.area.views.items()}
    for name, record in drawn.items():
        window.runs.choose(record.run)
        window.view_choice.want(name)
        save(f"view-{name}", window)


def last_drawn(view: object, records: Sequence[RunRecord]) -> RunRecord | None:
    """Return the last run for which a view has a figure."""
    for record in reversed(records):
        view.set_records([record])  # type: ignore[attr-defined]
        if view.figure() is not None:  # type: ignore[attr-defined]
            return record
    return None


def _take_pictures(window: MainWindow, folder: Path) -> None:
    records = window.session.records()
    for name, preset in PICTURES.items():
        view = window.area.views.get(VIEWS.get(name, name))
        record = next((one for one in reversed(records) if one.experiment.about.preset == preset), None)
        record = record or last_drawn(view, records) or records[-1]
        window.runs.choose(record.run)
        if view is None:
            window.resize(WINDOW_SIZE)
            window.reset_layout()
        else:
            window.area.arrange([[[view.name]]])
            settle()
            window.resize(window.size() + VIEW_SIZES.get(name, VIEW_SIZE) - view.size())
        settle()
        _save_small(view or window, folder / f"{name}.png")


def _save_small(widget: QWidget, path: Path) -> None:
    """Save a picture with a table of 256 colors, which takes a fifth of the room."""
    widget.grab().save(str(path))
    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    small.save(path, optimize=True)


def settle(seconds: float = SETTLE_SECONDS) -> None:
    """Let the window lay itself out and draw."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        QApplication.processEvents()
        time.sleep(0.005)


def wait(condition: Callable[[], bool]) -> None:
    """Wait until a condition holds."""
    while not condition():
        settle(0.02)
