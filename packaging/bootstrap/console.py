"""What the person at the keyboard gets to read."""

import subprocess
import sys
import time
from pathlib import Path


class Problem(Exception):
    """What is in the way, in one sentence; `remedy` says what helps, if that is known."""

    def __init__(self, sentence: str, remedy: str = ""):
        super().__init__(sentence)
        self.remedy = remedy

    def __str__(self) -> str:
        return f"error: {self.args[0]}" + (f"\n  {self.remedy}" if self.remedy else "")


def say(line: str) -> None:
    """One line of progress."""
    print(line, flush=True)


def run_logged(command: list[str], log: Path, env: dict[str, str]) -> str | None:
    """Run a long command with its output in `log`; None if it went well, else what it printed."""
    printed, status = [], _Status()
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
    return None if process.returncode == 0 else "".join(printed)


class _Status:
    """The last line of a long command: rewritten in place on a terminal, every 20 s in a log."""

    def __init__(self) -> None:
        self.terminal = sys.stdout.isatty()
        self.start = self.last = time.monotonic()

    def show(self, line: str) -> None:
        now = time.monotonic()
        text = f"  {now - self.start:4.0f} s  {line.strip()[:90]}"
        if self.terminal:
            print(f"\r\x1b[K{text}", end="", flush=True)
        elif now - self.last > 20:
            self.last = now
            say(text)

    def clear(self) -> None:
        if self.terminal:
            print("\r\x1b[K", end="", flush=True)
