"""Exceptions that no code has caught: in a Qt slot, a thread, a destructor, or the main thread."""

import sys
import threading
import traceback
from collections import Counter
from collections.abc import Callable
from types import TracebackType

from wganstudio.bad_input import BadInput
from wganstudio.training.failures import explain

MAX_DETAIL = 20_000
"""Characters of a traceback."""
MAX_KINDS = 10_000
"""Different errors that are counted."""


class UncaughtErrors:
    """Hands uncaught exceptions to `report` as a sentence and its details, from whatever thread.

    An exception that repeats is reported when it occurs for the 1st, 10th, 100th time, and so on.
    Ctrl-C is no error; Python prints the usual traceback.
    """

    def __init__(self, report: Callable[[str, str], None]) -> None:
        self._report = report
        self._counts: Counter[object] = Counter()
        self._lock = threading.Lock()
        self._local = threading.local()
        self._before = sys.excepthook, threading.excepthook, sys.unraisablehook

    def install(self) -> None:
        """Replace the hooks of Python."""
        self._before = sys.excepthook, threading.excepthook, sys.unraisablehook
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        sys.unraisablehook = self._on_unraisable

    def remove(self) -> None:
        """Put the hooks back that were there before."""
        sys.excepthook, threading.excepthook, sys.unraisablehook = self._before

    def add(self, task: str, error: BaseException) -> None:
        """Report an exception; `task` is the subject of the sentence about it."""
        self._count(_place(error), lambda: (_sentence(error, task), _trace(error)))

    def add_message(self, message: str, detail: str = "") -> None:
        """Report a message of a library."""
        self._count(message, lambda: (message, detail))

    def _count(self, key: object, describe: Callable[[], tuple[str, str]]) -> None:
        if getattr(self._local, "busy", False):  # reporting itself fails
            print(*describe(), sep="\n", file=sys.__stderr__)
            return
        self._local.busy = True
        try:
            with self._lock:
                if len(self._counts) > MAX_KINDS:
                    self._counts.clear()
                self._counts[key] += 1
                count = self._counts[key]
            if str(count).strip("0") == "1":
                message, detail = describe()
                again = f" This has happened {count:,} times." if count > 1 else ""
                self._report(message + again, detail)
        except Exception:
            traceback.print_exc(file=sys.__stderr__)
        finally:
            self._local.busy = False

    def _on_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if isinstance(error, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        else:
            self.add("An action", error)

    def _on_thread_exception(self, args: threading.ExceptHookArgs) -> None:
        if not issubclass(args.exc_type, SystemExit):
            self.add("A background task", args.exc_value or args.exc_type())

    def _on_unraisable(self, args: "sys.UnraisableHookArgs") -> None:
        if issubclass(args.exc_type, KeyboardInterrupt):
            sys.__unraisablehook__(args)
        else:
            self.add("Cleaning up", args.exc_value or args.exc_type())


def _place(error: BaseException) -> object:
    """Return what identifies an exception that repeats: its type and the line that raised it."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return type(error), trace and (trace.tb_frame.f_code.co_filename, trace.tb_lineno)


def _sentence(error: BaseException, task: str) -> str:
    return str(error) if isinstance(error, BadInput) else explain(error, task)


def _trace(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))[-MAX_DETAIL:]
