"""The texts of torch, numpy and C++ about memory and accelerators, verbatim, and what becomes of them."""

import signal
import sys

import numpy as np
import pytest
import torch

from wganstudio.training import failures
from wganstudio.training.failures import cause_of, explain, how_it_ended

ASYNCHRONOUS = (
    "\nCUDA kernel errors might be asynchronously reported at some other API call, so the stacktrace below "
    "might be incorrect.\nFor debugging consider passing CUDA_LAUNCH_BLOCKING=1.\nCompile with "
    "`TORCH_USE_CUDA_DSA` to enable device-side assertions.\n"
)
MEMORY = {
    "[enforce fail at alloc_cpu.cpp:75] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to "
    "allocate 132426121216 bytes. Error code 12 (Cannot allocate memory)": " when it needed another 132 GB",
    "[enforce fail at C:\\b\\abs\\c10\\core\\impl\\alloc_cpu.cpp:81] data. DefaultCPUAllocator: not enough "
    "memory: you tried to allocate 1981808640 bytes.": " when it needed another 2.0 GB",
    "CUDA out of memory. Tried to allocate 55.57 GiB. GPU 0 has a total capacity of 12.00 GiB of which 9.02 "
    "GiB is free. Of the allocated memory 984.52 MiB is allocated by PyTorch": " of the GPU when it needed "
    "another 60 GB",
    "MPS backend out of memory (MPS allocated: 9.57 GiB, other allocations: 17.35 GiB, max allowed: 27.20 "
    "GiB). Tried to allocate 292.50 MiB on private pool.": " of the GPU when it needed another 310 MB",
    "CUDA error: out of memory" + ASYNCHRONOUS: " of the GPU",
    "std::bad_alloc": "",
    "bad allocation": "",
}
DEVICE = {
    "CUDA error: device-side assert triggered": "stopped working (device-side assert triggered); everything",
    "CUDA error: unspecified launch failure": "stopped working (unspecified launch failure); everything",
    "CUDA error: an illegal memory access was encountered": "stopped working (an illegal memory access",
    "CUDA error: unknown error": "stopped working (unknown error); everything recorded until then is kept",
    "CUDA error: CUBLAS_STATUS_EXECUTION_FAILED when calling `cublasSgemm( handle)`": "stopped working",
    "cuDNN error: CUDNN_STATUS_EXECUTION_FAILED": "stopped working",
    "CUDA error: uncorrectable ECC error encountered": "The memory of the GPU failed (an ECC error)",
    "CUDA error: no kernel image is available for execution on the device": "contains no code for the GPU",
    "CUDA error: CUDA driver version is insufficient for CUDA runtime version": "older than this PyTorch",
    "The NVIDIA driver on your system is too old (found version 11040). Please update your driver": "older",
    "No CUDA GPUs are available": "is not there, or another program occupies it",
    "CUDA error: invalid device ordinal": "is not there, or another program occupies it",
    "CUDA error: all CUDA-capable devices are busy or unavailable": "stopped working",
    "Placeholder storage has not been allocated on MPS device!": "internal error",
}


@pytest.mark.parametrize(("text", "where"), MEMORY.items(), ids=range(len(MEMORY)))
def test_texts_about_memory(text: str, where: str) -> None:
    error = RuntimeError(text)
    assert explain(error, "The run", "choose less") == f"The run ran out of memory{where}; choose less."
    assert cause_of(error) == "memory"


@pytest.mark.parametrize(("text", "said"), DEVICE.items(), ids=range(len(DEVICE)))
def test_texts_about_devices(text: str, said: str) -> None:
    error = RuntimeError(text + ASYNCHRONOUS)
    sentence = explain(error, "The run")
    assert said in sentence and "\n" not in sentence and sentence.endswith(".")
    assert (cause_of(error) == "device") == ("internal" not in said)


def test_an_operation_that_a_mac_lacks() -> None:
    error = NotImplementedError(
        "The operator 'aten::linalg_svd' is not currently implemented for the MPS device."
    )
    assert "GPU of this Mac lacks an operation" in explain(error, "The run")
    error = TypeError(
        "Cannot convert a MPS Tensor to float64 dtype as the MPS framework doesn't support float64."
    )
    assert "GPU of this Mac lacks an operation" in explain(error, "The run")
    assert cause_of(error) == "device"


def test_real_errors_of_torch_and_numpy() -> None:
    with pytest.raises(RuntimeError) as of_torch:
        torch.empty(1 << 50)
    with pytest.raises(MemoryError) as of_numpy:
        np.empty(1 << 50)
    for error in (of_torch.value, of_numpy.value):
        assert explain(error, "The run").startswith("The run ran out of memory when it needed another ")
        assert cause_of(error) == "memory"


def test_a_file_that_is_missing_is_no_lack_of_memory() -> None:
    assert cause_of(FileNotFoundError(2, "No such file or directory")) == "error"
    assert "No such file" in explain(FileNotFoundError(2, "No such file or directory"), "The run")


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_a_kill_by_the_system_is_told_from_any_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def counted(kills: int | None) -> None:
        monkeypatch.setattr(failures, "out_of_memory_kills", lambda: kills)

    assert how_it_ended(3) == "exit code 3"
    assert how_it_ended(-signal.SIGSEGV, 0) == "ended by SIGSEGV"
    counted(5)
    assert how_it_ended(-signal.SIGKILL, 4) == "ended by SIGKILL because the system was out of memory"
    assert how_it_ended(-signal.SIGKILL, 5) == "ended by SIGKILL"
    counted(None)
    assert how_it_ended(-signal.SIGKILL, 4) == "ended by SIGKILL, possibly out of memory"
