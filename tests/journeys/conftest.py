"""Fixtures of the journeys: a user who types into the form, clicks buttons, and waits for progress."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMessageBox, QPushButton, QToolButton

QUICK = {
    "critic.width": "16",
    "critic.depth": "2",
    "training.steps": "300",
    "training.batch": "64",
    "evaluation.interval": "20",
    "evaluation.samples": "256",
    "evaluation.final_samples": "4096",
    "evaluation.resolution": "24",
}
LONG = QUICK | {"training.steps": "1000000"}
STALL_SECONDS = 120
"""The longest time without any progress of the window. A busy machine is slow, but it advances."""
CAP_SECONDS = 600
"""The longest time of one wait."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the journeys, and leave their time limits to the waits."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.journey)
            item.add_marker(pytest.mark.timeout(2 * CAP_SECONDS))


def wait_for(qtbot: Any, condition: Callable[[], object], progress: Callable[[], object]) -> None:
    """Wait until a condition holds; fail once `progress` has not changed for STALL_SECONDS."""
    start = changed = time.monotonic()
    mark = progress()

    def holds() -> bool:
        nonlocal mark, changed
        if condition():
            return True
        now, present = time.monotonic(), progress()
        if present != mark:
            mark, changed = present, now
        if now - changed > STALL_SECONDS or now - start > CAP_SECONDS:
            pytest.fail(
                f"waited {now - start:.0f} s, {now - changed:.0f} s of it without progress: {present}"
            )
        return False

    qtbot.waitUntil(holds, timeout=2000 * CAP_SECONDS)


class User:
    """Acts through the window's widgets, and looks at what they show."""

    def __init__(self, qtbot: Any, window: Any) -> None:
        self.qtbot = qtbot
        self.window = window

    def types(self, path: str, text: str) -> None:
        """Types into a field of the form."""
        group, field = path.split(".")
        self.window.form.groups[group].focus(field)
        self.types_into(self.window.form.groups[group].rows[field], text)

    def types_into(self, box: Any, text: str) -> None:
        """Types into a box of the form or of a dialog."""
        line = box.editor.inner
        assert isinstance(line, QLineEdit) and line.isVisible()
        line.selectAll()
        self.qtbot.keyClick(line, Qt.Key.Key_Delete)
        self.qtbot.keyClicks(line, text)

    def fills_in(self, settings: dict[str, str]) -> None:
        """Types several fields."""
        for path, text in settings.items():
            self.types(path, text)

    def clicks(self, name: str) -> None:
        """Clicks a button of the toolbar."""
        button = self.window.findChild(QToolButton, f"button-{name}")
        assert button.isVisible() and button.isEnabled(), f"the button {name} cannot be clicked"
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def can_click(self, name: str) -> bool:
        """Return True if a button of the toolbar can be clicked."""
        return bool(self.window.findChild(QToolButton, f"button-{name}").isEnabled())

    def waits_until(
        self, condition: Callable[[], object], progress: Callable[[], object] | None = None
    ) -> None:
        """Waits until a condition holds, as long as the window (or what `progress` returns) advances."""
        wait_for(self.qtbot, condition, progress or self._progress)

    def _progress(self) -> tuple[object, ...]:
        window = self.window
        records = [(record.run, record.state, record.version) for record in window.session.records()]
        return records, window.run_controller.status, window.status.text(), len(window.log.entries)

    def waits_until_warm(self) -> None:
        """Waits until the status says ready."""
        self.waits_until(lambda: self.window.status.text() == "ready")

    def waits_for(self, *states: str) -> Any:
        """Waits until the newest run is in one of these states; its record."""
        self.waits_until(lambda: self.record is not None and self.record.state in states)
        return self.record

    def runs(self, settings: dict[str, str] = QUICK) -> Any:
        """A run from the form to its end and that of its truths, which change the session too; its record."""
        self.fills_in(settings)
        self.clicks("run")
        record = self.waits_for("ended", "failed")
        self.waits_until(lambda: self.window.run_controller.status.finding == 0)
        return record

    def waits_to_pause_at(self, step: int) -> None:
        """Waits until the run stands at this step."""
        record = self.record
        self.waits_until(lambda: record.step == step and record.state == "paused")

    def answers(self, *texts: str) -> list[str]:
        """Will press these buttons in the next questions; the list returned holds their texts."""
        texts_shown: list[str] = []

        def press() -> bool:
            box = QApplication.activeModalWidget()
            if not isinstance(box, QMessageBox):
                return False
            text = texts[len(texts_shown)]
            texts_shown.append(box.text())
            buttons = {one.text().replace("&", ""): one for one in box.findChildren(QPushButton)}
            self.qtbot.mouseClick(buttons[text], Qt.MouseButton.LeftButton)
            return len(texts_shown) == len(texts)

        self.later(press)
        return texts_shown

    def later(self, act: Any) -> None:
        """Will try this every so often until it returns True: for what comes up while the window waits."""
        self._pending = _Later(self.window, act)
        self._pending.start(30)

    @property
    def record(self) -> Any:
        """The newest run."""
        records = self.window.session.records()
        return records[-1] if records else None


class _Later:
    """Tries every so often, until it has worked."""

    def __init__(self, parent: Any, act: Any) -> None:
        from PySide6.QtCore import QTimer

        self._act = act
        self._timer = QTimer(parent)
        self._timer.timeout.connect(self._try)

    def start(self, interval: int) -> None:
        self._timer.start(interval)

    def _try(self) -> None:
        try:
            if self._act():
                self._timer.stop()
        except BaseException:  # or the dialog would wait for ever
            self._timer.stop()
            if dialog := QApplication.activeModalWidget():
                dialog.close()
            raise


@pytest.fixture
def user(qtbot: Any, window: Any) -> User:
    """Somebody before the window."""
    return User(qtbot, window)


@pytest.fixture
def another_window(qapp: Any) -> Iterator[Callable[[], Any]]:
    """Show further windows, which are closed at the end without questions."""
    from wganstudio.gui.settings import Settings
    from wganstudio.gui.theme import Theme
    from wganstudio.gui.window import MainWindow

    windows: list[Any] = []

    def show() -> Any:
        windows.append(MainWindow(Theme(qapp, "light"), Settings()))
        windows[-1].show()
        windows[-1].create_views()
        return windows[-1]

    yield show
    for window in windows:
        window.session.modified = False
        window.close()
        window.theme.deleteLater()
        window.deleteLater()


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Choose the path that the next file dialogs give."""

    def choose(path: Path) -> None:
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a, **k: (str(path), ""))
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *a, **k: (str(path), ""))

    return choose


@pytest.fixture
def quick() -> dict[str, str]:
    """Settings of a run that takes a second."""
    return dict(QUICK)


@pytest.fixture
def long() -> dict[str, str]:
    """Settings of a run that does not end by itself."""
    return dict(LONG)
