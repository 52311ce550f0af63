"""Progress on stderr: a line updated in place in a terminal, an occasional line elsewhere."""

import shutil
import sys
import time

from wganstudio.cli.messages import print_message
from wganstudio.training import events
from wganstudio.training.events import moved_note

WIDTH = 28
QUIET_PERIOD = 10.0


class ProgressBar:
    """Prints the events of one run to stderr; stdout stays free for the result."""

    def __init__(self) -> None:
        self._is_terminal = sys.stderr.isatty()
        self._last_print = 0.0
        self._line_open = False
        self._last_text = ""
        """The progress line of the run under way, as of its last event."""

    def show(self, event: events.Event) -> None:
        """Print what an event reports."""
        match event:
            case events.Started():
                self.write(f"training on {event.environment['device']}, {event.steps} steps")
                if note := moved_note(event):
                    self.write(note)
            case events.Progress():
                self._advance(event)
            case events.TruthFound():
                truth = event.truth
                self.write(f"truth: {truth.quantity} = {truth.value:.5g} ({truth.method})")
            case events.TruthMissing():
                self.close()
                print_message(event.message, event.detail)

    def write(self, text: str) -> None:
        """Print one line."""
        self.close()
        print(text, file=sys.stderr, flush=True)

    def close(self) -> None:
        """End the line that is updated in place."""
        if self._line_open:
            print(file=sys.stderr, flush=True)
        self._line_open = False

    def _advance(self, event: events.Progress) -> None:
        done = event.step / max(event.steps, 1)
        bar = "#" * int(done * WIDTH)
        text = f"[{bar:<{WIDTH}}] {event.step}/{event.steps}"
        text += f"  {event.rate:.0f} steps/s  {clock(event.eta)} left"
        if event.step >= event.steps:
            text += "; final estimates"
        self._last_text = text
        self.update(text, last=event.step >= event.steps)

    def show_waiting(self, seconds: float) -> None:
        """Show that the run has worked for so long since its last event, if that is long."""
        if seconds > QUIET_PERIOD and self._last_text:
            self.update(f"{self._last_text}; working for {clock(seconds)}")

    def update(self, text: str, *, last: bool = False) -> None:
        """Update the progress line: in place in a terminal, otherwise now and then and if `last`."""
        if self._is_terminal:
            shown = text if len(text) <= (width := shutil.get_terminal_size().columns - 1) else text[:width]
            print(f"\r{shown:<{width}}", end="", file=sys.stderr, flush=True)
            self._line_open = True
        elif time.monotonic() - self._last_print > QUIET_PERIOD or last:
            self._last_print = time.monotonic()
            print(text, file=sys.stderr, flush=True)


def clock(seconds: float) -> str:
    """Return hours, minutes and seconds: 1:02:03, or 2:03."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}" if minutes >= 60 else f"{minutes}:{rest:02}"
