"""Sentences about errors that no code foresaw. The raw text of an error belongs into the details."""

import re
import signal
from typing import Literal, NamedTuple

from wganstudio.training.memory import out_of_memory_kills, size_text

Cause = Literal["memory", "device", "error"]
REMEDY = "choose a smaller batch, network or resolution"
KEPT = "everything recorded until then is kept"
_NO_MEMORY = re.compile(
    r"out of memory|can't allocate memory|not enough memory|cannot allocate memory|unable to allocate"
    r"|bad_alloc|bad allocation|paging file is too small",
    re.IGNORECASE,
)
_WANTED = re.compile(
    r"(?:tried to allocate|Unable to allocate) ([\d.]+) ?(bytes|[KMGTPE]i?B)\b", re.IGNORECASE
)
_PREFIXES = "_KMGTPE"


class _DeviceFault(NamedTuple):
    """A kind of fault of an accelerator, and the texts of torch that report it."""

    texts: str
    """A regular expression."""
    message: str


_DEVICE_FAULTS = (
    _DeviceFault(
        "no kernel image is available",
        "This PyTorch contains no code for the GPU of this machine; install one that supports it, or choose "
        "the device cpu.",
    ),
    _DeviceFault(
        "driver version is insufficient|driver on your system is too old|forward compatibility",
        "The driver of the GPU is older than this PyTorch needs; update it, or choose the device cpu.",
    ),
    _DeviceFault(
        "no CUDA-capable device|No CUDA GPUs are available|invalid device ordinal|Found no NVIDIA driver"
        "|not compiled with CUDA|CUDA-capable device\\(s\\) is/are busy|No HIP GPUs",
        "The GPU is not there, or another program occupies it; free it, or choose the device cpu.",
    ),
    _DeviceFault(
        "for the MPS device|MPS framework doesn't support|Cannot convert a MPS Tensor|MPS: ",
        "The GPU of this Mac lacks an operation that this run needs; choose the device cpu.",
    ),
    _DeviceFault(
        "ECC error",
        f"The memory of the GPU failed (an ECC error); {KEPT}: restart the machine and resume the run, or "
        "resume it on the device cpu.",
    ),
    _DeviceFault(
        "unspecified launch failure|device-side assert|illegal (?:memory access|instruction|address)"
        "|misaligned address|launch timed out|GPU is lost|fallen off the bus|hardware stack error"
        "|CUDA error|CUDA driver error|cuda runtime error|HIP error|CUBLAS_STATUS|CUDNN_STATUS"
        "|CUSOLVER_STATUS|MPS backend|command buffer",
        f"The GPU stopped working ({{text}}); {KEPT}: resume the run, on the device cpu if it happens again.",
    ),
)
"""The first that matches counts."""


def explain(error: BaseException, task: str, remedy: str = REMEDY) -> str:
    """Return one sentence about an error, with what the user can do.

    Parameters
    ----------
    error
        Any exception except those whose text is for the user, such as BadExperiment.
    task
        What was being done, as the subject of the sentence: "The run".
    remedy
        What saves memory.
    """
    text = str(error)
    if _lacks_memory(error):
        return f"{task} ran out of memory{_place(text)}{_wanted(text)}; {remedy}."
    if (fault := _device_fault(error)) is not None:
        return fault.message.format(text=_first_clause(text))
    if isinstance(error, OSError):
        return f"{task} cannot go on: {(error.strerror or text or type(error).__name__).rstrip('.')}."
    if type(error).__name__ == "LinAlgError":  # of numpy, scipy or torch
        return (
            f"{task} needs the inverse of a singular matrix; check that the samples vary in every coordinate."
        )
    return (
        f"{task} ended with an internal error ({type(error).__name__}); "
        "please report it together with the experiment and the details."
    )


def cause_of(error: BaseException) -> Cause:
    """Return the kind of an error: too little memory, a device that failed, or any other."""
    if _lacks_memory(error):
        return "memory"
    return "device" if _device_fault(error) is not None else "error"


def how_it_ended(code: int | None, kills_before: int | None = None) -> str:
    """Return how a process ended: "exit code 3", or which signal ended it, and whether memory was the reason.

    Parameters
    ----------
    code : the exit code of the process, negative for a signal
    kills_before : `memory.out_of_memory_kills` when the process was started
    """
    if code is None or code >= 0:
        return f"exit code {code}"
    how = f"ended by {signal.Signals(-code).name}"
    if how != "ended by SIGKILL":
        return how
    kills = out_of_memory_kills()
    if kills is None or kills_before is None:
        return f"{how}, possibly out of memory"
    return f"{how} because the system was out of memory" if kills > kills_before else how


def advice_after(how: str) -> str:
    """Return what is left of a run whose process ended as `how_it_ended` says, and what to do."""
    if "out of memory" in how:
        return f"{KEPT}: free memory and resume the run, or {REMEDY}"
    return f"{KEPT}, and the run can be resumed"


def _lacks_memory(error: BaseException) -> bool:
    # numpy's is a MemoryError, those of torch and of C++ libraries are a RuntimeError
    return isinstance(error, MemoryError) or (
        isinstance(error, RuntimeError | OSError) and _NO_MEMORY.search(str(error)) is not None
    )


def _device_fault(error: BaseException) -> _DeviceFault | None:
    if not isinstance(error, RuntimeError | AssertionError | TypeError):
        return None
    # The lines below the first are advice that is the same for all errors of CUDA.
    text = _first_line(str(error))
    return next((fault for fault in _DEVICE_FAULTS if re.search(fault.texts, text, re.IGNORECASE)), None)


def _place(text: str) -> str:
    return " of the GPU" if text.startswith(("CUDA", "HIP", "MPS")) else ""


def _wanted(text: str) -> str:
    """Return how much was asked for in vain, where the error tells."""
    if (match := _WANTED.search(text)) is None:
        return ""
    unit = match[2].upper()
    factor = 1 if unit == "BYTES" else 1024 ** _PREFIXES.index(unit[0])
    return f" when it needed another {size_text(float(match[1]) * factor)}"


def _first_clause(text: str) -> str:
    """Return what torch calls the fault: "device-side assert triggered"."""
    return re.sub(r"^(?:CUDA|HIP)(?: driver)? error:? ?", "", _first_line(text)).rstrip(".")[:120]


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0].strip()
