"""Skipping: final estimates that the user may give up between two parts of them."""

from collections.abc import Generator
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import TypeVar

from wganstudio.critics.parts import Parts
from wganstudio.training.commands import Command, SkipEstimates
from wganstudio.training.frame_rate import FrameLimiter

T = TypeVar("T")


def take_skip(inbox: "SimpleQueue[Command]") -> bool:
    """Return True if the inbox holds SkipEstimates, which is taken out; other commands stay in order."""
    others: list[Command] = []
    with suppress(Empty):
        while True:
            others.append(inbox.get_nowait())
    for command in others:
        if not isinstance(command, SkipEstimates):
            inbox.put(command)
    return any(isinstance(command, SkipEstimates) for command in others)


def until_skipped(parts: Parts[T], inbox: "SimpleQueue[Command]") -> Generator[float, None, T | None]:
    """Do all parts, and yield the share that is done now and then; None once SkipEstimates has come."""
    limiter = FrameLimiter()
    while not take_skip(inbox):
        try:
            share = next(parts)
        except StopIteration as end:
            result: T = end.value
            return result
        if limiter.progress_due():
            limiter.rate(0)
            yield share
    parts.close()
    return None
