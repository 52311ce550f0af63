"""What the journeys share: a quick experiment typed into the form, and clicks on what a user clicks."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QMessageBox, QPushButton, QToolButton

QUICK = {
    "critic.width": "16",
    "critic.depth": "2",
    "training.steps": "300",
    "training.batch": "64",
    "evaluation.every": "20",
    "evaluation.samples": "256",
    "evaluation.final_samples": "4096",
    "evaluation.resolution": "24",
}
LONG = QUICK | {"training.steps": "1000000"}
WARM_MS = 60_000
RUN_MS = 60_000


class User:
    """Acts through the window's widgets, and looks at what they show."""

    def __init__(self, qtbot: Any, window: Any) -> None:
        self.qtbot = qtbot
        self.window = window

    def types(self, path: str, text: str) -> None:
        """Types into a field of the form."""
        group, field = path.split(".")
        self.window.form.groups[group].focus(field)
        line = self.window.form.groups[group].rows[field].editor.inner
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
        """Whether a button of the toolbar is there to be clicked."""
        return bool(self.window.findChild(QToolButton, f"button-{name}").isEnabled())

    def waits_until_warm(self) -> None:
        """Waits until the status says ready."""
        self.qtbot.waitUntil(lambda: self.window.status.text() == "ready", timeout=WARM_MS)

    def waits_for(self, *states: str) -> Any:
        """Waits until the newest run is in one of these states; its record."""
        self.qtbot.waitUntil(lambda: self.record is not None and self.record.state in states, timeout=RUN_MS)
        return self.record

    def runs(self, settings: dict[str, str] = QUICK) -> Any:
        """A run from the form to its end; its record."""
        self.fills_in(settings)
        self.clicks("run")
        return self.waits_for("ended", "failed")

    def waits_to_pause_at(self, step: int) -> None:
        """Waits until the run stands at this step."""
        record = self.record
        self.qtbot.waitUntil(lambda: record.step == step and record.state == "paused", timeout=RUN_MS)

    def answers(self, *texts: str) -> list[str]:
        """Will press these buttons in the next questions; what those said is in the list returned."""
        said: list[str] = []

        def press() -> bool:
            box = QApplication.activeModalWidget()
            if not isinstance(box, QMessageBox):
                return False
            text = texts[len(said)]
            said.append(box.text())
            buttons = {one.text().replace("&", ""): one for one in box.findChildren(QPushButton)}
            self.qtbot.mouseClick(buttons[text], Qt.MouseButton.LeftButton)
            return len(said) == len(texts)

        self.later(press)
        return said

    def later(self, act: Any) -> None:
        """Will try this every so often until it returns True: for what comes up while the window waits."""
        self._pending = _Later(self.window, act)
        self._pending.start(30)

    @property
    def record(self) -> Any:
        """The newest run."""
        records = self.window.desk.records()
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
def quick() -> dict[str, str]:
    """Settings of a run that takes a second."""
    return dict(QUICK)


@pytest.fixture
def long() -> dict[str, str]:
    """Settings of a run that does not end by itself."""
    return dict(LONG)
