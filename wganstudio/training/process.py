"""RunProcess: the two processes behind a window or a terminal, one that trains and one that finds truths."""

import contextlib
import multiprocessing
import signal
import tempfile
import time
from multiprocessing.connection import Connection, wait
from pathlib import Path

from wganstudio.experiment import Experiment
from wganstudio.training.commands import Command
from wganstudio.training.events import LIVE_KINDS, TERMINAL, Event, Failed, TruthMissing
from wganstudio.training.job import Job, JobDone, JobEvent, Task, WorkerReady
from wganstudio.training.worker import serve

NICENESS = 5
_SPAWN = multiprocessing.get_context("spawn")


class RunProcess:
    """Two children, kept warm: one trains, the other computes the truths beside it; one stream of events.

    `polite` lowers their priority and asks for live frames, for a window's sake. All methods are for one
    thread. The children end with the parent, however it ends.
    """

    def __init__(self, *, polite: bool = False) -> None:
        self._polite = polite
        self._number = 0
        self._trainer = Child("train", polite)
        self._finder = Child("truths", polite)
        self._running = False

    @property
    def warm(self) -> bool:
        """Whether the training child has imported all it needs; `poll` finds out."""
        return self._trainer.ready

    @property
    def running(self) -> bool:
        """Whether a run is under way: started, and its last event not polled yet."""
        return self._running

    @property
    def finding(self) -> bool:
        """Whether truths are still being computed."""
        return self._finder.busy

    @property
    def pids(self) -> dict[str, int]:
        """The children's process ids by task."""
        return {child.task: child.pid for child in (self._trainer, self._finder)}

    @property
    def connections(self) -> list[Connection]:
        """The pipes to wait on: `poll` has something to do once one of them is ready to be read."""
        return [child.pipe for child in (self._trainer, self._finder) if child.alive]

    def start(self, experiment: Experiment) -> None:
        """Begin a run and the search for its truths. RuntimeError while another run is under way."""
        if self._running:
            raise RuntimeError("a run is under way; stop it first")
        self._number += 1
        self._running = True
        self._trainer = self._trainer.free(patience=1.0)  # its last run is over: it only has to say so
        self._finder = self._finder.free()
        self._trainer.send(
            Job(self._number, "train", experiment, watched=LIVE_KINDS if self._polite else frozenset())
        )
        self._finder.send(Job(self._number, "truths", experiment))

    def send(self, command: Command) -> None:
        """Tell the run something; nothing happens when none is under way."""
        if self._running:
            self._trainer.send((self._number, command))

    def poll(self, timeout: float = 0.0) -> list[Event]:
        """What was said since the last call, in order; waits up to `timeout` seconds for the first word."""
        pipes = {child.pipe: child for child in (self._trainer, self._finder) if child.alive}
        events: list[Event] = []
        for pipe in wait(list(pipes), timeout) if pipes else ():
            events += self._hear(pipes[pipe])  # type: ignore[index]
        if self._running and any(isinstance(event, TERMINAL) for event in events):
            self._running = False
        return events

    def close(self, timeout: float = 2.0) -> None:
        """End both children: asked first, killed when `timeout` seconds are over."""
        for child in (self._trainer, self._finder):
            child.pipe.close()
        deadline = time.monotonic() + timeout
        for child in (self._trainer, self._finder):
            child.end(max(0.0, deadline - time.monotonic()))
        self._running = False

    def _hear(self, child: "Child") -> list[Event]:
        events = [event for number, event in child.hear() if number == self._number]
        if child.alive:
            return events
        words = child.last_words()
        if child is self._trainer:
            self._trainer = Child("train", self._polite)
            if self._running and not any(isinstance(event, TERMINAL) for event in events):
                message = f"The training process died ({words[0]}); what it said until then is kept."
                events.append(Failed(message=message, detail=words[1], cause="died"))
        else:
            self._finder = Child("truths", self._polite)
            if child.busy:
                events.append(
                    TruthMissing(message=f"The process that computes the truths died ({words[0]}).")
                )
        return events


class Child:
    """One spawned process, warmed up for one kind of task, and the pipe to it."""

    def __init__(self, task: Task, polite: bool) -> None:
        self.task: Task = task
        self._polite = polite
        self.ready = self.busy = False
        self.alive = True
        with tempfile.NamedTemporaryFile(prefix="wganstudio-", suffix=".log", delete=False) as file:
            self._words = Path(file.name)
        self.pipe: Connection
        self.pipe, theirs = _SPAWN.Pipe()
        arguments = (theirs, task, file.name, NICENESS if polite else 0)
        self._process = _SPAWN.Process(target=serve, args=arguments, name=f"wganstudio-{task}")
        self._process.start()
        theirs.close()

    @property
    def pid(self) -> int:
        return self._process.pid or 0

    def send(self, message: object) -> None:
        if isinstance(message, Job):
            self.busy = True
        with contextlib.suppress(OSError):  # it has died: the next poll finds the pipe's end and says so
            self.pipe.send(message)

    def hear(self) -> list[tuple[int, Event]]:
        """Everything that waits in the pipe; `alive` turns false at its end."""
        heard: list[tuple[int, Event]] = []
        try:
            while self.pipe.poll():
                match self.pipe.recv():
                    case WorkerReady():
                        self.ready = True
                    case JobDone():
                        self.busy = False
                    case JobEvent(number, event):
                        heard.append((number, event))
        except (EOFError, OSError):
            self.alive = False
        return heard

    def free(self, patience: float = 0.0) -> "Child":
        """This child if it has nothing to do within `patience` seconds, otherwise one in its place."""
        self.hear()
        with contextlib.suppress(OSError):
            if self.busy and self.pipe.poll(patience):
                self.hear()
        if self.alive and not self.busy:
            return self
        self.pipe.close()
        self.end(0.0)
        return Child(self.task, self._polite)

    def last_words(self) -> tuple[str, str]:
        """How it ended, and the end of what it wrote to stderr."""
        self._process.join(2.0)
        code = self._process.exitcode
        how = f"exit code {code}"
        if code is not None and code < 0:
            how = f"ended by {signal.Signals(-code).name}" + (
                ", perhaps for lack of memory" if code == -9 else ""
            )
        detail = (
            self._words.read_text(encoding="utf-8", errors="replace")[-8000:] if self._words.exists() else ""
        )
        self.end(0.0)
        return how, detail

    def end(self, timeout: float) -> None:
        """Gone after this: on its own within `timeout` seconds, or killed."""
        self.alive = False
        self._process.join(timeout)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._process.close()
        self.pipe.close()
        self._words.unlink(missing_ok=True)
