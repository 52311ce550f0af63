"""An event queue between two threads that keeps only the newest of the events that may be replaced."""

import threading

from wganstudio.training.events import Event, is_coalescible, supersedes


class CoalescingQueue:
    """An ordered queue in which a newer live snapshot replaces an unread one of its topic."""

    def __init__(self) -> None:
        self._events: list[Event] = []
        self._closed = False
        self._changed = threading.Condition()

    def put(self, event: Event) -> None:
        """Add an event, and drop the unread events that it supersedes."""
        with self._changed:
            if is_coalescible(event):
                self._events = [old for old in self._events if not supersedes(event, old)]
            self._events.append(event)
            self._changed.notify()

    def take(self, timeout: float | None = 0.0) -> list[Event]:
        """Return all waiting events in order; wait up to `timeout` seconds (None: forever) for the first."""
        with self._changed:
            if not self._events:
                self._changed.wait_for(lambda: bool(self._events) or self._closed, timeout)
            events, self._events = self._events, []
            return events

    def close(self) -> None:
        """Announce that no event follows; `take` no longer waits, and returns an empty list at the end."""
        with self._changed:
            self._closed = True
            self._changed.notify()
