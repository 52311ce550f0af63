"""Fakes for the controllers: a process without a trainer, a notifier that keeps its messages."""

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from wganstudio.experiment import preset, read
from wganstudio.experiment.naming import as_variant, names_among
from wganstudio.training.commands import Watch
from wganstudio.training.job import JobEvent


class FakeProcess:
    """A stand-in for RunProcess. Warm at once; `emit` fills its pipe, `error` makes it raise."""

    def __init__(self) -> None:
        self.warm = True
        self.running = False
        self.pids: dict[str, int] = {}
        self.started: list[Any] = []
        self.commands: list[Any] = []
        self.sent: list[Any] = []
        self.first_commands: tuple[Any, ...] = ()
        self.spares = 0
        self.benchmark_seconds: float | None = None
        self.finding = 0
        self.late: deque[Any] = deque()
        self.error: Exception | None = None
        self.closed = False
        self.resumed: Any = None
        self.ignored_memory = False
        self.busy = False
        self.silent_seconds = self.step_seconds = 0.0
        self.silences: tuple[Any, ...] = ()
        self.ended_silent = 0
        self._reader, self._writer = multiprocessing.Pipe(duplex=False)
        self._events: deque[Any] = deque()
        self.connections = [self._reader]

    def emit(self, *events: Any) -> None:
        self._events.append(events)
        self._writer.send_bytes(b"x")

    def fail(self, error: Exception) -> None:
        self.error = error
        self._writer.send_bytes(b"x")

    def emit_late(self, number: int, *events: Any, finding: int = 0) -> None:
        """Send truths of an earlier run, after which `finding` runs still wait for theirs."""
        self.late.append((finding, [JobEvent(number, event) for event in events]))
        self._writer.send_bytes(b"x")

    def start(
        self,
        experiment: Any,
        resume: Any = None,
        *,
        find_truths: bool = True,
        ignore_memory: bool = False,
        commands: tuple[Any, ...] = (),
    ) -> int:
        self.running, self.ignored_memory = True, ignore_memory
        self.started.append(experiment)
        self.resumed, self.first_commands = resume, commands
        return len(self.started)

    def keep_spare(self) -> None:
        self.spares += 1

    def forget_truths(self) -> None:
        self.finding = 0

    def take_others(self) -> list[JobEvent]:
        if not self.late:
            return []
        self.finding, events = self.late.popleft()
        return list(events)

    def be_silent(self, *silences: Any, seconds: float = 12.0) -> None:
        """Answer no more, or again if there are no silences."""
        self.silences, self.silent_seconds = silences, seconds if silences else 0.0
        self._writer.send_bytes(b"x")

    def end_silent(self) -> None:
        self.ended_silent += 1

    def send(self, command: Any, number: int | None = None) -> None:
        """Note a command, and to which run it went; what is watched is left out of `commands`."""
        if not isinstance(command, Watch):
            self.commands.append(command)
        self.sent.append((command, number))

    def poll(self, timeout: float = 0.0) -> list[Any]:
        if self._reader.poll():
            self._reader.recv_bytes()
        if self.error:
            raise self.error
        events = list(self._events.popleft()) if self._events else []
        self.running = self.running and not any(event.kind in ("ended", "failed") for event in events)
        return events

    def close(self, timeout: float = 2.0) -> None:
        self.closed = True


class FakeNotifier:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.logs: list[str] = []
        self.warnings: list[str] = []
        self.errors: list[str] = []
        self.offers: list[Any] = []
        self.withdrawn: list[str] = []
        self.resolved: list[str] = []
        self.dismissed = 0

    def log(self, message: str, detail: str = "") -> None:
        self.logs.append(message)

    def warn(self, message: str, detail: str = "") -> None:
        self.warnings.append(message)

    def show_error(self, message: str, detail: str = "", cause: str = "") -> None:
        self.errors.append(message)

    def show_warning(self, message: str, detail: str = "", cause: str = "") -> None:
        self.warnings.append(message)

    def offer(self, message: str, offers: Any, cause: str = "") -> None:
        self.offers.append((message, offers))

    def withdraw(self, message: str) -> None:
        self.withdrawn.append(message)

    def resolve(self, cause: str) -> None:
        self.resolved.append(cause)

    def dismiss(self) -> None:
        self.dismissed += 1


class FakeExit:
    """Leaves without a question."""

    def leave(self, proceed: Callable[[], object]) -> None:
        proceed()


class FakeReader:
    """Reads always the same experiment."""

    def __init__(self, experiment: Any) -> None:
        self.experiment = experiment

    def read(self) -> Any:
        return self.experiment

    def all_named(self, experiments: list[Any]) -> list[Any]:
        names = names_among(experiments)
        return [as_variant(one, name) for one, name in zip(experiments, names, strict=True)]


@pytest.fixture
def fake_process() -> type[FakeProcess]:
    return FakeProcess


@pytest.fixture
def fake_reader() -> type[FakeReader]:
    return FakeReader


@pytest.fixture
def notifier() -> FakeNotifier:
    return FakeNotifier()


@pytest.fixture
def experiment() -> Any:
    return read(preset("first-look").settings)


@pytest.fixture
def session(qapp: Any) -> Any:
    from wganstudio.gui.controllers.open_session import OpenSession

    session = OpenSession()
    yield session
    session.close()


@pytest.fixture
def parent(qtbot: Any) -> Any:
    from PySide6.QtWidgets import QWidget

    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


@pytest.fixture
def form(qtbot: Any) -> Any:
    from wganstudio.gui.form.form import ExperimentForm

    form = ExperimentForm()
    qtbot.addWidget(form)
    return form


@pytest.fixture
def settings() -> Any:
    from wganstudio.gui.settings import Settings

    return Settings()


@pytest.fixture
def fake_exit() -> FakeExit:
    return FakeExit()


@pytest.fixture
def saver(session: Any, settings: Any, notifier: Any, parent: Any) -> Any:
    from wganstudio.gui.controllers.session_saver import SessionSaver

    return SessionSaver(session, settings, notifier, parent)


@pytest.fixture
def opener(session: Any, settings: Any, notifier: Any, parent: Any) -> Any:
    from wganstudio.gui.controllers.session_opener import SessionOpener

    return SessionOpener(session, settings, notifier, parent)


@pytest.fixture
def follower(session: Any, opener: Any, saver: Any, fake_exit: FakeExit, notifier: Any) -> Iterator[Any]:
    from wganstudio.gui.controllers.session_follower import SessionFollower

    follower = SessionFollower(session, opener, saver, fake_exit, notifier)
    yield follower
    follower.close()
