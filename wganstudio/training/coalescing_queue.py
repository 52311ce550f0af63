"""Mailbox: events between two threads; of those that may be replaced only the newest waits."""

import threading

from wganstudio.training.events import Event, is_coalescible


class CoalescingQueue:
    """An ordered queue in which an unread frame gives its place up to a newer one."""

    def __init__(self) -> None:
        self._events: list[Event] = []
        self._closed = False
        self._changed = threading.Condition()

    def put(self, event: Event) -> None:
        """Add an event; one of its kind that may be replaced and was not read yet is dropped."""
        with self._changed:
            if is_coalescible(event):
                self._events = [e for e in self._events if not (is_coalescible(e) and e.kind == event.kind)]
            self._events.append(event)
            self._changed.notify()

    def take(self, timeout: float | None = 0.0) -> list[Event]:
        """All that waits, in order; waits up to `timeout` seconds (None: for ever) for the first."""
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
