"""Messages to the user and long commands that log their output."""

import subprocess
import sys
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
    printed, status = [], _StatusLine()
    with log.open("a", encoding="utf-8") as out:
        print("$", *command, file=out, flush=True)
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        process = subprocess.Popen(command, env=env, encoding="utf-8", errors="replace", **pipes)
        with process:
            for line in process.stdout or ():
                out.write(line)
                printed.append(line)
                status.show(line)
    status.clear()
    return process.returncode == 0, "".join(printed)


class _StatusLine:
    """The last line of a long command: rewritten in place on a terminal, every 20 s in a log."""

    def __init__(self) -> None:
        self.is_terminal = sys.stdout.isatty()
        self.start = self.last = time.monotonic()

    def show(self, line: str) -> None:
        now = time.monotonic()
        text = f"  {now - self.start:4.0f} s  {line.strip()[:90]}"
        if self.is_terminal:
            print(f"\r\x1b[K{text}", end="", flush=True)
        elif now - self.last > 20:
            self.last = now
            report(text)

    def clear(self) -> None:
        if self.is_terminal:
            print("\r\x1b[K", end="", flush=True)
