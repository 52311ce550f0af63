"""The main function of a Dask scheduler or worker that is started as a child process."""

import importlib
import os


def serve(kind: str, *options: str) -> None:
    """Run `dask scheduler` or `dask worker` with some options until it is killed; print nothing."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nothing, stream)
    command = importlib.import_module(f"distributed.cli.dask_{kind}").main
    command(list(options), standalone_mode=False)
