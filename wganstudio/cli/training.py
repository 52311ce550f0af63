"""A run in the terminal: its process, its record, its progress, and its end on request."""

from contextlib import suppress
from functools import partial

from wganstudio.cli.interruption import Interruption
from wganstudio.cli.progress import ProgressBar
from wganstudio.session import Document, Resumption, RunRecord, SessionError
from wganstudio.training.commands import Stop
from wganstudio.training.events import Event, Failed, Started, TruthMissing
from wganstudio.training.job import Task
from wganstudio.training.process import RunProcess

POLL_SECONDS = 0.2
"""The longest time until a signal is answered."""
GIVEN_UP = "The computation of the truths was given up when the run was stopped."


class Training:
    """Trains one run of a document.

    Once the interruption is requested, the run is stopped with final estimates, the computation of the truths
    is given up, and a trainer that does not answer is killed.
    """

    def __init__(
        self,
        document: Document,
        record: RunRecord,
        interruption: Interruption,
        *,
        ignore_memory: bool = False,
    ) -> None:
        self._document, self._record, self._interruption = document, record, interruption
        self._ignore_memory = ignore_memory
        self._progress = ProgressBar()
        self._process = RunProcess()
        self._failed: Failed | None = None
        self._began = self._stopping = self._over = False
        self._unwritten = self._note = ""
        self._silent: set[Task] = set()
        """The processes of which was said that they do not answer."""

    def go(self, resumption: Resumption | None = None, note: str = "") -> Failed | None:
        """Train from the start or as the run resumes, and return the failure if it fails.

        The note is printed once the run has started. What refuses to resume is returned, and leaves the
        record as it was.
        """
        self._note, self._began = note, resumption is None
        try:
            start = partial(self._process.start, ignore_memory=self._ignore_memory)
            if resumption is None:
                start(self._record.experiment)
            else:
                truths = not resumption.truths_known
                start(resumption.experiment, resumption.state, find_truths=truths)
            while (self._process.running or self._process.finding) and not self._over:
                for event in self._process.poll(timeout=POLL_SECONDS):
                    self._take(event)
                self._tell_silence()
                if self._interruption.requested and not self._over:
                    self._stop()
        finally:
            self._progress.close()
            self._process.close()
        with suppress(SessionError):
            self._document.flush()
        if self._unwritten and self._document.incomplete:
            self._progress.write(
                f"{self._unwritten} The session is incomplete; the result below is complete."
            )
        return self._failed

    def _take(self, event: Event) -> None:
        self._progress.show(event)
        if isinstance(event, Started):
            self._began = True
            if self._note:
                self._progress.write(self._note)
        if isinstance(event, Failed):
            self._failed, self._over = event, True
        if self._failed is None or self._began:
            self._write(event)

    def _write(self, event: Event) -> None:
        try:
            self._document.append(self._record.run, event)
        except SessionError as error:
            self._unwritten = self._unwritten or str(error)

    def _stop(self) -> None:
        """Stop the run; give up the truths once it is over."""
        if self._process.running:
            if not self._stopping:
                self._stopping = True
                self._progress.write("stopping; press Ctrl-C again to quit at once")
                self._process.send(Stop())
            elif any(silence.task == "train" for silence in self._process.silences):
                self._process.end_silent()
        elif self._process.finding:
            self._progress.write("the computation of the truths is given up")
            self._write(TruthMissing(message=GIVEN_UP, failed=True))
            self._over = True

    def _tell_silence(self) -> None:
        silences = self._process.silences
        for silence in silences:
            if silence.task not in self._silent:
                self._progress.write(f"{silence.message} Ctrl-C ends it; everything recorded is kept.")
        now = {silence.task for silence in silences}
        if self._silent - now and not self._over:
            self._progress.write("it answers again")
        self._silent = now
        if not now:
            self._progress.show_waiting(self._process.step_seconds)
