"""Starter: processes that are killed, and their children, as fast as the system allows."""

import multiprocessing
import os
import sys
from collections.abc import Callable
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from typing import Any

PRELOADED = ["wganstudio.training.run", "wganstudio.training.truths", "ot", "torch._dynamo", "coarse_workers"]
PRELOADED += ["wganstudio.cli.run", "wganstudio.cli.suite", "wganstudio.figures.mpl", "killing.activities"]
ATTRIBUTES = ("_forkserver_address", "_forkserver_authkey")
"""The address and keys of a server that forks processes for another one."""


class Starter:
    """Starts processes; on Linux a server that has imported torch forks them and all their children."""

    def __init__(self, context: BaseContext) -> None:
        self._context = context

    def start(self, target: Callable[..., object], *arguments: object) -> BaseProcess:
        """Call a function in a process of its own; it is also given how to start children."""
        process = self._context.Process(target=target, args=(*arguments, self._server()))
        process.start()
        return process

    def _server(self) -> dict[str, Any] | None:
        if self._context.get_start_method() != "forkserver":
            return None
        from multiprocessing import forkserver

        forkserver.ensure_running()
        server = vars(forkserver._forkserver)
        return {name: server[name] for name in ATTRIBUTES if name in server}


def starter(method: str = "") -> Starter:
    """Return what starts processes by a method of multiprocessing, by default the fastest safe one."""
    method = method or ("forkserver" if sys.platform.startswith("linux") else "spawn")
    context = multiprocessing.get_context(method)
    if method == "forkserver":
        os.environ["PYTHONPATH"] = os.pathsep.join(
            filter(None, sys.path)
        )  # the server takes no sys.path over
        context.set_forkserver_preload(PRELOADED)
    return Starter(context)


def context_of(server: dict[str, Any] | None) -> BaseContext:
    """Return how this process starts children: by the server that started it, or by spawning."""
    if server is None:
        return multiprocessing.get_context("spawn")
    from multiprocessing import forkserver

    ours = forkserver._forkserver
    vars(ours).update(server)
    ours.ensure_running = lambda: None  # type: ignore[method-assign]
    return multiprocessing.get_context("forkserver")
