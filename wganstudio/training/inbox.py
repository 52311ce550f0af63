"""Inbox: reads messages from a process that may have stopped in the middle of one."""

import os
import struct
import sys
from collections.abc import Iterator
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler

CHUNK = 1 << 20


class Inbox:
    """Takes whole messages from a pipe as they arrive; `Connection.recv` would wait for the rest of one."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._data = bytearray()

    def take(self) -> Iterator[object]:
        """Yield the messages that have arrived; EOFError at the end of the pipe."""
        while self._pipe.poll():
            if sys.platform == "win32":  # where a message arrives as a whole
                yield self._pipe.recv()
                continue
            piece = os.read(self._pipe.fileno(), CHUNK)
            if not piece:
                raise EOFError
            self._data += piece
            yield from self._whole()

    def _whole(self) -> Iterator[object]:
        """Yield the complete messages: each follows its length, as `Connection.send_bytes` writes it."""
        while len(self._data) >= 4:
            start, (length,) = 4, struct.unpack_from("!i", self._data)
            if length == -1:
                if len(self._data) < 12:
                    return
                start, (length,) = 12, struct.unpack_from("!Q", self._data, 4)
            if len(self._data) < start + length:
                return
            message = bytes(memoryview(self._data)[start : start + length])
            del self._data[: start + length]
            yield ForkingPickler.loads(message)
