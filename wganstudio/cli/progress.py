"""Progress on stderr: one line that moves in a terminal, a line now and then elsewhere."""

import shutil
import sys
import time

from wganstudio.training import events

WIDTH = 28
QUIET_PERIOD = 10.0


class Progress:
    """Shows the events of one run on stderr; stdout stays free for the result."""

    def __init__(self) -> None:
        self._moving = sys.stderr.isatty()
        self._last = 0.0
        self._open = False

    def show(self, event: events.Event) -> None:
        """Say what the event means for somebody who waits."""
        match event:
            case events.Started():
                self.say(f"training on {event.environment['device']}, {event.steps} steps")
            case events.Progress():
                self._advance(event)
            case events.TruthFound():
                truth = event.truth
                self.say(f"truth: {truth.quantity} = {truth.value:.5g} ({truth.method})")
            case events.TruthMissing():
                self.say(event.message)

    def say(self, text: str) -> None:
        """One line."""
        self.close()
        print(text, file=sys.stderr, flush=True)

    def close(self) -> None:
        """End the moving line."""
        if self._open:
            print(file=sys.stderr, flush=True)
        self._open = False

    def _advance(self, event: events.Progress) -> None:
        done = event.step / max(event.steps, 1)
        bar = "#" * int(done * WIDTH)
        text = f"[{bar:<{WIDTH}}] {event.step}/{event.steps}"
        text += f"  {event.rate:.0f} steps/s  {clock(event.eta)} to go"
        if event.step >= event.steps:
            text += "; final estimates"
        self.move(text, last=event.step >= event.steps)

    def move(self, text: str, *, last: bool = False) -> None:
        """The line that moves: in a terminal in its place, elsewhere anew now and then, and at `last`."""
        if self._moving:
            shown = text if len(text) <= (width := shutil.get_terminal_size().columns - 1) else text[:width]
            print(f"\r{shown:<{width}}", end="", file=sys.stderr, flush=True)
            self._open = True
        elif time.monotonic() - self._last > QUIET_PERIOD or last:
            self._last = time.monotonic()
            print(text, file=sys.stderr, flush=True)


def clock(seconds: float) -> str:
    """Hours, minutes and seconds: 1:02:03, or 2:03."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}" if minutes >= 60 else f"{minutes}:{rest:02}"
