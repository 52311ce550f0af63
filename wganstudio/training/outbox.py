"""Outbox: sends messages to a process that may have stopped to read, without ever waiting for it."""

import threading
from collections import deque
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler


class Outbox:
    """Sends messages in order, from a thread that lives as long as there are any."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._waiting: deque[bytes] = deque()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    @property
    def idle(self) -> bool:
        """True if everything was sent."""
        with self._lock:
            return self._thread is None

    def put(self, message: object) -> None:
        """Send a message; it is lost if the process has ended."""
        data = bytes(ForkingPickler.dumps(message))
        with self._lock:
            self._waiting.append(data)
            if self._thread is None:
                self._thread = threading.Thread(target=self._send, name="wganstudio outbox", daemon=True)
                self._thread.start()

    def close(self, timeout: float) -> None:
        """Drop what waits, and wait for the thread, which the end of the process frees."""
        with self._lock:
            self._waiting.clear()
            thread = self._thread
        if thread is not None:
            thread.join(timeout)

    def _send(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._thread = None
                    return
                data = self._waiting.popleft()
            with suppress(OSError):  # the process has ended: the next poll reads the end of the pipe
                self._pipe.send_bytes(data)
