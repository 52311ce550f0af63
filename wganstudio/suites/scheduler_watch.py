"""Time limits on waiting for a Dask scheduler: SchedulerWatch, and calls that may take so long."""

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")

PERIOD = 2.0
"""Seconds between an answer and the next question."""
SILENCE = 15.0
"""Seconds without an answer after which a scheduler counts as lost; a busy one may take a few."""


class SchedulerWatch:
    """Asks the scheduler of a client for an answer now and then, and never waits for it.

    A killed scheduler closes its connections, which the client notices; one that hangs, or whose machine is
    gone, does not.
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self._question: Future[Any] | None = None
        self._since = time.monotonic()
        """When the open question was asked, or the last one answered."""

    def answers(self) -> bool:
        """Return False once a question has been open for too long; ask the next one when it is due."""
        now = time.monotonic()
        if self._question is not None and self._question.done():
            self._question, self._since = None, now
        if self._question is None and now - self._since > PERIOD and self._client.status == "running":
            question = self._client.scheduler.ncores(workers=[])
            loop = self._client.loop.asyncio_loop
            self._question, self._since = asyncio.run_coroutine_threadsafe(question, loop), now
        return self._question is None or now - self._since < SILENCE

    def close(self) -> None:
        """Give up the open question."""
        if self._question is not None:
            self._question.cancel()


def in_time(make: Callable[[], T], seconds: float) -> T:
    """Return what a function makes; TimeoutError where it takes longer, and its thread is left alone."""
    result: Future[T] = Future()

    def work() -> None:
        try:
            result.set_result(make())
        except BaseException as error:
            result.set_exception(error)

    threading.Thread(target=work, daemon=True).start()
    return result.result(seconds)


def ask(client: Any, question: Any, timeout: float) -> Any:
    """Return the answer to a question to the scheduler; None if it does not come in time, or is an error."""
    answer = asyncio.run_coroutine_threadsafe(question, client.loop.asyncio_loop)
    with contextlib.suppress(TimeoutError, OSError):
        return answer.result(timeout)
    answer.cancel()
    return None
