"""Messages to the user and long commands that log their output."""

import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path


class Problem(Exception):
    """An error in one sentence; `remedy` says how to fix it, where that is known."""

    def __init__(self, sentence: str, remedy: str = ""):
        super().__init__(sentence)
        self.remedy = remedy

    def __str__(self) -> str:
        return f"error: {self.args[0]}" + (f"\n  {self.remedy}" if self.remedy else "")


def report(line: str) -> None:
    """Print one line of progress."""
    print(line, flush=True)


def run_logged(command: list[str], log: Path, env: dict[str, str]) -> tuple[bool, str]:
    """Run a long command and append its output to `log`; return whether it succeeded, and the output."""
    printed = []
    with log.open("a", encoding="utf-8") as out, _StatusLine() as status:
        print("$", *command, file=out, flush=True)
        process = subprocess.Popen(
            command,
            env=env,
            encoding="utf-8",
            errors="replace",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        with process:
            for line in process.stdout or ():
                out.write(line)
                printed.append(line)
                status.text = line.strip() or status.text
    return process.returncode == 0, "".join(printed)


class _StatusLine:
    """The last line of a long command and its time: rewritten in place on a terminal, every 20 s in a log.

    A thread of its own draws it: pip prints nothing for minutes while it unpacks large packages.
    """

    def __init__(self, in_place: float = 0.2, in_log: float = 20) -> None:
        self.text = ""
        self.is_terminal = sys.stdout.isatty()
        self.period = in_place if self.is_terminal else in_log
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._draw, daemon=True)

    def __enter__(self) -> "_StatusLine":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        if self.is_terminal:
            print("\r\x1b[K", end="", flush=True)

    def _draw(self) -> None:
        start = time.monotonic()
        while not self._over.wait(self.period):
            width = min(100, shutil.get_terminal_size().columns - 1)  # a wrapped line cannot be rewritten
            line = f"  {time.monotonic() - start:4.0f} s  {self.text}"[:width]
            if self.is_terminal:
                print(f"\r\x1b[K{line}", end="", flush=True)
            else:
                report(line)
