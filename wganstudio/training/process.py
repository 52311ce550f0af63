"""The worker processes of a window or a terminal: some train, one computes the truths."""

import contextlib
import multiprocessing
import time
import weakref
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from wganstudio import temporary
from wganstudio.experiment import Experiment
from wganstudio.training.commands import Command
from wganstudio.training.events import TERMINAL, Event, Failed, TrainingState, TruthMissing
from wganstudio.training.failures import advice_after, how_it_ended
from wganstudio.training.inbox import Inbox
from wganstudio.training.job import STATE_SECONDS, Job, JobDone, JobEvent, Task, WorkerReady
from wganstudio.training.memory import out_of_memory_kills
from wganstudio.training.outbox import Outbox
from wganstudio.training.signals import held_back
from wganstudio.training.silence import ANSWER_SECONDS, Silence, SilenceClock, silence
from wganstudio.training.spawning import main_left_alone
from wganstudio.training.topics import live_topics
from wganstudio.training.worker import serve

NICENESS = 5
OUTBOX_SECONDS = 2.0
"""The time that a thread may take to notice that the process has ended to which it sends."""
_SPAWN = multiprocessing.get_context("spawn")


class RunProcess:
    """Warm child processes, of which some train and one computes the truths, as one stream of events a run.

    `polite` lowers their priority and asks for live snapshots, as a window needs. All methods are for one
    thread, which outlives the children. The children end with the parent, however it ends.
    """

    def __init__(self, *, polite: bool = False) -> None:
        self._polite = polite
        self._number = 0
        self._trainers = [Child("train", polite)]
        """The one that the newest run uses or has used comes first."""
        self._finder = Child("truths", polite)
        self._runs: dict[int, Child] = {}
        """The trainers of the runs under way: started, and their last events not polled yet."""
        self._truth_jobs: list[Job] = []
        """Truths to compute, the next one last."""
        self._others: list[JobEvent] = []

    @property
    def warm(self) -> bool:
        """True once the trainer of the newest run has imported all it needs, as of the last `poll`."""
        return self._trainers[0].ready

    @property
    def benchmark_seconds(self) -> float | None:
        """The seconds of a step of `time_estimate.BENCHMARK`, once a trainer is ready."""
        seconds = [child.step_seconds for child in self._trainers if child.step_seconds is not None]
        return min(seconds, default=None)

    @property
    def running(self) -> bool:
        """True while a run is under way."""
        return bool(self._runs)

    @property
    def finding(self) -> int:
        """The number of runs whose truths are still being computed."""
        return self._finder.busy + len(self._truth_jobs)

    @property
    def pids(self) -> dict[str, int]:
        """The process ids of the children by task; trainers other than the newest run's are numbered."""
        others = {f"train-{n}": child.pid for n, child in enumerate(self._trainers[1:], 2)}
        return {"train": self._trainers[0].pid, "truths": self._finder.pid} | others

    @property
    def connections(self) -> list[Connection]:
        """The pipes to wait on: `poll` has something to do once one of them is ready to be read."""
        return [child.pipe for child in self._children if child.alive]

    @property
    def busy(self) -> bool:
        """True while a child has something to do: it is to be polled at least once a second."""
        return any(child.expected for child in self._children)

    @property
    def silent_seconds(self) -> float:
        """The longest time for which the trainer of a run has not answered, as of the last `poll`.

        One that gets ready for a later run may be silent.
        """
        at_work = self._runs.values() or self._trainers[:1]
        return max(child.silent_seconds for child in at_work)

    @property
    def step_seconds(self) -> float:
        """The time since the last event of the newest run; 0 if it is over."""
        trainer = self._runs.get(self._number)
        return 0.0 if trainer is None else trainer.event_seconds

    @property
    def silences(self) -> tuple[Silence, ...]:
        """The children that have not answered for so long that something is wrong."""
        return tuple(silence for child in self._children if (silence := child.silence()) is not None)

    def end_silent(self) -> None:
        """Kill the children that do not answer; `poll` then reports their end, and replaces them."""
        for child in self._children:
            if child.silence() is not None:
                child.kill()

    def start(
        self,
        experiment: Experiment,
        resume: TrainingState | None = None,
        *,
        find_truths: bool = True,
        ignore_memory: bool = False,
        commands: tuple[Command, ...] = (),
    ) -> int:
        """Start a run, or resume it from a state, and the computation of its truths; return its number.

        It gets a trainer of its own. Truths of earlier runs are still computed, after those of this run
        unless they have begun. `ignore_memory` starts a run that needs more memory than is available;
        `commands` are those that it finds when it begins.
        """
        self._number += 1
        live = live_topics() if self._polite else frozenset()
        job = Job(
            self._number,
            "train",
            experiment,
            live_topics=live,
            resume=resume,
            state_period=STATE_SECONDS,
            ignore_memory=ignore_memory,
            commands=commands,
        )
        trainer = self._free_trainer()
        self._runs[self._number] = trainer
        trainer.send(job)
        if find_truths:
            self._truth_jobs.append(Job(self._number, "truths", experiment))
        self._find_next()
        return self._number

    def keep_spare(self) -> None:
        """Let a trainer get ready for the next run, unless there is one that is idle."""
        if not self._idle_trainers():
            self._trainers.append(Child("train", self._polite))

    def forget_truths(self) -> None:
        """Cancel the truths whose computation has not begun."""
        self._truth_jobs.clear()

    def send(self, command: Command, number: int | None = None) -> None:
        """Send a command to a run, by default the newest; ignored once it is over."""
        number = self._number if number is None else number
        if number in self._runs:
            self._runs[number].send((number, command))

    def send_all(self, command: Command) -> None:
        """Send a command to all runs under way."""
        for number in self._runs:
            self.send(command, number)

    def poll(self, timeout: float = 0.0) -> list[Event]:
        """Return the events of the newest run since the last call; wait up to `timeout` seconds for one."""
        pipes = {child.pipe: child for child in self._children if child.alive}
        received: list[JobEvent] = []
        for pipe in wait(list(pipes), timeout) if pipes else ():
            received += self._receive(pipes[pipe])  # type: ignore[index]
        for child in self._children:
            child.look()
        for one in received:
            if isinstance(one.event, TERMINAL):
                self._runs.pop(one.number, None)
        self._others += [one for one in received if one.number != self._number]
        self._find_next()
        return [one.event for one in received if one.number == self._number]

    def take_others(self) -> list[JobEvent]:
        """Return the events of earlier runs, and their truths, that the last polls have received."""
        others, self._others = self._others, []
        return others

    def close(self, timeout: float = 2.0) -> None:
        """End all children: asked first, killed after `timeout` seconds, at once if they do not answer."""
        for child in self._children:
            child.dismiss()
        deadline = time.monotonic() + timeout
        for child in self._children:
            child.end(max(0.0, deadline - time.monotonic()))
        self._runs.clear()

    @property
    def _children(self) -> list["Child"]:
        return [*self._trainers, self._finder]

    def _idle_trainers(self) -> list["Child"]:
        """Return the trainers whose runs are over; those that are ready first."""
        taken = self._runs.values()
        idle = [child for child in self._trainers if child not in taken]
        return sorted(idle, key=lambda child: not child.ready)

    def _free_trainer(self) -> "Child":
        """Return a trainer without a run, which is then the first."""
        idle = self._idle_trainers()
        # Its last run is over, but the JobDone may still be on its way.
        trainer = idle[0].free(patience=1.0) if idle else Child("train", self._polite)
        others = [child for child in self._trainers if child not in (trainer, *idle[:1])]
        self._trainers = [trainer, *others]  # at once: another thread may ask for the first one
        return trainer

    def _find_next(self) -> None:
        """Let the idle child compute the next truths."""
        if self._truth_jobs and not self._finder.busy:
            self._finder = self._finder.free()
            self._finder.send(self._truth_jobs.pop())

    def _receive(self, child: "Child") -> list[JobEvent]:
        received = [JobEvent(number, event) for number, event in child.receive()]
        if child.alive:
            return received
        cause, detail = child.cause_of_death()
        end = f"was ended ({cause})" if child.killed else f"died ({cause})"
        if child is not self._finder:
            self._trainers[self._trainers.index(child)] = Child("train", self._polite)
            number = next((number for number, trainer in self._runs.items() if trainer is child), None)
            if number is not None and not any(isinstance(one.event, TERMINAL) for one in received):
                message = f"The training process {end}; {advice_after(cause)}."
                received.append(JobEvent(number, Failed(message=message, detail=detail, cause="died")))
        else:
            self._finder = Child("truths", self._polite)
            if child.busy:
                message = f"The process that computes the truths {end}."
                missing = TruthMissing(message=message, detail=detail, failed=True)
                received.append(JobEvent(child.job, missing))
        return received


class Child:
    """A spawned worker process, warmed up for one kind of task, and the pipe to it.

    It dies with the thread that makes it.
    """

    def __init__(self, task: Task, polite: bool) -> None:
        self.task: Task = task
        self._polite = polite
        self.ready = self.busy = False
        self.step_seconds: float | None = None
        """Seconds of a step of the benchmark, once a trainer is ready."""
        self.alive = True
        self.job = 0
        """The number of its last job."""
        self.broken = False
        """The device failed in a job, which leaves the process unable to use it."""
        self.killed = False
        """It was ended because it did not answer."""
        self._ended = False
        self._kills = out_of_memory_kills()
        self._silence = SilenceClock()
        self._heard_event = time.monotonic()
        self._stderr_log = temporary.file(".log")
        self.pipe: Connection
        self.pipe, theirs = _SPAWN.Pipe()
        arguments = (theirs, task, str(self._stderr_log), NICENESS if polite else 0)
        self._process = _SPAWN.Process(target=serve, args=arguments, name=f"wganstudio-{task}")
        with held_back(), main_left_alone():
            self._process.start()
        theirs.close()
        self._inbox, self._outbox = Inbox(self.pipe), Outbox(self.pipe)
        self._abandoned = weakref.finalize(self, _abandon, self._process, self.pipe)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid or 0

    @property
    def expected(self) -> bool:
        """True while it has something to do, and therefore to say."""
        return self.busy or not self.ready

    @property
    def silent_seconds(self) -> float:
        """The time for which it has not answered, as of the last `look`."""
        return self._silence.seconds

    @property
    def event_seconds(self) -> float:
        """The time since the last event of its job, or the beginning of the job."""
        return time.monotonic() - self._heard_event

    def silence(self) -> Silence | None:
        """Return its silence once that is so long that something is wrong."""
        return silence(self.task, self.pid, self.silent_seconds, starting=not self.ready)

    def look(self) -> None:
        """Count its silence; called after each `receive`, at least once a second while it is `expected`."""
        if self.expected:
            self._silence.look()
        else:
            self._silence.restart()

    def send(self, message: object) -> None:
        """Send a job or a command."""
        if isinstance(message, Job):
            self.busy, self.job = True, message.number
            self._silence.restart()
            self._heard_event = time.monotonic()
        self._outbox.put(message)

    def receive(self) -> list[tuple[int, Event]]:
        """Return the events that wait in the pipe, with their jobs; `alive` turns false at its end."""
        events: list[tuple[int, Event]] = []
        try:
            for message in self._inbox.take():
                self._silence.restart()
                match message:
                    case WorkerReady(step_seconds):
                        self.ready, self.step_seconds = True, step_seconds
                    case JobDone():
                        self.busy = False
                    case JobEvent(number, event):
                        self._heard_event = time.monotonic()
                        events.append((number, event))
                        self.broken |= isinstance(event, Failed) and event.cause == "device"
        except (EOFError, OSError):
            self.alive = False
        return events

    def free(self, patience: float = 0.0) -> "Child":
        """Return this child if it is idle within `patience` seconds and can work, otherwise a new one."""
        self.receive()
        deadline = time.monotonic() + patience
        with contextlib.suppress(OSError):
            while self.alive and self.busy and self.pipe.poll(max(0.0, deadline - time.monotonic())):
                self.receive()
        if self.alive and not self.busy and not self.broken:
            return self
        self.end(0.0)
        return Child(self.task, self._polite)

    def kill(self) -> None:
        """End the process at once, because it does not answer; its end is read from its pipe."""
        self.killed = True
        self._process.kill()

    def cause_of_death(self) -> tuple[str, str]:
        """Return how the process ended, and the end of its stderr."""
        self._process.join(2.0)
        cause = how_it_ended(self._process.exitcode, self._kills)
        if self.killed:
            cause = f"it had not answered for {int(self.silent_seconds)} s"
        detail = (
            self._stderr_log.read_text(encoding="utf-8", errors="replace")[-8000:]
            if self._stderr_log.exists()
            else ""
        )
        self.end(0.0)
        return cause, detail

    def dismiss(self) -> None:
        """Ask the process to end."""
        if self._outbox.idle:  # otherwise it does not read
            self.pipe.close()

    def end(self, timeout: float) -> None:
        """Wait up to `timeout` seconds for the process to end, unless it does not answer, then kill it."""
        self.alive = False
        if self._ended:
            return
        self._ended = True
        self._abandoned.detach()
        self._process.join(timeout if self.silent_seconds < ANSWER_SECONDS else 0.0)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._process.close()
        self._outbox.close(OUTBOX_SECONDS)
        self.pipe.close()
        self._stderr_log.unlink(missing_ok=True)


def _abandon(process: BaseProcess, pipe: Connection) -> None:
    """End the process of a child that nobody has ended: Python would wait for it at its own end."""
    pipe.close()
    with contextlib.suppress(ValueError):
        process.kill()
